"""What is seen is true: every array of a frame against the trainer itself, every fact of a scene against the target."""

import itertools
import json
import math
from dataclasses import fields
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gan1d.config.model import Config
from gan1d.engine.data.standardization import units_of
from gan1d.engine.distributions.custom import Samples
from gan1d.engine.distributions.latents import Latent
from gan1d.engine.distributions.shown_axis import bulk, shown_axis
from gan1d.engine.distributions.targets import StudentT, Target
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import bin_masses
from gan1d.engine.metrics.histograms import histogram
from gan1d.engine.metrics.optimal_discriminator import ScoreCalibration
from gan1d.engine.metrics.pushforward import Pushforward
from gan1d.engine.networks.activations import Activation
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.special_functions import normal_cdf
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.fixed_samples import RUG, SAMPLES
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.evaluation.latent_grid import LATENT_GRID
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import FAINTEST, GRID, Probe
from gan1d.evaluation.reference import from_target, moments
from tests.configs import configs
from tests.tools import slow_but, slow_rows_but

LN2 = math.log(2)
BACK = ("back", "cycle", "order")
"""First words of what is measured where there is a way back."""

PLAIN = Config().patched("standardize", False)
"""The default with D and G in units of x, so that they can be compared with the frame directly."""

TARGETS = [member.kind for member in get_args(Target)]
LATENTS = [member.kind for member in get_args(Latent)]
LOSSES = [member.kind for member in get_args(Loss)]

ARRAYS = [f.name for f in fields(Frame)[1:] if f.name not in SCALARS]


def seen(config: Config | None = None, steps: int = 30, dtype: type = np.float32) -> tuple[Trainer, Probe, Frame]:
    config = PLAIN if config is None else config
    trainer, probe = Trainer(config, dtype), Probe(config)
    trainer.run(steps)
    return trainer, probe, observe(trainer, probe)


def sigma(scores: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(scores, np.float64)))


def with_linear_generator(config: Config, slope: float, offset: float) -> Trainer:
    """G(z) = slope·z + offset, now and on average."""
    trainer = Trainer(config.patched("generator.hidden", []))
    for network in (trainer.generator, trainer.ema_generator):
        network.parameters[:] = [slope, offset]
    return trainer


# The frame -------------------------------------------------------------------------------------------------------


def test_shapes_and_precision() -> None:
    _, probe, frame = seen()
    sizes = {
        "generator_curves": LATENT_GRID,
        "code_densities": 0,
        "back_grid": 0,
        "back_curve": 0,
        "round_trip": 0,
        "discriminator_curves": GRID,
        "grid": GRID,
        "modes": len(probe.modes),
        "rug": RUG,
        "x_bins": 66,
        "readout_bins": 22,
    }
    for f in fields(Frame)[1:]:
        value = getattr(frame, f.name)
        if f.metadata["axis"] is None:
            assert isinstance(value, float)
        else:
            assert value.shape == (sizes[f.metadata["axis"]],)
            assert value.dtype == np.float32
            assert np.all(np.isfinite(value)) or f.name == "optimal_discriminator"


def test_scalars_are_the_fields_of_one_number() -> None:
    assert set(SCALARS) | set(ARRAYS) | {"step"} == {f.name for f in fields(Frame)}
    assert {"loss_d", "loss_g", "wasserstein1", "jensen_shannon"} <= set(SCALARS)
    for f in fields(Frame):
        if f.name in SCALARS:
            assert f.metadata["label"]
            assert f.metadata["help"].endswith(".")


def test_step_and_losses_are_the_trainers_own() -> None:
    trainer, _, frame = seen()
    assert frame.step == trainer.step_count == 30
    report = trainer.report
    assert (frame.loss_d, frame.loss_g) == (report.loss_d, report.loss_g)
    assert (frame.grad_norm_d, frame.grad_norm_g) == (report.grad_norm_d, report.grad_norm_g)


def test_before_the_first_step_there_are_no_losses_but_there_is_a_picture() -> None:
    _, _, frame = seen(steps=0)
    assert frame.step == 0
    assert math.isnan(frame.loss_d)
    assert math.isnan(frame.grad_norm_g)
    assert math.isfinite(frame.wasserstein1)
    assert np.all(np.isfinite(frame.generator))


def test_curves_are_the_networks_of_today() -> None:
    trainer, probe, frame = seen()
    np.testing.assert_allclose(frame.generator, trainer.generator.apply(probe.latent_grid.grid), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        frame.ema_generator, trainer.ema_generator.apply(probe.latent_grid.grid), rtol=1e-5, atol=1e-6
    )
    np.testing.assert_allclose(frame.discriminator, sigma(trainer.discriminator.apply(probe.grid.centres)), atol=1e-6)
    assert not np.allclose(frame.generator, frame.ema_generator)


