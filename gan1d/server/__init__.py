"""The web server: the only package with sockets, asyncio and FastAPI.

Reading order: `access_control` decides who may connect; `viewer` is one connected page; `lobby` keeps the sessions and
their viewers; `websocket` serves one connection; `page_files` sends the page, `numbers` reads a posted text, and
`recordings` makes the file of a posted log; `app` is the application; `serving` runs it, with the limits of
`connections`; `background` runs it for a notebook.
"""

import os

# websockets reads these once, when it is imported. All programs on localhost share their cookies, and a handshake with
# a line above the limit gets no answer at all; 64 KiB is the limit of the HTTP side for all headers.
os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")
os.environ.setdefault("WEBSOCKETS_MAX_NUM_HEADERS", "1024")
