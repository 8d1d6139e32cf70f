"""Network morphism (Wei et al. 2016, arXiv:1603.01670): change a network's architecture and keep its function.

Read `weight_transfer` first, then `layer_matching`, `curve_fitting` and `fit_points`.
"""
