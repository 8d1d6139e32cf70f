"""Exact quantities of two distributions.

Read `grid_distribution` first (a distribution on the data axis), then `curve_pushforward`, `pushforward` and
`empirical_pushforward` (the distribution of G(z)), `divergences`, `mode_coverage`, `optimal_discriminator` and
`histograms`.
"""
