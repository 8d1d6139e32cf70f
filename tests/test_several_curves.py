"""Looks at networks of several inputs: under each label by itself, and at latents that no grid can fill."""

import json
import math
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.conditioning import one_hot
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.special_functions import normal_cdf
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.fixed_samples import RUG
from gan1d.evaluation.latent_grid import LATENT_GRID, LATTICE_POINTS, LATTICE_POINTS_PER_CLASS
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import GRID, Probe
from tests.tools import slow_but

LN2 = math.log(2)

TWO = [{"position": -1.0, "width": 0.5, "weight": 0.25}, {"position": 2.0, "width": 0.8, "weight": 0.75}]


def labelled(**changes: Any) -> Config:
    config = Config().patched("target.modes", TWO).patched("conditional", True)
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config


UNITS = pytest.mark.parametrize("standardize", [True, False])
"""Both kinds of units of a run: standardized coordinates, and x."""


def linear(config: Config, weights: list[float], bias: float = 0.0) -> Trainer:
    """A trainer whose G has no hidden layer: the x of a fake is weights · (z, c) + bias."""
    trainer = Trainer(config.patched("generator.hidden", []), np.float64)
    in_units = [weight / trainer.units.scale for weight in weights]
    for network in (trainer.generator, trainer.ema_generator):
        network.layers[0][:, 0] = [*in_units, trainer.units.standardize(bias)]
    return trainer


def judged(trainer: Trainer, weights: list[float], bias: float = 0.0) -> Trainer:
    """The same with a D that has no hidden layer either, which it must have been built without."""
    trainer.discriminator.layers[0][:, 0] = [*weights, bias]
    return trainer


# Labels ------------------------------------------------------------------------------------------------------------


@UNITS
def test_a_generator_that_makes_the_right_gaussian_for_each_label_is_nearly_perfect(standardize: bool) -> None:
    """Both with a width of .5, at −1 and 2: perfect for the left, too narrow for the right, which is .8 wide.

    Wasserstein-1 of N(2, .5²) to N(2, .8²) is .3·√(2/π), and three quarters of all reals are there. The whole is the
    same, as the modes hardly overlap.
    """
    frame = observe(linear(labelled(standardize=standardize), [0.5, -1.0, 2.0]))
    expected = 0.75 * 0.3 * math.sqrt(2 / math.pi)
    assert frame.class_wasserstein1 == pytest.approx(expected, abs=1e-3)
    assert frame.wasserstein1 == pytest.approx(expected, abs=0.02)
    np.testing.assert_allclose(frame.mode_masses, [0.25, 0.75], atol=0.01)


def test_labels_the_wrong_way_round_are_seen_under_labels_only() -> None:
    """Equal shares and widths: the whole is perfect, and every fake is four away from the mode of its label."""
    trainer = linear(Config().patched("conditional", True), [0.5, 2.0, -2.0])
    frame = observe(trainer)
    assert frame.wasserstein1 == pytest.approx(0.0, abs=1e-4)
    assert frame.jensen_shannon == pytest.approx(0.0, abs=1e-4)
    assert frame.class_wasserstein1 == pytest.approx(4.0, abs=1e-4)


def test_without_labels_nothing_is_said_of_them() -> None:
    assert math.isnan(observe(Trainer(Config())).class_wasserstein1)
    scene = Probe(Config()).scene()
    assert (scene["classes"], scene["curves"], scene["atoms"], scene["latent_dimension"]) == ([], [""], 0, 1)


@UNITS
def test_each_label_has_its_curves(standardize: bool) -> None:
    config = labelled(generator__hidden=[6], discriminator__hidden=[5], standardize=standardize)
    trainer, probe = Trainer(config, np.float64), Probe(config)
    trainer.run(20)
    frame, z, x = observe(trainer, probe), probe.latent_grid.grid, probe.units.to_x(probe.grid.centres)
    assert frame.generator.shape == frame.ema_generator.shape == (2, LATENT_GRID)
    assert frame.discriminator.shape == frame.optimal_discriminator.shape == (2, GRID)
    for label in (0, 1):
        labels = one_hot(np.full(len(z), label), 2)
        expected = trainer.generator.apply(np.concatenate([z[None], labels]))
        np.testing.assert_allclose(frame.generator[label], expected, rtol=1e-5, atol=1e-6)
        scores = trainer.discriminator.apply(np.concatenate([x[None], one_hot(np.full(len(x), label), 2)]))
        np.testing.assert_allclose(frame.discriminator[label], 1 / (1 + np.exp(-scores)), atol=1e-6)


