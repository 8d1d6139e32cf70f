"""Features agree with the frame, and extracting them changes nothing."""

from dataclasses import asdict
from typing import Any, get_args

import numpy as np
import pytest

import gan1d
from gan1d.config.model import Config
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.monitor import Monitor
from gan1d.engine.metrics.divergences import jensen_shannon
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.training.ensemble import Ensemble
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.probe import Probe

LOSSES = [member.__dataclass_fields__["kind"].default for member in get_args(Loss)]


def small(**changes: Any) -> Config:
    networks = {"generator": {"hidden": [4]}, "discriminator": {"hidden": [4]}}
    config = Config.parsed({"batch_size": 8, "standardize": False, **networks})
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config


def flatten(trainer: Trainer) -> None:
    """Make D the same everywhere."""
    trainer.discriminator.parameters[:] = 0.0


@pytest.mark.parametrize("preset", ["default", "mode_collapse", "original"])
def test_features_agree_with_the_frame(preset: str) -> None:
    config = gan1d.presets[preset].config
    trainer = Trainer(config)
    trainer.run(60)
    found, frame = FeatureExtractor(config).extract(trainer), gan1d.observe(trainer)
    assert found.step == 60
    assert found.distance == pytest.approx(frame.wasserstein1, abs=0.01)
    in_bins = jensen_shannon(Probe(config).scene()["real_histogram"], frame.fake_histogram)  # on the same 64 bins
    assert found.jensen_shannon == pytest.approx(float(in_bins), abs=0.01)
    assert found.masses == pytest.approx(frame.mode_masses, abs=0.01)
    assert found.error == pytest.approx(found.distance / np.sqrt(4.25), rel=0.01) or preset != "default"


def test_features_of_a_translation_agree_with_the_frame() -> None:
    config = small(latent="source", target="laplace")
    trainer = Trainer(config)
    trainer.run(60)
    found, frame = FeatureExtractor(config).extract(trainer).translation, gan1d.observe(trainer)
    assert found is not None
    # The source is N(0, 1), of which the tails beyond the 128 quantiles are left out.
    assert found.order_kept == pytest.approx(frame.order_kept, abs=0.01)
    assert found.cycle_error == pytest.approx(frame.cycle_error, rel=0.03)
    assert found.back_error == pytest.approx(frame.back_wasserstein1, rel=0.03)
    assert FeatureExtractor(small()).extract(Trainer(small())).translation is None


def test_the_optimal_accuracy_is_that_of_the_densities() -> None:
    """The optimal D is wrong about half of the mass that both densities share, on average over reals and fakes."""
    config = gan1d.presets["default"].config
    trainer = Trainer(config)
    trainer.run(60)
    found, frame = FeatureExtractor(config).extract(trainer), gan1d.observe(trainer)
    shared = np.minimum(Probe(config).scene()["real_histogram"], frame.fake_histogram).sum()
    assert found.optimal_accuracy == pytest.approx(1 - 0.5 * shared, abs=0.01)
    assert len(found.fake_cdf) == 65
    assert found.fake_cdf == pytest.approx(np.cumsum(frame.fake_histogram)[:-1], abs=0.01)


@pytest.mark.parametrize(("standardize", "mean", "deviation"), [(False, 5.0, 0.5), (True, 0.0, 1.0)])
def test_place_and_scale_are_those_that_the_networks_see(standardize: bool, mean: float, deviation: float) -> None:
    modes = [{"position": 5.0, "width": 0.5, "weight": 1.0}]
    found = FeatureExtractor(small(standardize=standardize, target__modes=modes)).modes
    assert found.seen_mean == pytest.approx(mean, abs=1e-6)
    assert found.seen_deviation == pytest.approx(deviation, rel=0.02)  # 128 quantiles, without the outermost tails
    assert found.centres == (5.0,)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_flat_discriminator_has_no_advantage_and_no_gradient(loss: str) -> None:
    config = small(loss=loss)
    trainer = Trainer(config)
    flatten(trainer)
    found = FeatureExtractor(config).extract(trainer)
    assert found.mean_gradient == 0.0
    if loss not in ("least_squares", "wasserstein"):  # 0 is not half way between the labels; see below
        assert found.optimality == pytest.approx(0.0, abs=1e-6)


