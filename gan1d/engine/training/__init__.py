"""One run: the two players, their updates, and the trainer that alternates them.

Read `trainer` first, then `player`, `discriminator_update`, `generator_update`, `live_programs`,
`historical_averaging` and `reports`; `stacked_config` and `ensemble` train many runs at once.
"""
