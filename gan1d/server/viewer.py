"""One connected page: the messages that wait for it, and their way from the scheduler's thread to the event loop."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from gan1d.session.flow_control import CREDIT
from gan1d.session.messages import ACK, Alive, Close, Command, Role, encode_event
from gan1d.session.session import Session

TEXTS_LIMIT: Final = 2048
"""Messages that may wait for a viewer, besides those in the network's buffers, before it is too slow. The largest burst
of commands that a connection accepts leads to half as many answers at once."""

ALIVE_SECONDS: Final = 6.0
"""Silence after which `Alive` is sent. A session sends a status every 4 seconds unless a single step takes longer, and
after `LOST_SECONDS` a page regards the connection as lost."""

ALIVE: Final = encode_event(Alive())


class LoopDispatcher:
    """Carries messages from any thread into the event loop, which is woken once for all messages that wait.

    Args:
        loop: The event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._called = False

    def send(self, take: Callable[[Any], None], message: str | bytes) -> None:
        """Have `take(message)` called in the loop, after the calls before it; from any thread."""
        self._waiting.append((take, message))
        if self._called:
            return
        self._called = True
        try:
            self._loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:
            # The loop ends before the scheduler's thread does; its viewers are gone by then.
            if not self._loop.is_closed():
                raise

    def _deliver(self) -> None:
        # Reset before the queue is read, so that messages sent from here on wake the loop again.
        self._called = False
        while self._waiting:
            take, message = self._waiting.popleft()
            take(message)


class Viewer:
    """One page, with the texts that wait for it in order, and the newest frame.

    Args:
        session: The session that it drives or watches.
        role: Whether it may send commands.
        dispatcher: Carries messages into the event loop.
        clock: Seconds, never decreasing.

    Attributes:
        closing: Why its connection is to be closed; None while it is open.
        active_at: Time of its last message.
    """

    def __init__(
        self, session: Session, role: Role, dispatcher: LoopDispatcher, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.role: Role = role
        self.closing: Close | None = None
        self.active_at = clock()
        self._session, self._dispatcher, self._clock = session, dispatcher, clock
        self._texts: deque[str] = deque()
        self._frame: bytes | None = None
        self._unacknowledged = 0
        self._is_greeted = False
        self._ready = asyncio.Event()

    # Called by the session, from the scheduler's thread ---------------------------------------------------------------

    def send_text(self, text: str) -> None:
        """Send a text after those that wait."""
        self._dispatcher.send(self._queue_text, text)

    def send_frame(self, frame: bytes) -> None:
        """Send a frame, in place of one that still waits."""
        self._dispatcher.send(self._replace_frame, frame)

    # Called in the event loop ----------------------------------------------------------------------------------------

    def _queue_text(self, text: str) -> None:
        if len(self._texts) >= TEXTS_LIMIT:
            self.close(Close.TOO_SLOW)
        elif self.closing is None:
            self._texts.append(text)
            self._ready.set()

    def _replace_frame(self, frame: bytes) -> None:
        if self._frame is not None:
            # The old frame is not sent, so the page will not acknowledge it.
            self._session.submit(ACK, self)
        self._frame = frame
        self._ready.set()

    def submit(self, command: Command) -> None:
        """Pass a command of the page to the session."""
        self.active_at = self._clock()
        self._session.submit(command, self)

    def acknowledge(self) -> None:
        """Pass on that the page drew a frame; acknowledgements beyond the number of sent frames are ignored."""
        if self._unacknowledged > 0:
            self._unacknowledged -= 1
            self.submit(ACK)

    def close(self, reason: Close) -> None:
        """Have the connection closed, for the first reason that is given."""
        self.closing = self.closing or reason
        self._ready.set()

    async def next(self) -> str | bytes | None:
        """Wait for the next message to send; None if the connection is to be closed.

        After `ALIVE_SECONDS` without a message of the session it is `Alive`, but never before hello.
        """
        while self.closing is None:
            if self._texts:
                self._is_greeted = True
                return self._texts.popleft()
            if self._frame is not None:
                frame, self._frame = self._frame, None
                # Pages do not acknowledge frames of an earlier scene; the limit keeps these from adding up.
                self._unacknowledged = min(self._unacknowledged + 1, 2 * CREDIT)
                return frame
            self._ready.clear()
            try:
                async with asyncio.timeout(ALIVE_SECONDS):
                    await self._ready.wait()
            except TimeoutError:
                if self._is_greeted:
                    return ALIVE
        return None