def test_the_balance_depends_on_the_loss() -> None:
    config = small(loss="least_squares")
    trainer = Trainer(config)
    flatten(trainer)
    trainer.discriminator.layers[-1][-1] = 0.5
    assert FeatureExtractor(config).extract(trainer).optimality == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("loss", ["non_saturating", "minimax", "least_squares", "hinge"])
def test_a_discriminator_that_separates_fakes_from_reals_is_optimal(loss: str) -> None:
    """G far to the right and D a steep step between: all that there is to tell."""
    config = small(loss=loss, generator__initialization__output_offset=8.0, discriminator__activation="tanh")
    trainer = Trainer(config)
    trainer.generator.parameters[:-1] *= 0.01
    first, last = trainer.discriminator.layers
    first[:], last[:] = 0.0, 0.0
    first[0, 0], first[1, 0] = -10.0, 60.0
    high, low = {"least_squares": (1.0, 0.0), "hinge": (1.0, -1.0)}.get(loss, (20.0, -20.0))
    last[0, 0], last[-1, 0] = (high - low) / 2, (high + low) / 2
    found = FeatureExtractor(config).extract(trainer)
    assert found.optimality == pytest.approx(1.0, abs=1e-3)
    assert (found.right_real, found.right_fake) == (1.0, 1.0)
    last[0, 0] *= -1
    wrong = FeatureExtractor(config).extract(trainer)
    assert wrong.optimality < -1
    assert (wrong.right_real, wrong.right_fake) == (0.0, 0.0)


def test_a_clipped_critic_is_compared_with_others_as_steep() -> None:
    config = small(loss="wasserstein", discriminator__hidden=[])
    trainer = Trainer(config)
    trainer.generator.parameters[:] = 0.0
    trainer.generator.layers[-1][-1] = 4.5  # right of every real, and still on the axis
    for slope in (-1e-3, -5.0):
        trainer.discriminator.layers[0][0] = slope
        assert FeatureExtractor(config).extract(trainer).optimality == pytest.approx(1.0, abs=0.02)
    trainer.discriminator.layers[0][0] = 1e-3
    assert FeatureExtractor(config).extract(trainer).optimality == pytest.approx(-1.0, abs=0.02)


def test_gradient_strength_is_one_on_an_even_slope() -> None:
    """A D that falls by 2 per unit of x under L_G = −E D, and all fakes right of all reals."""
    config = small(loss="wasserstein", discriminator__hidden=[])
    trainer = Trainer(config)
    trainer.generator.parameters[:] = 0.0
    trainer.generator.layers[-1][-1] = 4.5
    slope = trainer.discriminator.layers[0][0]
    slope[:] = -2.0
    found = FeatureExtractor(config).extract(trainer)
    assert found.mean_gradient == pytest.approx(2.0)
    assert found.loss_gap == pytest.approx(2.0 * found.distance)
    assert (found.gradient_strength, found.gradient_alignment) == pytest.approx((1.0, 1.0))
    slope[:] = 2.0
    uphill = FeatureExtractor(config).extract(trainer)
    assert uphill.loss_gap == pytest.approx(-2.0 * found.distance)
    assert (uphill.gradient_strength, uphill.gradient_alignment) == (np.inf, pytest.approx(-1.0))


def test_a_gradient_to_one_side_is_not_aligned_for_fakes_that_have_to_part() -> None:
    """All fakes half way between two equal modes: half of them have to go left, and D sends all of them right."""
    config = small(loss="wasserstein", discriminator__hidden=[])
    trainer = Trainer(config)
    trainer.generator.parameters[:] = 0.0
    trainer.discriminator.layers[0][0] = 1.0
    found = FeatureExtractor(config).extract(trainer)
    assert found.mean_gradient == pytest.approx(1.0)
    assert found.gradient_alignment == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("loss", ["minimax", "non_saturating"])
def test_gradient_strength_vanishes_where_d_is_flat_at_the_fakes(loss: str) -> None:
    """D is a step at 6, all fakes are at 9.8 to 10.2: the tanh is flat there to e^−2·10·3.8 of its slope."""
    config = small(loss=loss, discriminator__activation="tanh")
    trainer = Trainer(config)
    trainer.generator.parameters[:] = 0.0
    trainer.generator.layers[-1][-1] = 10.0
    first, last = trainer.discriminator.layers
    first[:], last[:] = 0.0, 0.0
    first[0, 0], first[1, 0] = -10.0, 60.0
    last[0, 0] = 5.0
    found = FeatureExtractor(config).extract(trainer)
    assert found.loss_gap == pytest.approx(5.0)  # log(1 + e⁵) − log(1 + e⁻⁵)
    assert found.gradient_strength < 1e-6


