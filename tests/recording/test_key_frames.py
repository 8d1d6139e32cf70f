"""Key-frames: which states are kept in a budget."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer
from gan1d.recording.key_frames import BUDGET, SPACING, KeyFrame, KeyFrames, rank_of
from gan1d.recording.packed_state import trainer_state

CONFIG = Config()
STATE_BYTES = 10_950
"""Bytes of the default's light state, rounded up."""


def kept(steps: list[int], budget: int = BUDGET, size: int = STATE_BYTES) -> KeyFrames:
    frames = KeyFrames(budget)
    for step in steps:
        frames.add(KeyFrame(step, 0, CONFIG, bytes(size)))
    return frames


def test_a_state_of_the_default_has_about_as_many_bytes_as_is_taken_here() -> None:
    trainer = Trainer(Config(seed=7))
    trainer.run(500)
    assert 0.97 * STATE_BYTES < len(trainer_state(trainer, is_light=True)) <= STATE_BYTES


def test_all_are_kept_while_there_is_room() -> None:
    frames = kept([0, 25, 60], 30, size=10)
    assert frames.steps == [0, 25, 60]
    assert frames.largest_gap == 35


def test_a_run_of_100_000_steps_at_the_default_has_no_gap_above_68_steps() -> None:
    frames, largest = KeyFrames(), 0
    for step in range(0, 100_001, SPACING):
        frames.add(KeyFrame(step, 0, CONFIG, bytes(STATE_BYTES)))
        largest = max(largest, frames.largest_gap if step % 35 == 0 else 0)
    assert largest <= 68
    assert len(frames) * STATE_BYTES <= BUDGET


def test_the_oldest_are_thinned_first() -> None:
    steps = kept(list(range(0, 60_001, SPACING))).steps
    gaps = [after - before for before, after in pairwise(steps)]
    assert gaps == sorted(gaps, reverse=True)
    assert set(gaps) == {SPACING, 2 * SPACING}


def test_those_between_the_regular_steps_go_first() -> None:
    steps = [0, SPACING, SPACING + 5, 2 * SPACING, 2 * SPACING + 1, 3 * SPACING]
    assert kept(steps, 50, size=10).steps == [0, SPACING, 2 * SPACING, 2 * SPACING + 1, 3 * SPACING]
    assert kept(steps, 40, size=10).steps == [0, SPACING, 2 * SPACING, 3 * SPACING]
    assert kept(steps, 30, size=10).steps == [0, 2 * SPACING, 3 * SPACING]


@pytest.mark.parametrize(("step", "rank"), [(0, 0), (34, 1), (68, 2), (102, 1), (136, 3), (33, -1), (137, -1)])
def test_the_rank_says_how_often_a_step_can_be_halved(step: int, rank: int) -> None:
    assert rank_of(step) == rank


def test_the_first_and_the_newest_are_kept_even_if_they_are_too_large() -> None:
    assert kept([0, 25, 50], 10, size=100).steps == [0, 50]


def test_one_at_the_same_step_is_replaced() -> None:
    frames = kept([0, 25], 1000, size=10)
    frames.add(KeyFrame(25, 3, CONFIG, b"new"))
    assert frames.steps == [0, 25]
    assert frames.before(30).events == 3


def test_a_step_that_goes_back_is_refused() -> None:
    with pytest.raises(ValueError, match="Expected a step of 25 or more, but got 24"):
        kept([0, 25]).add(KeyFrame(24, 0, CONFIG, b""))


def test_the_nearest_one_before_a_step_is_found() -> None:
    frames = kept([10, 25, 60])
    assert [frames.before(step).step for step in (10, 24, 25, 59, 60, 999)] == [10, 10, 25, 25, 60, 60]
    with pytest.raises(ValueError, match="Expected a step of 10 or more, but got 9"):
        frames.before(9)


def test_one_is_due_after_the_spacing() -> None:
    assert KeyFrames().is_due(0)
    assert not kept([10]).is_due(10 + SPACING - 1)
    assert kept([10]).is_due(10 + SPACING)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=80), st.integers(1, 40))
def test_the_budget_holds_whatever_comes(gaps: list[int], room: int) -> None:
    steps = [sum(gaps[:at]) for at in range(len(gaps))]
    frames = kept(steps, 10 * room, size=10)
    assert len(frames) <= max(2, room)
    assert frames.steps == sorted(set(frames.steps))
    assert {steps[0], steps[-1]} <= set(frames.steps)
    part = frames.up_to(steps[-1] // 2)
    assert part.steps == [step for step in frames.steps if step <= steps[-1] // 2]
