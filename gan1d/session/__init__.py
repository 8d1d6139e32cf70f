"""One run and who watches it, without sockets.

Read `messages` first, then `run`, `session` and `scheduler`; `history`, `pacing`, `flow_control` and `playback` serve
them.
"""
