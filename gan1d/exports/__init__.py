"""An experiment as a file: its config as JSON, and programs that repeat it with gan1d or with PyTorch alone.

Read `export` first, then `gan1d_program`, `pytorch_program` (the order of a PyTorch program), its parts `pytorch_data`,
`pytorch_networks`, `pytorch_losses` and `pytorch_updates`, and `notebook`. `comparison` trains gan1d beside a PyTorch
program.
"""
