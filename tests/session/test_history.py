"""History of a run: every step in buckets, measurements at fixed steps, and marks in a person's words."""

import itertools
import math
from functools import partial

import numpy as np
import pytest

from gan1d import Config
from gan1d.engine.arrays import Array
from gan1d.engine.training.reports import Reports
from gan1d.engine.units import IDENTITY, Units
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.session.history import (
    HISTORY_LENGTH,
    KEPT_SHARE,
    MARKS_LENGTH,
    MEASURED_LENGTH,
    ChangeMarks,
    MeasuredHistory,
    StepHistory,
    change_label,
    rounded,
    transfer_label,
)

ADAM = {"kind": "adam", "learning_rate": 0.002}
PLAYER = {
    "hidden": [16, 16],
    "activation": {"kind": "sine"},
    "optimizer": ADAM,
    "initialization": {"random_biases": False},
}
BASE = Config.parsed(
    {
        "batch_size": 64,
        "discriminator_steps": 2,
        "target": {"kind": "gaussian_mixture", "modes": [{"position": -2.0}, {"position": 2.0}]},
        "penalty": {"kind": "r1"},
        "generator": PLAYER,
        "discriminator": PLAYER,
    }
)
"""Says all that the words below are about, because defaults may change."""


def reports(values: Array) -> Reports:
    """Reports of the steps 1, 2, … with these losses of D; the other numbers are multiples of them."""
    return Reports(np.arange(1, len(values) + 1), values, 2 * values, -values, 10 * values)


def collected(values: Array, chunks: list[int]) -> StepHistory:
    """A history to which the steps were added in chunks of these lengths, over and over."""
    history, sizes, begin = StepHistory(), itertools.cycle(chunks), 0
    while begin < len(values):
        end = begin + next(sizes)
        history.add(reports(values[begin:end]))
        begin = end
    return history


def test_a_short_history_holds_every_step() -> None:
    part = collected(np.array([0.5, 0.25, 4.0]), [1]).part()
    assert (part.stride, part.steps, part.first) == (1, 3, 0)
    assert part.last == {
        "loss_d": [0.5, 0.25, 4.0],
        "loss_g": [1.0, 0.5, 8.0],
        "grad_norm_d": [-0.5, -0.25, -4.0],
        "grad_norm_g": [5.0, 2.5, 40.0],
    }
    assert part.low == part.high == {}


