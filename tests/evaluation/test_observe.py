"""Looking changes nothing: a watched run is the same run, to the last bit, however often one looks."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from tests.tools import slow_but

CONFIGS = {
    "default": Config(),
    "every other kind": Config.parsed(
        {
            "batch_size": 5,
            "target": {"kind": "laplace"},
            "latent": {"kind": "uniform"},
            "loss": {"kind": "minimax"},
            "penalty": {"kind": "none"},
            "generator": {"hidden": [7], "activation": {"kind": "relu"}, "optimizer": {"kind": "rmsprop"}},
            "discriminator": {"hidden": [], "optimizer": {"kind": "momentum"}},
        }
    ),
}

everywhere = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())


def bits(state: Any) -> Any:
    """A state with arrays as bytes, so that == compares every bit, NaN included."""
    if isinstance(state, dict):
        return {key: bits(value) for key, value in state.items()}
    return state.tobytes() if isinstance(state, np.ndarray) else repr(state)


@everywhere
@pytest.mark.parametrize("cadence", slow_but([3], [1, 3, 10]))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_watched_run_is_the_same_run(config: Config, cadence: int, dtype: type) -> None:
    watched, unwatched = Trainer(config, dtype), Trainer(config, dtype)
    probe = Probe(config)
    unwatched.run(30)
    observe(watched, probe)
    for _ in range(0, 30, cadence):
        watched.run(cadence)
        codec.encode(observe(watched, probe))
        probe.scene()
        watched.state_dict()
    assert bits(watched.state_dict()) == bits(unwatched.state_dict())


@everywhere
def test_looking_between_the_players_turns_changes_nothing(config: Config) -> None:
    watched, unwatched = Trainer(config), Trainer(config)
    probe = Probe(config)
    for trainer in (watched, unwatched):
        for _ in range(5):
            for turn in (trainer.step_discriminator, trainer.step_generator):
                turn()
                if trainer is watched:
                    observe(trainer, probe)
                    observe(trainer)  # with a new probe, whose noise is drawn now
    assert bits(watched.state_dict()) == bits(unwatched.state_dict())


@everywhere
def test_the_same_state_gives_the_same_frame(config: Config) -> None:
    """Seen twice, by another probe, after other looks, or restored from a saved state."""
    trainer, probe = Trainer(config), Probe(config)
    trainer.run(10)
    first = codec.encode(observe(trainer, probe))
    restored = Trainer.restore(config, trainer.state_dict())
    assert codec.encode(observe(trainer, probe)) == first
    assert codec.encode(observe(trainer)) == first
    assert codec.encode(observe(restored)) == first
    assert codec.encode(observe(restored, probe)) == first


@everywhere
def test_the_same_seed_gives_the_same_film(config: Config) -> None:
    films = []
    for _ in range(2):
        trainer, probe = Trainer(config), Probe(config)
        film = []
        for _ in range(5):
            trainer.run(4)
            film.append(codec.encode(observe(trainer, probe)))
        films.append(film)
    assert films[0] == films[1]
    assert len(set(films[0])) == 5


def test_a_frame_stays_as_it_was() -> None:
    """It holds no view of a buffer that the next look overwrites."""
    trainer, probe = Trainer(Config()), Probe(Config())
    frame = observe(trainer, probe)
    kept = {f.name: np.copy(getattr(frame, f.name)) for f in fields(Frame)}
    trainer.run(20)
    observe(trainer, probe)
    for name, value in kept.items():
        np.testing.assert_array_equal(getattr(frame, name), value, err_msg=name)


def test_noise_of_the_probe_is_its_own() -> None:
    """The same for every seed, and not what the trainer draws."""
    probe = Probe(Config())
    np.testing.assert_array_equal(probe.samples.latent, Probe(Config().patched("seed", 5)).samples.latent)
    assert len(np.unique(probe.samples.latent)) == probe.samples.latent.shape[1]
