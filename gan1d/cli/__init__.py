"""The command line.

Read `commands` first, then `options`, `serve`, `run` and `check`.
"""
