"""Objectives of the two players: losses, gradient penalties and unrolling.

Read `base_loss` and `losses` first, with `cross_entropy`, `readout` and `critics` beside them, then
`gradient_penalties` and `unrolling`.
"""
