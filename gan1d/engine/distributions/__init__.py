"""Distributions on the line: the targets that G imitates and the priors that z is drawn from.

Read `base` and `modes` first, then `gaussian_mixture`, `piecewise_linear` and `custom`; `targets` is the list that
users choose from, `priors` that of the latent.
"""
