"""A log that a run follows as it is played, until the end of the log or a change by a viewer."""

from collections import deque

from gan1d.recording.run_log import Change, PlayerSteps, RunLog, UpdatedPlayer


class Script:
    """The events of a log that are still to come.

    Args:
        log: The log.

    Attributes:
        last_step: Step at which it ends.
        digest: Digest of the parameters there; "" if unknown.
    """

    def __init__(self, log: RunLog) -> None:
        self._events = deque(log.events)
        self.last_step = log.last_step
        self.digest = "" if log.end is None or log.end.diverged else log.end.digest

    def stretch(self, step: int) -> tuple[int, UpdatedPlayer]:
        """Number of steps from a step to the next event, and which players are updated in them."""
        event = self._events[0] if self._events else None
        if isinstance(event, PlayerSteps) and event.step <= step:
            return event.last_step - step, event.player
        return max(0, (self.last_step if event is None else event.step) - step), "both"

    def due(self, step: int) -> Change | None:
        """Take the change that is to be made at a step; None if there is none, or none is left."""
        while self._events:
            event = self._events[0]
            if isinstance(event, Change):
                return self._take(event) if event.step <= step else None
            if event.last_step > step:
                return None
            self._events.popleft()
        return None

    def _take(self, event: Change) -> Change:
        self._events.popleft()
        return event
