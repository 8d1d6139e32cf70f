"""The command line.

Read `commands` first, then `options`, `run` and `check`; `console` writes to the terminal.
"""
