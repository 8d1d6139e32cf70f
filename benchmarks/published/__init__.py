"""Numbers that others published, or that follow from formulas, beside what gan1d computes: docs/agreement.md.

    python -m benchmarks.published --write               the page
    python -m benchmarks.published --simulate --write    the long simulations first, in some minutes
    python -m benchmarks.published --simulate optimal    one of them

`dirac`, `games`, `distances` and `training` have the rows, `variants` the games as their authors compute them, and
`simulations` what is too long for a test; its results are in `simulated.json`. `tests/benchmarks/test_published.py`
computes every other row anew and fails if one does not agree.
"""
