"""A real server on a free port, in a thread of the test's own process."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from websockets.sync.client import ClientConnection, connect

from gan1d.evaluation import codec
from gan1d.server.app import ServerSettings, create_app
from gan1d.server.serving import uvicorn_config
from gan1d.session.messages import SUBPROTOCOL
from tests.session.fakes import SMALL

PATIENCE = 20.0


class Served:
    """A running server: where it is, and how to stop it."""

    def __init__(self, settings: ServerSettings) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.server = uvicorn.Server(uvicorn_config(create_app(settings), "warning"))
        self.thread = threading.Thread(target=self.server.run, args=([self.listener],))
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive(), "the server did not start"
            self.thread.join(0.01)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def connect(self, query: str = "", path: str = "/ws", **options: Any) -> "Client":
        options = {"subprotocols": [SUBPROTOCOL], "compression": None, "max_queue": None, **options}
        return Client(connect(f"ws://127.0.0.1:{self.port}{path}{query}", **options))


class Client:
    """A page made of nothing but a websocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.shown = -1
        """Step of the last frame."""

    def __enter__(self) -> "Client":
        self.connection.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.connection.__exit__(*error)

    def say(self, kind: str, **fields: Any) -> None:
        self.connection.send(json.dumps({"type": kind, **fields}))

    def next(self) -> dict[str, Any] | bytes:
        """The next message; a frame is acknowledged at once, as a page does that draws it."""
        message = self.connection.recv(timeout=PATIENCE)
        if isinstance(message, bytes):
            self.shown = codec.HEADER.unpack_from(message)[3]
            self.say("ack")
            return message
        found: dict[str, Any] = json.loads(message)
        return found

    def until(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The next event of that kind with those fields."""
        while True:
            message = self.next()
            if isinstance(message, dict) and message["type"] == kind and wanted.items() <= message.items():
                return message

    def frame(self) -> bytes:
        """The next frame."""
        while not isinstance(message := self.next(), bytes):
            pass
        return message

    def watch(self, step: int) -> None:
        """Read on until a frame of that step, or a later one, was shown."""
        while self.shown < step:
            self.next()


Serve = Callable[..., Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers with settings of one's own; they are stopped afterwards."""
    with contextlib.ExitStack() as stack:

        def start(**settings: Any) -> Served:
            served = Served(ServerSettings(**{"config": SMALL, "version": "test", **settings}))
            stack.callback(served.stop)
            return served

        yield start


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A server for tests that leave it as it was."""
    served = Served(ServerSettings(config=SMALL, version="test", max_sessions=64))
    yield served
    served.stop()
