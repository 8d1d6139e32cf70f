"""Each criterion on tracks made by hand: what it must see, and what it must not take for it."""

from typing import Any

import numpy as np
import pytest

from gan1d.gallery.criteria import (
    OBSERVE_EVERY,
    Blurred,
    Certain,
    Claim,
    Collapsed,
    Covered,
    Criterion,
    Diverged,
    Dropped,
    Flattened,
    Fooled,
    Hopping,
    Measured,
    Memorised,
    Reached,
    Trajectory,
    Vanished,
)

HALF = [0.5, 0.5]
LEFT, RIGHT = [0.99, 0.01], [0.01, 0.99]
GOOD = {"errors": 0.05, "masses": HALF}
NOTHING = Measured(hits=0, seeds=1, median=0)


def trajectory_of(
    *looks: dict[str, Any], expected: list[float] | None = None, diverged: int | None = None
) -> Trajectory:
    """Looks one after the other; what is not said is that of a perfect fit that D cannot tell from the data."""
    fit = {
        "errors": 0.02,
        "point_errors": np.nan,
        "divergences": 0.01,
        "masses": HALF,
        "real_outputs": 0.5,
        "fake_outputs": 0.5,
        "spreads": 0.3,
        "pushes": 0.2,
    }
    rows = [{**fit, **look} for look in looks]
    columns = {name: np.array([row[name] for row in rows], float) for name in fit}
    return Trajectory(
        **columns,
        ema_errors=columns["errors"],
        steps=OBSERVE_EVERY * np.arange(1, len(rows) + 1),
        expected=np.array(HALF if expected is None else expected),
        diverged=diverged,
    )


def test_reached_is_the_first_of_three_good_looks_in_a_row() -> None:
    far = {"errors": 0.5}
    assert Reached().shown(trajectory_of(far, GOOD, GOOD, GOOD, far)) == 50
    assert Reached().shown(trajectory_of(GOOD, GOOD, far, GOOD, GOOD)) is None
    assert Reached().shown(trajectory_of(far, GOOD, GOOD)) is None


def test_reached_wants_both_the_distance_and_the_masses() -> None:
    lopsided = {"errors": 0.05, "masses": [0.68, 0.32]}
    assert Reached().shown(trajectory_of(*[lopsided] * 3)) is None
    assert Reached(tolerance=0.5).shown(trajectory_of(*[lopsided] * 3)) == 25
    # What is 36 % too much of one half is as it should be of .7.
    assert Reached().shown(trajectory_of(*[lopsided] * 3, expected=[0.7, 0.3])) == 25
    assert Reached().shown(trajectory_of(*[{"errors": 0.11}] * 3)) is None


def test_covered_has_to_last() -> None:
    assert Covered().shown(trajectory_of({"masses": LEFT}, {}, {})) == 50
    assert Covered().shown(trajectory_of({}, {}, {"masses": LEFT})) is None
    assert Covered(share=0.6).shown(trajectory_of({"masses": [0.31, 0.69]})) == 25
    assert Covered(share=0.6).shown(trajectory_of({"masses": [0.29, 0.71]})) is None


def test_memorised_is_near_to_the_points_and_far_from_the_target() -> None:
    by_heart = {"errors": 0.4, "point_errors": 0.19}
    assert Memorised().shown(trajectory_of({"errors": 0.4, "point_errors": 0.21}, by_heart, by_heart)) == 50
    assert Memorised().shown(trajectory_of(by_heart, {"errors": 0.1, "point_errors": 0.08})) is None
    assert Memorised().shown(trajectory_of({}, {})) is None  # no points


def test_blurred_has_the_shares_but_not_the_shape() -> None:
    assert Blurred().shown(trajectory_of({}, {"divergences": 0.06}, {"divergences": 0.06})) == 50
    assert Blurred().shown(trajectory_of({"divergences": 0.06}, {})) is None  # it came out sharp
    assert Blurred().shown(trajectory_of({"divergences": 0.06, "masses": LEFT})) is None  # a mode is missing


def test_collapsed_is_to_the_end() -> None:
    assert Collapsed().shown(trajectory_of({}, {"masses": RIGHT}, {"masses": RIGHT})) == 50
    assert Collapsed().shown(trajectory_of({"masses": RIGHT}, {"masses": RIGHT}, {})) is None
    assert Collapsed().shown(trajectory_of({"masses": [0.06, 0.94]})) is None


