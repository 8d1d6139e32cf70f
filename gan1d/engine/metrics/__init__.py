"""Exact quantities of two distributions.

Read `pushforward` first (the distribution of G(z)), then `empirical_pushforward`, `divergences`, `histograms` and
`optimal_discriminator`.
"""
