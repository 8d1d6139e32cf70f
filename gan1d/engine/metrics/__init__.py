"""Exact quantities of two distributions.

Read `grid`, `grid_distribution` (distributions on the data axis) and `crossings` (a part of Wasserstein-1) first, then
`curve_cells`, `curve_pushforward`, `pushforward` and `empirical_pushforward` (the distribution of G(z)), `divergences`,
`mode_coverage`, `mutual_information`, `optimal_discriminator` and `histograms`.
"""
