"""The scheduler: one thread that gives every session its turns.

A thread for each session would be simpler but slower: with sixteen of them a command waits a tenth of a second. Here a
turn is one slice of training (4 ms, or 0.5 ms where many sessions train), and between any two turns every session
carries out its commands, at most one batch in a round. So a command waits for one slice and not for a whole round.

A single step and the rebuild of a network are not interrupted: with the largest networks a step takes seconds and a
rebuild half a second. Sessions of which that is to be expected, the heavy ones, have a second thread. NumPy lets other
threads work during each operation on large arrays, so they delay each other, but not the rest.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from gan1d.session.pacing import ROUND_SECONDS, SLICE_SECONDS
from gan1d.session.session import Session

LONG_SECONDS: Final = 0.008
"""Time of a batch of commands above which the session rests for as long as the batch took; a usual batch takes less."""
STOP_SECONDS: Final = 0.3
"""Longest wait for the present turn at a stop; a slice is far shorter."""


class Scheduler:
    """The owner of all sessions. `start`, `stop`, `admit` and `remove` may be called from one other thread.

    Args:
        clock: Seconds, never decreasing.
        usual: The owner of the sessions that are not heavy, if this is the one of those that are.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, usual: "Scheduler | None" = None) -> None:
        self._clock, self._is_for_heavy = clock, usual is not None
        self._other: Scheduler = usual or Scheduler(clock, self)
        self._due: dict[Session, float] = {}
        self._rest_until: dict[Session, float] = {}
        self._newcomers: deque[Session] = deque()
        self._woken: deque[Session] = deque()
        self._done_this_round: set[Session] = set()
        self._wakeup = threading.Event()
        self._stopping = False
        # A daemon, so that a turn that never ends cannot keep the program from ending.
        self._thread = threading.Thread(target=self._work, name="gan1d training", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        if not self._is_for_heavy:
            self._other.start()

    def stop(self) -> bool:
        """Stop after the present turn; return whether it ended within `STOP_SECONDS`."""
        for scheduler in (self, self._other):
            scheduler._stopping = True
            scheduler._wakeup.set()
        self._thread.join(STOP_SECONDS)
        return not self._thread.is_alive()

    def admit(self, session: Session) -> None:
        """Add a session."""
        session.wake = self._wake
        self._newcomers.append(session)
        self._wakeup.set()

    def remove(self, session: Session) -> None:
        """Remove a session, which gets no further turn."""
        session.is_over = True
        for scheduler in (self, self._other):
            scheduler._wakeup.set()

    def _wake(self, session: Session) -> None:
        self._woken.append(session)
        self._wakeup.set()

    def _work(self) -> None:
        while not self._stopping:
            self._wakeup.clear()
            wait = self.round()
            if wait > 0:
                self._wakeup.wait(None if math.isinf(wait) else wait)

    def round(self) -> float:
        """Give one turn to each session that is due.

        Returns:
            Seconds until a session is due again; infinite if only a message can make one due.
        """
        self._done_this_round.clear()
        for session in [session for session in self._due if session.is_over]:
            self._drop(session)
        self._handle_messages()
        begun = self._clock()
        count = sum(due <= begun for due in self._due.values())
        slice_seconds = max(SLICE_SECONDS, ROUND_SECONDS / max(1, count))
        for session in tuple(self._due):
            now = self._clock()
            if self._due.get(session, math.inf) <= now and not self._must_rest(session, now) and not self._stopping:
                wait = self._guarded(session, partial(session.advance, slice_seconds=slice_seconds), now)
                self._due[session] = now + (wait or 0.0)
                self._account(session, now, max(LONG_SECONDS, 2 * slice_seconds))
                if count > 1 or self._woken or session.has_acknowledgements:
                    # The event loop is at work, and gets the interpreter here, not only when Python switches threads.
                    # Otherwise a yield would give the processor to other programs, such as the browser.
                    time.sleep(0)
                self._handle_messages()
        return max(0.0, min(self._due.values(), default=math.inf) - self._clock())

    def _handle_messages(self) -> None:
        """Add and remove sessions, and let woken ones carry out a batch of commands, each at most once a round."""
        while self._newcomers:
            session = self._newcomers.popleft()
            self._due[session] = self._clock()
            self._woken.append(session)
        woken = dict.fromkeys(self._woken.popleft() for _ in range(len(self._woken)))
        for session in woken:
            if session not in self._due or session.is_over:
                continue
            if session.is_heavy is not self._is_for_heavy:
                self._drop(session)
                self._other.admit(session)
                continue
            now = self._clock()
            self._due[session] = now
            if session in self._done_this_round or self._must_rest(session, now):
                self._woken.append(session)
                continue
            self._done_this_round.add(session)
            self._guarded(session, session.handle_inbox, now)
            self._account(session, now, LONG_SECONDS)
            if session.is_heavy is not self._is_for_heavy:
                self._woken.append(session)

    def _drop(self, session: Session) -> None:
        del self._due[session]
        self._rest_until.pop(session, None)

    def _account(self, session: Session, begun: float, limit: float) -> None:
        """Let a session rest after a turn longer than the limit, so that each other one that is due gets as much."""
        seconds = self._clock() - begun
        if seconds > limit:
            others = sum(due <= begun for other, due in self._due.items() if other is not session)
            self._rest_until[session] = begun + seconds * (1 + max(1, others))

    def _must_rest(self, session: Session, now: float) -> bool:
        """Whether a session waits because its last batch of commands was long and another session is due."""

        def rests(other: Session) -> bool:
            return now < self._rest_until.get(other, -math.inf)

        return rests(session) and any(due <= now and not rests(other) for other, due in self._due.items())

    def _guarded(self, session: Session, call: Callable[[float], Any], now: float) -> Any:
        """Call a session; an error is reported by that session, and the others go on."""
        try:
            return call(now)
        except Exception as error:  # noqa: BLE001 - any error in one session is none of the others' business
            session.fail(error, now)
            return None