def test_fakes_between_the_modes_are_on_none() -> None:
    config = small()
    trainer = Trainer(config)
    trainer.generator.parameters[:] = 0.0
    assert FeatureExtractor(config).extract(trainer).mass_on_modes == 0.0
    trainer.generator.layers[-1][-1] = 2.0
    found = FeatureExtractor(config).extract(trainer)
    assert found.mass_on_modes == 1.0
    assert found.masses == (0.0, 1.0)
    assert found.error == pytest.approx(4.4 / (2 * 4.25**0.5), rel=0.02)  # half of the mass has 4 to go, half 0.4


def test_observing_changes_nothing() -> None:
    config = small()
    watched, alone = Trainer(config), Trainer(config)
    feature_extractor = FeatureExtractor(config)
    for _ in range(20):
        watched.run(1)
        feature_extractor.extract(watched)
    alone.run(20)
    assert np.array_equal(watched.generator.parameters, alone.generator.parameters)
    assert np.array_equal(watched.discriminator.parameters, alone.discriminator.parameters)


def test_features_of_a_run_that_blew_up_are_finite() -> None:
    config = small()
    trainer = Trainer(config)
    for value in (1e30, np.inf, np.nan):
        trainer.generator.parameters[:] = value
        trainer.discriminator.parameters[:] = value
        found = FeatureExtractor(config).extract(trainer)
        numbers = (
            found.distance,
            found.error,
            found.axis_distance,
            found.jensen_shannon,
            *found.masses,
            found.mass_on_modes,
            found.optimality,
            found.mean_gradient,
        )
        numbers += (found.loss_gap, found.gradient_alignment)
        assert np.isfinite(numbers).all()


def test_an_extractor_fits_its_own_target_and_loss_only() -> None:
    feature_extractor = FeatureExtractor(small())
    assert feature_extractor.fits(small(seed=4))
    assert not feature_extractor.fits(small(loss="hinge"))
    assert not feature_extractor.fits(small(target__modes__0__position=-1.0))


@pytest.mark.parametrize("view", [{"kind": "pack", "size": 3}, {"kind": "batch_deviation"}])
def test_a_discriminator_of_several_inputs_gets_them_as_in_training(view: dict[str, Any]) -> None:
    config = small(discriminator__view=view)
    trainer = Trainer(config)
    before = FeatureExtractor(config).extract(trainer)
    assert -0.5 < before.optimality < 1
    assert before.mean_gradient > 0
    flatten(trainer)
    assert FeatureExtractor(config).extract(trainer).optimality == pytest.approx(0.0, abs=1e-6)
    assert not FeatureExtractor(config).fits(small())


@pytest.mark.parametrize("preset", ["collapse_labels", "labelled_modes", "eight_dimensions"])
def test_features_agree_with_the_frame_for_networks_of_several_inputs(preset: str) -> None:
    config = gan1d.presets[preset].config
    trainer, feature_extractor = Trainer(config), FeatureExtractor(config)
    for _ in range(2):
        trainer.run(60)
        found, frame = feature_extractor.extract(trainer), gan1d.observe(trainer)
        assert found.distance == pytest.approx(frame.wasserstein1, abs=0.04)
        assert found.masses == pytest.approx(frame.mode_masses, abs=0.03)
        assert found.right_real == pytest.approx(frame.accuracy_real, abs=0.1)
        assert found.right_fake == pytest.approx(frame.accuracy_fake, abs=0.1)


def test_the_optimal_discriminator_sees_the_labels() -> None:
    """Each label's fakes where the other's reals are: one who knows labels can tell all, one who does not nothing.

    D scores 4 where label and side agree and −4 where they do not; a unit sees to each label.
    """
    config = small(conditional=True, generator__hidden=[], discriminator__activation="tanh")
    config = config.patched("discriminator.hidden", [2])
    trainer = Trainer(config)
    trainer.generator.layers[0][:, 0] = [0.5, 2.0, -2.0, 0.0]
    first, last = trainer.discriminator.layers
    # Of x, left, right, 1: unit 0 is tanh(−20·x) under the left label and −1 under the right one, unit 1 its mirror.
    first[:, 0] = [-20.0, 0.0, -400.0, 0.0]
    first[:, 1] = [20.0, -400.0, 0.0, 0.0]
    last[:, 0] = [4.0, 4.0, 4.0]
    found = FeatureExtractor(config).extract(trainer)
    assert (found.right_real, found.right_fake) == (1.0, 1.0)
    assert found.optimality == pytest.approx(1.0, abs=0.05)
    last[:, 0] = [-4.0, -4.0, -4.0]
    assert FeatureExtractor(config).extract(trainer).optimality < 0


