"""One connected page: the messages that wait for it, and their way from the scheduler's thread to the event loop."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from gan1d.session.flow_control import CREDIT
from gan1d.session.messages import Alive, Close, Role, SessionCommand, encode_event
from gan1d.session.session import Session

TEXTS_LIMIT: Final = 2048
"""Messages that may wait for a viewer, besides those in the network's buffers, before it is too slow. The largest burst
of commands that a connection accepts leads to half as many answers at once."""
SEND_SECONDS: Final = 5.0
"""Longest time to send one message; a page that takes longer is too slow."""
ALIVE_SECONDS: Final = 6.0
"""Silence after which `Alive` is sent. A session sends a status every 4 seconds unless a single step takes longer, and
after `LOST_SECONDS` a page regards the connection as lost."""

ALIVE: Final = encode_event(Alive())


class ShortConnection(Protocol):
    """A connection that takes and gives messages without the tasks of an ASGI application.

    With 500 followers, waking two tasks for each frame and its acknowledgement costs as much as sending the frame.

    Attributes:
        acknowledge: Called for each acknowledgement; returns whether the message needs nothing else.
    """

    acknowledge: Callable[[], bool]

    def write(self, messages: Sequence[str | bytes]) -> bool:
        """Send messages at once; return whether the connection takes any now."""
        ...


class LoopDispatcher:
    """Carries messages from any thread into the event loop, which is woken once for all messages that wait.

    Args:
        loop: The event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[tuple[Viewer, str | list[bytes]]] = deque()
        self._called = False

    def send(self, viewer: "Viewer", message: str | list[bytes]) -> None:
        """Have a text or frames put into a viewer's queue, in the loop; from any thread."""
        self._waiting.append((viewer, message))
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
        viewers = dict[Viewer, None]()
        while self._waiting:
            viewer, message = self._waiting.popleft()
            viewer.queue(message)
            viewers[viewer] = None
        # All messages of a viewer in one packet.
        for viewer in viewers:
            viewer.flush()


class Viewer:
    """One page, with the texts that wait for it in order, and the newest frame.

    Args:
        session: The session that it drives or watches.
        role: Whether it may send commands.
        dispatcher: Carries messages into the event loop.
        clock: Seconds, never decreasing.

    Attributes:
        closing: Why its connection is to be closed; None while it is open.
        on_close: Called when it is to be closed.
        has_left: Whether its connection has ended.
        active_at: Time of its last message.
    """

    def __init__(
        self, session: Session, role: Role, dispatcher: LoopDispatcher, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.role: Role = role
        self.closing: Close | None = None
        self.on_close: Callable[[], object] = lambda: None
        self.has_left = False
        self.active_at = clock()
        self._session, self._dispatcher, self._clock = session, dispatcher, clock
        self._texts: deque[str] = deque()
        self._frames: list[bytes] = []
        self._unacknowledged = 0
        self._is_greeted = False
        self._taken_at, self._is_sending = self.active_at, False
        self._ready = asyncio.Event()
        self._connection: ShortConnection | None = None

    # Called by the session, from the scheduler's thread ---------------------------------------------------------------

    def send_text(self, text: str) -> None:
        """Send a text after those that wait."""
        self._dispatcher.send(self, text)

    def send_frame(self, frame: bytes, second: bytes | None = None) -> None:
        """Send a frame, and that of a second run, in place of those that still wait."""
        self._dispatcher.send(self, [frame] if second is None else [frame, second])

    # Called in the event loop ----------------------------------------------------------------------------------------

    def connect(self, connection: ShortConnection) -> None:
        """Use a short way for messages, as long as the connection takes them at once."""
        self._connection, connection.acknowledge = connection, self.acknowledge
        self.flush()

    def disconnect(self) -> None:
        """Let go of the connection and of its tasks, which refer to this viewer, so that all memory is free at once."""
        self.on_close = lambda: None
        if self._connection is not None:
            self._connection.acknowledge = lambda: False
            self._connection = None

    def queue(self, message: str | list[bytes]) -> None:
        """Let a text wait after those before it, or frames in place of those before them."""
        if not isinstance(message, str):
            for _ in self._frames:
                # The old frame is not sent, so the page will not acknowledge it.
                self._session.acknowledge(self)
            self._frames = message
        elif len(self._texts) >= TEXTS_LIMIT:
            self.close(Close.TOO_SLOW)
        elif self.closing is None:
            self._texts.append(message)

    def flush(self) -> None:
        """Send all messages that wait, or have `next` return them if that is not possible at once."""
        if not self._texts and not self._frames:
            return
        if self._is_sending or self._connection is None or not self._connection.write([*self._texts, *self._frames]):
            self._ready.set()
            return
        self._taken_at = self._clock()
        self._is_greeted |= bool(self._texts)
        self._expect_acknowledgements(len(self._frames))
        self._texts.clear()
        self._frames = []

    def submit(self, command: SessionCommand) -> None:
        """Pass a command of the page to the session."""
        self.active_at = self._clock()
        self._session.submit(command, self)

    def acknowledge(self) -> bool:
        """Pass on that the page drew a frame; return whether it was sent one that it has not acknowledged yet."""
        if self._unacknowledged == 0:
            return False
        self._unacknowledged -= 1
        self.active_at = self._clock()
        self._session.acknowledge(self)
        return True

    def close(self, reason: Close) -> None:
        """Have the connection closed, for the first reason that is given."""
        self.closing = self.closing or reason
        self.on_close()

    def check(self, now: float) -> None:
        """Close the connection if the last message could not be sent for long; break a long silence with `Alive`."""
        seconds = now - self._taken_at
        if self._is_sending and seconds > SEND_SECONDS:
            self.close(Close.TOO_SLOW)
        elif self._is_greeted and not self._ready.is_set() and seconds > ALIVE_SECONDS:
            self.queue(ALIVE)
            self.flush()

    async def next(self) -> str | bytes:
        """Wait for the next message to send; the call says that the one before was sent."""
        self._is_sending = False
        while not self._texts and not self._frames:
            self._ready.clear()
            await self._ready.wait()
        self._taken_at, self._is_sending = self._clock(), True
        if self._texts or not self._frames:
            self._is_greeted = True
            return self._texts.popleft()
        self._expect_acknowledgements(1)
        return self._frames.pop(0)

    def _expect_acknowledgements(self, frames: int) -> None:
        # Pages do not acknowledge frames of an earlier scene; the limit keeps these from adding up.
        self._unacknowledged = min(self._unacknowledged + frames, 2 * CREDIT)
