"""Games of two numbers as experiments: their settings, what they do in words, whole runs, and presets.

Read `game_config` (the settings) first, then `game_run`, `fate` (what becomes of a game, in words) and `game_presets`.
`gan1d.engine.games` has the games, the updates and their dynamics. A run of some hundred steps takes milliseconds, so
it is no session: a request has the settings, and the answer the whole trajectory.
"""
