"""Maps of sweeps: for each setting how the runs end, as a page that fills while the sweep runs, or as one file.

Read `content` first: what a map shows of a sweep. `growing_results` reads a file that grows, and `map_page` writes a
map as one HTML file.
"""
