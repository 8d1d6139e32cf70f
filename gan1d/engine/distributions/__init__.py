"""Distributions on the real line: the targets that G imitates and the priors of the latent z.

Read `base` and `modes` first, then `gaussian_mixture`, `piecewise_linear` and `custom`. `targets` lists all targets,
`priors` all priors.
"""