def test_a_labelled_fake_counts_by_the_share_of_its_class() -> None:
    """A quarter of the reals left, all fakes at 1: a D that says yes on the right is right about ¾ of the reals."""
    modes = [{"position": -2.0, "width": 0.2, "weight": 0.25}, {"position": 2.0, "width": 0.2, "weight": 0.75}]
    config = small(conditional=True, target__modes=modes, discriminator__hidden=[], generator__hidden=[])
    trainer = Trainer(config)
    trainer.generator.layers[0][:, 0] = [0.0, 0.0, 0.0, 1.0]
    trainer.discriminator.layers[0][:, 0] = [1.0, 0.0, 0.0, 0.0]
    found = FeatureExtractor(config).extract(trainer)
    assert found.right_real == pytest.approx(0.75)
    assert found.right_fake == 0.0
    assert found.distance == pytest.approx(0.25 * 3 + 0.75 * 1, abs=1e-6)
    assert found.masses == pytest.approx((0.0, 1.0))


def test_an_extractor_fits_only_runs_with_the_same_inputs() -> None:
    feature_extractor = FeatureExtractor(small())
    assert not feature_extractor.fits(small(conditional=True))
    assert not feature_extractor.fits(small(latent__dimension=2))


@pytest.mark.parametrize("deviation", [0.5, 2.0, 3.0])
def test_the_optimal_discriminator_sees_noisy_samples(deviation: float) -> None:
    """The optimal D for two blurred Gaussians has optimality 1, and D = ½ has optimality 0."""
    config = small(instance_noise__deviation=deviation, instance_noise__half_life=1e6)
    config = config.patched("target.modes", [{"position": 0.0, "width": 1.0, "weight": 1.0}])
    config = config.patched("generator.hidden", []).patched("generator.input_scale", 1.0)
    trainer = Trainer(config.patched("discriminator.hidden", []).patched("discriminator.input_scale", 1.0))
    trainer.generator.parameters[:] = 1.0, 2.0
    # For N(0, s²) against N(2, s²), log p/q = (2 − 2x)/s².
    variance = 1.0 + deviation**2
    trainer.discriminator.parameters[:] = -2 / variance, 2 / variance
    found, frame = FeatureExtractor(trainer.config).extract(trainer), gan1d.observe(trainer)
    assert found.optimality == pytest.approx(1.0, abs=0.05)
    assert found.right_real == pytest.approx(frame.accuracy_real, abs=0.06)
    trainer.discriminator.parameters[:] = 0.0
    assert FeatureExtractor(trainer.config).extract(trainer).optimality == pytest.approx(0.0, abs=1e-6)


def test_outputs_and_accuracy_are_those_on_noisy_samples() -> None:
    """The histogram of D's outputs and its accuracy are about the same noisy samples."""
    config = small(instance_noise__deviation=2.0, instance_noise__half_life=1e6)
    config = config.patched("discriminator.hidden", []).patched("discriminator.input_scale", 1.0)
    trainer = Trainer(config)
    trainer.discriminator.parameters[:] = 1.0, 0.0
    frame = gan1d.observe(trainer)
    above = float(frame.real_readout[11:].sum())
    assert above == pytest.approx(frame.accuracy_real, abs=0.02)


def test_reals_are_the_training_samples_if_these_are_fixed() -> None:
    config = small(training_points=5, seed=3)
    trainer, feature_extractor = Trainer(config), FeatureExtractor(config)
    trainer.run(5)
    found, frame = feature_extractor.extract(trainer), gan1d.observe(trainer)
    assert found.distance == pytest.approx(frame.points_wasserstein1, abs=0.02)
    assert found.target_distance == pytest.approx(frame.wasserstein1, abs=0.02)
    modes = feature_extractor.modes
    assert modes.training_samples == 5
    assert sum(modes.training_masses) == pytest.approx(1.0)
    assert {round(5 * mass, 6) for mass in modes.training_masses} <= {0, 1, 2, 3, 4, 5}
    assert modes.due_masses == pytest.approx((0.5, 0.5))


