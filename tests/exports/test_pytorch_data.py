"""The samplers of a PyTorch program draw from the distributions of the config."""

from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.standardization import units_of
from gan1d.exports.pytorch_program import pytorch_program

torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed")

pytestmark = pytest.mark.torch

COUNT = 20_000
FURTHEST = 1.95 / np.sqrt(COUNT)
"""Distance of Kolmogorov and Smirnov that samples of the right distribution exceed once in 1,000 times."""


def program_of(config: Config) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(pytorch_program(config), "program", "exec"), names)
    torch.manual_seed(0)
    return names


def distance_to(cdf: Any, samples: Any) -> float:
    """Largest distance between a distribution function and that of the samples."""
    below = cdf(np.sort(samples))
    ends = np.arange(len(samples) + 1) / len(samples)
    return float(max(np.abs(below - ends[1:]).max(), np.abs(below - ends[:-1]).max()))


TARGETS: dict[str, Any] = {
    "mixture": {"kind": "gaussian_mixture", "modes": [{"position": -2, "weight": 0.2}, {"position": 1, "width": 0.3}]},
    "uniform": {"kind": "uniform", "centre": 3.0, "half_width": 0.5},
    "laplace": {"kind": "laplace", "position": 1.0, "scale": 0.3},
    "student_t": {"kind": "student_t", "position": -1.0, "scale": 0.4, "freedom": 2.5},
    "triangular": {"kind": "triangular", "peak": 2.0, "rise": 0.5, "fall": 3.0},
    "exponential": {"kind": "exponential", "start": 2.0, "mean": 0.7},
    "drawn": {"kind": "drawn", "centre": 1.0, "half_width": 2.0, "heights": [0.9, 0, 0, 0.2, 0.7, 0.1, 0, 1]},
    "samples": {"kind": "samples", "smoothing": 2.0},
    "samples far from 0": {"kind": "samples", "values": [1e6 + 0.01 * n**2 for n in range(30)]},
}


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("target", TARGETS)
def test_reals_have_the_distribution_of_the_target(target: str, standardize: bool) -> None:
    config = Config().patched("target", TARGETS[target]).patched("standardize", standardize)
    reals, units = program_of(config)["real_samples"](COUNT), units_of(config)
    assert (reals.shape, reals.dtype) == ((COUNT, 1), torch.float32)
    x = units.to_x(reals[:, 0].double().numpy())
    # In x, single precision has steps of .06 at 1e6; a distribution function in the middle of them is meant.
    blur = 0.03 if target == "samples far from 0" and not standardize else 0.0
    assert distance_to(config.target.cdf, x) < FURTHEST + blur


@pytest.mark.parametrize(("kind", "low", "high"), [("normal", -6, 6), ("uniform", -1, 1)])
def test_latents_have_the_distribution_of_the_prior(kind: str, low: float, high: float) -> None:
    config = Config().patched("latent", {"kind": kind, "dimension": 2})
    z = program_of(config)["latents"](COUNT).numpy()
    assert z.shape == (COUNT, 2)
    assert low <= z.min() < z.max() <= high
    assert all(distance_to(config.latent.cdf, z[:, row]) < FURTHEST for row in range(2))


@pytest.mark.parametrize("target", ["mixture", "drawn", "samples"])
def test_labels_have_the_distribution_of_the_classes(target: str) -> None:
    config = Config().patched("target", TARGETS[target]).patched("conditional", True)
    program, classes = program_of(config), config.target.classes()
    for rows in (program["real_samples"](COUNT)[:, 1:], program["labelled_latents"](COUNT)[:, 1:]):
        assert rows.shape == (COUNT, len(classes))
        assert bool((rows.sum(dim=1) == 1).all())
        np.testing.assert_allclose(rows.mean(dim=0), [each.weight for each in classes], atol=0.02)


def test_a_label_is_that_of_its_sample() -> None:
    config = Config().patched("target", TARGETS["drawn"]).patched("conditional", True)
    rows = program_of(config)["real_samples"](COUNT)
    x = units_of(config).to_x(rows[:, 0].double().numpy())
    assert np.mean(config.target.labels(x) == rows[:, 1:].argmax(dim=1).numpy()) > 0.999


def test_training_samples_are_the_only_reals() -> None:
    config = Config().patched("training_points", 6).patched("conditional", True)
    program = program_of(config)
    reals = program["real_samples"](COUNT)
    u = (program["TRAINING_SAMPLES"] - program["LOCATION"]) / program["SCALE"]
    assert set(reals[:, 0].tolist()) == set(u.float().tolist())
    labels = dict(zip(u.float().tolist(), program["TRAINING_LABELS"].tolist(), strict=True))
    assert all(labels[x] == int(row) for x, row in zip(reals[:, 0].tolist(), reals[:, 1:].argmax(dim=1), strict=True))


def test_instance_noise_halves() -> None:
    config = Config().patched("instance_noise.deviation", 2.0).patched("instance_noise.half_life", 300.0)
    noise = program_of(config)["instance_noise"]
    assert noise(0, COUNT).std().item() == pytest.approx(2.0, rel=0.03)
    assert noise(600, COUNT).std().item() == pytest.approx(0.5, rel=0.03)


def test_the_estimated_distance_is_that_of_shifted_samples() -> None:
    """A generator that draws reals and adds 0.5 in standardized coordinates is 0.5·SCALE away."""
    program = program_of(Config())
    shifted = program["wasserstein1"](lambda z: program["real_samples"](len(z)) + 0.5)
    assert shifted == pytest.approx(0.5 * program["SCALE"], rel=0.1)
