"""Spectra and path angles for single viewers, computed beside the session on a thread that all sessions share.

The parameters are copied first: those of the present step at once, those of earlier steps by looking back. So the run
goes on meanwhile, and no bit of it is touched. NumPy finds eigenvalues without holding up other threads; the columns of
the Jacobian before them give way to training after each operation.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from gan1d.session import messages
from gan1d.session.flow_control import Subscriber
from gan1d.session.look_back import LookBack, LookRequest, StepFinder, ViewerRequests
from gan1d.session.messages import Event, encode_event
from gan1d.session.run import Run
from gan1d.session.run_record import RunRecord
from gan1d.session.spectrum_answers import RunPoint, point_conflict, spectrum_answer

log = logging.getLogger(__name__)

PROGRESS_REPORTS: Final = 50
"""Number of times that a viewer learns how far its spectrum is."""
KEPT_POINTS: Final = 4
"""Points of earlier steps that are kept for the next request. One of the default takes 10 kB."""
KEPT_ANSWERS: Final = 4
"""Answers that are kept for viewers who want the same, such as all who watch. One of the default takes 100 kB."""


class SpectrumWorker:
    """A thread that makes one computation after another; it ends with the program."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, call: Callable[[], None]) -> None:
        """Call this later, on the thread. An error is logged, and the next call goes on."""
        with self._lock:
            if self._thread is None:
                # A daemon, so that a computation does not keep the program from ending.
                self._thread = threading.Thread(target=self._work, name="gan1d spectrum", daemon=True)
                self._thread.start()
        self._queue.put(call)

    def _work(self) -> None:
        while True:
            try:
                self._queue.get()()
            except Exception:
                log.exception("A call failed on the thread of the spectra.")


WORKER: Final = SpectrumWorker()
"""The thread of all sessions, so that many viewers take no more than one core from training."""


@dataclass(eq=False)
class SpectrumRequest:
    """What one viewer or several have requested.

    Attributes:
        command: The command.
        record: The run.
        steps: Steps whose points are wanted.
        points: Those found so far, in the order of `steps`.
        done: Number of columns that are computed.
        is_over: Whether no viewer wants the answer any more; set by the session's thread.
    """

    command: messages.GetSpectrum | messages.GetPathAngle
    record: RunRecord
    steps: tuple[int, ...]
    points: list[RunPoint] = field(default_factory=list)
    done: int = 0
    is_over: bool = False

    @property
    def total(self) -> int:
        """Number of columns: one for each parameter."""
        return len(self.points[-1].parameters)

    def is_same(self, other: "SpectrumRequest") -> bool:
        """Whether both have the same answer."""
        if (self.record, self.steps, len(self.points)) != (other.record, other.steps, len(other.points)):
            return False
        return all(map(RunPoint.is_same, self.points, other.points))


