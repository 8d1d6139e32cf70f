"""Who is watching, and how bytes reach them.

Reading order: `messages` is what is said; `pacing` how fast a run goes; `history` what a late joiner is told;
`session` one run; `training` the one thread that gives sessions their turns; `room` the viewers and the lobby;
`socket` one websocket; `guard` who may connect; `app` puts them together. Only `socket` and `app` know FastAPI.
"""
