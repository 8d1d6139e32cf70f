"""The web server: the only package with sockets, asyncio and FastAPI.

Reading order: `access_control` decides who may connect; `viewer` is one connected page; `lobby` keeps the sessions and
their viewers; `websocket` serves one connection; `page_files` sends the page, `languages` the lessons and the page's
words in a reader's language, `games` the games of two numbers, `maps` the
results of a sweep;
`upload` limits what is posted: `numbers` reads a text, `recordings` makes the file of a log, `exports` that of an
experiment; `app` is the application; `serving` runs it, with the limits of `connections`; `background` runs it for a
notebook.
"""

import os

# websockets reads these once, when it is imported. All programs on localhost share their cookies, and a handshake with
# a line above the limit gets no answer at all; 64 KiB is the limit of the HTTP side for all headers.
os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")
os.environ.setdefault("WEBSOCKETS_MAX_NUM_HEADERS", "1024")
