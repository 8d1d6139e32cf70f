"""One run from step 0: the game, how it is looked at, and what was seen of it so far."""

import math
from dataclasses import asdict
from typing import Any, Self

from gan1d.config.model import Config
from gan1d.diagnosis.explanations import Diagnosis
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.monitor import Monitor
from gan1d.diagnosis.rules import KINDS, Kind
from gan1d.engine.training.reports import Divergence
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.metric_descriptions import scoreboard
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.session.history import Marks, Trace
from gan1d.session.messages import Player

LAST_SCENE = 65535
"""A frame has 16 bits for the number of its scene; after the last comes 1 again."""


class Run:
    """A trainer and what belongs to it. Making a new one is what a reset is: nothing of the old run goes on.

    Args:
        config: The experiment.
        number: Which run of its session this is.
        scene: Number of its first scene.
        probe: How to look at it, if one that fits is at hand; making one takes longer than a frame.
        examiner: How to look at it for its diagnosis, likewise.

    Attributes:
        picture: Changes whenever there is something new to see.
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
        self.trace, self.marks = Trace(), Marks()
        self._set_up(config, probe)

    def _set_up(self, config: Config, probe: Probe | None) -> None:
        self.probe = probe if probe is not None and probe.fits(config) else Probe(config)
        self._layout = codec.layout(observe(self.trainer, self.probe))

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
        """Steps done."""
        return self.trainer.step_count

    @property
    def diverged(self) -> Divergence | None:
        """Why there are no further steps, if so."""
        return self.trainer.diverged

    @property
    def state(self) -> Kind:
        """What is happening."""
        return self._monitor.kind

    @property
    def diagnosis(self) -> Diagnosis:
        """What is happening, and why, in a sentence."""
        return self._monitor.diagnosis

    def advance(self, count: int, player: Player = "both") -> int:
        """Train; returns the steps made, fewer than asked if the run diverged."""
        before = self.step
        self._monitor.run(count, discriminator=player != "generator", generator=player != "discriminator")
        self.picture += 1
        return self.step - before

    def change(self, config: Config, *, reinitialize: bool = False) -> float | None:
        """Go on under other settings, which must not ask for a restart.

        Args:
            config: The settings.
            reinitialize: Let a network that has to be rebuilt begin with first weights.

        Returns:
            How far the curve of a rebuilt network has moved, as a share of its range; None if none was rebuilt.
        """
        errors = self.trainer.change(config, reinitialize=reinitialize)
        self._monitor.reset()
        self.picture += 1
        return max(errors.values(), default=None)

    def follow_scene(self, config: Config) -> bool:
        """Look anew if something changed that a look depends on; whether it did."""
        if self.probe.fits(config):
            return False
        self.scene = self._next_scene()
        self.picture += 1
        self._set_up(config, None)
        return True

    def scene_fields(self) -> dict[str, Any]:
        """The scene as the page needs it: what frames are drawn against, and how to read them."""
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

    def observe(self) -> bytes:
        """A frame of the present step, remembered for late joiners."""
        frame = observe(self.trainer, self.probe, KINDS.index(self.state))
        seen = self.trace.columns["step"]
        if not seen or frame.step > seen[-1]:
            self.trace.add(frame)
        return codec.encode(frame, scene=self.scene)
