"""The command line.

Read `commands` first, then the commands `train`, `record` and `export`, and what they share: `options`, `experiment`,
`data`, `run`, `check`, and `console`, which writes to the terminal.
"""
