"""What the players minimise.

Read `cross_entropy` and `losses` first, then `gradient_penalties` and `unrolling`.
"""
