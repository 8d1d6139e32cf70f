"""What single viewers get: frames of earlier steps, histories and logs of runs. The run itself is not touched."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from gan1d.config.model import Config
from gan1d.evaluation import codec
from gan1d.formatting import format_count
from gan1d.session import messages
from gan1d.session.flow_control import FlowControl, Subscriber
from gan1d.session.kept_runs import KeptRuns
from gan1d.session.look_back import LookBack, LookRequest, PastFrame, StepFinder, ViewerRequests
from gan1d.session.messages import encode_event
from gan1d.session.run import Run, log_text
from gan1d.session.run_record import NOT_KEPT, RunRecord
from gan1d.session.second_run import SecondRun, comparison_event, second_frame
from gan1d.session.spectrum_requests import SpectrumRequests
from gan1d.session.step_tracing import StepTracing

log = logging.getLogger(__name__)

HISTORY_REQUEST_SECONDS: Final = 0.25
"""Shortest time between two histories or logs for the same viewer; those of a long run take 20 ms to write."""


@dataclass
class Sight:
    """What a viewer looks at.

    Attributes:
        look: Number of its last look.
        record: The run that it looks at; None for the present step.
        requested_at: Time of its last request.
    """

    look: int = 0
    record: RunRecord | None = None
    requested_at: float = float("-inf")


class Viewing:
    """The viewers that look back.

    Args:
        flow_control: All viewers.
        runs: The runs that are kept.
        timer: Seconds, to measure how long a slice took.

    Attributes:
        second: The run that is compared with the present one; None for none.
        spectra: The viewers that want a spectrum.
    """

    def __init__(self, flow_control: FlowControl, runs: KeptRuns, timer: Callable[[], float]) -> None:
        self._flow_control, self._runs = flow_control, runs
        self.second: SecondRun | None = None
        self._look_back, self._second_look_back = (LookBack(timer, StepFinder.frame) for _ in range(2))
        # Frames of the present run that wait for those of the second one.
        self._halves: dict[tuple[Subscriber, int], PastFrame] = {}
        self._sights: dict[Subscriber, Sight] = {}
        self._step_tracing = StepTracing(timer)
        self.spectra = SpectrumRequests(timer)
        self._requests: tuple[ViewerRequests[Any], ...] = self._step_tracing, self.spectra

    @property
    def is_busy(self) -> bool:
        """Whether a frame of an earlier step is to be found, a step to be taken apart, or a spectrum to be sent."""
        is_looking = len(self._look_back) + len(self._second_look_back) > 0
        return is_looking or self._step_tracing.is_busy or self.spectra.is_busy

    def _drop(self, viewer: Subscriber) -> None:
        """Find nothing for a viewer."""
        self._look_back.drop(viewer)
        self._second_look_back.drop(viewer)
        for key in [key for key in self._halves if key[0] is viewer]:
            del self._halves[key]

    def leave(self, viewer: Subscriber) -> None:
        """Remove a viewer."""
        self._drop(viewer)
        for requests in self._requests:
            requests.drop(viewer)
        self._sights.pop(viewer, None)
        self._rest()

    def record_of(self, number: int | None, viewer: Subscriber) -> RunRecord | None:
        """The run of a number, by default the one that the viewer looks at; None if it is not kept."""
        if number is not None:
            return self._runs.all.get(number)
        sight = self._sights.get(viewer)
        return self._runs.present if sight is None or sight.record is None else sight.record

    def unknown_run(self, number: int | None) -> str:
        """The sentence for a number of a run that is not kept."""
        known = ", ".join(map(str, sorted(self._runs.all)))
        return f"Expected the number of a run that is kept ({known}), but got {number}."

    def look(self, command: messages.Look, viewer: Subscriber, run: Run, is_running: bool) -> str | None:
        """Look at a step, or at the present one; return why that is not possible, or None."""
        if command.step is None:
            self.return_to_present(viewer, run, is_running)
            return None
        record = self.record_of(command.run, viewer)
        if record is None:
            return self.unknown_run(command.run)
        if (error := record.step_error(command.step)) is not None:
            return error
        sight = self._sights.setdefault(viewer, Sight())
        sight.look, sight.record = sight.look % codec.LAST_LOOK + 1, record
        self._flow_control.look_back(viewer)
        if record is self._runs.present and command.step == run.step:
            self._drop(viewer)
            found = PastFrame(record, run.step, run.config, run.scene_fields(), run.encoded_frame())
            self._show_both(viewer, sight.look, found, run.config, is_running)
        else:
            self._look_back.want(viewer, LookRequest(record, command.step, sight.look))
        return None

    def advance(self, seconds: float, run: Run, is_running: bool) -> None:
        """Work for about so many seconds on the frames that are to be found, and send those that are."""
        try:
            if self._step_tracing.is_busy:
                self._step_tracing.advance(seconds, run)
            if self.spectra.is_busy:
                self.spectra.advance(seconds, run)
            share = seconds if self.second is None else seconds / 2
            for viewer, look, found in self._look_back.advance(share):
                self._show_both(viewer, look, found, run.config, is_running)
            for viewer, look, found in self._second_look_back.advance(share):
                self._show(viewer, look, self._take_half(viewer, look), run.config, is_running, second=found)
        except MemoryError:
            reason = "The memory of the server does not suffice to look at an earlier step of this run."
            self._return_all(run, is_running, reason)
        except Exception:
            # The run itself was not touched, and goes on.
            log.exception("Looking back failed.")
            reason = "Something went wrong in the server while it looked for an earlier step; its log says what."
            self._return_all(run, is_running, reason)

    def _show_both(self, viewer: Subscriber, look: int, found: PastFrame, config: Config, is_running: bool) -> None:
        """Send a viewer the frame of a step, after that of the second run was found."""
        second = self.second
        if second is None or found.record is not self._runs.present or second.problem(found.step):
            self._show(viewer, look, found, config, is_running)
        else:
            self._halves[viewer, look] = found
            self._second_look_back.want(viewer, LookRequest(second.record, second.aim(found.step), look))

    def _take_half(self, viewer: Subscriber, look: int) -> PastFrame:
        """Remove the frame that waits for that of the second run, and those of earlier looks."""
        for key in [key for key in self._halves if key[0] is viewer]:
            half = self._halves.pop(key)
            if key[1] == look:
                break
        return half

    def _show(
        self,
        viewer: Subscriber,
        look: int,
        found: PastFrame,
        config: Config,
        is_running: bool,
        *,
        second: PastFrame | None = None,
    ) -> None:
        """Send a viewer the frame of a step, and that of the second run."""
        record, recording = found.record, found.record.recording
        event = messages.Looking(
            look=look,
            step=found.step,
            run=record.number,
            last_step=record.step,
            running=is_running,
            config=None if found.config == config else found.config.model_dump(mode="json"),
            spacing=0 if recording is None else recording.key_frames.gap_at(found.step),
            sentence=f"Looking at step {format_count(found.step)} of “{record.name}”.",
        )
        viewer.send_text(encode_event(event))
        if second is not None:
            comparison = comparison_event(record, found.config, second.record, second.config, second.step, look=look)
            viewer.send_text(encode_event(comparison))
        scene: dict[str, Any] = {**found.scene, "run": record.number, "look": look}
        self._flow_control.send_past_frame(
            viewer,
            codec.marked(found.encoded, look),
            scene["scene"],
            lambda: encode_event(messages.Scene(**scene)),
            None if second is None else second_frame(second, look),
        )

    def return_to_present(self, viewer: Subscriber, run: Run, is_running: bool, reason: str = "") -> None:
        """Show a viewer the present step again if it looks back, after a reason if there is one."""
        sight = self._sights.get(viewer)
        if sight is None or sight.record is None:
            return
        sight.record = None
        self._drop(viewer)
        event = messages.Looking(
            look=0,
            step=None,
            run=run.number,
            last_step=run.step,
            running=is_running,
            config=None,
            spacing=0,
            sentence=reason or "Looking at the present step.",
        )
        viewer.send_text(encode_event(event))
        if self.second is not None:
            viewer.send_text(encode_event(self.second.event(run)))
        self._flow_control.return_to_present(
            viewer, run.scene, lambda: encode_event(messages.Scene(**run.scene_fields()))
        )
        self._rest()

    def _return_all(self, run: Run, is_running: bool, reason: str) -> None:
        """Show the present step again to all viewers that look back, and say why."""
        for requests in self._requests:
            requests.refuse_all(reason)
        for viewer in list(self._sights):
            self.return_to_present(viewer, run, is_running, reason)

    def follow_runs(self, run: Run, is_running: bool) -> None:
        """Show the present step to those who look at a run that is no longer kept."""
        for requests in self._requests:
            requests.keep_only(self._runs.all.values())
        for viewer, sight in list(self._sights.items()):
            if sight.record is not None and self._runs.all.get(sight.record.number) is not sight.record:
                self._look_back.forget(sight.record)
                self._second_look_back.forget(sight.record)
                reason = f"“{sight.record.name}” is no longer kept, so this is the present step."
                self.return_to_present(viewer, run, is_running, reason)

    def reopen(self, record: RunRecord) -> None:
        """Expect more at the last step of a run, because it becomes the present one again."""
        self._look_back.reopen(record)
        self._second_look_back.reopen(record)
        for requests in self._requests:
            requests.reopen(record)

    def compare(self, second: SecondRun | None) -> None:
        """Show another second run, or none, with the steps that are looked at from now on."""
        self._second_look_back.stop()
        for (viewer, look), found in self._halves.items():
            self._look_back.want(viewer, LookRequest(found.record, found.step, look))
        self._halves.clear()
        self.second = second

    def _rest(self) -> None:
        if not self._flow_control.any_looks_back():
            self._look_back.rest()
            self._second_look_back.rest()

    def find_steps(self, command: messages.StepsCommand, viewer: Subscriber, run: Run) -> str | None:
        """Take a step apart for a viewer, or find a spectrum or a path angle; return why not, or None."""
        record = self.record_of(command.run, viewer)
        if record is None:
            return self.unknown_run(command.run)
        if isinstance(command, messages.GetPathAngle):
            steps: tuple[int, ...] = command.start, command.end
        else:
            steps = (record.step if command.step is None else command.step,)
        for step in steps:
            is_present = record is run.record and step == run.step
            if not is_present and (error := record.step_error(step)) is not None:
                return error
        if isinstance(command, messages.GetStepTrace):
            self._step_tracing.want(command, record, steps[0], viewer)
        else:
            self.spectra.want(command, record, steps, viewer, run)
        return None

    # Histories and logs -----------------------------------------------------------------------------------------------

    def send_request(
        self, command: messages.GetHistory | messages.GetLog, viewer: Subscriber, run: Run, now: float
    ) -> str | None:
        """Send a viewer the history or the log of a run; return why that is not possible, or None."""
        sight = self._sights.setdefault(viewer, Sight())
        if now - sight.requested_at < HISTORY_REQUEST_SECONDS:
            most = f"{1 / HISTORY_REQUEST_SECONDS:g}"
            return f"Expected at most {most} requests for a history or a log a second, but got more."
        record = self.record_of(command.run, viewer)
        if record is None:
            return self.unknown_run(command.run)
        if isinstance(command, messages.GetLog):
            if record.recording is None:
                return NOT_KEPT
            text = log_text(record, record.recording.log, run)
            viewer.send_text(encode_event(messages.RunLogText(run=record.number, text=text)))
        else:
            viewer.send_text(encode_event(record.history()))
        sight.requested_at = now
        return None
