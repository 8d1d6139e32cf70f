"""An experiment as a file: its config as JSON, and programs that repeat it with gan1d or with PyTorch alone.

Read `export` first, then `config_file`, `gan1d_program`, `pytorch_program` (the order of a PyTorch program), its parts
`pytorch_data`, `pytorch_networks`, `pytorch_losses`, `pytorch_optimizers`, `pytorch_translation`, `pytorch_updates` and
`pytorch_training`, and `notebook`. All programs use `python_text`, and those with PyTorch `experiment`. `comparison`
trains gan1d beside a PyTorch program.
"""
