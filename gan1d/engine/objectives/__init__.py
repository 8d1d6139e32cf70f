"""Objectives of the two players: losses, gradient penalties, unrolling, the codes of an InfoGAN, and what the
maps of a CycleGAN share.

Read `base_loss` and `losses` first, with `cross_entropy`, `readout`, `critics` and `relativistic` beside them, then
`gradient_penalties`, `unrolling`, `codes` and `cycle`.
"""
