"""The evaluation of a code: the information of hand-made generators, the bound below it, and what the scene says."""

import math
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from tests.tools import slow_but

CODES: list[dict[str, Any]] = [
    {"kind": "categorical", "values": 2, "weight": 0.5},
    {"kind": "categorical", "values": 5, "weight": 0.5},
    {"kind": "continuous"},
]
every = pytest.mark.parametrize("code", CODES, ids=str)


def with_code(code: Any, **changes: Any) -> Config:
    config = Config().patched("code", code)
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config


def linear(code: Any, z: float, codes: Any) -> Trainer:
    """A trainer whose G is z·weight + codes·weights, in units of x."""
    trainer = Trainer(with_code(code, generator__hidden=[], standardize=False), np.float64)
    trainer.generator.layers[0][:, 0] = [z, *codes, 0.0]
    return trainer


def test_a_code_that_g_ignores_tells_nothing() -> None:
    for code, weights in zip(CODES, ([0.7, 0.7], [0.7] * 5, [0.0]), strict=True):
        frame = observe(linear(code, 1.0, weights))
        assert frame.mutual_information == pytest.approx(0.0, abs=1e-9)
        assert frame.information_bound <= frame.mutual_information


@pytest.mark.parametrize("values", range(2, 9))
def test_codes_with_fakes_of_their_own_tell_everything(values: int) -> None:
    """Narrow fakes that lie 1 apart: ln n, the ceiling."""
    weights = np.arange(values) - 0.5 * (values - 1)
    frame = observe(linear({"kind": "categorical", "values": values}, 0.02, weights))
    assert frame.mutual_information == pytest.approx(math.log(values), abs=1e-9)
    assert frame.code_density.shape == (values, 256)
    grid = np.array(Probe(with_code({"kind": "categorical", "values": values}, standardize=False)).scene()["grid"])
    means = (frame.code_density * grid).sum(axis=1) / frame.code_density.sum(axis=1)
    np.testing.assert_allclose(means, weights, atol=0.02)


def test_overlapping_fakes_tell_a_part() -> None:
    """N(−2, 1) and N(2, 1): the Jensen-Shannon divergence of normals 4 deviations apart, .632720 nats, less what bins
    leave out."""
    frame = observe(linear({"kind": "categorical", "values": 2}, 1.0, [-2.0, 2.0]))
    assert frame.mutual_information == pytest.approx(0.632720, abs=2e-4)


def test_a_continuous_code_by_its_closed_form() -> None:
    """x = 2c + .5z: h(x) − ½·ln(2πe·.5²), with the entropy of a uniform density blurred by a normal one, integrated."""
    frame = observe(linear({"kind": "continuous"}, 0.5, [2.0]))
    x = np.linspace(-6, 6, 20_001)
    cdf = np.vectorize(lambda t: 0.5 * (1 + math.erf(t / math.sqrt(2))))
    density = 0.25 * (cdf((x + 2) / 0.5) - cdf((x - 2) / 0.5))
    entropy = -np.sum(density * np.log(np.maximum(density, 1e-300))) * (x[1] - x[0])
    expected = entropy - 0.5 * math.log(2 * math.pi * math.e * 0.25)
    assert frame.mutual_information == pytest.approx(expected, abs=3e-3)


@every
@pytest.mark.parametrize("seed", slow_but([0], [0, 1]))
def test_the_bound_is_never_above_the_information(code: Any, seed: int) -> None:
    trainer = Trainer(with_code(code).patched("seed", seed))
    probe, ceiling = Probe(trainer.config), math.log(code.get("values", 65))
    for _ in range(12):
        frame = observe(trainer, probe)
        assert frame.information_bound <= frame.mutual_information + 1e-9 <= ceiling + 2e-9
        trainer.run(25)


def test_the_bound_meets_the_information_where_q_is_right() -> None:
    """D's unit max(0, x) tells fakes at 1 from fakes at −1, and Q reads it: both are ln 2."""
    trainer = Trainer(
        with_code({"kind": "categorical", "values": 2}, generator__hidden=[], discriminator__hidden=[1],
                  discriminator__activation="relu", standardize=False), np.float64
    )  # fmt: skip
    trainer.generator.layers[0][:, 0] = [0.01, -1.0, 1.0, 0.0]
    trainer.discriminator.layers[0][:, 0] = [1.0, 0.0]
    assert trainer.code_head is not None
    trainer.code_head.layers[0][:] = [[0.0, 80.0], [0.0, -40.0]]
    frame = observe(trainer)
    assert frame.mutual_information == pytest.approx(math.log(2), abs=1e-9)
    assert frame.information_bound == pytest.approx(math.log(2), abs=1e-9)
    # A sure and wrong Q: the bound falls below 0, and the information stays.
    trainer.code_head.layers[0][:] *= -1
    frame = observe(trainer)
    assert frame.mutual_information == pytest.approx(math.log(2), abs=1e-9)
    assert frame.information_bound < -10


@every
def test_observing_changes_nothing(code: Any) -> None:
    plain, observed = Trainer(with_code(code)), Trainer(with_code(code))
    for _ in range(3):
        observe(observed)
        observed.run(5)
    plain.run(15)
    for name in ("generator", "discriminator", "code_head"):
        np.testing.assert_array_equal(getattr(plain, name).parameters, getattr(observed, name).parameters)


@every
def test_the_scene_names_the_codes(code: Any) -> None:
    scene, frame = Probe(with_code(code)).scene(), observe(Trainer(with_code(code)))
    assert scene["curves"] == scene["codes"]
    assert len(scene["codes"]) == len(frame.generator) == len(frame.code_density)
    assert scene["optimal_maps"] == []
    assert scene["code_entropy"] == pytest.approx(math.log(code.get("values", 2)))
    # D judges x alone, and there is one D.
    assert frame.discriminator.shape == (256,)
    assert scene["classes"] == []


def test_the_fakes_are_the_mixture_of_all_codes() -> None:
    frame = observe(linear({"kind": "categorical", "values": 2}, 0.4, [-2.0, 2.0]))
    np.testing.assert_allclose(frame.fake_density, frame.code_density.mean(axis=0), rtol=1e-6)


def test_without_a_code_there_is_nothing_to_evaluate() -> None:
    frame = observe(Trainer(Config()))
    assert math.isnan(frame.mutual_information)
    assert math.isnan(frame.information_bound)
    assert frame.code_density.shape == (0,)
    assert Probe(Config()).scene()["codes"] == []


@pytest.mark.parametrize("dimension", [1, 3])
def test_a_code_beside_several_coordinates_of_z(dimension: int) -> None:
    frame = observe(Trainer(with_code(CODES[0], latent__dimension=dimension)))
    assert frame.generator.shape == (2, 241)
    assert frame.information_bound <= frame.mutual_information + 1e-9
