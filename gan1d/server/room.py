"""Rooms and the lobby: which viewers watch which session, and what waits to be sent to each.

Everything here lives in the event loop. The engine room only ever calls `Viewer.tell` and `Viewer.show`, which hand
over to the loop and return at once.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from gan1d.server.audience import CREDIT, Role
from gan1d.server.messages import ACK, Alive, Close, Command, encode
from gan1d.server.session import Join, Leave, Session
from gan1d.server.training import EngineRoom

TEXTS_LIMIT: Final = 2048
"""Messages a viewer may leave unread, beyond what the network holds. The largest burst of commands that a socket lets
through calls for half as many at once, and whoever reads them as they come must not be taken for one who does not."""
VIEWERS_LIMIT: Final = 500
"""Viewers of one session."""
RESUME_SECONDS: Final = 120.0
"""How long a session outlives its last viewer, who may only have lost the network."""
IDLE_SECONDS: Final = 600.0
"""Silence after which a session gives up its place if somebody else needs it."""

QUIET_SECONDS: Final = 6.0
"""Silence after which a page is told that the server lives. A session speaks every four seconds unless a single step
takes longer, and the page calls a silence of 12 s a lost server."""
ALIVE: Final = encode(Alive())

WATCH: Final = "watch-"
"""Begins the names by which a session is watched and not driven."""


class Post:
    """Carries calls from the engine room into the event loop, waking it once for all that wait.

    Args:
        loop: Where the calls are made, in the order they were sent.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._called = False

    def send(self, take: Callable[[Any], None], message: str | bytes) -> None:
        """Have `take(message)` called in the loop; from any thread."""
        self._waiting.append((take, message))
        if self._called:
            return
        self._called = True
        try:
            self._loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:
            # The loop ends before the engine room does, and there is nobody left to send to.
            if not self._loop.is_closed():
                raise

    def _deliver(self) -> None:
        # Before looking: what is sent from here on calls again.
        self._called = False
        while self._waiting:
            take, message = self._waiting.popleft()
            take(message)


class Viewer:
    """What waits to be sent to one page: texts in order, and the newest frame only."""

    def __init__(self, session: Session, role: Role, post: Post, clock: Callable[[], float] = time.monotonic) -> None:
        self.role: Role = role
        self.closing: Close | None = None
        self.heard_at = clock()
        self._session, self._post, self._clock = session, post, clock
        self._texts: deque[str] = deque()
        self._frame: bytes | None = None
        self._unacknowledged = 0
        self._is_greeted = False
        self._ready = asyncio.Event()

    # From the engine room ---------------------------------------------------------------------------------------------

    def tell(self, text: str) -> None:
        """Send a text, after those before it."""
        self._post.send(self._queue, text)

    def show(self, frame: bytes) -> None:
        """Send a frame, instead of one that still waits."""
        self._post.send(self._put, frame)

    # In the loop ------------------------------------------------------------------------------------------------------

    def _queue(self, text: str) -> None:
        if len(self._texts) >= TEXTS_LIMIT:
            self.close(Close.TOO_SLOW)
        elif self.closing is None:
            self._texts.append(text)
            self._ready.set()

    def _put(self, frame: bytes) -> None:
        if self._frame is not None:
            # The old one was never sent, so nobody will acknowledge it.
            self._session.submit(ACK, self)
        self._frame = frame
        self._ready.set()

    def submit(self, command: Command) -> None:
        """A command from the page."""
        self.heard_at = self._clock()
        self._session.submit(command, self)

    def acknowledge(self) -> None:
        """The page drew a frame; more than were sent cannot have been drawn, and are passed over."""
        if self._unacknowledged > 0:
            self._unacknowledged -= 1
            self.submit(ACK)

    def close(self, why: Close) -> None:
        """Have the connection closed; the first reason counts."""
        self.closing = self.closing or why
        self._ready.set()

    async def next(self) -> str | bytes | None:
        """What to send next, waiting for it; None when the connection is to be closed.

        When the session has had nothing to say for long, a word that the server lives.
        """
        while self.closing is None:
            if self._texts:
                self._is_greeted = True
                return self._texts.popleft()
            if self._frame is not None:
                frame, self._frame = self._frame, None
                # Frames of a past scene may stay unacknowledged; that must not add up.
                self._unacknowledged = min(self._unacknowledged + 1, 2 * CREDIT)
                return frame
            self._ready.clear()
            try:
                async with asyncio.timeout(QUIET_SECONDS):
                    await self._ready.wait()
            except TimeoutError:
                # The first thing a page is told is hello.
                if self._is_greeted:
                    return ALIVE
        return None


