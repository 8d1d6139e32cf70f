"""One run under every kind of change, in any order: it goes on, and its frames fit its layout."""

import random
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.evaluation import codec
from gan1d.session.run import Run

CHANGES: list[tuple[str, Any]] = [
    *(("target", kind) for kind in ("drawn", "uniform", "samples", "gaussian_mixture", "student_t")),
    ("target.modes", [{"position": x, "width": 0.3, "weight": 0.2} for x in (-3.0, 0.0, 3.0)]),
    ("target.modes", [{"position": 0.0, "width": 1.0, "weight": 1.0}]),
    *(("discriminator.view", kind) for kind in ("pack", "batch_deviation", "one_sample")),
    *(("loss", kind) for kind in ("hinge", "wasserstein_gp", "wasserstein", "non_saturating")),
    *(("latent", kind) for kind in ("uniform", "normal")),
    *(("latent.dimension", count) for count in (1, 3)),
    *(("conditional", value) for value in (True, False)),
    *(("training_points", count) for count in (0, 5)),
    *(("penalty", kind) for kind in ("gradient_penalty", "r1")),
    *(("generator.lookahead", kind) for kind in ("unrolled", "none")),
    *(("generator.feature_matching", weight) for weight in (0.0, 1.0)),
    *(("generator.hidden", hidden) for hidden in ([6, 6], [4])),
    *(("discriminator.constraint", kind) for kind in ("spectral_normalization", "none")),
    ("instance_noise.deviation", 0.5),
    ("batch_size", 5),
]


def possible(config: Config, path: str) -> bool:
    """Whether there is such a setting: only some targets have modes."""
    return path != "target.modes" or config.target.kind == "gaussian_mixture"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_any_change_can_follow_any_other(seed: int) -> None:
    chosen = random.Random(seed)
    config = Config.parsed({"batch_size": 8, "generator": {"hidden": [4]}, "discriminator": {"hidden": [4]}})
    config = config.patched("conditional", True)
    run = Run(config)
    for path, value in chosen.choices(CHANGES, k=60):
        if not possible(config, path):
            continue
        old, config = config, config.patched(path, value)
        effect = old.effect_of(config)
        if effect == "restart":
            run = run.following(config)
        elif effect != "none":
            run.change(config)
        run.follow_scene(config)
        before = run.step
        assert run.advance(chosen.choice([1, 3])) == run.step - before > 0, (path, value)
        assert len(run.encoded_frame()) == run.scene_fields()["frame_bytes"], (path, value)


@pytest.mark.slow
def test_numbers_far_away_that_come_into_a_running_game_are_the_same_game_there() -> None:
    config = Config()
    run = Run(config)
    run.advance(200)
    axis = run.scene_fields()["x_axis"]
    near = run.frame().wasserstein1 / run.probe.target_deviation
    values = (1e6 + 3 * np.random.default_rng(5).normal(0, 1, 60)).tolist()
    config = config.patched("target", {"kind": "samples", "values": values})
    run.change(config)
    assert run.follow_scene(config)
    scene, frame = run.scene_fields(), run.frame()
    assert axis["high"] < 100 < 1e6 - 20 < scene["x_axis"]["low"] < scene["x_axis"]["high"] < 1e6 + 20
    # Two modes on one: far from a fit, but not by 1e6.
    assert frame.wasserstein1 / run.probe.target_deviation < 1.0 + near
    entry = next(each for each in scene["layout"] if each["name"] == "generator")
    assert (entry["origin"], entry["factor"]) == (run.trainer.units.location, run.trainer.units.scale)
    assert codec.decode(run.encoded_frame(), scene["layout"])["generator"] == pytest.approx(frame.generator, abs=1e-3)
    run.advance(400)
    assert run.frame().wasserstein1 / run.probe.target_deviation < 0.2
    assert run.diagnosis.kind in ("learning", "converged", "rough_fit")
