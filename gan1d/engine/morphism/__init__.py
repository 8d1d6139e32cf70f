"""Network morphism (Wei et al. 2016, arXiv:1603.01670): another architecture that computes the same function.

Read `weight_transfer` first, then `curve_fitting` and `fit_points`.
"""
