"""Distributions on the real line: the targets that G imitates and the priors of the latent z.

Read `base` and `modes` first, then `gaussian_mixture`, `piecewise_linear` and `custom`. `targets` lists all targets,
`latents` all priors of `priors` and the source of a translation; `shown_axis` has the range of an axis.
"""
