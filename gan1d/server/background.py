"""The server of a notebook: the process that `gan1d.show` starts."""

import os
import signal
import sys
import threading
from typing import Final

from gan1d.fingerprint import package_version
from gan1d.server.app import ServerSettings
from gan1d.server.serving import Address, serve

MAX_SESSIONS: Final = 64
"""Frames of one notebook; those that are closed keep their place for a while."""


def serve_notebook() -> None:
    """Serve on a free port of this machine until standard input is closed.

    Under JupyterHub, the browser names the hub as host, whose name is not known here. The browser is on another machine
    and reaches the port only through the hub, so every host name is accepted there.
    """
    threading.Thread(target=stop_with_parent, daemon=True).start()
    hosts = ("*",) if os.environ.get("JUPYTERHUB_SERVICE_PREFIX") else ()
    settings = ServerSettings(max_sessions=MAX_SESSIONS, allow_hosts=hosts, version=package_version())
    address = Address(port=0, browser=False, log_level="error")
    serve(settings, address, lambda line: print(line, flush=True))  # noqa: T201


def stop_with_parent() -> None:
    """Wait until the other end of standard input is closed, then stop this process."""
    while sys.stdin.buffer.read(1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
