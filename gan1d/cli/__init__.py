"""The command line.

Read `commands` first, then the larger commands in modules of their own: `train` (run and replay), `sweep`, `map`,
`record`, `export`, `game` and `spectrum`. They share `options`, `serve`, `experiment`, `data`, `run`, `check`, and
`console`, which writes to the terminal.
"""
