"""The way back as it is seen: against the maps themselves, and where everything is known."""

import math
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.arrays import Float64
from gan1d.engine.data.translation import source_of
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.metric_descriptions import scoreboard
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.evaluation.translation import order_kept
from tests.tools import slow_but

COUNT = 20_000
BACK = ("back_generator", "back_density", "back_discriminator", "back_optimal_discriminator", "round_trip",
        "back_round_trip")  # fmt: skip
NUMBERS = ("back_wasserstein1", "back_jensen_shannon", "cycle_error", "back_cycle_error", "order_kept")


def translation(**changes: Any) -> Config:
    source = {"kind": "source", "distribution": {"kind": "uniform", "centre": 1.0, "half_width": 1.5}}
    config = Config().patched("latent", source)
    return config.with_changes((path.replace("__", "."), value) for path, value in changes.items())


def quantiles(distribution: Any) -> Float64:
    return np.asarray(distribution.quantile((np.arange(COUNT) + 0.5) / COUNT), np.float64)


def linear(config: Config, g: tuple[float, float], f: tuple[float, float]) -> Trainer:
    """A run whose maps are G(x) = a·x + b and F(y) = c·y + d, in x."""
    trainer = Trainer(config.patched("generator.hidden", []).patched("standardize", False))
    assert trainer.way_back is not None
    trainer.generator.parameters[:], trainer.way_back[0].parameters[:] = g, f
    return trainer


@pytest.mark.parametrize("standardize", slow_but([True], [True, False]))
def test_everything_is_that_of_the_maps(standardize: bool) -> None:
    config = translation(standardize=standardize)
    trainer = Trainer(config)
    trainer.run(200)
    assert trainer.way_back is not None
    probe = Probe(config, trainer.units)
    frame, scene = observe(trainer, probe), probe.scene()
    g, f = trainer.generator.apply, trainer.way_back[0].apply
    x, y = quantiles(source_of(config).distribution), quantiles(config.target)
    xs, ys = np.array(scene["latent_grid"]), np.array(scene["back"]["latent_grid"])
    for found, expected in (
        (frame.generator, g(xs)), (frame.back_generator, f(ys)),
        (frame.round_trip, f(g(xs))), (frame.back_round_trip, g(f(ys))),
        (frame.back_discriminator, 1 / (1 + np.exp(-trainer.way_back[2].apply(np.array(scene["back"]["grid"]))))),
    ):  # fmt: skip
        np.testing.assert_allclose(found, expected, atol=2e-5)
    assert frame.wasserstein1 == pytest.approx(np.abs(np.sort(g(x)) - y).mean(), abs=2e-3)
    assert frame.back_wasserstein1 == pytest.approx(np.abs(np.sort(f(y)) - x).mean(), abs=2e-3)
    assert frame.cycle_error == pytest.approx(np.abs(f(g(x)) - x).mean(), abs=5e-3)
    assert frame.back_cycle_error == pytest.approx(np.abs(g(f(y)) - y).mean(), abs=5e-3)
    width = scene["back"]["grid"][1] - scene["back"]["grid"][0]
    grid = np.array(scene["back"]["grid"])
    inside = np.mean((f(y) > grid[0] - width / 2) & (f(y) < grid[-1] + width / 2))
    assert frame.back_density.sum() * width == pytest.approx(inside, abs=1e-3)


def test_the_axes_of_both_ways_are_exchanged_and_both_ideals_are_exact() -> None:
    config = translation()
    scene = Probe(config).scene()
    back = scene["back"]
    assert back["x_axis"] == scene["z_axis"]
    assert back["z_axis"] == scene["x_axis"]
    np.testing.assert_allclose(back["target_density"], source_of(config).pdf(np.array(back["grid"])), atol=0.2)
    xs, ys = np.array(scene["latent_grid"]), np.array(back["latent_grid"])
    source, target = source_of(config), config.target
    # F_Y⁻¹∘F_X and F_Y⁻¹∘(1 − F_X), where F_X is neither 0 nor 1.
    inside = (source.cdf(xs) > 1e-6) & (source.cdf(xs) < 1 - 1e-6)
    for name, u in (("optimal_maps", source.cdf(xs)), ("optimal_maps_mirrored", 1 - source.cdf(xs))):
        np.testing.assert_allclose(np.array(scene[name][0])[inside], target.quantile(u[inside]), atol=1e-6)
    inside = (target.cdf(ys) > 1e-6) & (target.cdf(ys) < 1 - 1e-6)
    for name, v in (("optimal_maps", target.cdf(ys)), ("optimal_maps_mirrored", 1 - target.cdf(ys))):
        np.testing.assert_allclose(np.array(back[name][0])[inside], source.quantile(v[inside]), atol=1e-6)


