"""The engine room: one thread that gives every session its turns.

A thread for each session would be simpler and far worse: with sixteen of them a command waits a tenth of a second.
Here a turn is at most one slice of training, and between any two turns whoever left a note is answered first, but for a
few milliseconds each, and whoever took longer lets others work as long. So a command waits for one slice and not for
the whole round. But nothing interrupts a single step or a change of layers: with the largest networks seconds for the
one, and half a second for the other.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from gan1d.session.session import INBOX_SECONDS, Session

LONG_SECONDS: Final = 2 * INBOX_SECONDS
"""Notes that took longer have to be made up for; a frame's time is twice as long."""
STOP_SECONDS: Final = 0.3
"""How long a stop waits for the turn in progress; a slice is far shorter."""


class Scheduler:
    """Owner of all sessions. `start`, `stop`, `admit` and `remove` may be called from any one other thread.

    Args:
        clock: Seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[Session, float] = {}
        self._membership_changes: deque[tuple[Session, bool]] = deque()
        self._woken: deque[Session] = deque()
        self._debts: dict[Session, float] = {}
        self._wakeup = threading.Event()
        self._stopping = False
        # A daemon, so that even a turn that never ends cannot keep the program from ending.
        self._thread = threading.Thread(target=self._work, name="gan1d training", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> bool:
        """Finish the turn in progress and stop; whether that was in time."""
        self._stopping = True
        self._wakeup.set()
        self._thread.join(STOP_SECONDS)
        return not self._thread.is_alive()

    def admit(self, session: Session) -> None:
        """Take a session on."""
        session.wake = self._wake
        self._membership_changes.append((session, True))
        self._wakeup.set()

    def remove(self, session: Session) -> None:
        """Let a session go; it gets no further turn."""
        self._membership_changes.append((session, False))
        self._wakeup.set()

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
        """One turn for each session that is due.

        Returns:
            Seconds until one is due again; infinite if only a note can bring work.
        """
        self._answer()
        for session in tuple(self._due):
            now = self._clock()
            if self._due.get(session, math.inf) <= now and not self._owes(session, now) and not self._stopping:
                self._due[session] = now + self._advance(session, now)
                # The event loop gets the interpreter here, not only when Python next thinks of it.
                time.sleep(0)
                self._answer()
        return max(0.0, min(self._due.values(), default=math.inf) - self._clock())

    def _answer(self) -> None:
        """Let sessions in and out, and have the notes read of those that have some."""
        while self._membership_changes:
            session, comes = self._membership_changes.popleft()
            if comes:
                self._due[session] = self._clock()
            else:
                self._due.pop(session, None)
                self._debts.pop(session, None)
        # Once each, however often it rang: a session with many notes left waits until others had their turn.
        rang: dict[Session, None] = {}
        while self._woken:
            rang[self._woken.popleft()] = None
        for session in rang:
            if session in self._due:
                now = self._clock()
                if not self._owes(session, now):
                    self._guarded(session, session.handle_inbox, now)
                self._due[session] = now

    def _advance(self, session: Session, now: float) -> float:
        wait = self._guarded(session, session.advance, now)
        return 0.0 if wait is None else wait

    def _guarded(self, session: Session, call: Callable[[float], float | None], now: float) -> float | None:
        """A mistake in one session is said by that session; the others go on."""
        try:
            return call(now)
        except Exception as error:  # noqa: BLE001 - whatever it is, fifteen other sessions are none of its business
            session.fail(error, now)
            return None
        finally:
            self._settle(session, self._clock() - now)

    def _settle(self, session: Session, seconds: float) -> None:
        """What one session takes, others that took too much get back; who took too much for notes has to wait."""
        for other in tuple(self._debts):
            if other is not session:
                self._debts[other] -= seconds
                if self._debts[other] <= 0:
                    del self._debts[other]
        if session.command_seconds > LONG_SECONDS:
            self._debts[session] = session.command_seconds
        session.command_seconds = 0.0

    def _owes(self, session: Session, now: float) -> bool:
        """Whether it is the turn of others first; without any that want one, all is forgiven."""
        if session not in self._debts:
            return False
        if any(due <= now and other not in self._debts for other, due in self._due.items()):
            return True
        del self._debts[session]
        return False
