"""Exact quantities of two distributions.

Read `grid_distribution` first (a distribution on the data axis) and `crossings` (a part of Wasserstein-1), then
`curve_cells`, `curve_pushforward`, `pushforward` and `empirical_pushforward` (the distribution of G(z)), `divergences`,
`mode_coverage`, `optimal_discriminator` and `histograms`.
"""