def test_a_spike_of_one_step_stays_in_a_long_history() -> None:
    values = np.zeros(5 * HISTORY_LENGTH + 3)
    values[4321] = 7.5
    values[999] = -2.5
    part = collected(values, [256]).part()
    # 8 steps in a bucket are the first power of two with which 5 · 2048 + 3 steps fill at most 2048 buckets.
    assert part.stride == 8
    assert len(part.high["loss_d"]) == -(-len(values) // 8)
    assert part.high["loss_d"].index(7.5) == 4321 // 8
    assert part.low["loss_d"].index(-2.5) == 999 // 8


@pytest.mark.parametrize("count", [HISTORY_LENGTH, HISTORY_LENGTH + 1, 3 * HISTORY_LENGTH - 7, 20_011])
@pytest.mark.parametrize("chunks", [[1], [2, 25, 3], [4096], [7000, 1]])
def test_buckets_hold_extremes_and_last_values_however_the_steps_came(count: int, chunks: list[int]) -> None:
    values = np.random.default_rng(count).normal(size=count)
    part, stride = collected(values, chunks).part(), 1
    while count > stride * HISTORY_LENGTH:
        stride *= 2
    assert (part.stride, part.steps) == (stride, count)
    buckets = [values[begin : begin + stride] for begin in range(0, count, stride)]
    assert part.last["loss_d"] == pytest.approx([each[-1] for each in buckets], rel=1e-5)
    if stride > 1:
        assert part.low["loss_g"] == pytest.approx([2 * each.min() for each in buckets], rel=1e-5)
        assert part.high["grad_norm_d"] == pytest.approx([-each.min() for each in buckets], rel=1e-5)


def test_a_part_begins_with_the_bucket_of_the_next_step() -> None:
    history = collected(np.arange(1.0, 2 * HISTORY_LENGTH + 1), [1000])
    assert history.part(7).first == 3
    # Step 7 shares its bucket with step 8, so the bucket is sent again.
    assert history.part(7).last["loss_d"][0] == 8
    assert history.part(8).last["loss_d"][0] == 10
    assert history.part(2 * HISTORY_LENGTH).last["loss_d"] == []


def test_a_player_that_was_not_updated_has_no_extremes() -> None:
    history = collected(np.full(2 * HISTORY_LENGTH, np.nan), [512])
    history.add(reports(np.array([3.0, 1.0])))
    part = history.part(2 * HISTORY_LENGTH - 4)
    assert np.isnan(part.low["loss_d"][:-1]).all()
    assert (part.low["loss_d"][-1], part.high["loss_d"][-1], part.last["loss_d"][-1]) == (1.0, 3.0, 1.0)


def test_a_loss_beyond_all_bounds_is_infinite_and_no_warning() -> None:
    assert collected(np.array([1e200]), [1]).part().last["loss_d"] == [math.inf]


@pytest.mark.parametrize(
    ("value", "digits"),
    [(0.6931471805599453, "0.693147"), (123456789.0, "123457000.0"), (-1.0e-30, "-1e-30"), (0.0, "0.0")],
)
def test_numbers_have_six_digits_on_the_wire(value: float, digits: str) -> None:
    assert str(float(rounded(np.array([value], np.float32))[0])) == digits


def at(step: int) -> Frame:
    changed = object.__new__(Frame)
    changed.__dict__.update(dict.fromkeys(SCALARS, 0.5), step=step)
    return changed


def measured_until(last: int) -> MeasuredHistory:
    history, step = MeasuredHistory(), 0
    history.add(at(0))
    while (step := history.next_step(step)) <= last:
        history.add(at(step))
    return history


def test_measurements_are_close_at_first_and_then_evenly_apart() -> None:
    history = measured_until(1000)
    assert set(history.columns) == {"step", *SCALARS}
    assert history.columns["step"] == [*range(0, 100, 5), *range(100, 1001, 25)]


@pytest.mark.parametrize(("last", "stride"), [(2775, 5), (2800, 50), (6350, 50), (6400, 100), (100_000, 800)])
def test_a_long_history_of_measurements_is_thinned_evenly(last: int, stride: int) -> None:
    history = measured_until(last)
    steps = history.columns["step"]
    assert history.stride == stride
    assert len(steps) <= MEASURED_LENGTH
    assert all(len(column) == len(steps) for column in history.columns.values())
    if stride > 5:
        assert steps == list(range(0, last + 1, stride))


def test_a_new_measurement_of_the_same_step_replaces_the_old_one() -> None:
    history = measured_until(5)
    again = at(5)
    again.__dict__["wasserstein1"] = 0.125
    history.add(again)
    assert history.since(5)["wasserstein1"] == [0.125]
    assert history.columns["step"] == [0, 5]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("generator.optimizer.learning_rate", 0.008, "G learning rate 0.002 → 0.008"),
        ("discriminator.hidden", [32, 32, 8], "D layers 16-16 → 32-32-8"),
        ("discriminator.activation", "tanh", "D activation sine → tanh"),
        ("generator.optimizer.kind", "sgd", "G optimizer adam → sgd"),
        ("loss", "minimax", "loss non saturating → minimax"),
        ("batch_size", 128, "batch size 64 → 128"),
        ("seed", 3, "seed 0 → 3"),
        ("target.modes.1.position", 3.0, "mode 2 position 2 → 3"),
        ("generator.hidden.1", 8, "G hidden 2 16 → 8"),
        ("target.modes", [{"position": 1.0}], "modes 2 → 1"),
        ("penalty", "none", "penalty r1 → none"),
        ("generator.initialization.random_biases", True, "G random biases off → on"),
    ],
)
def test_a_change_in_words(path: str, value: object, words: str) -> None:
    assert change_label(BASE, BASE.patched(path, value), path) == words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, ""),
        (0.0, ", kept"),
        (0.999 * KEPT_SHARE, ", kept"),
        (0.0101, ", kept to 2 %"),
        (0.07, ", kept to 7 %"),
        (0.4263, ", kept to 43 %"),
        (math.inf, ", reinitialized"),
    ],
)
def test_what_became_of_a_network_in_words(error: float | None, words: str) -> None:
    assert transfer_label(error) == words


