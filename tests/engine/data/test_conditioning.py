"""Labels: the rows of the networks' inputs in which they stand, and how often each class occurs."""

import math
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.conditioning import (
    balanced_labels,
    class_count,
    evaluation_items_with_labels,
    inputs_of_discriminator,
    inputs_of_generator,
    label_sampler,
    one_hot,
    with_labels,
    write_labels,
)
from gan1d.engine.networks.discriminator_inputs import BatchDeviation, OneSample, Pack
from gan1d.engine.programs import run
from gan1d.engine.training.discriminator_update import DiscriminatorUpdate
from gan1d.engine.training.generator_update import GeneratorUpdate
from gan1d.engine.training.trainer import Trainer

THREE = [{"position": x, "width": 0.05, "weight": w} for x, w in ((3.0, 0.5), (-2.0, 0.2), (0.5, 0.3))]
"""In no order, and so narrow that the mode of a sample is known from its position."""
POSITIONS = np.array([3.0, -2.0, 0.5])


def labelled(**changes: Any) -> Config:
    config = Config().patched("target.modes", THREE).patched("batch_size", 16).patched("conditional", True)
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config


def test_one_hot_labels_have_a_row_for_each_class() -> None:
    np.testing.assert_array_equal(one_hot(np.array([2, 0, 2]), 3), [[0, 1, 0], [0, 0, 0], [1, 0, 1]])
    assert one_hot(np.array([], np.intp), 2, np.float32).shape == (2, 0)


def test_samples_come_with_the_labels_of_their_modes() -> None:
    draw = with_labels(labelled().target.labelled_samples, 3)
    block = draw(np.random.default_rng(5), 4000, np.float32)
    assert (block.shape, block.dtype) == ((4, 4000), np.float32)
    assert np.abs(block[0] - POSITIONS @ block[1:]).max() < 6 * 0.05
    np.testing.assert_array_equal(block[1:].sum(axis=0), 1.0)
    # Three standard deviations of 4,000 draws.
    np.testing.assert_allclose(block[1:].mean(axis=1), [0.5, 0.2, 0.3], atol=3 * math.sqrt(0.25 / 4000))
    np.testing.assert_array_equal(block[0], labelled().target.sample(np.random.default_rng(5), 4000, np.float32))


def test_labels_occur_in_proportion_to_their_weights() -> None:
    rows = label_sampler([1.0, 0.0, 3.0])(np.random.default_rng(2), 4000, np.float64)
    np.testing.assert_array_equal(rows.sum(axis=0), 1.0)
    np.testing.assert_allclose(rows.mean(axis=1), [0.25, 0.0, 0.75], atol=3 * math.sqrt(0.1875 / 4000))
    np.testing.assert_array_equal(label_sampler([2.0])(np.random.default_rng(2), 3), [[1, 1, 1]])


@pytest.mark.parametrize("weights", [[0.5, 0.5], [0.1, 0.2, 0.7], [1.0], [0.01, 0.99]])
def test_fixed_labels_keep_their_shares_at_any_length(weights: list[float]) -> None:
    labels = balanced_labels(weights, 200)
    counts = one_hot(labels, len(weights)).cumsum(axis=1)
    due = np.outer(weights, np.arange(1, 201))
    assert np.abs(counts - due).max() <= 1.0


def test_the_number_of_inputs_counts_classes_and_samples() -> None:
    plain = Config()
    assert (class_count(plain), inputs_of_generator(plain).rows, inputs_of_discriminator(plain).rows) == (0, 1, 1)
    assert (
        class_count(labelled()),
        inputs_of_generator(labelled()).rows,
        inputs_of_discriminator(labelled()).rows,
    ) == (3, 4, 4)
    packed = labelled(discriminator__view={"kind": "pack", "size": 2}, latent__dimension=5)
    assert (inputs_of_generator(packed).rows, inputs_of_discriminator(packed).rows) == (5 + 3, 2 + 2 * 3)
    assert inputs_of_discriminator(labelled(discriminator__view="batch_deviation")).rows == 2 + 3


def test_each_sample_of_a_pack_has_its_own_label() -> None:
    """A batch of two packs: pack 0 has the samples 0 and 2, pack 1 has the samples 1 and 3."""
    labels = one_hot(np.array([0, 1, 1, 0]), 2)
    rows = np.full((2 + 4, 2), np.nan)
    run(write_labels(Pack(size=2), labels, rows))
    assert np.isnan(rows[:2]).all()
    # Class 0 of first and second samples, then class 1 of them.
    np.testing.assert_array_equal(rows[2:], [[1, 0], [0, 1], [0, 1], [1, 0]])


@pytest.mark.parametrize("view", [OneSample(), BatchDeviation(), Pack(size=3)], ids=lambda view: view.kind)
def test_items_for_evaluation_are_labelled_like_those_of_training(view: Any) -> None:
    samples, labels = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 1, 1, 0])
    items = evaluation_items_with_labels(view, samples, one_hot(labels, 2))
    assert items.shape == (view.rows + 2 * view.samples, 4)
    for item in range(4):
        members = (item + np.arange(view.samples)) % 4
        np.testing.assert_array_equal(items[: view.samples, item], samples[members])
        np.testing.assert_array_equal(items[view.rows :, item].reshape(2, -1), one_hot(labels[members], 2))


