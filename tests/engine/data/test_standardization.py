"""A run is blind to place and scale of its target."""

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gan1d
from gan1d.config.model import Config
from gan1d.engine.data.standardization import in_units, measured_units, units_of
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture, Mode
from gan1d.engine.distributions.targets import DrawnDensity, Samples, StudentT, Target
from gan1d.engine.training.ensemble import Ensemble
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.units import IDENTITY, Units
from tests.tools import slow_rows_but

KINDS = list(get_args(Target))
TARGETS = [kind() for kind in KINDS]
PLACES = [(0.0, 1e-9), (0.0, 1e6), (1e6, 1.0), (-200.0, 1.0), (0.0, 1e-3), (-1e6, 0.3), (5.0, 0.3)]


def small(target: Target, **changes: Any) -> Config:
    config = Config().patched("batch_size", 8).patched("generator.hidden", [4]).patched("discriminator.hidden", [5, 4])
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config.model_copy(update={"target": target})


def placed(target: Any, place: float, scale: float) -> Any:
    """The distribution of place + scale·x."""
    return target.in_units(Units(-place / scale, 1 / scale))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.kind)
def test_a_target_in_units_has_the_same_shape(target: Any) -> None:
    units, u = Units(-3.0, 0.25), np.linspace(0.01, 0.99, 99)
    standardized = target.in_units(units)
    np.testing.assert_allclose(units.to_x(standardized.quantile(u)), target.quantile(u), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(standardized.cdf(units.standardize(target.quantile(u))), u, atol=1e-9)
    assert len(standardized.mode_intervals()) == len(target.mode_intervals())


@pytest.mark.slow
@given(
    st.lists(st.integers(0, 10), min_size=8, max_size=20).filter(any), st.floats(-10, 10), st.floats(0.1, 10),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_a_drawn_density_has_as_many_modes_in_any_units(tenths: list[int], centre: float, half_width: float) -> None:
    """In steps of a tenth many peaks rise by exactly the least prominence, within rounding."""
    target = DrawnDensity(heights=tuple(k / 10 for k in tenths), centre=centre, half_width=half_width)
    assert len(target.in_units(measured_units(target)).mode_intervals()) == len(target.mode_intervals())


@pytest.mark.parametrize("conditional", [True, False])
@pytest.mark.parametrize(
    "target",
    [
        DrawnDensity(
            centre=4.7, half_width=2.7,
            heights=(0.5, 0.4, 0.4, 0.7, 0.6, 0.1, 0.8, 0.8, 1.0, 0.8, 0.3, 0.3, 0.7, 0.7, 0.7, 0.9, 0.3, 1.0),
        ),
        GaussianMixture(modes=(Mode(position=0.0), Mode(position=1e-20), Mode(position=5.0))),
    ],
    ids=lambda target: target.kind,
)  # fmt: skip
def test_a_scene_and_a_frame_have_the_modes_of_x(target: Any, conditional: bool) -> None:
    trainer = Trainer(small(target, conditional=conditional))
    probe = gan1d.Probe(trainer.config)
    trainer.run(3)
    modes, units = target.mode_intervals(), probe.units
    assert [mode["centre"] for mode in probe.scene()["modes"]] == [mode.centre for mode in modes]
    assert [units.to_x(mode.centre) for mode in probe.modes] == pytest.approx([mode.centre for mode in modes])
    assert gan1d.observe(trainer, probe).mode_masses.shape == (len(modes),)


@pytest.mark.parametrize(("place", "scale"), slow_rows_but(PLACES[::3], PLACES))
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.kind)
def test_the_run_is_the_same_at_any_place_and_scale(target: Any, place: float, scale: float) -> None:
    trainer, other = (Trainer(small(each), np.float64) for each in (target, placed(target, place, scale)))
    # A position is known to 2⁻⁵² of the place; 60 chaotic updates make it up to a thousand times as much.
    tolerance = 1e-9 + 1e-12 * abs(place) / scale
    assert other.units.standardize(place + scale * trainer.units.location) == pytest.approx(0.0, abs=tolerance)
    assert other.units.scale / scale == pytest.approx(trainer.units.scale, rel=1e-9 + tolerance)
    reports = [each.run(20) for each in (trainer, other)]
    np.testing.assert_allclose(reports[1].loss_d, reports[0].loss_d, atol=tolerance)
    np.testing.assert_allclose(other.generator.parameters, trainer.generator.parameters, atol=tolerance)
    z = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(
        other.units.standardize(other.generator.apply(z)), trainer.units.standardize(trainer.generator.apply(z)),
        atol=tolerance,
    )  # fmt: skip


EXTENSIONS: list[dict[str, Any]] = [
    {"conditional": True},
    {"training_points": 9},
    {"instance_noise__deviation": 0.5},
    {"discriminator__view": "pack"},
    {"discriminator__view": "batch_deviation"},
    {"generator__lookahead": "unrolled"},
    {"generator__feature_matching": 1.0},
    {"generator__historical_averaging": 0.1},
    {"discriminator__constraint": "spectral_normalization"},
    {"loss": "wasserstein"},
    {"loss": "wasserstein_gp"},
    {"latent__dimension": 2},
]


@pytest.mark.parametrize("changes", EXTENSIONS, ids=lambda changes: "-".join(changes))
def test_the_frame_is_the_same_in_other_units(changes: dict[str, Any]) -> None:
    place, scale = -2e3, 1e-2
    target = GaussianMixture()
    trainer, other = (Trainer(small(each, **changes), np.float64) for each in (target, placed(target, place, scale)))
    for each in (trainer, other):
        each.run(10)
    frame, moved = gan1d.observe(trainer), gan1d.observe(other)
    # The shown axis ends at round numbers, which here are as round in both units.
    for name, power in (("wasserstein1", 1), ("frechet", 2), ("points_wasserstein1", 1), ("class_wasserstein1", 1)):
        assert getattr(moved, name) == pytest.approx(scale**power * getattr(frame, name), rel=1e-6, nan_ok=True)
    for name in ("jensen_shannon", "loss_d", "loss_g", "value", "best_value", "accuracy_real", "fake_below"):
        assert getattr(moved, name) == pytest.approx(getattr(frame, name), rel=1e-6, abs=1e-9, nan_ok=True)
    for name in ("generator", "ema_generator", "fake_samples"):
        np.testing.assert_allclose((getattr(moved, name) - place) / scale, getattr(frame, name), atol=1e-6)
    np.testing.assert_allclose(scale * moved.fake_density, frame.fake_density, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(moved.fake_push, frame.fake_push, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(moved.discriminator, frame.discriminator, rtol=1e-6, atol=1e-9)


def test_without_standardization_the_units_are_x() -> None:
    trainer = Trainer(small(GaussianMixture(), standardize=False))
    assert trainer.units == IDENTITY
    assert in_units(trainer.config, IDENTITY) is trainer.config


@pytest.mark.parametrize(
    "target",
    [
        StudentT(freedom=2.0),
        GaussianMixture(modes=(Mode(position=0.0, weight=1.0), Mode(position=1e4, weight=0.01))),
        Samples(values=(3.0,) * 11 + (4.0,)),
        Samples(values=tuple(1e-300 * k for k in range(1, 20))),
        Samples(values=tuple(1e300 * (k / 20) for k in range(-20, 20))),
        Samples(values=tuple(1e9 + 1e-6 * k for k in range(20))),
        DrawnDensity(heights=(*[0.0] * 40, 1.0)),
    ],
    ids=lambda target: target.kind,
)
def test_every_target_can_be_measured_and_observed(target: Any) -> None:
    units = measured_units(target)
    assert np.isfinite(units.location)
    assert 0 < units.scale < np.inf
    # Most of the mass is within a few units.
    standardized = target.in_units(units).quantile(np.array([0.1, 0.5, 0.9]))
    assert np.abs(standardized).max() < 5
    trainer = Trainer(small(target))
    trainer.run(5)
    frame = gan1d.observe(trainer)
    assert np.isfinite(frame.generator).all()
    assert 0 < frame.wasserstein1 < np.inf


def test_a_dragged_mode_keeps_the_units_and_a_new_run_takes_new_ones() -> None:
    trainer = Trainer(small(GaussianMixture()))
    before = trainer.units
    trainer.run(3)
    moved = trainer.config.patched("target.modes.1.position", 6.0)
    trainer.change(moved)
    trainer.run(3)
    assert trainer.units == before != units_of(moved)
    restored = Trainer.restore(moved, trainer.state_dict())
    assert restored.units == before
    for each in (trainer, restored):
        each.run(5)
    np.testing.assert_array_equal(restored.generator.parameters, trainer.generator.parameters)
    assert Trainer(moved).units == units_of(moved)


@pytest.mark.parametrize(
    ("place", "scale"),
    # The default has location 0 and scale 2.06.
    [
        (20.0, 1.0),
        (-20.0, 1.0),
        (0.0, 9.9),
        (0.0, 0.11),
        (21.0, 1.0),
        (-1e6, 1.0),
        (0.0, 10.1),
        (0.0, 0.09),
        (5.0, 1e-9),
    ],
)
def test_a_target_far_outside_of_the_units_makes_new_ones_and_the_fakes_move_with_it(
    place: float, scale: float
) -> None:
    trainer = Trainer(small(GaussianMixture()))
    trainer.run(3)
    before, z = trainer.units, np.linspace(-2, 2, 5)
    generator, discriminator = trainer.generator.parameters.copy(), trainer.discriminator.parameters.copy()
    fakes, averages = trainer.generator.apply(z), trainer.ema_generator.apply(z)
    changed = trainer.config.model_copy(update={"target": placed(GaussianMixture(), place, scale)})
    trainer.change(changed)
    is_far = abs(place) > 20.7 or not 0.1 < scale < 10
    assert trainer.units == (units_of(changed) if is_far else before)
    np.testing.assert_array_equal(trainer.generator.parameters, generator)
    np.testing.assert_array_equal(trainer.discriminator.parameters, discriminator)
    for network, old in ((trainer.generator, fakes), (trainer.ema_generator, averages)):
        expected = place + scale * old if is_far else old
        np.testing.assert_allclose(network.apply(z), expected, rtol=1e-6, atol=1e-5 * min(scale, 1))
    reals = np.concatenate([trainer._streams["data"].next().ravel() for _ in range(200)])
    expected = trainer.units.standardize(np.array([place - 2 * scale, place + 2 * scale]))
    middle = expected.mean()
    for side, centre in zip((reals[reals < middle], reals[reals >= middle]), expected, strict=True):
        assert side.mean() == pytest.approx(centre, abs=0.05 * np.ptp(expected))


def test_a_run_with_new_units_is_the_same_run_again_and_goes_on_from_its_state() -> None:
    far = small(placed(GaussianMixture(), 1e6, 3.0))
    trainers = [Trainer(small(GaussianMixture())) for _ in range(2)]
    for each in trainers:
        each.run(3)
        each.change(far)
        each.run(2)
    restored = Trainer.restore(far, trainers[0].state_dict())
    assert restored.units == units_of(far)
    for each in (*trainers, restored):
        each.run(5)
        np.testing.assert_array_equal(each.generator.parameters, trainers[0].generator.parameters)
    trainers[0].change(small(GaussianMixture()))
    assert trainers[0].units == units_of(small(GaussianMixture()))


def test_the_switch_needs_a_new_trainer() -> None:
    trainer = Trainer(small(GaussianMixture()))
    with pytest.raises(
        ValueError,
        match="values of the code and standardization, but they differ: make a new Trainer",
    ):
        trainer.change(trainer.config.patched("standardize", False))


def test_a_state_without_units_is_in_x() -> None:
    """As version 0.2 saved it."""
    trainer = Trainer(small(GaussianMixture(), standardize=False))
    trainer.run(3)
    state = {name: value for name, value in trainer.state_dict().items() if name != "units"}
    restored = Trainer.restore(trainer.config.patched("standardize", True), state)
    assert restored.units == IDENTITY
    for each in (trainer, restored):
        each.run(3)
    np.testing.assert_array_equal(restored.generator.parameters, trainer.generator.parameters)


def test_a_rebuilt_network_keeps_its_function_in_x() -> None:
    trainer = Trainer(small(placed(GaussianMixture(), 100.0, 0.1)))
    trainer.run(5)
    z, x = np.linspace(-3, 3, 50), np.linspace(99.5, 100.5, 50)
    before = trainer.generator.apply(z), trainer.discriminator.apply(x)
    larger = trainer.config.patched("generator.hidden", [6]).patched("discriminator.hidden", [7, 5])
    assert max(trainer.change(larger).values()) < 1e-3
    np.testing.assert_allclose(trainer.generator.apply(z), before[0], atol=1e-4)
    np.testing.assert_allclose(trainer.discriminator.apply(x), before[1], atol=1e-4)


def test_members_of_an_ensemble_have_units_of_their_own() -> None:
    configs = [small(placed(GaussianMixture(), place, scale)) for place, scale in PLACES]
    ensemble = Ensemble(configs, np.float64)
    ensemble.run(5)
    for member, config in zip(ensemble.members, configs, strict=True):
        alone = Trainer(config, np.float64)
        alone.run(5)
        assert member.units == alone.units
        np.testing.assert_allclose(member.generator.apply([0.5]), alone.generator.apply([0.5]), rtol=1e-12)
        np.testing.assert_allclose(gan1d.observe(member).wasserstein1, gan1d.observe(alone).wasserstein1, rtol=1e-9)


def test_a_probe_of_other_units_is_refused() -> None:
    trainer = Trainer(small(GaussianMixture()))
    with pytest.raises(ValueError, match="Expected a probe in the run's Units"):
        gan1d.observe(trainer, gan1d.Probe(trainer.config, Units(1.0, 2.0)))


@given(place=st.floats(-1e6, 1e6), power=st.integers(-12, 12), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_units_follow_the_target(place: float, power: int, seed: int) -> None:
    rng, scale = np.random.default_rng(seed), 10.0**power
    count = int(rng.integers(1, 5))
    modes = tuple(Mode(position=p, width=w, weight=w) for p, w in rng.uniform(0.1, 3, (count, 2)).tolist())
    target = GaussianMixture(modes=modes)
    units, moved = measured_units(target), measured_units(placed(target, place * scale, scale))
    assert moved.scale / scale == pytest.approx(units.scale, rel=1e-6)
    assert moved.location / scale - place == pytest.approx(units.location, abs=1e-6)


def test_numbers_beside_an_outlier_keep_the_width_of_their_kernel() -> None:
    numbers = Samples(values=(*[0.0] * 7, 1.0, 1.0, 1.52e17))
    units = Units(1.52e16, 4.56e16)
    x = np.array([-1e16, 0.0, 1e16, 1.52e17, 2e17])
    np.testing.assert_allclose(numbers.in_units(units).cdf(units.standardize(x)), numbers.cdf(x), atol=1e-9)