def changed(config: Config, size: int) -> Config:
    return config.patched("batch_size", size)


def test_a_drag_is_one_mark() -> None:
    marks, config = ChangeMarks(), BASE
    for n in range(60):
        new = changed(config, 65 + n)
        mark = marks.add(config, new, "batch_size", step=10 + n, now=5 + n / 60)
        config = new
    assert mark.label == "batch size 64 → 124"
    assert mark.step == 10
    assert marks.all == [mark]


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([0.002] * 3, "kept"),
        ([0.008] * 3, "kept to 3 %"),
        ([0.0, math.inf, 0.0], "reinitialized"),
        ([math.inf, 0.1], "reinitialized"),
    ],
)
def test_a_drag_keeps_as_much_as_all_its_turns_together(errors: list[float], words: str) -> None:
    marks, config = ChangeMarks(), BASE
    for n, error in enumerate(errors):
        new = config.patched("generator.hidden.0", 17 + n)
        mark = marks.add(config, new, "generator.hidden.0", step=10, now=5 + n / 60, error=error)
        config = new
    assert mark.label == f"G hidden 1 16 → {16 + len(errors)}, {words}"
    later = marks.add(config, config.patched("generator.hidden.0", 8), "generator.hidden.0", step=99, now=90, error=0.0)
    assert later.label.endswith("→ 8, kept")


def test_a_mark_says_that_place_and_scale_are_measured_anew() -> None:
    marks, new = ChangeMarks(), BASE.patched("target.modes.0.width", 4.0)
    add = partial(marks.add, BASE, new, "target.modes.0.width")
    assert add(step=10, now=5.0, units=IDENTITY).label == "mode 1 width 0.5 → 4"
    # The rest of the drag has new units, and all of it is one mark.
    for n in range(3):
        label = add(step=11 + n, now=5.1 + n / 60, units=Units(0.0, 30.0)).label
        assert label.endswith("0.5 → 4, place and scale measured anew")
    assert add(step=900, now=9.0, units=Units(0.0, 30.0)).label == "mode 1 width 0.5 → 4"


def test_changes_apart_are_marks_of_their_own() -> None:
    marks, config = ChangeMarks(), BASE
    marks.add(config, changed(config, 65), "batch_size", step=10, now=5.0)
    marks.add(changed(config, 65), changed(config, 66), "batch_size", step=900, now=8.0)
    marks.add(config, config.patched("discriminator_steps", 3), "discriminator_steps", step=900, now=8.1)
    assert [mark.label for mark in marks.all] == ["batch size 64 → 65", "batch size 65 → 66", "D updates 2 → 3"]


def test_changes_at_one_step_are_one_mark() -> None:
    marks, config = ChangeMarks(), BASE
    marks.add(config, changed(config, 65), "batch_size", step=10, now=5.0)
    marks.add(changed(config, 65), changed(config, 99), "batch_size", step=10, now=50.0)
    assert [mark.label for mark in marks.all] == ["batch size 64 → 99"]


def test_marks_are_bounded() -> None:
    marks, config = ChangeMarks(), BASE
    for n in range(MARKS_LENGTH + 50):
        marks.add(config, changed(config, 65), "batch_size", step=n, now=10.0 * n)
    assert len(marks.all) == MARKS_LENGTH
    assert marks.all[-1].step == MARKS_LENGTH + 49