def inputs_of(update: DiscriminatorUpdate) -> np.ndarray:
    items = update._items
    return update._work.inputs[:-1, : 2 * items].reshape(-1, 2, items)


@pytest.mark.parametrize("points", [0, 12])
def test_fakes_in_the_update_of_d_have_the_labels_of_the_reals(points: int) -> None:
    trainer = Trainer(labelled(training_points=points), np.float64)
    trainer.step()
    rows = inputs_of(trainer._update_d)
    np.testing.assert_array_equal(rows[1:, 0], rows[1:, 1])
    assert np.abs(trainer.units.to_x(rows[0, 0]) - POSITIONS @ rows[1:, 0]).max() < 6 * 0.05
    assert np.ptp(rows[1:, 0].argmax(axis=0)) > 0


def test_both_networks_get_the_labels_of_the_update_of_g() -> None:
    config = labelled(discriminator__view="batch_deviation", latent__dimension=2)
    trainer = Trainer(config, np.float64)
    trainer.step_generator()
    update: GeneratorUpdate = trainer._update_g
    (program,) = [
        arguments
        for call, arguments in update.gradient_program
        if getattr(call, "__self__", None) is trainer._streams["label_g"]
    ]
    labels = program[0]
    np.testing.assert_array_equal(labels.sum(axis=0), 1.0)
    of_d = [
        arguments[0]
        for call, arguments in update.gradient_program
        if call is np.copyto and arguments[1].base is labels.base
    ]
    assert any(np.array_equal(rows, labels) for rows in of_d)


def test_a_run_without_labels_draws_none() -> None:
    """Labels have a stream of their own, so runs without labels do not depend on it."""
    trainer = Trainer(Config().patched("batch_size", 8))
    trainer.run(3)
    assert trainer.state_dict()["streams"]["label_g"]["cursor"] == 0


def test_modes_at_the_same_position_are_different_classes() -> None:
    """Both modes are at 0, and differ in their widths."""
    same = [{"position": 0.0, "width": 0.5, "weight": 0.5}, {"position": 0.0, "width": 0.1, "weight": 0.5}]
    draw = with_labels(Config().patched("target.modes", same).target.labelled_samples, 2)
    samples, wide, narrow = draw(np.random.default_rng(1), 10_000, np.float64)
    assert samples[wide == 1].std() == pytest.approx(0.5, rel=0.05)
    assert samples[narrow == 1].std() == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("target", ["drawn", "samples", "uniform"])
def test_classes_of_other_targets_are_their_mode_intervals(target: str) -> None:
    config = Config().patched("target", target).patched("conditional", True)
    samples, labels = config.target.labelled_samples(np.random.default_rng(3), 500)
    mode_intervals = config.target.mode_intervals()
    assert class_count(config) == len(mode_intervals)
    for index, interval in enumerate(mode_intervals):
        assert np.all((samples[labels == index] >= interval.low) & (samples[labels == index] <= interval.high))


def test_another_number_of_classes_reinitializes_both_networks() -> None:
    config = labelled()
    trainer = Trainer(config)
    trainer.run(5)
    assert trainer.change(labelled(target__modes=THREE[:2])) == {"generator": math.inf, "discriminator": math.inf}
    trainer.run(2)
    assert trainer.change(labelled(target__modes=[{**THREE[0], "position": 1.0}, THREE[1]])) == {}
    assert trainer.step().step == 8


@pytest.mark.parametrize(("path", "value"), [("conditional", False), ("latent.dimension", 2)])
def test_the_use_of_labels_and_the_latent_dimension_ask_for_a_new_trainer(path: str, value: Any) -> None:
    config = labelled()
    assert config.patched(path, value).effect_of(config) == "restart"
    with pytest.raises(ValueError, match="latent dimension, use of labels and of a source, values of"):
        Trainer(config).change(config.patched(path, value))


def test_a_saved_run_with_labels_continues_bit_for_bit() -> None:
    config = labelled(latent__dimension=3, training_points=20)
    trainer = Trainer(config)
    trainer.run(7)
    again = Trainer.restore(config, trainer.state_dict())
    trainer.run(140)
    again.run(140)
    assert np.array_equal(trainer.generator.parameters, again.generator.parameters)
    assert trainer.report == again.report


@pytest.mark.slow
def test_each_label_learns_its_mode() -> None:
    trainer = Trainer(Config().patched("conditional", True))
    trainer.run(1000)
    z = trainer.config.latent.quantile((np.arange(400) + 0.5) / 400)
    for index, place in enumerate((-2.0, 2.0)):
        x = trainer.generator.apply(np.concatenate([z[None], one_hot(np.full(400, index), 2)]))
        assert x.mean() == pytest.approx(place, abs=0.2)
        assert x.std() == pytest.approx(0.5, abs=0.15)
