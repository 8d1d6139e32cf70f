"""The web application: the page's files, the websocket, and the lifetime of everything behind it."""

import asyncio
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.requests import Request
from starlette.routing import Route, WebSocketRoute

from gan1d import words
from gan1d.config.model import Config
from gan1d.fingerprint import arithmetic
from gan1d.gallery import DEFAULT_PRESET, presets
from gan1d.lessons import library
from gan1d.recording.key_frames import BUDGET
from gan1d.replay.page_directory import static_dir
from gan1d.server.access_control import AccessControl, App, Receive, Scope, Send
from gan1d.server.exports import ExportEndpoint
from gan1d.server.games import GameEndpoint, GameFileEndpoint, answer_games
from gan1d.server.languages import LanguageEndpoint
from gan1d.server.lobby import Lobby
from gan1d.server.maps import MapEndpoint
from gan1d.server.numbers import NumbersEndpoint
from gan1d.server.page_files import PageFiles
from gan1d.server.recordings import RecordingEndpoint
from gan1d.server.viewer import LoopDispatcher
from gan1d.server.websocket import serve_websocket
from gan1d.session.scheduler import Scheduler
from gan1d.session.session import Session
from gan1d.session.session_info import Catalog, SessionInfo, encode_catalog
from gan1d.session.starting_data import STARTING_DATA, StartingData
from gan1d.session.step_cost import DEFAULT_LIMIT

SWEEP_SECONDS: Final = 1.0
"""Time between two looks at all viewers and sessions."""


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """Settings of the application.

    Attributes:
        config: The experiment with which a new session begins.
        preset: Name of the preset on which it is based, if any.
        data: The numbers of a file with which a new session begins; None if it begins with a preset of the gallery.
        max_sessions: Largest number of sessions at a time.
        max_step: Largest number of million multiply-adds in a training step.
        history_bytes: Memory of each session for looking back, in bytes; 0 to switch that off.
        allow_origins: See `AccessControl`.
        allow_hosts: See `AccessControl`.
        frame_ancestors: See `AccessControl`.
        root_path: Path prefix under which a proxy serves this server, such as "/gan1d".
        static: Directory of the page; None for `static_dir()`.
        network_host: Address of this machine on its network, where the server listens there; None otherwise.
        version: Version shown to pages.
        token: Word without which pages from other machines begin no session; "" for none.
        label: Beginning of the names of all sessions, such as "8765-", by which a proxy can tell several servers apart.
        results: File of the results of a sweep, which the page `map` shows; None for none.
    """

    config: Config = field(default_factory=Config)
    preset: str | None = DEFAULT_PRESET
    data: StartingData | None = None
    max_sessions: int = 16
    max_step: int = DEFAULT_LIMIT
    history_bytes: int = BUDGET
    allow_origins: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    frame_ancestors: str = ""
    root_path: str = ""
    static: Path | None = None
    network_host: str | None = None
    version: str = ""
    token: str = ""
    label: str = ""
    results: Path | None = None


