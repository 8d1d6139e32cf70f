"""Training sets: drawn once, the same for the same settings, and nothing else is ever handed out."""

from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.datasets import STREAM, TrainingSet, training_classes, training_set
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import RUG, Probe


def config(points: int, **changes: Any) -> Config:
    return Config.parsed({"training_points": points, "batch_size": 16, **changes})


def batches(trainer: Trainer, count: int) -> np.ndarray:
    return np.concatenate([trainer._streams["data"].next().copy() for _ in range(count)])


def points_of(config: Config) -> np.ndarray:
    found = training_set(config)
    assert found is not None
    return found.points


def test_fresh_draws_have_no_fixed_points() -> None:
    assert training_set(config(0)) is None


@pytest.mark.parametrize("count", [1, 5, 300])
def test_every_batch_is_made_of_the_points(count: int) -> None:
    points = points_of(config(count))
    assert points.shape == (count,)
    drawn = batches(Trainer(config(count)), 400)
    assert set(drawn.tolist()) <= set(points.astype(np.float32).tolist())


def test_what_the_generator_is_shown_of_the_data_is_made_of_the_points_too() -> None:
    trainer = Trainer(config(3))
    shown = np.concatenate([trainer._streams["data_g"].next().copy() for _ in range(50)])
    assert set(shown.tolist()) == set(points_of(config(3)).astype(np.float32).tolist())


def test_every_point_is_as_likely_as_any_other() -> None:
    drawn = TrainingSet(np.arange(5.0), np.zeros(5, np.intp)).sample(np.random.default_rng(1), 100_000)
    counts = np.bincount(drawn.astype(int))
    # 20,000 each, give or take √(100,000·0.2·0.8) = 126; five times that is as good as never exceeded.
    assert np.all(np.abs(counts - 20_000) < 632)


def test_points_follow_from_the_settings_alone() -> None:
    first = points_of(config(20))
    np.testing.assert_array_equal(first, points_of(config(20, batch_size=64)))
    assert not np.array_equal(first, points_of(config(20, seed=1)))
    assert not np.array_equal(first, points_of(config(20, target={"kind": "laplace"})))


def test_points_have_a_stream_of_their_own() -> None:
    """A child of the seed like the trainer's own, but beyond all of them: their runs keep their bits."""
    children = np.random.SeedSequence(7).spawn(STREAM + 1)
    given = config(20, seed=7)
    np.testing.assert_array_equal(
        points_of(given), given.target.training_samples(np.random.default_rng(children[STREAM]), 20)
    )
    assert len(Trainer(given)._rngs) < STREAM


def test_a_restored_run_goes_on_bit_for_bit() -> None:
    trainer = Trainer(config(7))
    trainer.run(150)
    again = Trainer.restore(config(7), trainer.state_dict())
    for each in (trainer, again):
        each.run(150)
    np.testing.assert_array_equal(trainer.generator.parameters, again.generator.parameters)


def test_a_new_number_takes_effect_in_the_running_game() -> None:
    trainer = Trainer(config(0))
    trainer.run(5)
    trainer.config = config(3)
    assert trainer.step_count == 5
    assert len(np.unique(batches(trainer, 50))) == 3
    trainer.config = config(0)
    assert len(np.unique(batches(trainer, 50))) == 800


def test_changing_the_number_restarts_nothing() -> None:
    assert config(0).effect_of(config(9)) == "live"


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (5, 5), (RUG, RUG), (1000, RUG)])
def test_the_page_is_shown_the_points_themselves(count: int, shown: int) -> None:
    scene, points = Probe(config(count)).scene(), points_of(config(count))
    assert scene["training_points"] == count
    assert len(scene["real_samples"]) == shown
    assert set(scene["real_samples"]) <= set(points.tolist())
    edges = np.linspace(scene["x_axis"]["low"], scene["x_axis"]["high"], scene["x_bins"] + 1)
    counted = np.histogram(points, [-np.inf, *edges, np.inf])[0]
    np.testing.assert_allclose(scene["real_histogram"], counted / count, atol=1e-12)


