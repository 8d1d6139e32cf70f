"""Rooms and the lobby: which viewers watch which session, and what waits to be sent to each.

Everything here lives in the event loop. The engine room only ever calls `Viewer.tell` and `Viewer.show`, which hand
over to the loop and return at once.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gan1d.server.viewer import LoopDispatcher, Viewer
from gan1d.session.inbox import Join, Leave
from gan1d.session.messages import Close
from gan1d.session.scheduler import Scheduler
from gan1d.session.session import Session

VIEWERS_LIMIT: Final = 500
"""Viewers of one session."""
RESUME_SECONDS: Final = 120.0
"""How long a session outlives its last viewer, who may only have lost the network."""
IDLE_SECONDS: Final = 600.0
"""Silence after which a session gives up its place if somebody else needs it."""


WATCH: Final = "watch-"
"""Begins the names by which a session is watched and not driven."""


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
        engine: Scheduler,
        make_session: Callable[[str, str], Session],
        *,
        dispatcher: LoopDispatcher,
        max_sessions: int,
        clock: Callable[[], float],
    ) -> None:
        self._engine, self._make_session, self._dispatcher = engine, make_session, dispatcher
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
            return Close.SESSION_ENDED
        if room is None:
            if len(self._rooms) >= self._max_sessions and not self._make_place():
                return Close.FULL
            room = self._open()
        elif len(room.viewers) >= VIEWERS_LIMIT:
            return Close.FULL
        viewer = Viewer(room.session, "viewer" if name == room.watch else "driver", self._dispatcher, self._clock)
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
        self._engine.remove(room.session)
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