def test_a_low_label_for_reals_reverses_right_and_wrong() -> None:
    usual = small(loss="least_squares", generator__hidden=[], generator__input_scale=1.0)
    usual = usual.patched("discriminator.hidden", []).patched("discriminator.input_scale", 1.0)
    turned = usual.patched("loss.real_label", 0.0).patched("loss.fake_label", 1.0)
    found = []
    for config, sign in ((usual, -1.0), (turned, 1.0)):
        trainer = Trainer(config)
        trainer.generator.parameters[:] = 0.5, 8.0
        trainer.discriminator.parameters[:] = sign * 0.2, 0.5 - sign * 0.8  # half way at x = 4
        frame, observation = gan1d.observe(trainer), FeatureExtractor(config).extract(trainer)
        found.append([frame.accuracy_real, frame.accuracy_fake, observation.right_real, observation.right_fake])
    assert found[0] == pytest.approx([1.0, 1.0, 1.0, 1.0], abs=0.01)
    assert found[1] == pytest.approx(found[0], abs=0.01)


def test_three_modes_at_one_position_can_be_diagnosed() -> None:
    config = small().patched("target.modes", [{"position": 0.0, "width": 0.5, "weight": 1.0}] * 3)
    trainer = Trainer(config)
    monitor = Monitor(trainer)
    monitor.run(50)
    assert monitor.kind.name == "learning"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"loss": "hinge", "instance_noise.deviation": 0.5},
        {"conditional": True},
        {"discriminator.view": {"kind": "pack", "size": 2}, "penalty": "none"},
        {"discriminator.view": "batch_deviation", "latent.dimension": 3},
        {"loss": "wasserstein", "penalty": "none", "generator.input_scale": 2.0},
        {"code": {"kind": "categorical", "values": 3}},
        {"code": "continuous"},
    ],
    ids=str,
)
def test_members_of_a_stack_are_observed_at_once_as_one_by_one(changes: dict[str, Any]) -> None:
    config = small()
    for path, value in changes.items():
        config = config.patched(path, value)
    ensemble = Ensemble([config.patched("seed", seed) for seed in range(3)])
    ensemble.run(40)
    (stack,) = ensemble.stacks
    before = [member.discriminator.parameters.copy() for member in stack.members]
    together = FeatureExtractor(config, stack.members[0].units)
    assert together.fits_all(stack.members)
    found = together.extract_all(stack.members, stack.generator, stack.discriminator)
    for features, member in zip(found, stack.members, strict=True):
        alone = asdict(FeatureExtractor(config, member.units).extract(member))
        together_with_others = asdict(features)
        assert together_with_others.pop("translation") is alone.pop("translation") is None
        for name, value in together_with_others.items():
            np.testing.assert_allclose(value, alone[name], rtol=1e-6, atol=1e-9, err_msg=name)
    for parameters, member in zip(before, stack.members, strict=True):
        np.testing.assert_array_equal(parameters, member.discriminator.parameters)


def test_members_that_differ_are_not_observed_at_once() -> None:
    extractor = FeatureExtractor(small(training_points=20))
    assert not extractor.fits_all(Ensemble([small(training_points=20, seed=seed) for seed in range(2)]).members)
    paired = small(loss="relativistic_pairing")
    assert not FeatureExtractor(paired).fits_all(Ensemble([paired, paired]).members)


@pytest.mark.parametrize(("slope_of_code", "expected"), [(1.0, 1.0), (-1.0, -1.0), (0.0, 0.0)])
def test_the_order_of_a_continuous_code_is_the_rank_correlation(slope_of_code: float, expected: float) -> None:
    """A linear G with outputs 0.001·z + slope·c: without the code the fakes have no order by it."""
    config = small(code="continuous", generator__hidden=())
    trainer = Trainer(config)
    trainer.generator.layers[0][:, 0] = [0.001, slope_of_code, 0.0]
    found = FeatureExtractor(config).extract(trainer)
    assert found.code_order == pytest.approx(expected, abs=0.02)
    assert FeatureExtractor(small()).extract(Trainer(small())).code_order == 0.0
