"""The lobby: all sessions with their viewers, and who may have one.

Everything here runs in the event loop. The scheduler's thread calls nothing but `Viewer.send_text` and
`Viewer.send_frame`, which pass their message to the loop and return at once.

The name of a session gives the right to drive it, and a hash of that name the right to watch. So a page that comes back
after the server was started again gets a session with the same two names, and links for watching it stay valid.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gan1d.server.viewer import LoopDispatcher, Viewer
from gan1d.session.inbox import Join, Leave
from gan1d.session.messages import Close, Role
from gan1d.session.scheduler import Scheduler
from gan1d.session.session import Session

VIEWERS_LIMIT: Final = 500
"""Largest number of viewers of one session with the same role."""
RESUME_SECONDS: Final = 120.0
"""Time that a session is kept without viewers, which may only have lost the network."""
AWAY_SECONDS: Final = 15.0
"""Time after the last viewer left in which a session with a run keeps its place even if that is needed."""
UNUSED_SECONDS: Final = 60.0
"""Time without messages after which a session without a run is closed if its place is needed for another one."""
IDLE_SECONDS: Final = 600.0
"""The same for a session with a run."""

SECRET_BYTES: Final = 12
"""Random bytes in the name of a session, which cannot be guessed."""
SECRET: Final = re.compile(r"[\w-]{16}", re.ASCII)
WATCH_NAME: Final = re.compile(r"(\d+-)?watch-.*", re.ASCII)
"""Names by which sessions of this server, or of another one, are watched."""


@dataclass
class Room:
    """A session and its viewers.

    Attributes:
        session: The session.
        name: Name by which it can be driven.
        watch_name: Name by which it can be watched.
        left_at: Time at which it was opened, or at which the last viewer left.
        viewers: The connected viewers.
    """

    session: Session
    name: str
    watch_name: str
    left_at: float
    viewers: set[Viewer] = field(default_factory=set)

    @property
    def active_at(self) -> float:
        """Time of the last message from any viewer, acknowledgements of frames included."""
        return max((viewer.active_at for viewer in self.viewers), default=self.left_at)

    def is_expendable(self, now: float) -> bool:
        """Whether it is closed if its place is needed."""
        if self.viewers:
            limit = IDLE_SECONDS if self.session.has_run else UNUSED_SECONDS
        else:
            limit = AWAY_SECONDS if self.session.has_run else 0.0
        return now - self.active_at >= limit


class Lobby:
    """All rooms.

    Args:
        scheduler: The owner of the sessions.
        make_session: Creates a session from its two names, for driving and for watching.
        dispatcher: Carries messages of the sessions into the event loop.
        max_sessions: Largest number of sessions at a time.
        clock: Seconds, never decreasing.
        label: Beginning of all names, by which a proxy can tell several servers apart.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        make_session: Callable[[str, str], Session],
        *,
        dispatcher: LoopDispatcher,
        max_sessions: int,
        clock: Callable[[], float],
        label: str = "",
    ) -> None:
        self._scheduler, self._make_session, self._dispatcher = scheduler, make_session, dispatcher
        self._max_sessions, self._clock, self._label = max_sessions, clock, label
        self._rooms: list[Room] = []
        self._stopping = False

    def __len__(self) -> int:
        return len(self._rooms)

    def join(self, name: str | None, may_open: bool = True, catalog: str = "") -> tuple[Room, Viewer] | Close:
        """Add a viewer to the session of that name, or to a new one if there is none.

        Args:
            name: Name of a session; None for a new one.
            may_open: Whether the viewer may begin a new session.
            catalog: See `Join`.

        Returns:
            The room and the viewer, or the reason why the viewer cannot join.
        """
        if self._stopping:
            return Close.STOPPING
        room = next((room for room in self._rooms if name in (room.name, room.watch_name)), None)
        is_first = room is None
        if room is None:
            if name is not None and WATCH_NAME.fullmatch(name):
                return Close.SESSION_ENDED
            if not may_open:
                return Close.NO_TOKEN
            if not self._make_place():
                return Close.FULL
            room = self._open(name)
        role: Role = "viewer" if name == room.watch_name else "driver"
        if sum(viewer.role == role for viewer in room.viewers) >= VIEWERS_LIMIT:
            return Close.CROWDED
        viewer = Viewer(room.session, role, self._dispatcher, self._clock)
        room.viewers.add(viewer)
        room.session.submit(Join(is_first, catalog), viewer)
        return room, viewer

    def name_to_watch(self) -> str | None:
        """Name by which a page without a place can watch: of the session with the most viewers, or else the oldest."""
        open_rooms = [room for room in self._rooms if 0 < len(room.viewers) < VIEWERS_LIMIT]
        return max(open_rooms, key=lambda room: len(room.viewers)).watch_name if open_rooms else None

    def leave(self, room: Room, viewer: Viewer) -> None:
        """Remove a viewer; its room is kept for a while, in case the viewer comes back."""
        viewer.has_left = True
        room.viewers.discard(viewer)
        room.left_at = self._clock()
        room.session.submit(Leave(), viewer)

    def sweep(self) -> None:
        """Check all viewers, and close rooms that are broken, or without viewers for `RESUME_SECONDS`."""
        now = self._clock()
        for room in tuple(self._rooms):
            if room.session.is_over:
                self._close(room, Close.BROKEN)
            elif not room.viewers and now - room.left_at > RESUME_SECONDS:
                self._close(room, Close.EXPIRED)
            for viewer in tuple(room.viewers):
                viewer.check(now)

    def close(self) -> None:
        """Close all rooms, and let no viewer join any more, because the server stops."""
        self._stopping = True
        for room in tuple(self._rooms):
            self._close(room, Close.STOPPING)

    def _open(self, name: str | None) -> Room:
        """A new room, with the name of an earlier one if a page comes back with it."""
        secret = (name or "").removeprefix(self._label)
        if not SECRET.fullmatch(secret):
            secret = secrets.token_urlsafe(SECRET_BYTES)
        name, watch_name = self._label + secret, f"{self._label}watch-{short_hash(secret)}"
        room = Room(self._make_session(name, watch_name), name, watch_name, self._clock())
        self._rooms.append(room)
        self._scheduler.admit(room.session)
        return room

    def _close(self, room: Room, why: Close) -> None:
        self._rooms.remove(room)
        self._scheduler.remove(room.session)
        for viewer in room.viewers:
            viewer.close(why)

    def _make_place(self) -> bool:
        """Whether there is a place for a session, if need be after closing the one that is missed the least."""
        if len(self._rooms) < self._max_sessions:
            return True
        now = self._clock()
        rooms = [room for room in self._rooms if room.is_expendable(now)]
        if not rooms:
            return False
        # Without viewers first, then without a run, then the one idle for longest.
        spare = min(rooms, key=lambda room: (bool(room.viewers), room.session.has_run, room.active_at))
        self._close(spare, Close.EXPIRED)
        return True


def short_hash(secret: str) -> str:
    """Ten characters that depend on a secret and do not reveal it, easy to type."""
    return base64.b32encode(hashlib.sha256(secret.encode()).digest()).decode().lower()[:10]
