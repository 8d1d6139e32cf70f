"""One run from step 0 on: its trainer, its diagnosis, its frames and its history."""

import math
from dataclasses import asdict
from typing import Any, Final, Self

from gan1d.config.model import Config
from gan1d.diagnosis.explanations import Diagnosis
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.kinds import KINDS, DiagnosisType
from gan1d.diagnosis.monitor import Monitor
from gan1d.engine.training.reports import Divergence
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.metric_descriptions import scoreboard
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.recording.run_log import UpdatedPlayer
from gan1d.session.history import ChangeMarks, MeasuredHistory, StepHistory

LAST_SCENE: Final = 65535
"""Highest number of a scene, which a frame's header holds in 16 bits; the next scene is number 1 again."""


class Run:
    """A trainer with all that is measured of it. A reset makes a new run.

    Args:
        config: The experiment.
        number: Number of the run in its session, from 1 on.
        scene: Number of its first scene.
        probe: A probe to use if it fits the config; making one takes longer than a frame.
        feature_extractor: A feature extractor to use if it fits the config.

    Attributes:
        picture: Number that changes whenever the next frame would differ from the last one.
        losses: Losses and gradient norms of every step.
        measured: All scalars at fixed steps.
        marks: Changes of the config in this run.
    """

    def __init__(
        self,
        config: Config,
        *,
        number: int = 1,
        scene: int = 1,
        probe: Probe | None = None,
        feature_extractor: FeatureExtractor | None = None,
    ) -> None:
        self.trainer = Trainer(config)
        self._monitor = Monitor(self.trainer, feature_extractor)
        self.number, self.scene, self.picture = number, scene, 0
        self.losses, self.measured, self.marks = StepHistory(), MeasuredHistory(), ChangeMarks(self.trainer.units)
        self._set_up(config, probe)

    def _set_up(self, config: Config, probe: Probe | None) -> None:
        units = self.trainer.units
        self.probe = probe if probe is not None and probe.fits(config, units) else Probe(config, units)
        self._frame: Frame | None = None
        self._layout = codec.layout(self.frame(), units)
        if self.step in (0, *self.measured.columns["step"][-1:]):
            self.measured.add(self.frame())

    def following(self, config: Config) -> Self:
        """The next run of the same session."""
        return type(self)(
            config,
            number=self.number + 1,
            scene=self._next_scene(),
            probe=self.probe,
            feature_extractor=self._monitor.feature_extractor,
        )

    def _next_scene(self) -> int:
        return self.scene % LAST_SCENE + 1

    @property
    def step(self) -> int:
        """Number of steps taken."""
        return self.trainer.step_count

    @property
    def diverged(self) -> Divergence | None:
        """Why the run can take no more steps; None if it can."""
        return self.trainer.diverged

    @property
    def diagnosis_kind(self) -> DiagnosisType:
        """The present diagnosis."""
        return self._monitor.kind

    @property
    def diagnosis(self) -> Diagnosis:
        """The present diagnosis with its explanation in a sentence."""
        return self._monitor.diagnosis

    def advance(self, count: int, player: UpdatedPlayer = "both") -> int:
        """Take `count` steps, or fewer if the run diverges; return the number of steps taken."""
        before, end = self.step, self.step + count
        while self.step < end and self.diverged is None:
            measured_at = self.measured.next_step(self.step)
            stretch = min(end, measured_at) - self.step
            parts = self._monitor.run(stretch, discriminator=player != "generator", generator=player != "discriminator")
            for reports in parts:
                self.losses.add(reports)
            self._frame = None
            if self.step == measured_at:
                self.measured.add(self.frame())
        self.picture += 1
        return self.step - before

    def change(self, config: Config, *, reinitialize: bool = False) -> float | None:
        """Continue with another config, whose difference must not require a restart.

        Args:
            config: The new config.
            reinitialize: Whether a network that is rebuilt gets new initial weights instead of keeping its function.

        Returns:
            How far the function of a rebuilt network has moved, as a share of its range, infinite for new initial
            weights; None if no network was rebuilt.
        """
        errors = self.trainer.change(config, reinitialize=reinitialize)
        self._monitor.reset()
        self.picture += 1
        self._frame = None
        return max(errors.values(), default=None)

    def follow_scene(self, config: Config) -> bool:
        """Begin a new scene if the config changes anything that frames are drawn against; return whether it does."""
        if self.probe.fits(config, self.trainer.units):
            return False
        self.scene = self._next_scene()
        self.picture += 1
        self._set_up(config, None)
        return True

    def scene_fields(self) -> dict[str, Any]:
        """The fields of a `Scene` message."""
        last = self._layout[-1]
        scene = self.probe.scene()
        return {
            **scene,
            "scoreboard": scoreboard(scene),
            "scene": self.scene,
            "run": self.number,
            "diagnoses": [asdict(kind) for kind in KINDS],
            "layout": self._layout,
            "frame_bytes": last["offset"] + 4 * math.prod(last["shape"]),
        }

    def frame(self) -> Frame:
        """The measurements at the present step."""
        if self._frame is None:
            self._frame = observe(self.trainer, self.probe, KINDS.index(self.diagnosis_kind))
        return self._frame

    def encoded_frame(self) -> bytes:
        """The frame of the present step as it is sent."""
        return codec.encode(self.frame(), scene=self.scene, units=self.trainer.units)
