"""Recordings of runs: the features that the diagnosis reads and exact measurements, in a line of JSON each.

A recorded run can be diagnosed again with other rules, and judged again, without being trained again.
"""

import base64
import json
import math
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from gan1d.config.model import Config
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.features import OBSERVE_EVERY, Features, TargetModes, TranslationFeatures
from gan1d.engine.arrays import Float64
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe

MEASURED: Final = (
    "wasserstein1", "jensen_shannon", "accuracy_real", "accuracy_fake", "value", "best_value", "points_wasserstein1",
    "fake_below", "fake_above", "mode_masses",
)  # fmt: skip
"""Fields of a frame that are recorded; `known` is recorded beside them."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One run, observed every 25 steps from step 0 on.

    Attributes:
        seed: Its seed.
        steps: Its planned length.
        config: Its settings, as JSON values.
        diverged: The step at which it diverged, None if it did not.
        deviation: Standard deviation of the target, in units of x.
        modes: The target's modes.
        features: What the diagnosis reads.
        measured: Exact measurements, by name: each `(observations,)` or `(observations, modes)`.
        seconds: Processor time.
    """

    seed: int
    steps: int
    config: dict[str, Any]
    diverged: int | None
    deviation: float
    modes: TargetModes
    features: Sequence[Features]
    measured: dict[str, Float64]
    seconds: float

    @property
    def observed_at(self) -> Float64:
        """Step of each observation."""
        return np.array([each.step for each in self.features], np.float64)


def record(config: Config, steps: int) -> Recording:
    """Train, and measure every 25 steps."""
    begun = time.process_time()
    trainer, extractor, probe = Trainer(config), FeatureExtractor(config), Probe(config)
    features, rows = list[Features](), list[dict[str, Any]]()
    while True:
        features.append(extractor.extract(trainer))
        rows.append(measure(observe(trainer, probe), probe))
        if trainer.step_count >= steps:
            break
        trainer.run(OBSERVE_EVERY)
        if trainer.diverged is not None:
            break
    return Recording(
        seed=config.seed,
        steps=steps,
        config=json.loads(config.model_dump_json()),
        diverged=None if trainer.diverged is None else trainer.diverged.step,
        deviation=probe.target_deviation,
        modes=extractor.modes,
        features=features,
        measured={name: np.array([row[name] for row in rows]) for name in rows[0]},
        seconds=round(time.process_time() - begun, 3),
    )


def measure(frame: Frame, probe: Probe) -> dict[str, Any]:
    """The recorded measurements of a frame, and `known`, D's advantage relative to that of the optimal D: 1 if there is
    none to have, NaN if it is unknown."""
    loss = probe.config.loss
    floor = loss.readout.value_factor * loss.equilibrium()["loss_d"]
    gap, best = frame.value - floor, frame.best_value - floor
    return {name: getattr(frame, name) for name in MEASURED} | {"known": 1.0 if best <= 1e-9 else gap / best}


# Files ----------------------------------------------------------------------------------------------------------------


def pack(values: Any) -> dict[str, Any]:
    """An array as text: compressed single precision."""
    array = np.asarray(values, np.float32)
    return {"shape": array.shape, "data": base64.b64encode(zlib.compress(array.tobytes())).decode()}


def unpack(packed: dict[str, Any]) -> Float64:
    """The array of `pack`, in double precision."""
    flat = np.frombuffer(zlib.decompress(base64.b64decode(packed["data"])), np.float32)
    return flat.reshape(packed["shape"]).astype(np.float64)


def cells(value: Any) -> Any:
    """The numbers of a feature; of a translation NaN if there is none."""
    if value is None:
        return [math.nan] * len(fields(TranslationFeatures))
    return astuple(value) if isinstance(value, TranslationFeatures) else value


def to_line(recording: Recording) -> str:
    """A recording as a line of JSON."""
    names = [field.name for field in fields(Features)]
    columns = {name: pack([cells(getattr(each, name)) for each in recording.features]) for name in names}
    plain = {field.name: getattr(recording, field.name) for field in fields(Recording)}
    plain |= {"modes": asdict(recording.modes), "features": columns}
    return json.dumps(plain | {"measured": {name: pack(values) for name, values in recording.measured.items()}})


def from_line(line: str) -> Recording:
    """The recording of `to_line`."""
    plain = json.loads(line)
    columns = {name: unpack(packed).tolist() for name, packed in plain["features"].items()}
    rows = [
        {name: tuple(value) if isinstance(value, list) else value for name, value in zip(columns, row, strict=True)}
        for row in zip(*columns.values(), strict=True)
    ]
    for row in rows:
        row["step"] = int(row["step"])
        row["translation"] = None if math.isnan(row["translation"][0]) else TranslationFeatures(*row["translation"])
    plain["features"] = [Features(**row) for row in rows]
    plain["measured"] = {name: unpack(packed) for name, packed in plain["measured"].items()}
    modes = {name: tuple(value) if isinstance(value, list) else value for name, value in plain["modes"].items()}
    return Recording(**plain | {"modes": TargetModes(**modes)})


def recordings(path: Path) -> Iterator[Recording]:
    """All recordings of a file; none if there is no such file."""
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from map(from_line, file)
