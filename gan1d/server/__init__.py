"""Who is watching, and how bytes reach them.

Reading order: `messages` is what is said; `pacing` how fast a run goes; `history` what a late joiner is told;
`session` one run; `training` the one thread that gives sessions their turns; `room` the viewers and the lobby;
`socket` one websocket; `guard` who may connect; `app` puts them together. Only `socket` and `app` know FastAPI.
"""

import os

# Before websockets is imported, which reads these once. All programs on localhost share one jar of cookies, and a
# handshake with a longer line than is allowed gets no answer at all; 64 KiB is what the HTTP side takes as a whole.
os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")
os.environ.setdefault("WEBSOCKETS_MAX_NUM_HEADERS", "1024")