@dataclass
class Room:
    """A session and who is in it."""

    session: Session
    identity: str
    watch: str
    left_at: float
    viewers: set[Viewer] = field(default_factory=set)

    @property
    def heard_at(self) -> float:
        """When anybody in it last said something, drawing a frame included."""
        return max((viewer.heard_at for viewer in self.viewers), default=self.left_at)


class Lobby:
    """All rooms, and who may have one.

    Args:
        engine: Trains the sessions.
        make_session: A new session, told its two names: who drives it, and who watches.
        post: Brings what sessions send into the loop.
        max_sessions: Places.
        clock: Seconds, never going back.
    """

    def __init__(
        self,
        engine: EngineRoom,
        make_session: Callable[[str, str], Session],
        *,
        post: Post,
        max_sessions: int,
        clock: Callable[[], float],
    ) -> None:
        self._engine, self._make_session, self._post = engine, make_session, post
        self._max_sessions, self._clock = max_sessions, clock
        self._rooms: list[Room] = []
        self._stopping = False

    def __len__(self) -> int:
        return len(self._rooms)

    def enter(self, name: str | None) -> tuple[Room, Viewer] | Close:
        """Come back to the session of that name, or begin a new one.

        Returns:
            A room and a viewer in it, or why there is no place.
        """
        if self._stopping:
            return Close.STOPPING
        room = next((room for room in self._rooms if name in (room.identity, room.watch)), None)
        if room is None and name is not None and name.startswith(WATCH):
            return Close.GONE
        if room is None:
            if len(self._rooms) >= self._max_sessions and not self._make_place():
                return Close.FULL
            room = self._open()
        elif len(room.viewers) >= VIEWERS_LIMIT:
            return Close.FULL
        viewer = Viewer(room.session, "viewer" if name == room.watch else "driver", self._post, self._clock)
        room.viewers.add(viewer)
        room.session.submit(Join(), viewer)
        return room, viewer

    def leave(self, room: Room, viewer: Viewer) -> None:
        """A viewer is gone; the room stays a while, in case it comes back."""
        room.viewers.discard(viewer)
        room.left_at = self._clock()
        room.session.submit(Leave(), viewer)

    def sweep(self) -> None:
        """Close the rooms nobody came back to."""
        now = self._clock()
        for room in tuple(self._rooms):
            if not room.viewers and now - room.heard_at > RESUME_SECONDS:
                self._close(room, Close.EXPIRED)

    def close(self) -> None:
        """The server stops: everybody is sent home, and nobody comes in."""
        self._stopping = True
        for room in tuple(self._rooms):
            self._close(room, Close.STOPPING)

    def _open(self) -> Room:
        # Long enough not to be guessed: whoever knows the name may drive.
        identity, watch = secrets.token_urlsafe(12), WATCH + secrets.token_urlsafe(12)
        room = Room(self._make_session(identity, watch), identity, watch, self._clock())
        self._rooms.append(room)
        self._engine.admit(room.session)
        return room

    def _close(self, room: Room, why: Close) -> None:
        self._rooms.remove(room)
        self._engine.dismiss(room.session)
        for viewer in room.viewers:
            viewer.close(why)

    def _make_place(self) -> bool:
        """Close the room that will be missed least: the one left longest ago, or else one idle for long."""
        now = self._clock()
        idle = [room for room in self._rooms if not room.viewers or now - room.heard_at > IDLE_SECONDS]
        if not idle:
            return False
        self._close(min(idle, key=lambda room: (bool(room.viewers), room.heard_at)), Close.EXPIRED)
        return True
