"""How fast: steps a second that are kept on average, and no burst after a stall."""

import math

import pytest

from gan1d.session.pacing import SLICE_SECONDS, Pace, Slices, StepRate, speeds


def made_in(pace: Pace, seconds: float, *, start: float = 0.0, least: float = 0.0) -> tuple[int, int]:
    """Steps and wake-ups of a session that always comes exactly when it is due, but not before `least` seconds."""
    now, steps, wakes = start, 0, 0
    while now < start + seconds:
        due = int(pace.allow(now))
        pace.spend(due)
        steps, wakes = steps + due, wakes + 1
        now += max(pace.wait(now), least, 1e-9)
    return steps, wakes


@pytest.mark.parametrize("speed", [0.5, 1.0, 7.0, 30.0, 200.0, 2000.0, 5000.0])
def test_a_speed_is_kept(speed: float) -> None:
    pace = Pace(speed)
    pace.start(0.0)
    steps, wakes = made_in(pace, 10.0)
    assert steps == pytest.approx(10 * speed, abs=1 + 0.005 * speed)
    assert wakes <= min(10 * speed, 2500) * 1.1 + 2


def test_the_first_step_comes_at_once() -> None:
    pace = Pace(0.5)
    pace.start(7.0)
    assert pace.allow(7.0) == 1
    pace.spend(1)
    assert pace.wait(7.0) == 2.0


def test_a_stall_is_not_made_up_for() -> None:
    pace = Pace(1000.0)
    pace.start(0.0)
    pace.spend(int(pace.allow(0.0)))
    assert pace.allow(60.0) == 100  # a tenth of a second's worth


def test_a_slow_speed_owes_one_step_after_a_stall() -> None:
    pace = Pace(2.0)
    pace.start(0.0)
    pace.spend(int(pace.allow(0.0)))
    assert pace.allow(60.0) == 1


def test_full_speed_and_one_step_a_frame() -> None:
    assert Pace("max").allow(0.0) == math.inf
    assert Pace("max").wait(0.0) == 0.0
    assert Pace("frame").allow(0.0) == 1


def test_the_menu_offers_what_can_be_chosen() -> None:
    values = [entry.value for entry in speeds()]
    assert values == [0.5, 1, 2, 5, 10, 30, "frame", 200, 500, 1000, 2000, 5000, "max"]
    assert len({entry.label for entry in speeds()}) == len(values)


@pytest.mark.parametrize("seconds_per_step", [3e-5, 1.1e-4, 6e-3])
def test_slices_last_half_a_millisecond_or_one_step(seconds_per_step: float) -> None:
    slices = Slices()
    for _ in range(60):
        slices.record(slices.size(), slices.size() * seconds_per_step)
    assert slices.size() == max(1, int(SLICE_SECONDS / seconds_per_step))


def test_one_interruption_does_not_shrink_slices_much() -> None:
    slices = Slices()
    for _ in range(60):
        slices.record(slices.size(), slices.size() * 2e-5)
    before = slices.size()
    slices.record(before, 1.0)
    assert slices.size() > before / 2


def test_a_rate_is_steps_over_time() -> None:
    rate = StepRate()
    rate.restart(100, 5.0)
    assert rate.measure(101, 5.01) == 0.0  # too soon to tell
    assert rate.measure(160, 7.0) == 30.0
    rate.restart(0, 8.0)
    assert rate.measure(0, 8.1) == 0.0