@UNITS
def test_the_best_discriminator_knows_the_label(standardize: bool) -> None:
    """D*(x | c) = p(x | c)/(p(x | c) + p_g(x | c)): for the left label G is right, so ½; for the right one narrower."""
    config = labelled(standardize=standardize)
    probe = Probe(config)
    frame = observe(linear(config, [0.5, -1.0, 2.0]), probe)
    left, right = frame.optimal_discriminator
    centres = probe.units.to_x(probe.grid.centres)
    np.testing.assert_allclose(left[np.abs(centres + 1) < 1], 0.5, atol=2e-3)
    x = centres[np.abs(centres - 2) < 1]

    def bell(width: float) -> np.ndarray:
        return np.exp(-0.5 * ((x - 2) / width) ** 2) / width

    expected = bell(0.8) / (bell(0.8) + bell(0.5))
    np.testing.assert_allclose(right[np.abs(centres - 2) < 1], expected, atol=3e-3)


def test_the_best_value_is_that_of_labelled_samples() -> None:
    """Labels the wrong way round: a D that knows them separates all, E log 1 + E log 1 = 0, although as a whole
    fakes are distributed as reals are."""
    apart = [{"position": -3.0, "width": 0.3, "weight": 0.5}, {"position": 3.0, "width": 0.3, "weight": 0.5}]
    trainer = linear(labelled(target__modes=apart), [0.3, 3.0, -3.0])
    frame = observe(trainer)
    assert frame.best_value == pytest.approx(0.0, abs=1e-3)
    assert frame.jensen_shannon < 1e-4


def test_value_and_accuracy_count_each_label_by_its_share() -> None:
    """D says 1 under the left label and −1 under the right one, whatever x: it takes ¼ for real and ¾ for fake."""
    trainer = judged(linear(labelled(discriminator__hidden=[]), [0.5, -1.0, 2.0]), [0.0, 1.0, -1.0])
    frame = observe(trainer)
    assert frame.accuracy_real == pytest.approx(0.25, abs=1e-6)
    assert frame.accuracy_fake == pytest.approx(0.75, abs=1e-6)
    says = 1 / (1 + math.exp(-1))
    # E log D(x) + E log(1 − D(G(z))), both with ¼ and ¾.
    value = 0.25 * (math.log(says) + math.log(1 - says)) + 0.75 * (math.log(1 - says) + math.log(says))
    assert frame.value == pytest.approx(value, abs=1e-6)
    assert frame.real_readout.sum() == pytest.approx(1.0, abs=1e-6)
    # σ(1) = .73 lies in the 15th of 20 bins, σ(−1) = .27 in the 6th; one more bin for what lies below the axis.
    assert frame.real_readout[15] == pytest.approx(0.25, abs=1e-6)
    assert frame.fake_readout[6] == pytest.approx(0.75, abs=1e-6)


def test_fakes_that_are_followed_have_labels_in_their_shares() -> None:
    config = labelled()
    probe = Probe(config)
    counts = probe.samples.labels.sum(axis=1)
    np.testing.assert_array_equal(counts, [RUG / 4, 3 * RUG / 4])
    trainer = linear(config, [0.5, -1.0, 2.0])
    x = trainer.generator.apply(probe.samples.latent)
    np.testing.assert_allclose(observe(trainer, probe).fake_samples, x, rtol=1e-5)


@UNITS
@pytest.mark.parametrize("loss", [member.kind for member in get_args(Loss) if not member.is_paired])
def test_the_push_on_a_labelled_fake_is_the_slope_of_the_generators_loss(loss: str, standardize: bool) -> None:
    """The slope is with respect to the sample as D receives it, in units of the run."""
    config = labelled(loss=loss, discriminator__hidden=[5], discriminator__activation="tanh", standardize=standardize)
    trainer, probe = Trainer(config, np.float64), Probe(config)
    trainer.run(5)
    x, h = trainer.generator.apply(probe.samples.latent), 1e-5
    value = config.loss.generator_value
    steps = [side * h * trainer.units.scale for side in (1, -1)]
    scores = [trainer.discriminator.apply(np.concatenate([(x + step)[None], probe.samples.labels])) for step in steps]
    prices = [np.array([float(value(score[[i]])) for i in range(RUG)]) for score in scores]
    found = observe(trainer, probe).fake_push
    np.testing.assert_allclose(found, -(prices[0] - prices[1]) / (2 * h), rtol=1e-4, atol=1e-6)


@UNITS
@pytest.mark.parametrize("view", [member.kind for member in get_args(DiscriminatorView)])
@pytest.mark.parametrize("points", slow_but([9], [0, 9]))
@pytest.mark.parametrize("dimension", slow_but([3], [1, 3]))
def test_every_frame_of_every_view_goes_over_the_wire(
    view: str, points: int, dimension: int, standardize: bool
) -> None:
    config = labelled(
        discriminator__view=view, training_points=points, latent__dimension=dimension, batch_size=16,
        standardize=standardize,
    )  # fmt: skip
    trainer, probe = Trainer(config), Probe(config)
    trainer.run(3)
    frame = observe(trainer, probe)
    found = codec.decode(codec.encode(frame, units=trainer.units), codec.layout(frame, trainer.units))
    for name in ("generator", "discriminator", "mode_masses"):
        np.testing.assert_array_equal(found[name], getattr(frame, name))
    scene = probe.scene()
    json.dumps(scene, allow_nan=False)
    assert scene["curves"] == ["−1", "2"]
    # Of nine points drawn from these, three are of the first mode.
    assert [each["weight"] for each in scene["classes"]] == ([0.25, 0.75] if points == 0 else [3 / 9, 6 / 9])
    assert scene["atoms"] == (0 if dimension == 1 else 2 * LATTICE_POINTS_PER_CLASS)
    assert len(scene["optimal_maps"]) == (2 if dimension == 1 else 0)
    assert sum(scene["real_histogram"]) == pytest.approx(1.0)
    assert frame.fake_histogram.sum() == pytest.approx(1.0, abs=1e-5)
    assert np.isfinite(frame.points_wasserstein1) == (points > 0)