@pytest.mark.parametrize(("slope", "order"), [(2.0, 1.0), (-2.0, 0.0)])
def test_an_exact_translation_of_either_order(slope: float, order: float) -> None:
    """From U(−1, 1) to U(−2, 2), x → ±2x and back."""
    config = translation(latent__distribution__centre=0.0, latent__distribution__half_width=1.0, target="uniform")
    frame = observe(linear(config, (slope, 0.0), (1 / slope, 0.0)))
    assert frame.order_kept == order
    assert frame.wasserstein1 < 2e-5  # the density leaps within a cell
    assert frame.back_wasserstein1 < 2e-5
    assert frame.cycle_error < 1e-6
    assert frame.back_cycle_error < 1e-6


def test_maps_that_fit_but_do_not_lead_back() -> None:
    """G keeps the order and F reverses it: both fit, and F(G(x)) = −x, which is 2·E|x| = 1 away from x."""
    config = translation(latent__distribution__centre=0.0, latent__distribution__half_width=1.0, target="uniform")
    frame = observe(linear(config, (2.0, 0.0), (-0.5, 0.0)))
    assert frame.back_wasserstein1 < 2e-5
    assert frame.cycle_error == pytest.approx(1.0)
    assert frame.back_cycle_error == pytest.approx(2.0)


def test_order_by_hand() -> None:
    assert order_kept(np.array([1.0, 2.0, 3.0])) == 1.0
    assert order_kept(np.array([3.0, 2.0, 1.0])) == 0.0
    assert order_kept(np.array([1.0, 1.0, 1.0])) == 0.5
    assert order_kept(np.array([1.0, 3.0, 2.0])) == pytest.approx(2 / 3)


def test_a_run_from_noise_has_no_way_back() -> None:
    trainer = Trainer(Config())
    frame, scene = observe(trainer), Probe(Config()).scene()
    assert all(math.isnan(getattr(frame, name)) for name in NUMBERS)
    assert all(getattr(frame, name).shape == (0,) for name in BACK)
    assert scene["back"] is None


def test_observation_changes_nothing() -> None:
    config = translation()
    observed, other = Trainer(config), Trainer(config)
    probe = Probe(config, observed.units)
    for _ in range(4):
        observed.run(3)
        observe(observed, probe)
    other.run(12)
    assert observed.way_back is not None
    assert other.way_back is not None
    for found, expected in zip((observed.generator, *observed.way_back), (other.generator, *other.way_back),
                               strict=True):  # fmt: skip
        np.testing.assert_array_equal(found.parameters, expected.parameters)


@pytest.mark.parametrize("kind", ["gaussian_mixture", "uniform", "laplace", "student_t", "triangular", "exponential"])
def test_any_source_is_shown(kind: str) -> None:
    config = translation(latent__distribution=kind)
    trainer = Trainer(config)
    trainer.run(20)
    frame = observe(trainer)
    for name in BACK:
        assert np.isfinite(getattr(frame, name)).all() or name == "back_optimal_discriminator"
    assert all(math.isfinite(getattr(frame, name)) for name in NUMBERS)


def test_the_scoreboard_has_the_way_back_in_place_of_the_norms() -> None:
    def shown(config: Config) -> set[str]:
        return {entry["metric"] for entry in scoreboard(Probe(config).scene())}

    there, noise = shown(translation()), shown(Config())
    assert there - noise == {"back_wasserstein1", "cycle_error", "back_cycle_error", "order_kept"}
    assert noise - there == {"grad_norm_d", "grad_norm_g"}