class SpectrumRequests(ViewerRequests[SpectrumRequest]):
    """The viewers that want a spectrum or a path angle.

    Args:
        timer: Seconds, to measure how long a slice took.

    Attributes:
        wake: Called from the other thread when there is something to send; set by the session.
        submit: Starts a computation on another thread.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        super().__init__(LookBack(timer, _point_found, KEPT_POINTS))
        self._news: deque[tuple[SpectrumRequest, Event]] = deque()
        self._answers: deque[tuple[SpectrumRequest, Event]] = deque(maxlen=KEPT_ANSWERS)
        self.wake: Callable[[], None] = lambda: None
        self.submit = WORKER.submit

    @property
    def is_busy(self) -> bool:
        """Whether a step is to be found, or an answer to be sent."""
        return len(self._look_back) > 0 or bool(self._news)

    def want(
        self,
        command: messages.GetSpectrum | messages.GetPathAngle,
        record: RunRecord,
        steps: tuple[int, ...],
        viewer: Subscriber,
        run: Run,
    ) -> None:
        """Answer a viewer in place of its last request: one step for its spectrum, two for the path angle."""
        self.drop(viewer)
        self._requests[viewer] = SpectrumRequest(command, record, steps)
        self._find_next(viewer, run)

    def _find_next(self, viewer: Subscriber, run: Run) -> None:
        """Find the next point of a viewer, or begin to compute if it has all."""
        request = self._requests[viewer]
        while len(request.points) < len(request.steps):
            step = request.steps[len(request.points)]
            if request.record is not run.record or step != run.step:
                self._look_back.want(viewer, LookRequest(request.record, step, look=0))
                return
            request.points.append(RunPoint.of(run.trainer, run.config))
        if error := point_conflict(request.points):
            self._refuse(viewer, error)
        else:
            self._begin(viewer, request)

    def _begin(self, viewer: Subscriber, request: SpectrumRequest) -> None:
        """Begin to compute, unless the same is kept or computed for another viewer."""
        for kept, answer in self._answers:
            if kept.is_same(request):
                del self._requests[viewer]
                viewer.send_text(encode_event(answer))
                return
        others = (other for other in self._requests.values() if other is not request and other.is_same(request))
        shared = next(others, request)
        self._requests[viewer] = shared
        viewer.send_text(encode_event(messages.SpectrumProgress(done=shared.done, total=shared.total)))
        if shared is request:
            self.submit(partial(self._compute, request))

    def _compute(self, request: SpectrumRequest) -> None:
        """Compute an answer; on the other thread."""

        def progress(share: float) -> bool:
            request.done = round(share * request.total)
            every = max(1, request.total // PROGRESS_REPORTS)
            if (request.done % every == 0 or share == 1) and not request.is_over:
                self._tell(request, messages.SpectrumProgress(done=request.done, total=request.total))
            return not request.is_over

        def refused(reason: str) -> Event:
            return messages.Refused(message=reason, command=request.command.type)

        if request.is_over:
            return
        try:
            answer: Event | None = spectrum_answer(request.record.number, request.steps, request.points, progress)
        except ValueError as error:
            answer = refused(str(error))
        except MemoryError:
            answer = refused("The memory of the server does not suffice for this spectrum.")
        except Exception:
            log.exception("A spectrum failed.")
            answer = refused("Something went wrong in the server while it computed the spectrum; its log says what.")
        if answer is not None:
            self._tell(request, answer)

    def _tell(self, request: SpectrumRequest, event: Event) -> None:
        """Leave an event for the session's thread."""
        self._news.append((request, event))
        self.wake()

    def advance(self, seconds: float, run: Run) -> None:
        """Work for about so many seconds on the steps to be found, and send what the other thread has left."""
        for viewer, _, point in self._look_back.advance(seconds):
            self._requests[viewer].points.append(point)
            self._find_next(viewer, run)
        self._look_back.rest_if_idle()
        while self._news:
            request, event = self._news.popleft()
            is_answer = not isinstance(event, messages.SpectrumProgress)
            if is_answer and not isinstance(event, messages.Refused) and not request.is_over:
                self._answers.append((request, event))
            text = encode_event(event)
            for viewer in [viewer for viewer, wanted in self._requests.items() if wanted is request]:
                viewer.send_text(text)
                if is_answer:
                    del self._requests[viewer]

    def drop(self, viewer: Subscriber) -> None:
        """Answer a viewer no more, and end a computation that no other viewer waits for."""
        request = self._requests.get(viewer)
        super().drop(viewer)
        if request is not None and request not in self._requests.values():
            request.is_over = True

    def keep_only(self, records: Collection[RunRecord]) -> None:
        """Answer nothing about runs that are not among these."""
        if any(request.record not in records for request, _ in self._answers):
            self._answers.clear()
        super().keep_only(records)


def _point_found(finder: StepFinder, _record: RunRecord, _step: int) -> RunPoint:
    """The point of a step that was found."""
    run = finder.run
    assert run is not None
    return RunPoint.of(run.trainer, run.config)