def test_fakes_are_the_fixed_noise_through_the_generator_of_today() -> None:
    trainer, probe, frame = seen()
    fakes = trainer.generator.apply(probe.samples.latent[0])
    np.testing.assert_allclose(frame.fake_samples, fakes, rtol=1e-5, atol=1e-6)


MANY = 400_000
"""Draws whose shares have a standard error of at most 0.5/√400,000 < 0.0008."""


@pytest.mark.slow
def test_the_histogram_of_fakes_is_that_of_many() -> None:
    trainer, probe, frame = seen(steps=300)
    fakes = trainer.generator.apply(probe.config.latent.sample(np.random.default_rng(1), MANY))
    np.testing.assert_allclose(
        frame.fake_histogram, histogram(fakes, probe.grid.low, probe.grid.high, 64) / MANY, atol=4e-3
    )
    assert frame.fake_histogram.sum() == pytest.approx(1.0, abs=1e-6)
    assert (frame.fake_histogram[0], frame.fake_histogram[-1]) == pytest.approx((frame.fake_below, frame.fake_above))


def with_linear_judge(trainer: Trainer, slope: float, offset: float) -> Trainer:
    """D(x) = σ(slope·x + offset)."""
    trainer.discriminator.parameters[:] = [slope, offset]
    return trainer


@pytest.mark.parametrize(("slope", "offset"), [(1.0, -1.0), (-0.7, 1.2), (12.0, -20.0)])
def test_verdicts_of_a_linear_judge_on_bells_are_known(slope: float, offset: float) -> None:
    """P(D(x) < v) = Φ((logit(v) − offset − slope·mean) / |slope·deviation|), for reals and for fakes."""
    config = ONE_GAUSSIAN.patched("discriminator.hidden", [])
    frame = observe(with_linear_judge(with_linear_generator(config, 0.6, 0.9), slope, offset))
    inner = np.linspace(0, 1, 21)[1:-1]
    logits = np.log(inner / (1 - inner))
    for readout, mean, deviation in ((frame.real_readout, 1.5, 0.5), (frame.fake_readout, 0.9, 0.6)):
        below = normal_cdf((logits - offset - slope * mean) / abs(slope * deviation))
        np.testing.assert_allclose(readout[1:-1], np.diff(below, prepend=0.0, append=1.0), atol=1.5e-3)
        assert (readout[0], readout[-1]) == (0.0, 0.0)
        assert readout.sum() == pytest.approx(1.0, abs=1e-6)


