"""The web application: the page's files, the websocket, and the lifetime of everything behind it."""

import asyncio
import mimetypes
import os
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, WebSocket
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from gan1d.config.model import Config
from gan1d.gallery import presets
from gan1d.server.access_control import AccessControl, App, Receive, Scope, Send
from gan1d.server.lobby import Lobby
from gan1d.server.numbers import read_posted_numbers
from gan1d.server.viewer import LoopDispatcher
from gan1d.server.websocket import serve_websocket
from gan1d.session.scheduler import Scheduler
from gan1d.session.session import Session, SessionInfo

SWEEP_SECONDS: Final = 5.0
"""Between two looks for sessions that nobody came back to."""

# Some machines say text/plain for scripts, and browsers then refuse to run modules.
for _suffix, _type in ((".js", "text/javascript"), (".css", "text/css"), (".svg", "image/svg+xml")):
    mimetypes.add_type(_type, _suffix)


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """What whoever starts the server may choose.

    Attributes:
        config: The experiment a new session begins with.
        preset: The preset it was made from, if any.
        max_sessions: Experiments at a time.
        allow_origins: See `AccessControl`.
        allow_hosts: See `AccessControl`.
        frame_ancestors: See `AccessControl`.
        root_path: Prefix under which a proxy shows this server, such as "/gan1d".
        static: Where the page is; found if not given.
        version: As the page is told.
    """

    config: Config = field(default_factory=Config)
    preset: str | None = "default"
    max_sessions: int = 16
    allow_origins: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    frame_ancestors: str = ""
    root_path: str = ""
    static: Path | None = None
    version: str = ""


class PageFiles(StaticFiles):
    """Static files that a browser asks for anew, so that an upgrade never mixes old scripts with a new server."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or 304 if the browser has it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response


class Prefixed:
    """Serves under a prefix, whether the proxy in front strips it or not.

    Args:
        app: What is served.
        root_path: The prefix, without a slash at the end.
    """

    def __init__(self, app: App, root_path: str) -> None:
        self._app, self._root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] in ("http", "websocket"):
            if scope["type"] == "http" and scope["path"] == self._root_path:
                # Relative, so that it holds under any scheme and host; the page's own addresses need the slash.
                where = f"{self._root_path.rpartition('/')[2]}/".encode()
                await send({"type": "http.response.start", "status": 307, "headers": [(b"location", where)]})
                await send({"type": "http.response.body", "body": b""})
                return
            scope = {**scope, "root_path": self._root_path}
        await self._app(scope, receive, send)


def static_dir() -> Path:
    """Where the page is: inside the package in a wheel, beside it in a checkout.

    Raises:
        FileNotFoundError: In neither.
    """
    package = Path(__file__).resolve().parents[1]
    for place in (package / "static", package.parent / "static"):
        if (place / "index.html").is_file():
            return place
    raise FileNotFoundError("The page's files are missing: install gan1d again.")


def create_app(settings: ServerSettings | None = None) -> FastAPI:
    """The application. All its state is made when it starts and ends with it; there may be several.

    Args:
        settings: What differs from the usual.
    """
    settings = settings or ServerSettings()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[MutableMapping[str, Any]]:
        engine = Scheduler()
        lobby = open_lobby(settings, engine, LoopDispatcher(asyncio.get_running_loop()))
        engine.start()
        sweeper = asyncio.create_task(_sweep(lobby))
        try:
            yield {"lobby": lobby}
        finally:
            sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await sweeper
            lobby.close()
            engine.stop()

    # No interactive documentation: it would be loaded from elsewhere, and it cannot describe websockets.
    app = FastAPI(title="gan1d", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.websocket("/ws")
    async def ws(socket: WebSocket) -> None:
        await serve_websocket(socket, socket.state.lobby)

    app.add_route("/numbers", read_posted_numbers, methods=["POST"])
    app.mount("/", PageFiles(directory=settings.static or static_dir(), html=True))
    if settings.root_path:
        app.add_middleware(Prefixed, root_path=settings.root_path)
    app.add_middleware(
        AccessControl,
        allow_origins=settings.allow_origins,
        allow_hosts=settings.allow_hosts,
        frame_ancestors=settings.frame_ancestors,
    )
    return app


def open_lobby(settings: ServerSettings, engine: Scheduler, dispatcher: LoopDispatcher) -> Lobby:
    """A lobby whose sessions begin as the settings say."""
    schema = Config.model_json_schema()
    offered = [preset.row() for preset in presets.values()]

    def make_session(identity: str, watch: str) -> Session:
        info = SessionInfo(identity, watch, settings.version, schema, offered)
        return Session(settings.config, settings.preset, info=info)

    return Lobby(engine, make_session, dispatcher=dispatcher, max_sessions=settings.max_sessions, clock=time.monotonic)


async def _sweep(lobby: Lobby) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        lobby.sweep()