def test_a_run_that_broke_off_lasted_to_no_end() -> None:
    assert Collapsed().shown(trajectory_of({"masses": RIGHT}, {"masses": RIGHT}, diverged=60)) is None


def test_dropped_is_the_lightest_mode_alone() -> None:
    shares = [0.95, 0.05]
    assert Dropped().shown(trajectory_of({"masses": [0.999, 0.001]}, expected=shares)) == 25
    assert Dropped().shown(trajectory_of({"masses": [0.98, 0.02]}, expected=shares)) is None  # found, if small
    assert Dropped().shown(trajectory_of({"masses": [0.01, 0.99]}, expected=shares)) is None  # the heavy one is lost
    three = [0.6, 0.3, 0.1]
    assert Dropped().shown(trajectory_of({"masses": [0.7, 0.3, 0.0]}, expected=three)) == 25
    assert Dropped().shown(trajectory_of({"masses": [1.0, 0.0, 0.0]}, expected=three)) is None  # two are lost


def test_hopping_counts_changes_of_the_leader() -> None:
    left, right, between = {"masses": LEFT}, {"masses": RIGHT}, {"masses": [0.6, 0.4]}
    assert Hopping(times=3).shown(trajectory_of(left, right, left, right)) == 100
    assert Hopping(times=3).shown(trajectory_of(left, right, left, left)) is None
    # On its way it passes through looks without a leader; coming back to where it was is no change.
    assert Hopping(times=1).shown(trajectory_of(left, between, right)) == 75
    assert Hopping(times=1).shown(trajectory_of(left, between, left)) is None


def test_vanished_is_a_sure_d_without_a_pull_far_away() -> None:
    gone = {"errors": 3.0, "fake_outputs": 0.025, "pushes": 1e-3}
    assert Vanished().shown(trajectory_of({}, gone, gone)) == 50
    for cured in ({"errors": 0.5}, {"fake_outputs": 0.3}, {"pushes": 0.5}):
        assert Vanished().shown(trajectory_of(gone, {**gone, **cured})) is None


def test_fooled_is_far_off_and_unseen() -> None:
    assert Fooled().shown(trajectory_of({"errors": 0.9})) == 25
    assert Fooled().shown(trajectory_of({"errors": 0.1})) is None  # nothing to see
    assert Fooled().shown(trajectory_of({"errors": 0.9, "real_outputs": 0.7})) is None
    assert (
        Fooled().shown(trajectory_of({"errors": 0.9, "fake_outputs": 0.7})) is None
    )  # wrong, but not for want of strength


def test_certain_is_right_about_all() -> None:
    sure = {"errors": 0.9, "real_outputs": 0.97, "fake_outputs": 0.03}
    assert Certain().shown(trajectory_of(sure)) == 25
    assert Certain().shown(trajectory_of({**sure, "real_outputs": 0.7})) is None
    assert Certain().shown(trajectory_of({**sure, "real_outputs": 0.03, "fake_outputs": 0.97})) is None
    assert Certain().shown(trajectory_of({**sure, "errors": 0.1})) is None


def test_flattened_and_diverged() -> None:
    assert Flattened().shown(trajectory_of({}, {"spreads": 0.01})) == 50
    assert Flattened().shown(trajectory_of({"spreads": 0.01}, {"spreads": 0.03})) is None
    assert Diverged().shown(trajectory_of({}, diverged=33)) == 33
    assert Diverged().shown(trajectory_of({})) is None


@pytest.mark.parametrize(
    "criterion",
    [
        Reached(),
        Covered(),
        Blurred(),
        Collapsed(),
        Dropped(),
        Hopping(),
        Vanished(),
        Fooled(),
        Certain(),
        Flattened(),
        Memorised(),
        Diverged(),
    ],
    ids=lambda criterion: type(criterion).__name__,
)
def test_each_is_said_in_words_with_its_numbers(criterion: Criterion) -> None:
    assert criterion.words[0].islower() or criterion.words.startswith(("G ", "D'"))
    assert criterion.shown(trajectory_of(*[{}] * 4)) is None or type(criterion) in (Reached, Covered)


def test_a_claim_is_not_met_too_late() -> None:
    run = trajectory_of({}, {}, {"masses": RIGHT}, {"masses": RIGHT})
    assert Claim(shows=Collapsed(), by=75, steps=100, measured=NOTHING).met(run) == 75
    assert Claim(shows=Collapsed(), by=50, steps=100, measured=NOTHING).met(run) is None
    assert Claim(shows=Hopping(), by=50, steps=100, measured=NOTHING).met(run) is None
