"""The lobby: all sessions with their viewers, and who may have one.

Everything here runs in the event loop. The scheduler's thread calls nothing but `Viewer.send_text` and
`Viewer.send_frame`, which pass their message to the loop and return at once.
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
"""Largest number of viewers of one session."""
RESUME_SECONDS: Final = 120.0
"""Time that a session is kept without viewers, which may only have lost the network."""
IDLE_SECONDS: Final = 600.0
"""Time without messages after which a session is closed if its place is needed for another one."""
WATCH_PREFIX: Final = "watch-"
"""Beginning of the names by which sessions are watched."""


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


class Lobby:
    """All rooms.

    Args:
        scheduler: The owner of the sessions.
        make_session: Creates a session from its two names, for driving and for watching.
        dispatcher: Carries the messages of the sessions into the event loop.
        max_sessions: Largest number of sessions at a time.
        clock: Seconds, never decreasing.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        make_session: Callable[[str, str], Session],
        *,
        dispatcher: LoopDispatcher,
        max_sessions: int,
        clock: Callable[[], float],
    ) -> None:
        self._scheduler, self._make_session, self._dispatcher = scheduler, make_session, dispatcher
        self._max_sessions, self._clock = max_sessions, clock
        self._rooms: list[Room] = []
        self._stopping = False

    def __len__(self) -> int:
        return len(self._rooms)

    def join(self, name: str | None) -> tuple[Room, Viewer] | Close:
        """Add a viewer to the session of that name, or to a new one if there is none.

        Returns:
            The room and the viewer, or the reason why the viewer cannot join.
        """
        if self._stopping:
            return Close.STOPPING
        room = next((room for room in self._rooms if name in (room.name, room.watch_name)), None)
        if room is None and name is not None and name.startswith(WATCH_PREFIX):
            return Close.SESSION_ENDED
        if room is None:
            if len(self._rooms) >= self._max_sessions and not self._close_idle_room():
                return Close.FULL
            room = self._open()
        elif len(room.viewers) >= VIEWERS_LIMIT:
            return Close.FULL
        viewer = Viewer(room.session, "viewer" if name == room.watch_name else "driver", self._dispatcher, self._clock)
        room.viewers.add(viewer)
        room.session.submit(Join(), viewer)
        return room, viewer

    def leave(self, room: Room, viewer: Viewer) -> None:
        """Remove a viewer; its room is kept for a while, in case the viewer comes back."""
        room.viewers.discard(viewer)
        room.left_at = self._clock()
        room.session.submit(Leave(), viewer)

    def sweep(self) -> None:
        """Close the rooms that have been without viewers for `RESUME_SECONDS`."""
        now = self._clock()
        for room in tuple(self._rooms):
            if not room.viewers and now - room.active_at > RESUME_SECONDS:
                self._close(room, Close.EXPIRED)

    def close(self) -> None:
        """Close all rooms, and let no viewer join any more, because the server stops."""
        self._stopping = True
        for room in tuple(self._rooms):
            self._close(room, Close.STOPPING)

    def _open(self) -> Room:
        # Long enough not to be guessed: the name gives the right to drive.
        name, watch_name = secrets.token_urlsafe(12), WATCH_PREFIX + secrets.token_urlsafe(12)
        room = Room(self._make_session(name, watch_name), name, watch_name, self._clock())
        self._rooms.append(room)
        self._scheduler.admit(room.session)
        return room

    def _close(self, room: Room, why: Close) -> None:
        self._rooms.remove(room)
        self._scheduler.remove(room.session)
        for viewer in room.viewers:
            viewer.close(why)

    def _close_idle_room(self) -> bool:
        """Close the room that was left longest ago, or else the one idle for longest; return whether there was one."""
        now = self._clock()
        idle = [room for room in self._rooms if not room.viewers or now - room.active_at > IDLE_SECONDS]
        if not idle:
            return False
        self._close(min(idle, key=lambda room: (bool(room.viewers), room.active_at)), Close.EXPIRED)
        return True
