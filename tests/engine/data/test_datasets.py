"""Training samples: drawn once, the same for the same settings, and the only reals of their run."""

from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.datasets import STREAM, TrainingSet, training_classes, training_set
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.fixed_samples import RUG
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe


def config(samples: int, **changes: Any) -> Config:
    return Config.parsed({"training_points": samples, "batch_size": 16, **changes})


def batches(trainer: Trainer, count: int) -> np.ndarray:
    return np.concatenate([trainer._streams["data"].next().copy() for _ in range(count)])


def samples_of(config: Config) -> np.ndarray:
    found = training_set(config)
    assert found is not None
    return found.samples


def assert_consists_of(values: Any, samples: np.ndarray) -> None:
    """AssertionError unless each value is one of the samples, up to rounding in double precision."""
    distances = np.abs(np.asarray(values)[:, None] - samples).min(axis=1)
    np.testing.assert_allclose(distances, 0.0, atol=1e-13)


def test_without_training_samples_there_is_no_training_set() -> None:
    assert training_set(config(0)) is None


@pytest.mark.parametrize("count", [1, 5, 300])
def test_every_batch_consists_of_training_samples(count: int) -> None:
    samples = samples_of(config(count))
    assert samples.shape == (count,)
    drawn = batches(Trainer(config(count, standardize=False)), 400)
    assert set(drawn.tolist()) <= set(samples.astype(np.float32).tolist())


@pytest.mark.parametrize("count", [1, 5, 300])
def test_every_batch_of_a_standardized_run_consists_of_standardized_training_samples(count: int) -> None:
    settings = config(count, target={"kind": "laplace", "position": 7.0, "scale": 3.0})
    trainer = Trainer(settings, np.float64)
    assert trainer.units.location == pytest.approx(7.0, abs=0.01)
    assert_consists_of(batches(trainer, 400), (samples_of(settings) - trainer.units.location) / trainer.units.scale)


def test_reals_in_the_update_of_g_are_training_samples() -> None:
    settings = config(3, standardize=False)
    trainer = Trainer(settings)
    shown = np.concatenate([trainer._streams["data_g"].next().copy() for _ in range(50)])
    assert set(shown.tolist()) == set(samples_of(settings).astype(np.float32).tolist())


def test_every_training_sample_is_equally_likely() -> None:
    drawn = TrainingSet(np.arange(5.0), np.zeros(5, np.intp)).sample(np.random.default_rng(1), 100_000)
    counts = np.bincount(drawn.astype(int))
    # 20,000 each, with a standard deviation of √(100,000·0.2·0.8) = 126; the bound is five of them.
    assert np.all(np.abs(counts - 20_000) < 632)


def test_training_samples_depend_on_the_settings_alone() -> None:
    first = samples_of(config(20))
    np.testing.assert_array_equal(first, samples_of(config(20, batch_size=64)))
    assert not np.array_equal(first, samples_of(config(20, seed=1)))
    assert not np.array_equal(first, samples_of(config(20, target={"kind": "laplace"})))


def test_training_samples_have_their_own_random_stream() -> None:
    """It is a child of the seed like the trainer's streams, with a number far beyond theirs."""
    children = np.random.SeedSequence(7).spawn(STREAM + 1)
    settings = config(20, seed=7)
    np.testing.assert_array_equal(
        samples_of(settings), settings.target.training_samples(np.random.default_rng(children[STREAM]), 20)
    )
    assert len(Trainer(settings)._rngs) < STREAM


def test_a_restored_run_continues_bit_for_bit() -> None:
    trainer = Trainer(config(7))
    trainer.run(150)
    again = Trainer.restore(config(7), trainer.state_dict())
    for each in (trainer, again):
        each.run(150)
    np.testing.assert_array_equal(trainer.generator.parameters, again.generator.parameters)


def test_another_number_takes_effect_in_a_running_game() -> None:
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
def test_the_scene_contains_training_samples(count: int, shown: int) -> None:
    scene, samples = Probe(config(count)).scene(), samples_of(config(count))
    assert scene["training_points"] == count
    assert len(scene["real_samples"]) == shown
    assert_consists_of(scene["real_samples"], samples)
    assert len(set(scene["real_samples"])) == shown
    edges = np.linspace(scene["x_axis"]["low"], scene["x_axis"]["high"], scene["x_bins"] + 1)
    counted = np.histogram(samples, [-np.inf, *edges, np.inf])[0]
    np.testing.assert_allclose(scene["real_histogram"], counted / count, atol=1e-12)


