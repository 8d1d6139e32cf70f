"""One run from step 0 on: its trainer, its diagnosis, its frames, its history and its recording."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, Final, Self

from gan1d.config.model import Config
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.kinds import KINDS
from gan1d.diagnosis.monitor import Monitor
from gan1d.engine.training.reports import Reports
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.metric_descriptions import scoreboard
from gan1d.evaluation.probe import Probe
from gan1d.recording.digest import digest_of
from gan1d.recording.key_frames import SPACING
from gan1d.recording.observed_run import ObservedRun
from gan1d.recording.packed_state import restored_trainer, trainer_state
from gan1d.recording.run_log import End, RunLog, UpdatedPlayer
from gan1d.session.change_marks import ChangeMarks
from gan1d.session.history import MeasuredHistory, StepHistory
from gan1d.session.run_record import DiagnosisChange, RunRecord
from gan1d.session.script import Script

LAST_SCENE: Final = 65535
"""Highest number of a scene, which a frame's header holds in 16 bits; the next scene is number 1 again."""


def scene_numbers() -> Iterator[int]:
    """Numbers of the scenes of a session."""
    return (number % LAST_SCENE + 1 for number in itertools.count())


class Run(ObservedRun):
    """A trainer with all that is measured of it. A reset makes a new run.

    Args:
        config: The settings in force.
        record: Destination of its history; None for a new one that is not recorded.
        scenes: Numbers of the scenes of the session; None for new ones.
        trainer: The run so far; None for one at step 0.
        monitor: The diagnosis of the run so far; None to begin one.
        probe: A probe to use if it fits the config; making one takes longer than a frame.
        feature_extractor: A feature extractor to use if it fits the config.

    Attributes:
        record: Its history and its recording.
        scenes: Numbers of the scenes of the session that come next.
        scene: Number of the scene to which its next frame belongs.
        script: Log that it follows; None for none.
        picture: Number that changes whenever the next frame would differ from the last one.
    """

    def __init__(
        self,
        config: Config,
        record: RunRecord | None = None,
        scenes: Iterator[int] | None = None,
        *,
        trainer: Trainer | None = None,
        monitor: Monitor | None = None,
        probe: Probe | None = None,
        feature_extractor: FeatureExtractor | None = None,
    ) -> None:
        trainer = Trainer(config) if trainer is None else trainer
        monitor = Monitor(trainer, feature_extractor) if monitor is None else monitor
        super().__init__(config, trainer, monitor, probe)
        self.record = RunRecord(config) if record is None else record
        self.record.end, self.record.digest = None, ""
        self.record.marks.begin(trainer.units)
        self.scenes = scene_numbers() if scenes is None else scenes
        self.picture = 0
        self.script: Script | None = None
        self._set_up()
        if self.record.recording is not None and not len(self.record.recording.key_frames):
            self.record.recording.keep(self)

    @classmethod
    def resumed(cls, record: RunRecord, scenes: Iterator[int], probe: Probe | None) -> Self:
        """The run of a record that was closed with `close`.

        Raises:
            ValueError: It was not closed.
        """
        if record.end is None:
            raise ValueError("Expected the record of a run that was closed.")
        state, diagnosis = record.end
        trainer = restored_trainer(record.config, state)
        return cls(
            record.config, record, scenes, trainer=trainer, monitor=Monitor(trainer, state=diagnosis), probe=probe
        )

    def close(self) -> None:
        """Keep the present state in the record, because another run takes the place of this one."""
        self.record.end = trainer_state(self.trainer), self.monitor.state
        self.record.digest = digest_of(self.trainer)

    def following(self, config: Config, record: RunRecord | None = None) -> Self:
        """The next run of the same session."""
        record = RunRecord(config, self.number + 1) if record is None else record
        extractor = self.monitor.feature_extractor
        return type(self)(config, record, self.scenes, probe=self.probe, feature_extractor=extractor)

    def _set_up(self) -> None:
        """Begin a scene."""
        units = self.trainer.units
        self.scene = next(self.scenes)
        self.record.scenes.add(self.step, self.scene)
        self._frame = None
        self._layout = codec.layout(self.frame(), units)
        if self.step in (0, *self.measured.columns["step"][-1:]):
            self.measured.add(self.frame())

    @property
    def number(self) -> int:
        """Number of the run in its session, from 1 on."""
        return self.record.number

    @property
    def losses(self) -> StepHistory:
        """Losses and gradient norms of every step."""
        return self.record.losses

    @property
    def measured(self) -> MeasuredHistory:
        """All scalars at fixed steps."""
        return self.record.measured

    @property
    def marks(self) -> ChangeMarks:
        """Changes of the config in this run."""
        return self.record.marks

    def advance(self, count: int, player: UpdatedPlayer = "both") -> int:
        """Take `count` steps, or fewer if the run diverges or its script has a change; return the number taken."""
        made, script = 0, self.script
        if script is None:
            made = super().advance(count, player)
        while script is not None and made < count and self.diverged is None:
            length, updated = script.stretch(self.step)
            if length == 0:
                break
            made += super().advance(min(length, count - made), updated)
        self.picture += 1
        return made

    def next_stop(self) -> int:
        """The next step to measure, or of which the state is kept."""
        return min(self.measured.next_step(self.step), self.step - self.step % SPACING + SPACING)

    def add(self, reports: Reports, player: UpdatedPlayer) -> None:
        """Add some steps that were just made to the history and to the recording."""
        record = self.record
        record.losses.add(reports)
        record.step, record.diverged = self.step, self.diverged is not None
        self._note_diagnosis(is_found=self.diverged is not None or self.monitor.state.since > 1)
        if record.recording is not None:
            record.recording.add_steps(self, len(reports), player)
        if len(reports) and self.measured.is_due(self.step):
            record.measured.add(self.frame())

    def _note_diagnosis(self, is_found: bool) -> None:
        """Keep the diagnosis if it is another one than before."""
        state, last = self.monitor.state, self.record.diagnoses.last
        if (state.kind, state.since) != (last.kind, last.since):
            # A run that has diverged stays at the step before.
            change = DiagnosisChange(state.kind, state.since, is_found)
            self.record.diagnoses.add(min(state.since, self.step), change)

    def change(self, config: Config, *, reinitialize: bool = False) -> float | None:
        """Continue with other settings; see `ObservedRun.change`."""
        old = self.config
        moved = super().change(config, reinitialize=reinitialize)
        self.record.config = config
        self._note_diagnosis(is_found=False)
        if self.record.recording is not None:
            self.record.recording.add_change(self, old, reinitialize=reinitialize)
        self.picture += 1
        return moved

    def follow_scene(self, config: Config) -> bool:
        """Begin a new scene if the config changes anything that frames are drawn against; return whether it does."""
        if self.probe.fits(config, self.trainer.units):
            return False
        self.probe = Probe(config, self.trainer.units)
        self.picture += 1
        self._set_up()
        return True

    def scene_fields(self) -> dict[str, Any]:
        """The fields of a `Scene` message."""
        return scene_fields(self.probe, self._layout, self.scene, self.number)

    def encoded_frame(self) -> bytes:
        """The frame of the present step as it is sent."""
        return codec.encode(self.frame(), scene=self.scene, units=self.trainer.units)


def scene_fields(probe: Probe, layout: list[dict[str, Any]], scene: int, run: int) -> dict[str, Any]:
    """The fields of a `Scene` message.

    Args:
        probe: What frames are made with.
        layout: Layout of the frames.
        scene: Number of the scene.
        run: Number of the run.
    """
    last, described = layout[-1], probe.scene()
    return {
        **described,
        "scoreboard": scoreboard(described),
        "scene": scene,
        "run": run,
        "look": 0,
        "diagnoses": [asdict(kind) for kind in KINDS],
        "layout": layout,
        "frame_bytes": last["offset"] + 4 * math.prod(last["shape"]),
    }


def log_text(record: RunRecord, log: RunLog, run: Run) -> str:
    """The log of a run as text, with its end."""
    last = record.recorded_steps()
    is_present = record is run.record
    digest = digest_of(run.trainer) if is_present else record.digest
    end = End(last, digest, record.diverged) if last == record.step else End(last)
    return "".join(f"{line}\n" for line in replace(log.up_to(last), end=end).lines())
