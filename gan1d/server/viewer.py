"""One connected page: its outgoing messages, and the dispatch between threads."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from gan1d.session.flow_control import CREDIT
from gan1d.session.messages import ACK, Alive, Close, Command, Role, encode_event
from gan1d.session.session import Session

TEXTS_LIMIT: Final = 2048
"""Messages a viewer may leave unread, beyond what the network holds. The largest burst of commands that a socket lets
through calls for half as many at once, and whoever reads them as they come must not be taken for one who does not."""


QUIET_SECONDS: Final = 6.0
"""Silence after which a page is told that the server lives. A session speaks every four seconds unless a single step
takes longer, and the page calls a silence of 12 s a lost server."""


ALIVE: Final = encode_event(Alive())


class LoopDispatcher:
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

    def __init__(
        self, session: Session, role: Role, dispatcher: LoopDispatcher, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.role: Role = role
        self.closing: Close | None = None
        self.heard_at = clock()
        self._session, self._dispatcher, self._clock = session, dispatcher, clock
        self._texts: deque[str] = deque()
        self._frame: bytes | None = None
        self._unacknowledged = 0
        self._is_greeted = False
        self._ready = asyncio.Event()

    # From the engine room ---------------------------------------------------------------------------------------------

    def tell(self, text: str) -> None:
        """Send a text, after those before it."""
        self._dispatcher.send(self._queue, text)

    def show(self, frame: bytes) -> None:
        """Send a frame, instead of one that still waits."""
        self._dispatcher.send(self._put, frame)

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