class WebsocketEndpoint:
    """The websocket of a page, as an ASGI application.

    Args:
        token: See `ServerSettings`.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        await serve_websocket(scope, receive, send, scope["state"]["lobby"], self._token)


class PathPrefix:
    """Middleware that serves an application under a path prefix, whether the proxy in front removes it or not.

    Args:
        app: The application.
        root_path: The prefix, without a slash at the end.
    """

    def __init__(self, app: App, root_path: str) -> None:
        self._app, self._root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] in ("http", "websocket"):
            if scope["type"] == "http" and scope["path"] == self._root_path:
                # Relative, so that it is right for any scheme and host. The page's relative addresses need the slash.
                where = f"{self._root_path.rpartition('/')[2]}/".encode()
                await send({"type": "http.response.start", "status": 307, "headers": [(b"location", where)]})
                await send({"type": "http.response.body", "body": b""})
                return
            scope = {**scope, "root_path": self._root_path}
        await self._app(scope, receive, send)


def create_app(settings: ServerSettings | None = None) -> FastAPI:
    """Create the application. Its state is created when it starts, so that several can exist side by side.

    Args:
        settings: Settings; None for the defaults.
    """
    settings = settings or ServerSettings()

    catalog = catalog_of(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[MutableMapping[str, Any]]:
        async with running_lobby(settings, catalog) as lobby:
            app.state.lobby = lobby
            yield {"lobby": lobby}

    static = settings.static or static_dir()
    # No interactive documentation: it would load scripts from another site, and it cannot describe websockets.
    app = FastAPI(
        title="gan1d",
        version=settings.version or "0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )

    app.router.routes.append(WebSocketRoute("/ws", WebsocketEndpoint(settings.token)))
    app.add_route("/numbers", NumbersEndpoint().respond, methods=["POST"])
    app.add_route("/recording", RecordingEndpoint(settings.max_step, static).respond, methods=["POST"])
    app.add_route("/export", ExportEndpoint().respond, methods=["POST"])
    app.add_route("/games", answer_games, methods=["GET"])
    app.add_route("/game", GameEndpoint().respond, methods=["POST"])
    app.add_route("/game-file", GameFileEndpoint(app.version, static).respond, methods=["POST"])
    app.router.routes.append(Route("/lessons", LanguageEndpoint(library.encoded)))
    app.router.routes.append(Route("/words", LanguageEndpoint(words.encoded_words)))
    app.add_route("/map/results", MapEndpoint(settings.results).respond, methods=["GET"])
    app.add_route("/identity", answer_identity, methods=["GET", "POST"])
    app.add_route("/ws", refuse_plain_request, methods=["GET"])
    app.mount("/", PageFiles(static, {"catalog.json": catalog.shared.encode()}))
    if settings.root_path:
        app.add_middleware(PathPrefix, root_path=settings.root_path)
    app.add_middleware(
        AccessControl,
        allow_origins=settings.allow_origins,
        allow_hosts=settings.allow_hosts,
        frame_ancestors=settings.frame_ancestors,
    )
    return app


async def answer_identity(request: Request) -> Response:
    """Say which program this is.

    Slides look for it with GET, from any origin. The page, whose websocket was refused, sends POST: a browser adds
    `Origin` to that, so that `AccessControl` refuses it for the same reason, in words.
    """
    headers = {"Cache-Control": "no-store"}
    if request.method == "GET" and "origin" in request.headers:
        headers["Access-Control-Allow-Origin"] = "*"
    return JSONResponse({"program": "gan1d"}, headers=headers)


async def refuse_plain_request(_: Request) -> Response:
    """Say what is missing where a proxy has made a plain request of a websocket's handshake."""
    reason = "Expected a websocket, but got a plain request: a proxy has to pass on the headers Upgrade and Connection."
    return PlainTextResponse(f"{reason}\n", 426, {"Upgrade": "websocket"})


def catalog_of(settings: ServerSettings) -> Catalog:
    """The fields of hello that are the same for all sessions."""
    gallery = [preset.row() for preset in presets.values()]
    if settings.data:
        gallery.insert(0, settings.data.row())
    start = STARTING_DATA if settings.data else settings.preset
    return encode_catalog(
        settings.version,
        Config.model_json_schema(),
        gallery,
        start or DEFAULT_PRESET,
        settings.network_host,
        arithmetic(),
        is_private=settings.data is not None,
    )


def open_lobby(settings: ServerSettings, catalog: Catalog, scheduler: Scheduler, dispatcher: LoopDispatcher) -> Lobby:
    """A lobby whose sessions begin with the experiment in the settings."""
    start = STARTING_DATA if settings.data else settings.preset

    def make_session(name: str, watch_name: str) -> Session:
        info = SessionInfo(name, watch_name, catalog, settings.data, settings.history_bytes)
        return Session(settings.config, start, info=info, step_limit=settings.max_step)

    return Lobby(
        scheduler,
        make_session,
        dispatcher=dispatcher,
        max_sessions=settings.max_sessions,
        clock=time.monotonic,
        label=settings.label,
    )


@asynccontextmanager
async def running_lobby(settings: ServerSettings, catalog: Catalog) -> AsyncIterator[Lobby]:
    """A lobby whose sessions are trained and swept as long as the application runs."""
    scheduler = Scheduler()
    lobby = open_lobby(settings, catalog, scheduler, LoopDispatcher(asyncio.get_running_loop()))
    scheduler.start()
    sweeper = asyncio.create_task(_sweep(lobby))
    try:
        yield lobby
    finally:
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        lobby.close()
        scheduler.stop()


async def _sweep(lobby: Lobby) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        lobby.sweep()
