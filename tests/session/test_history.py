"""History of a run: every step in buckets, and measurements at fixed steps."""

import itertools
import math

import numpy as np
import pytest

from gan1d.engine.arrays import Array
from gan1d.engine.training.reports import Reports
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.session.history import (
    HISTORY_LENGTH,
    MEASURED_LENGTH,
    MeasuredHistory,
    StepHistory,
    rounded,
)
from tests.tools import slow_but


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
@pytest.mark.parametrize("chunks", slow_but([[2, 25, 3]], [[1], [2, 25, 3], [4096], [7000, 1]]))
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
