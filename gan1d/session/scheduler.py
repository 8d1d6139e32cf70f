"""The scheduler: three threads that give the sessions their turns, one for each kind of work (`Work`).

A thread for each session would be simpler but slower: with sixteen of them a command waits a tenth of a second. On the
usual thread a turn is one slice of training (8 ms, or 0.5 ms where many sessions train), and between any two turns
every session carries out its commands, at most one batch in a round. So a command waits for one slice and not for a
whole round, even if another command of the same session was carried out in that round.

A single step, the rebuild of a network and the beginning of a session are not interrupted: with the largest networks a
step takes seconds and a rebuild half a second, and a beginning takes as long as ten frames. Sessions go to one of the
other two threads for these, and Python lets all threads go on in turn.
"""

import logging
import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from gan1d.session.pacing import ROUND_SECONDS, SLICE_SECONDS
from gan1d.session.session import BATCH_LENGTH, WORKS, Session, Work

log = logging.getLogger(__name__)

LONG_SECONDS: Final = 0.008
"""Time of a batch of commands above which the session rests until each other one that is due could have had as much
time; a usual batch takes less."""
STOP_SECONDS: Final = 0.3
"""Longest wait for the present turn at a stop; a slice is far shorter."""


class Scheduler:
    """A thread and the sessions that it owns. A scheduler for usual work makes those for all other work, its team.

    `start`, `stop`, `admit` and `remove` concern the whole team, and may be called from one other thread.

    Args:
        clock: Seconds, never decreasing.
        work: The work of its thread.
        team: Schedulers by their work, which this one joins; None for a new team.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        work: Work = "usual",
        team: "dict[Work, Scheduler] | None" = None,
    ) -> None:
        self._clock, self._work, self._team = clock, work, {} if team is None else team
        self._team[work] = self
        for other in WORKS:
            if other not in self._team:
                Scheduler(clock, other, self._team)
        self._due: dict[Session, float] = {}
        self._rest_until: dict[Session, float] = {}
        self._newcomers: deque[Session] = deque()
        self._woken: deque[Session] = deque()
        self._handled_this_round = Counter[Session]()
        self._wakeup = threading.Event()
        self._stopping = False
        # A daemon, so that a turn that never ends cannot keep the program from ending.
        self._thread = threading.Thread(target=self._take_turns, name=f"gan1d training: {work}", daemon=True)

    def start(self) -> None:
        """Start the threads."""
        for scheduler in self._team.values():
            scheduler._thread.start()

    def stop(self) -> bool:
        """Stop after the present turns; return whether all ended within `STOP_SECONDS`."""
        for scheduler in self._team.values():
            scheduler._stopping = True
            scheduler._wakeup.set()
        deadline = time.monotonic() + STOP_SECONDS
        for scheduler in self._team.values():
            scheduler._thread.join(max(0.0, deadline - time.monotonic()))
        return not any(scheduler._thread.is_alive() for scheduler in self._team.values())

    def admit(self, session: Session) -> None:
        """Add a session, to the owner that its next turn is for."""
        owner = self._team[session.work]
        session.wake = owner._wake
        owner._newcomers.append(session)
        owner._wakeup.set()

    def remove(self, session: Session) -> None:
        """Remove a session, which gets no further turn."""
        session.is_over = True
        for scheduler in self._team.values():
            scheduler._wakeup.set()

    def _wake(self, session: Session) -> None:
        self._woken.append(session)
        self._wakeup.set()

    def _take_turns(self) -> None:
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
        self._handled_this_round.clear()
        for session in [session for session in self._due if session.is_over]:
            self._drop(session)
        self._handle_messages()
        begun = self._clock()
        count = sum(due <= begun and session.has_begun for session, due in self._due.items())
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
        """Add and remove sessions, and let woken ones carry out commands, each at most one batch in a round."""
        while self._newcomers:
            session = self._newcomers.popleft()
            self._due[session] = self._clock()
            self._woken.append(session)
        woken = dict.fromkeys(self._woken.popleft() for _ in range(len(self._woken)))
        for session in woken:
            if session not in self._due or session.is_over:
                continue
            if session.work != self._work:
                self._pass_on(session)
                continue
            now = self._clock()
            self._due[session] = now
            remaining = BATCH_LENGTH - self._handled_this_round[session]
            if remaining <= 0 or self._must_rest(session, now):
                self._woken.append(session)
                continue
            # A session that fails counts as one that has carried out a whole batch.
            call = partial(session.handle_inbox, limit=remaining, may_rebuild=self._work != "usual")
            handled = self._guarded(session, call, now)
            self._handled_this_round[session] += BATCH_LENGTH if handled is None else max(1, handled)
            self._account(session, now, LONG_SECONDS)
            if session.work != self._work:
                self._pass_on(session)

    def _pass_on(self, session: Session) -> None:
        """Give a session to the owner that its next turn is for, where it rests if it has to."""
        if session in self._rest_until:
            self._team[session.work]._rest_until[session] = self._rest_until[session]
        self._drop(session)
        self.admit(session)

    def _drop(self, session: Session) -> None:
        del self._due[session]
        self._rest_until.pop(session, None)

    def _account(self, session: Session, begun: float, limit: float) -> None:
        """Let a session rest after a turn longer than the limit, so that each other one that is due gets as much."""
        seconds = self._clock() - begun
        if seconds > limit:
            dues = [item for scheduler in self._team.values() for item in tuple(scheduler._due.items())]
            others = sum(due <= begun for other, due in dues if other is not session)
            self._rest_until[session] = begun + seconds * (1 + max(1, others))

    def _must_rest(self, session: Session, now: float) -> bool:
        """Whether a session waits because its last turn was long and another session is due."""

        def rests(other: Session) -> bool:
            return now < self._rest_until.get(other, -math.inf)

        return rests(session) and any(due <= now and not rests(other) for other, due in self._due.items())

    def _guarded(self, session: Session, call: Callable[[float], Any], now: float) -> Any:
        """Call a session; an error is reported by that session, and the others go on.

        A session that cannot even report it is over, and the lobby closes its connections.
        """
        try:
            return call(now)
        except Exception as error:  # noqa: BLE001 - an error in one session must not end the others
            try:
                session.fail(error, now)
            except Exception as second:
                log.exception("A session is closed because it could not report an error.", exc_info=second)
                session.is_over = True
            return None