def test_optimal_maps_are_those_of_the_classes() -> None:
    """G*(z | c) = μ_c + σ_c·z for a Gaussian class and a normal prior."""
    scene = Probe(labelled()).scene()
    z = np.array(scene["latent_grid"])
    np.testing.assert_allclose(scene["optimal_maps"], [-1 + 0.5 * z, 2 + 0.8 * z], atol=1e-6)
    np.testing.assert_allclose(scene["optimal_maps_mirrored"], [-1 - 0.5 * z, 2 - 0.8 * z], atol=1e-6)


# Several dimensions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prior", ["normal", "uniform"])
@pytest.mark.parametrize("dimension", [2, 16])
def test_curves_go_along_each_axis(prior: str, dimension: int) -> None:
    config = Config().patched("latent", prior).patched("latent.dimension", dimension)
    trainer, probe = Trainer(config, np.float64), Probe(config)
    frame = observe(trainer, probe)
    assert frame.generator.shape == (dimension, LATENT_GRID)
    for axis in range(dimension):
        z = np.zeros((dimension, LATENT_GRID))
        z[axis] = probe.latent_grid.grid
        np.testing.assert_allclose(frame.generator[axis], trainer.generator.apply(z), rtol=1e-5, atol=1e-6)
    scene = probe.scene()
    assert scene["curves"][:2] == ["z₁", "z₂"]
    assert (scene["atoms"], scene["optimal_maps"], scene["latent_dimension"]) == (LATTICE_POINTS, [], dimension)
    assert probe.scene()["curves"][-1] == ("z₂" if dimension == 2 else "z₁₆")


@UNITS
@pytest.mark.parametrize("dimension", [2, 7, 16])
def test_a_sum_of_normal_coordinates_is_measured_as_the_normal_it_is(dimension: int, standardize: bool) -> None:
    """(z₁ + … + z_d)·.5/√d + 1.25 against N(1, .5²): a shift by a quarter."""
    one = Config().patched("target.modes", [{"position": 1.0, "width": 0.5, "weight": 1.0}])
    one = one.patched("standardize", standardize)
    trainer = linear(one.patched("latent.dimension", dimension), [0.5 / math.sqrt(dimension)] * dimension, 1.25)
    probe = Probe(trainer.config)
    frame = observe(trainer, probe)
    assert frame.wasserstein1 == pytest.approx(0.25, abs=0.008)
    assert frame.frechet == pytest.approx(0.0625, abs=0.01)
    edges = probe.units.to_x(probe.grid.edges)
    density = np.diff(normal_cdf((edges - 1.25) / 0.5)) / np.diff(edges)
    # The fullest bins have 250 atoms, ±6 % if they fell at random, so that the worst of many would be off by a fifth.
    assert np.abs(frame.fake_density - density).max() < 0.22 * density.max()


def test_a_perfect_generator_of_many_dimensions_scores_what_is_said() -> None:
    one = Config().patched("target.modes", [{"position": 0.0, "width": 1.0, "weight": 1.0}])
    frame = observe(linear(one.patched("latent.dimension", 4), [0.5] * 4))
    assert frame.wasserstein1 < 0.014
    assert frame.jensen_shannon < 0.004


def test_looking_at_many_dimensions_changes_nothing() -> None:
    config = labelled(latent__dimension=3, batch_size=16)
    watched, alone = Trainer(config), Trainer(config)
    probe = Probe(config)
    for _ in range(5):
        watched.step()
        observe(watched, probe)
    alone.run(5)
    assert np.array_equal(watched.generator.parameters, alone.generator.parameters)
    assert np.array_equal(watched.discriminator.parameters, alone.discriminator.parameters)


@UNITS
def test_what_lies_beyond_the_axis_is_counted_under_every_label(standardize: bool) -> None:
    """The left label is made far out on the left, at −100: a quarter of all fakes."""
    frame = observe(linear(labelled(standardize=standardize), [0.5, -100.0, 2.0]))
    assert frame.fake_below == pytest.approx(0.25, abs=1e-6)
    assert frame.fake_above == pytest.approx(0.0, abs=1e-6)
    assert frame.class_wasserstein1 == pytest.approx(0.25 * 99 + 0.75 * 0.3 * math.sqrt(2 / math.pi), abs=0.01)