def test_many_points_are_shown_evenly() -> None:
    """64 of 1,000, at equal distances in rank: the first is the 8th, the last the 993rd."""
    points = np.sort(points_of(config(1000)))
    shown = Probe(config(1000)).scene()["real_samples"]
    assert (shown[0], shown[-1]) == (points[7], points[992])


def test_the_best_of_everything_stays_that_of_the_target() -> None:
    fresh, fixed = Probe(config(0)).scene(), Probe(config(3)).scene()
    for name in ("target_density", "optimal_maps", "modes", "x_axis"):
        assert fresh[name] == fixed[name]


def test_a_probe_fits_only_its_own_points() -> None:
    probe = Probe(config(3))
    assert probe.fits(config(3, batch_size=99))
    assert not probe.fits(config(4))
    assert not probe.fits(config(3, seed=1))
    assert Probe(config(0)).fits(config(0, seed=1))


def test_distance_to_the_points_of_a_generator_that_knows_them_by_heart() -> None:
    """One point p, and a G that says nothing but p: 0 to the points, and far from the target."""
    given = config(1, generator={"hidden": []})
    trainer = Trainer(given)
    trainer.generator.layers[0][:] = [[0.0], [points_of(given)[0]]]
    frame = observe(trainer)
    assert frame.points_wasserstein1 == pytest.approx(0.0, abs=1e-6)
    assert frame.wasserstein1 > 1.0


def test_distance_to_the_points_by_hand() -> None:
    """G is always 0: the distance is the mean of |p|."""
    given = config(8, generator={"hidden": []})
    trainer = Trainer(given)
    trainer.generator.layers[0][:] = 0.0
    # Every point counts exactly an eighth.
    assert observe(trainer).points_wasserstein1 == pytest.approx(np.abs(points_of(given)).mean(), rel=1e-6)


def test_without_points_there_is_no_distance_to_them() -> None:
    assert np.isnan(observe(Trainer(config(0))).points_wasserstein1)


def test_few_points_are_learned_by_heart() -> None:
    """Against two fixed points in the wrong places G comes nearer to them than to the target that they came from."""
    given = Config().patched("training_points", 2)
    trainer = Trainer(given)
    trainer.run(1500)
    frame = observe(trainer)
    assert frame.points_wasserstein1 < 0.5 * frame.wasserstein1


def labelled_points(**changes: Any) -> Config:
    config = Config().patched("conditional", True).patched("training_points", 3)
    for path, value in changes.items():
        config = config.patched(path, value)
    return config


def test_labels_are_drawn_as_often_as_the_points_have_them() -> None:
    config = labelled_points(seed=5)  # all three points are of the second mode
    points = training_set(config)
    assert points is not None
    assert points.labels.tolist() == [1, 1, 1]
    assert [each.weight for each in training_classes(config)] == [0.0, 1.0]
    told = np.concatenate([Trainer(config)._streams["label_g"].next() for _ in range(3)], axis=1)
    assert told[0].sum() == 0


@pytest.mark.parametrize("loss", ["non_saturating", "wasserstein_gp"])
def test_a_class_without_points_is_no_real_sample_anywhere(loss: str) -> None:
    config = labelled_points(seed=5, loss=loss)
    probe, trainer = Probe(config), Trainer(config)
    trainer.run(3)
    frame = observe(trainer, probe)
    # All mass is on the axis, and verdicts on reals are those on the three points.
    assert probe.scene()["real_histogram"][-1] == 0.0
    assert np.count_nonzero(frame.real_readout > 1e-6) <= 3
    assert frame.real_readout.sum() == pytest.approx(1.0, abs=1e-5)
    assert np.isfinite([frame.value, frame.accuracy_real, frame.wasserstein1]).all()


def test_points_are_a_distribution_with_its_inverse() -> None:
    (found,) = training_classes(config(4))
    points = np.sort(points_of(config(4)))
    np.testing.assert_array_equal(found.quantile(np.array([0.1, 0.3, 0.6, 0.9])), points)
    np.testing.assert_array_equal(found.cdf(points), [0.25, 0.5, 0.75, 1.0])
    assert found.cdf(points[0] - 1e-9) == 0.0
