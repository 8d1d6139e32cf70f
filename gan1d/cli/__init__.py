"""The command line.

Read `commands` first, then `options`, `data`, `run` and `check`; `console` writes to the terminal, `output` to files.
"""
