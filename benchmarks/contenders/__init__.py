"""The same training step, written by others: one file each, and one process each (see `benchmarks/processes.py`)."""
