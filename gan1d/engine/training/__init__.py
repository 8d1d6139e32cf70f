"""One run: the two players, their updates, and the trainer that alternates them.

Read `trainer` first, then `player`, `discriminator_update`, `generator_update`, `optimal_opponent`, `code_head`,
`way_back`, `live_programs`, `historical_averaging` and `reports`; `step_trace` takes a step apart, and `spectrum` has
the eigenvalues of a game; `stacked_config` and `ensemble` train many runs at once.
"""