def test_verdicts_of_a_score_that_is_shown_as_it_is() -> None:
    """Hinge, D(x) = 1.5·x − 0.5: verdicts on reals are a bell around 1.75, and a good part lies beyond the end, 2."""
    config = ONE_GAUSSIAN.patched("discriminator.hidden", []).patched("loss", "hinge")
    frame = observe(with_linear_judge(with_linear_generator(config, 0.3, 0.9), 1.5, -0.5))
    edges = np.linspace(-2, 2, 21)
    for readout, mean, deviation in ((frame.real_readout, 1.75, 0.75), (frame.fake_readout, 0.85, 0.45)):
        np.testing.assert_allclose(readout, bin_masses(normal_cdf((edges - mean) / deviation)), atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("loss", LOSSES)
def test_verdicts_are_those_on_many(loss: str) -> None:
    trainer, probe, frame = seen(PLAIN.patched("loss", loss), steps=200)
    rng, (low, high) = np.random.default_rng(2), probe.output_range
    real = trainer.discriminator.apply(probe.config.target.sample(rng, MANY)).astype(np.float64)
    fake = trainer.discriminator.apply(trainer.generator.apply(probe.config.latent.sample(rng, MANY))).astype(
        np.float64
    )
    on_grid = trainer.discriminator.apply(probe.grid.centres).astype(np.float64)
    steepness = np.abs(np.diff(on_grid)).max() / probe.grid.bin_width
    anchor = ScoreCalibration(centre=0.5 * float(real.mean() + fake.mean()), steepness=float(steepness))
    for readout, scores in ((frame.real_readout, real), (frame.fake_readout, fake)):
        expected = histogram(trainer.config.loss.readout.transform(scores, anchor), low, high, 20) / MANY
        # How far apart the two are as running sums, on an axis of 20 bins: a verdict may sit on an edge.
        assert np.abs(np.cumsum(readout - expected)).mean() < 4e-3


EVENLY = (np.arange(20_000) + 0.5) / 20_000
"""Probabilities at equal distances: what lies there is a distribution without luck."""


def test_verdicts_are_those_of_today_on_the_fakes_of_today() -> None:
    """After G alone has moved, D's verdicts on the fakes have moved, and those on the reals have not."""
    trainer, probe, _ = seen(PLAIN.patched("generator.optimizer.learning_rate", 0.1))
    trainer.discriminator.layers[-1][:] *= 20  # outputs that differ by more than a bin
    before = observe(trainer, probe)
    trainer.step_generator()
    after = observe(trainer, probe)
    np.testing.assert_array_equal(before.real_readout, after.real_readout)
    np.testing.assert_array_equal(before.discriminator, after.discriminator)
    assert not np.array_equal(before.fake_readout, after.fake_readout)
    for frame_part, points in (
        (after.fake_readout, trainer.generator.apply(probe.config.latent.quantile(EVENLY))),
        (after.real_readout, probe.config.target.quantile(EVENLY)),
    ):
        expected = histogram(sigma(trainer.discriminator.apply(points)), 0.0, 1.0, 20) / len(EVENLY)
        assert frame_part.sum() == pytest.approx(1.0, abs=1e-6)
        assert np.abs(frame_part - expected).sum() <= 4 / 256


@pytest.mark.parametrize("loss", LOSSES)
def test_the_push_on_a_fake_is_the_downhill_slope_of_the_generators_loss(loss: str) -> None:
    """−d L_G / dx of that sample alone, by differences."""
    trainer, probe, frame = seen(PLAIN.patched("loss", loss), dtype=np.float64)
    x, h = trainer.generator.apply(probe.samples.latent[0]), 1e-5
    cost = trainer.config.loss.generator_cost
    scores = [trainer.discriminator.apply(x + side * h) for side in (1, -1)]
    if trainer.config.loss.is_paired:  # with all reals, by their masses
        points = np.concatenate([[probe.grid.low], probe.grid.centres, [probe.grid.high]])
        reals, masses = trainer.discriminator.apply(points), probe.target.masses[0]
        prices = [cost(score[:, None] - reals) @ masses for score in scores]
    else:
        prices = [cost(score) for score in scores]
    np.testing.assert_allclose(frame.fake_push, -(prices[0] - prices[1]) / (2 * h), rtol=1e-4, atol=1e-6)


def test_the_optimal_discriminator_is_the_formula_of_both_shown_densities() -> None:
    config = PLAIN.patched("loss.real_label", 0.9)
    trainer, probe, frame = seen(config, steps=300)
    real, fake = probe.target_density, frame.fake_density.astype(np.float64)
    lively = real + fake >= FAINTEST * real.max() * 1.001
    expected = 0.9 * real / np.maximum(real + fake, 1e-30)
    np.testing.assert_allclose(frame.optimal_discriminator[lively], expected[lively], atol=1e-5)
    empty = real + fake < FAINTEST * real.max() * 0.999
    assert np.all(np.isnan(frame.optimal_discriminator[empty]))
    assert lively.any()
    assert trainer.config is config


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("latent", slow_but(LATENTS[:1], LATENTS))
def test_no_mass_is_lost(target: str, latent: str) -> None:
    config = PLAIN.patched("target", target).patched("latent", latent)
    for steps in (0, 50):
        _, probe, frame = seen(config, steps)
        width = probe.grid.edges[1] - probe.grid.edges[0]
        total = frame.fake_below + frame.fake_above + float(frame.fake_density.sum(dtype=np.float64)) * width
        assert total == pytest.approx(1.0, abs=1e-5)
        assert float(frame.mode_masses.sum()) == pytest.approx(1.0, abs=1e-6)
        assert float(frame.ema_mode_masses.sum()) == pytest.approx(1.0, abs=1e-6)
        assert frame.fake_density.min() >= 0
        assert frame.mode_masses.min() >= 0


def test_mass_outside_the_axis_is_said() -> None:
    config = PLAIN
    trainer = with_linear_generator(config, 0.0, 100.0)
    assert (observe(trainer).fake_below, observe(trainer).fake_above) == (0.0, 1.0)
    trainer = with_linear_generator(config, 1e4, 0.0)
    frame = observe(trainer)
    assert frame.fake_below == pytest.approx(0.5, abs=1e-3)
    assert frame.fake_above == pytest.approx(0.5, abs=1e-3)
    assert frame.fake_histogram[0] + frame.fake_histogram[-1] >= 0.999


# What the metrics say of known generators ------------------------------------------------------------------------

ONE_GAUSSIAN = PLAIN.patched("target.modes", [{"position": 1.5, "width": 0.5, "weight": 1.0}])
EIGHT = PLAIN.patched("target.modes", [{"position": p, "width": 0.1, "weight": 1.0} for p in range(-7, 8, 2)])


@pytest.mark.parametrize("slope", [0.5, -0.5])
def test_a_perfect_generator_is_at_no_distance(slope: float) -> None:
    frame = observe(with_linear_generator(ONE_GAUSSIAN, slope, 1.5))
    # Between two of 241 values of z the mass is spread evenly and not as a bell.
    assert frame.wasserstein1 == pytest.approx(0.0, abs=5e-5)
    assert frame.jensen_shannon == pytest.approx(0.0, abs=5e-4)
    assert frame.ema_wasserstein1 == pytest.approx(0.0, abs=5e-5)
    assert frame.frechet == pytest.approx(0.0, abs=1e-7)
    assert frame.mode_coverage == 1.0
    assert frame.best_value == pytest.approx(-2 * LN2, abs=1e-3)
    np.testing.assert_array_equal(frame.mode_masses, [1.0])
    lively = np.array(Probe(ONE_GAUSSIAN).scene()["target_density"]) > 0.05
    np.testing.assert_allclose(frame.optimal_discriminator[lively], 0.5, atol=0.03)


def test_a_perfect_uniform_generator_is_exact() -> None:
    config = PLAIN.patched("target", "uniform").patched("latent", "uniform")
    frame = observe(with_linear_generator(config, config.target.half_width, config.target.centre))
    assert frame.wasserstein1 == pytest.approx(0.0, abs=1e-6)
    assert frame.jensen_shannon == pytest.approx(0.0, abs=1e-6)


def test_a_shifted_generator_is_at_the_distance_of_its_shift() -> None:
    frame = observe(with_linear_generator(ONE_GAUSSIAN, 0.5, 1.25))
    assert frame.wasserstein1 == pytest.approx(0.25, abs=1e-5)


def test_a_collapsed_generator_is_seen_to_have_collapsed() -> None:
    """All on the fourth of eight modes, at −1: on average 4, 4, 2, 0 and so on away from the others."""
    frame = observe(with_linear_generator(EIGHT, 0.0, -1.0))
    np.testing.assert_array_equal(frame.mode_masses, [0, 0, 0, 1, 0, 0, 0, 0])
    # |−7 + 1| + … = 6 + 4 + 2 + 0 + 2 + 4 + 6 + 8 = 32 over 8 modes; its own mode's width adds 0.1·√(2/π)/8.
    assert frame.wasserstein1 == pytest.approx(4 + 0.1 * math.sqrt(2 / math.pi) / 8, abs=0.01)
    assert frame.jensen_shannon > 0.5
    assert frame.jensen_shannon <= LN2


def test_a_generator_of_one_mode_of_eight_is_at_the_divergence_of_an_eighth() -> None:
    """p = ⅛ on what q holds whole: m = 9/16 there, so ½·(⅛·ln(2/9) + ⅞·ln 2) + ½·ln(16/9)."""
    frame = observe(with_linear_generator(EIGHT, 0.1, -1.0))
    expected = 0.5 * (0.125 * math.log(2 / 9) + 0.875 * LN2) + 0.5 * math.log(16 / 9)
    assert frame.jensen_shannon == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("size", [1e6, 1e12, 1e18, 1e20, 1e30, 1e38])
def test_a_generator_that_runs_away_still_gives_numbers(size: float) -> None:
    """Parameters are finite to the end, but what they compute need not be."""
    trainer = Trainer(PLAIN.patched("generator.activation", "relu").patched("discriminator.activation", "relu"))
    for network in (trainer.generator, trainer.ema_generator):
        network.parameters *= np.float32(size)
        network.parameters[:] = np.clip(network.parameters, -3e38, 3e38)
    frame = observe(trainer)
    for name in SCALARS:
        # There was no step yet; there are no fixed points, no labels, no code, no way back and no diagnosis.
        if not name.startswith(("loss", "grad_norm", "points", "class", "diagnosis", "mutual", "information", *BACK)):
            assert math.isfinite(getattr(frame, name)), name
    for name in ARRAYS:
        assert np.all(np.isfinite(getattr(frame, name))) or name == "optimal_discriminator", name
    assert float(frame.mode_masses.sum()) == pytest.approx(1.0, abs=1e-6)
    assert frame.fake_histogram.sum() == pytest.approx(1.0, abs=1e-6)
    assert frame.fake_readout.sum() == pytest.approx(1.0, abs=1e-6)
    assert frame.fake_below + frame.fake_above > 0.9


def test_a_diagnosis_is_what_the_one_who_watches_says() -> None:
    trainer = Trainer(PLAIN)
    assert math.isnan(observe(trainer).diagnosis)
    assert observe(trainer, diagnosis=3).diagnosis == 3


@pytest.mark.parametrize("size", [1e6, 1e12])
def test_what_d_gets_right_far_from_the_axis_counts(size: float) -> None:
    """Fakes far right of the axis are judged there, not at its edge: D says 1 on the axis and 0 far to the right."""
    trainer = with_linear_generator(PLAIN.patched("discriminator.hidden", []), 0.0, size)
    trainer.discriminator.parameters[:] = [-1e-3, 1.0]
    frame = observe(trainer)
    assert (frame.accuracy_real, frame.accuracy_fake) == pytest.approx((1.0, 1.0))
    assert frame.wasserstein1 == pytest.approx(size, rel=1e-6)
    assert frame.best_value == pytest.approx(0.0, abs=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("activation", [member.kind for member in get_args(Activation)])
@pytest.mark.parametrize("latent", LATENTS)
def test_few_points_are_enough(activation: str, latent: str) -> None:
    """Against 16 times as many values of z: distances and masses of a G that has learned a little."""
    config = PLAIN.patched("generator.activation", activation).patched("latent", latent)
    trainer, probe, frame = seen(config, steps=300)
    z = np.linspace(*probe.latent_grid.inputs[0, [0, -1]], 16 * probe.latent_grid.count)
    masses = bin_masses(probe.config.latent.cdf(z))
    masses[1] += masses[0]
    masses[-2] += masses[-1]
    fine = Pushforward(masses[1:-1], probe.grid)(trainer.generator.apply(z).astype(np.float64)[None])
    assert frame.jensen_shannon == pytest.approx(fine.jensen_shannon(probe.target)[0], abs=3e-3)
    assert frame.wasserstein1 == pytest.approx(fine.wasserstein1(probe.target)[0], abs=3e-3)
    np.testing.assert_allclose(frame.mode_masses, fine.mode_masses()[0], atol=2e-3)


def test_moments_of_every_target_are_its_own() -> None:
    """Closed forms: a/√3 for half-width a, √2·scale, mean for the exponential, …"""
    expected = {
        "gaussian_mixture": (0.0, math.sqrt(4.25)),
        "uniform": (0.0, 2 / math.sqrt(3)),
        "laplace": (0.0, 0.8 * math.sqrt(2)),
        # Peak 1 between −2 and 2: mean of the corners, √((a² + b² + c² − ab − ac − bc)/18).
        "triangular": (1 / 3, math.sqrt((4 + 4 + 1 + 4 + 2 - 2) / 18)),
        "exponential": (0.0, 1.0),
    }
    for kind, (mean, deviation) in expected.items():
        probe = Probe(PLAIN.patched("target", kind))
        assert probe.target_moments[0] == pytest.approx(mean, abs=2e-5), kind
        assert probe.target_deviation == pytest.approx(deviation, abs=2e-5), kind


@pytest.mark.parametrize("loss", slow_but(["minimax"], ["non_saturating", "minimax"]))
def test_the_best_value_is_the_floor_and_twice_the_divergence(loss: str) -> None:
    """−ln 4 + 2·JS (Goodfellow et al. 2014, theorem 1), and no D is above it."""
    for steps in (0, 40, 400):
        _, _, frame = seen(PLAIN.patched("loss", loss), steps)
        assert frame.best_value == pytest.approx(-2 * LN2 + 2 * frame.jensen_shannon, abs=1e-9)
        assert frame.value <= frame.best_value


def random_experiment(rng: np.random.Generator, loss: str) -> Config:
    """A short run that is seldom healthy: any target, sizes, rates, and what D sees or how it is held back."""
    config = Config().patched("loss", loss).patched("target", str(rng.choice(TARGETS)))
    changes: dict[str, list[Any]] = {
        "seed": [int(rng.integers(1000))],
        "batch_size": [16, 64],
        "penalty": ["none", "r1", "r2"],
        "discriminator.hidden": [[], [8], [16, 16], [32, 32, 32]],
        "discriminator.activation": ["relu", "tanh", "leaky_relu"],
        "discriminator.optimizer.learning_rate": [1e-3, 1e-2, 0.1],
        "discriminator.input_scale": [0.3, 1.0, 6.0],
        "discriminator.constraint": ["none", "none", "weight_clipping", "spectral_normalization"],
        "generator.initialization.output_gain": [0.01, 1.0, 10.0],
        "instance_noise.deviation": [0.0, 0.0, 0.7],
        "training_points": [0, 0, 20],
    }
    if "gan" not in loss and loss in ("non_saturating", "minimax"):
        changes |= {"loss.real_label": [1.0, 0.8], "loss.fake_label": [0.0, 0.1]}
    for path, values in changes.items():
        config = config.patched(path, values[rng.integers(len(values))])
    return config


@pytest.mark.parametrize("loss", slow_but(["wasserstein"], LOSSES))
def test_no_d_is_above_the_best_value(loss: str) -> None:
    """At any step of any run, up to the rounding of a float32 score."""
    rng = np.random.default_rng(LOSSES.index(loss))
    for _ in range(12):
        config = random_experiment(rng, loss)
        trainer, probe = Trainer(config), Probe(config)
        for _ in range(5):
            trainer.run(int(rng.integers(1, 30)))
            frame = observe(trainer, probe)
            assert math.isfinite(frame.best_value)
            assert frame.value <= frame.best_value + 1e-6 * (1 + abs(frame.value)), config


@pytest.mark.parametrize("far", [1.0051285267833253e154, 1e300])
def test_squares_beyond_the_largest_double_stop_no_frame(far: float) -> None:
    """Training samples of which one is so far away that the square of its distance is infinite."""
    target = {"kind": "samples", "values": [0.0] * 9 + [far], "smoothing": 0.1}
    config = Config.parsed({"target": target, "standardize": False, "batch_size": 1})
    trainer, probe = Trainer(config), Probe(config)
    trainer.run(3)
    mean, deviation = probe.target_moments
    assert mean == pytest.approx(0.1 * far, rel=1e-2)
    assert deviation == pytest.approx(0.3 * far, rel=1e-2)
    with np.errstate(over="ignore", invalid="ignore"):
        assert observe(trainer, probe).frechet > 1e306


@pytest.mark.slow
# Any config may be one of wide networks, large packs and many answers ahead, where a step takes seconds.
@pytest.mark.timeout(300)
@given(configs)
@settings(max_examples=15, deadline=None)
def test_any_run_stays_within_the_ranges_that_are_stated(config: Config) -> None:
    trainer, probe = Trainer(config), Probe(config)
    trainer.run(3)
    frame = observe(trainer, probe)
    for row in probe.scene()["metrics"]:
        value = getattr(frame, row["name"])
        if math.isfinite(value):
            assert row["low"] is None or value >= row["low"], row["name"]
            assert row["high"] is None or value <= row["high"] + 1e-12, row["name"]
    if math.isfinite(frame.best_value) and math.isfinite(frame.value):
        assert frame.value <= frame.best_value + 1e-6 * (1 + abs(frame.value))


@pytest.mark.slow
@pytest.mark.parametrize("loss", LOSSES)
def test_the_value_is_that_of_many_samples(loss: str) -> None:
    """V and both accuracies against a plain mean over 100,000 draws of each side."""
    trainer, _, frame = seen(PLAIN.patched("loss", loss), steps=150)
    spec, rng = trainer.config.loss, np.random.default_rng(3)
    real = trainer.discriminator.apply(trainer.config.target.sample(rng, 100_000))
    fake = trainer.discriminator.apply(trainer.generator.apply(trainer.config.latent.sample(rng, 100_000)))
    # The mean of 100 means, each over pairs, and its standard error.
    values = spec.discriminator_value(np.stack([real, fake]).reshape(2, 100, 1000).swapaxes(0, 1).astype(np.float64))
    assert frame.value == pytest.approx(
        spec.readout.value_factor * values.mean(),
        abs=abs(spec.readout.value_factor) * (0.4 * values.std() + 2e-3),
    )
    # With pairs, only differences of scores count, so no score is the border between real and fake.
    if spec.readout.kind == "probability" and loss != "relativistic_pairing":
        assert frame.accuracy_real == pytest.approx(float((real > 0).mean()), abs=0.008)
        assert frame.accuracy_fake == pytest.approx(float((fake < 0).mean()), abs=0.008)


def test_a_d_that_cannot_tell_is_right_half_of_the_time_and_at_the_floor() -> None:
    trainer = Trainer(PLAIN)
    trainer.discriminator.parameters[:] = 0.0
    frame = observe(trainer)
    assert (frame.accuracy_real, frame.accuracy_fake) == (0.5, 0.5)
    assert frame.value == pytest.approx(-2 * LN2, abs=1e-9)


def test_under_noise_the_best_d_is_that_of_the_blurred_densities() -> None:
    """Bells of deviation ½ around 1 and 0, blurred by 1: their log ratio is (2x − 1)/(2·1.25)."""
    config = ONE_GAUSSIAN.patched("target.modes.0.position", 1.0).patched("instance_noise.deviation", 1.0)
    frame = observe(with_linear_generator(config, 0.5, 0.0))
    probe = Probe(config)
    near = np.abs(probe.grid.centres - 0.5) < 0.8
    np.testing.assert_allclose(
        frame.optimal_discriminator[near], sigma((2 * probe.grid.centres[near] - 1) / 2.5), atol=3e-3
    )
    quiet = observe(with_linear_generator(config.patched("instance_noise.deviation", 0.0), 0.5, 0.0))
    assert quiet.best_value > frame.best_value > -2 * LN2
    assert quiet.jensen_shannon == frame.jensen_shannon


def test_what_is_said_of_a_loss_names_its_value_and_its_floor() -> None:
    for loss, label, floor in (("minimax", "V(D, G)", "floor −ln 4"), ("hinge", "−L_D", "floor −2")):
        rows = {row["name"]: row for row in Probe(PLAIN.patched("loss", loss)).scene()["metrics"]}
        assert (rows["value"]["label"], rows["value"]["ideal_label"]) == (label, floor)
        assert rows["value"]["bound"] == "best_value"
        assert rows["accuracy_real"]["ideal_label"] == "ideal 50 %"


# The probe -------------------------------------------------------------------------------------------------------


def test_a_probe_follows_networks_that_are_rebuilt() -> None:
    trainer, probe, _ = seen(steps=5)
    for path, value in (("generator.hidden", [3]), ("discriminator.hidden", [4, 4]), ("generator.input_scale", 2.0)):
        trainer.config = trainer.config.patched(path, value)
        trainer.run(3)
        used, fresh = observe(trainer, probe), observe(trainer, Probe(trainer.config))
        for f in fields(Frame):
            np.testing.assert_array_equal(getattr(used, f.name), getattr(fresh, f.name), err_msg=f.name)


def test_one_probe_can_look_at_two_runs_in_turn() -> None:
    probe = Probe(PLAIN)
    first, second = Trainer(PLAIN), Trainer(PLAIN.patched("seed", 1))
    alone = observe(second, Probe(PLAIN))
    observe(first, probe)
    together = observe(second, probe)
    np.testing.assert_array_equal(alone.generator, together.generator)
    np.testing.assert_array_equal(alone.discriminator, together.discriminator)


def test_a_probe_is_made_if_none_is_given() -> None:
    trainer, _, frame = seen()
    for f in fields(Frame):
        np.testing.assert_array_equal(getattr(observe(trainer), f.name), getattr(frame, f.name))


def test_a_scene_depends_on_target_latent_and_loss_only() -> None:
    other = PLAIN.patched("seed", 9).patched("generator.hidden", [3]).patched("batch_size", 5)
    assert Probe(PLAIN).scene() == Probe(other.patched("penalty", "none")).scene()


def test_fixed_samples_are_those_of_the_target_and_the_prior() -> None:
    probe = Probe(PLAIN.patched("discriminator.view", "pack"))
    assert probe.scene()["real_samples"] == probe.samples.real[:RUG].tolist()
    # Kolmogorov's limit at one in a thousand, 1.95/√256.
    for samples, cdf in (
        (probe.samples.real, probe.config.target.cdf),
        (probe.samples.latent[0], probe.config.latent.cdf),
    ):
        below = cdf(np.sort(samples))
        assert np.abs(below - (np.arange(SAMPLES) + 0.5) / SAMPLES).max() < 1.95 / 16


def test_histograms_of_a_scene_are_exact() -> None:
    """Masses between edges, by the distribution functions."""
    probe = Probe(PLAIN)
    scene = probe.scene()
    for name, low, high, bins, cdf in (
        ("real_histogram", probe.grid.low, probe.grid.high, 64, probe.config.target.cdf),
        ("latent_histogram", -3.5, 3.5, 35, normal_cdf),
    ):
        expected = np.diff(cdf(np.linspace(low, high, bins + 1)), prepend=0.0, append=1.0)
        np.testing.assert_allclose(scene[name], expected, atol=1e-12)
        assert sum(scene[name]) == pytest.approx(1.0)


def check_scene(scene: dict[str, Any], config: Config) -> None:
    """Strict JSON of the promised sizes, with facts that fit together."""
    json.dumps(scene, allow_nan=False)
    assert [len(scene[name]) for name in ("grid", "latent_grid", "target_density", "latent_density")] == [
        GRID,
        LATENT_GRID,
        GRID,
        LATENT_GRID,
    ]
    maps = [*scene["optimal_maps"], *scene["optimal_maps_mirrored"]]
    assert len(maps) == (0 if config.latent.dimension > 1 or scene["codes"] else 2 * len(scene["curves"]))
    assert all(len(row) == LATENT_GRID for row in maps)
    assert len(scene["latent_histogram"]) == scene["z_bins"] + 2
    assert len(scene["real_histogram"]) == scene["x_bins"] + 2
    low, high = scene["x_axis"]["low"], scene["x_axis"]["high"]
    assert low < scene["grid"][0] < scene["grid"][-1] < high
    width = (high - low) / GRID
    # Positions far from 0 have ten digits or more, and beside an outlier those of its distance.
    location = units_of(config).location
    rounding = 2e-10 * max(abs(low), abs(high)) + 4e-16 * abs(location)
    np.testing.assert_allclose(np.diff(scene["grid"]), width, rtol=1e-9, atol=rounding)
    shown = sum(scene["target_density"]) * width
    # All mass between the ends is shown: of a long tail only the part next to the central 90 %, else next to all.
    assert shown == pytest.approx(float(np.diff(config.target.cdf(np.array([low, high])))[0]), abs=1e-9)
    assert shown > (0.99 if bulk(config.target) == config.target.support() else 0.9)
    assert max(scene["target_density"]) < scene["density_high"]
    assert sum(mode["mass"] for mode in scene["modes"]) == pytest.approx(1.0)
    assert scene["modes"][0]["low"] is None
    assert scene["modes"][-1]["high"] is None
    assert all(low <= mode["centre"] <= high for mode in scene["modes"])
    assert all(np.all(np.diff(row) >= 0) for row in scene["optimal_maps"])
    assert all(np.all(np.diff(row) <= 0) for row in scene["optimal_maps_mirrored"])
    balance = config.loss.equilibrium()
    assert {line["series"]: line["value"] for line in scene["references"]} == balance
    axis = scene["loss_axis"]
    assert all(axis["low"] <= value <= axis["high"] for value in balance.values())
    assert [metric["name"] for metric in scene["metrics"]] == list(SCALARS)


SCENES = list(itertools.product(TARGETS, LATENTS, LOSSES))


@pytest.mark.parametrize(("target", "latent", "loss"), slow_rows_but(SCENES[:: len(LOSSES) + 1], SCENES))
def test_every_scene_is_strict_json(target: str, latent: str, loss: str) -> None:
    config = PLAIN.patched("target", target).patched("latent", latent).patched("loss", loss)
    check_scene(Probe(config).scene(), config)


@pytest.mark.parametrize("outlier", [1e3, 1e9])
def test_a_scene_beside_an_outlier_is_strict_json(outlier: float) -> None:
    values = [*np.linspace(-1.0, 1.0, 30).tolist(), outlier]
    config = PLAIN.patched("standardize", True).patched("target", {"kind": "samples", "values": values})
    check_scene(Probe(config).scene(), config)


EXTREMES = [
    [{"position": -10, "width": 0.05, "weight": 1}, {"position": 10, "width": 0.05, "weight": 0.01}],
    [{"position": -10 + 20 * i / 7, "width": 0.05, "weight": 0.5} for i in range(8)],
    [{"position": 0, "width": 5, "weight": 0.5}] * 8,
    [{"position": 10, "width": 0.05, "weight": 0.01}],
    [{"position": 10, "width": 0.05, "weight": 1}, {"position": 10, "width": 5, "weight": 1}],
]


@pytest.mark.parametrize("modes", EXTREMES, ids=range(len(EXTREMES)))
def test_extreme_mixtures_are_strict_json(modes: list[dict[str, float]]) -> None:
    config = PLAIN.patched("target.modes", modes)
    check_scene(Probe(config).scene(), config)


@given(configs)
@settings(max_examples=25)
def test_any_scene_is_strict_json(config: Config) -> None:
    check_scene(Probe(config).scene(), config)


@pytest.mark.parametrize("target", TARGETS)
def test_the_optimal_map_carries_the_prior_to_the_target(target: str) -> None:
    config = PLAIN.patched("target", target)
    probe = Probe(config)
    scene = probe.scene()
    z = np.array(scene["latent_grid"])
    np.testing.assert_allclose(probe.config.target.cdf(scene["optimal_maps"][0]), probe.config.latent.cdf(z), atol=1e-8)
    np.testing.assert_allclose(
        probe.config.target.cdf(scene["optimal_maps_mirrored"][0]), probe.config.latent.cdf(-z), atol=1e-8
    )


def test_the_axis_stays_while_the_target_stays() -> None:
    trainer, probe, _ = seen(steps=0)
    axis = (probe.grid.low, probe.grid.high)
    for _ in range(3):
        trainer.run(20)
        observe(trainer, probe)
        assert (probe.grid.low, probe.grid.high) == axis == shown_axis(trainer.config.target)


HEAVY = [
    lambda rng: rng.standard_t(1.1, 500),
    lambda rng: rng.standard_t(3, 500),
    lambda rng: rng.lognormal(0, 2, 500),
    lambda rng: rng.pareto(1.0, 500),
    lambda rng: np.append(rng.normal(0, 1, 498), [1e3, -1e5]),
    lambda rng: np.append(np.repeat([1.0, 2.0], 249), [1e6, 2e6]),
]


@given(shape=st.sampled_from(HEAVY), seed=st.integers(0, 10**6), place=st.sampled_from([0.0, -200.0, 1e6]),
       scale=st.sampled_from([1e-9, 1.0, 1e6]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_bulk_of_heavy_tails_fills_half_of_the_axis(shape: Any, seed: int, place: float, scale: float) -> None:
    values = (place + shape(np.random.default_rng(seed))) * scale
    target = Samples(values=tuple(values.tolist()))
    low, high = shown_axis(target)
    assume(len(target.mode_intervals()) == 1)
    first, last = target.quantile(np.array([0.05, 0.95]))
    assert (last - first) / (high - low) >= 0.5
    beyond = 1 - float(np.diff(target.cdf(np.array([low, high])))[0])
    probe = Probe(PLAIN.model_copy(update={"target": target, "standardize": True}))
    shown = probe.scene()["real_histogram"]
    assert shown[0] + shown[-1] == pytest.approx(beyond, abs=1e-9)


@pytest.mark.parametrize("freedom", [2.0, 2.5, 3.0])
def test_the_mass_beyond_the_axis_is_integrated_to_the_end_of_the_tail(freedom: float) -> None:
    target, grid = StudentT(freedom=freedom, scale=1.0), Grid(np.linspace(-10, 10, 257))
    overflow = from_target(target, grid).overflow[0]
    # P(t > x)·dx from 10 to 1e7, where the rest is below 1e-6, by trapezia in log x.
    x = np.geomspace(10.0, 1e7, 20_001)
    assert overflow.right_moment == pytest.approx(np.trapezoid(1 - target.cdf(x), x), rel=1e-4)
    if freedom > 2:
        assert moments(target, grid)[1] == pytest.approx(math.sqrt(freedom / (freedom - 2)), rel=3e-3)
