"""Sweeps: many runs of an experiment over a grid of settings, with several seeds for each cell.

Read `axes` and `grid` first: what is swept. `measurement` makes the runs of one cell, `workers` are processes or a
cluster that do so, `results` is the file that grows meanwhile, and `execution` puts them together, for `sweep` and the
command line. `tables` are the results in other formats.
"""