def test_the_scene_contains_a_selection_of_many_training_samples_evenly_spaced_in_rank() -> None:
    """64 of 1,000, at equal distances in rank: the first is the 8th, the last the 993rd."""
    samples = np.sort(samples_of(config(1000)))
    shown = Probe(config(1000)).scene()["real_samples"]
    assert (shown[0], shown[-1]) == (samples[7], samples[992])


def test_optimal_curves_are_those_of_the_target() -> None:
    fresh, fixed = Probe(config(0)).scene(), Probe(config(3)).scene()
    for name in ("target_density", "optimal_maps", "modes", "x_axis"):
        assert fresh[name] == fixed[name]


def test_a_probe_fits_only_its_own_training_samples() -> None:
    probe = Probe(config(3))
    assert probe.fits(config(3, batch_size=99))
    assert not probe.fits(config(4))
    assert not probe.fits(config(3, seed=1))
    assert Probe(config(0)).fits(config(0, seed=1))


def test_the_distance_to_memorized_training_samples_is_0() -> None:
    """There is one sample p, and G is always p: its distance to the sample is 0, and that to the target is large."""
    settings = config(1, generator={"hidden": []})
    trainer = Trainer(settings)
    trainer.generator.layers[0][:] = [[0.0], [trainer.units.standardize(samples_of(settings)[0])]]
    frame = observe(trainer)
    assert frame.points_wasserstein1 == pytest.approx(0.0, abs=1e-6)
    assert frame.wasserstein1 > 1.0


def test_the_distance_to_training_samples_by_hand() -> None:
    """G is always 0, so its distance to the samples p is the mean of |p|."""
    settings = config(8, generator={"hidden": []})
    trainer = Trainer(settings)
    trainer.generator.layers[0][:] = [[0.0], [trainer.units.standardize(0.0)]]
    # Each of the eight samples has the weight 1/8.
    assert observe(trainer).points_wasserstein1 == pytest.approx(np.abs(samples_of(settings)).mean(), rel=1e-6)


def test_without_training_samples_the_distance_to_them_is_nan() -> None:
    assert np.isnan(observe(Trainer(config(0))).points_wasserstein1)


@pytest.mark.slow
def test_few_training_samples_are_memorized() -> None:
    """With two training samples G comes closer to them than to the target from which they were drawn."""
    trainer = Trainer(Config().patched("training_points", 2))
    trainer.run(1500)
    frame = observe(trainer)
    assert frame.points_wasserstein1 < 0.5 * frame.wasserstein1


def labelled(**changes: Any) -> Config:
    config = Config().patched("conditional", True).patched("training_points", 3)
    for path, value in changes.items():
        config = config.patched(path, value)
    return config


def test_labels_are_drawn_as_often_as_they_occur_in_the_training_set() -> None:
    config = labelled(seed=5)  # all three samples are of the second mode
    found = training_set(config)
    assert found is not None
    assert found.labels.tolist() == [1, 1, 1]
    assert [each.weight for each in training_classes(config)] == [0.0, 1.0]
    labels = np.concatenate([Trainer(config)._streams["label_g"].next() for _ in range(3)], axis=1)
    assert labels[0].sum() == 0


@pytest.mark.parametrize("loss", ["non_saturating", "wasserstein_gp"])
def test_a_class_without_training_samples_occurs_nowhere(loss: str) -> None:
    config = labelled(seed=5, loss=loss)
    probe, trainer = Probe(config), Trainer(config)
    trainer.run(3)
    frame = observe(trainer, probe)
    # All mass is on the axis, and D's outputs for reals are those for the three samples.
    assert probe.scene()["real_histogram"][-1] == 0.0
    assert np.count_nonzero(frame.real_readout > 1e-6) <= 3
    assert frame.real_readout.sum() == pytest.approx(1.0, abs=1e-5)
    assert np.isfinite([frame.value, frame.accuracy_real, frame.wasserstein1]).all()


def test_the_quantile_inverts_the_empirical_cdf() -> None:
    (found,) = training_classes(config(4))
    samples = np.sort(samples_of(config(4)))
    np.testing.assert_array_equal(found.quantile(np.array([0.1, 0.3, 0.6, 0.9])), samples)
    np.testing.assert_array_equal(found.cdf(samples), [0.25, 0.5, 0.75, 1.0])
    assert found.cdf(samples[0] - 1e-9) == 0.0
