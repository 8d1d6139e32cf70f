"""Each criterion on trajectories made by hand: what it must find, and what it must not mistake for it."""

from dataclasses import replace
from typing import Any

import pytest

from gan1d.diagnosis.features import OBSERVE_EVERY, Features, TargetModes, TranslationFeatures
from gan1d.diagnosis.trajectory import Trajectory
from gan1d.gallery.criteria import (
    Balanced,
    Blurred,
    Certain,
    Claim,
    Collapsed,
    Converged,
    Criterion,
    Diverged,
    Dropped,
    Flat,
    Fooled,
    Hopping,
    Memorized,
    Optimal,
    Ordered,
    OrderKept,
    OrderReversed,
    Reached,
    Sorted,
    Strayed,
    Trained,
    Translated,
    Undecided,
    Vanished,
)

HALF = (0.5, 0.5)
LEFT, RIGHT = (0.99, 0.01), (0.01, 0.99)
GOOD = {"error": 0.05, "masses": HALF}
FIT: dict[str, Any] = {
    "distance": 0.1,
    "error": 0.02,
    "target_distance": 0.1,
    "target_error": 0.02,
    "axis_distance": 0.01,
    "jensen_shannon": 0.01,
    "masses": HALF,
    "mass_on_modes": 0.9,
    "optimal_accuracy": 0.6,
    "optimality": 0.0,
    "right_real": 0.5,
    "right_fake": 0.5,
    "mean_gradient": 0.2,
    "loss_gap": 0.02,
    "gradient_alignment": 0.0,
}
"""A perfect fit that D cannot tell from the data."""


def trajectory_of(
    *observations: dict[str, Any],
    due: tuple[float, ...] = HALF,
    diverged: int | None = None,
    training_samples: int = 0,
) -> Trajectory:
    """Observations one after the other, each by its differences from a perfect fit."""
    centres = tuple(map(float, range(len(due))))
    return Trajectory(
        observations=[
            Features(step=OBSERVE_EVERY * index, **{**FIT, **observation})
            for index, observation in enumerate(observations, 1)
        ],
        modes=TargetModes(centres, due, due, training_samples),
        diverged=diverged,
    )


def test_converged_is_the_first_of_three_good_observations_in_a_row() -> None:
    far = {"error": 0.5}
    assert Converged().shown(trajectory_of(far, GOOD, GOOD, GOOD, far)) == 50
    assert Converged().shown(trajectory_of(GOOD, GOOD, far, GOOD, GOOD)) is None
    assert Converged().shown(trajectory_of(far, GOOD, GOOD)) is None


def test_converged_needs_both_the_distance_and_the_masses() -> None:
    lopsided = {"error": 0.05, "masses": (0.68, 0.32)}
    assert Converged().shown(trajectory_of(*[lopsided] * 3)) is None
    assert Converged(tolerance=0.5).shown(trajectory_of(*[lopsided] * 3)) == 25
    # 36 % too much for one half is right for 0.7.
    assert Converged().shown(trajectory_of(*[lopsided] * 3, due=(0.7, 0.3))) == 25
    assert Converged().shown(trajectory_of(*[{"error": 0.11}] * 3)) is None


def test_reached_need_not_last() -> None:
    """A mode with a fifth of its due mass is covered: 0.1 of 0.5."""
    covered = {"masses": (0.89, 0.11)}
    missed = {"masses": (0.91, 0.09)}
    assert Reached().shown(trajectory_of(missed, covered, missed)) == 50
    assert Reached().shown(trajectory_of(missed, missed)) is None
    assert Reached(tolerance=0.4).shown(trajectory_of(covered, GOOD)) == 50


def test_strayed_is_near_first_and_then_far() -> None:
    near, between, far = {"error": 0.4}, {"error": 0.8}, {"error": 1.1}
    assert Strayed().shown(trajectory_of(far, near, between, far, near)) == 100
    assert Strayed().shown(trajectory_of(far, between, far)) is None
    assert Strayed().shown(trajectory_of(far, near, between, near)) is None
    assert Strayed(near=0.9, far=1.0).shown(trajectory_of(between, far)) == 50


def test_flat_is_a_d_that_says_the_same_everywhere() -> None:
    # The standard deviation of ±a is a.
    flat, curved = {"scores": (0.005, -0.005)}, {"scores": (0.02, -0.02)}
    assert Flat().shown(trajectory_of(curved, flat, flat)) == 50
    assert Flat().shown(trajectory_of(flat, curved)) is None
    assert Flat(spread=0.1).shown(trajectory_of(curved, flat)) == 25


def test_balanced_has_to_last() -> None:
    assert Balanced().shown(trajectory_of({"masses": LEFT}, {}, {})) == 50
    assert Balanced().shown(trajectory_of({}, {}, {"masses": LEFT})) is None
    assert Balanced(tolerance=0.4).shown(trajectory_of({"masses": (0.31, 0.69)})) == 25
    assert Balanced(tolerance=0.4).shown(trajectory_of({"masses": (0.29, 0.71)})) is None


def test_memorized_is_near_the_training_samples_and_far_from_the_target() -> None:
    def shown(*observations: dict[str, Any], training_samples: int = 6) -> int | None:
        return Memorized().shown(trajectory_of(*observations, training_samples=training_samples))

    memorized = {"target_error": 0.4, "error": 0.19}
    assert shown({"target_error": 0.4, "error": 0.21}, memorized, memorized) == 50
    assert shown(memorized, {"target_error": 0.1, "error": 0.08}) is None
    assert shown(memorized, memorized, training_samples=0) is None


def test_blurred_has_the_weights_but_not_the_shape() -> None:
    blurred = {"jensen_shannon": 0.06}
    assert Blurred().shown(trajectory_of({}, blurred, blurred)) == 50
    assert Blurred().shown(trajectory_of(blurred, {})) is None  # it came out sharp
    assert Blurred().shown(trajectory_of({**blurred, "masses": LEFT})) is None  # a mode is missing


def test_collapsed_is_to_the_end() -> None:
    assert Collapsed().shown(trajectory_of({}, {"masses": RIGHT}, {"masses": RIGHT})) == 50
    assert Collapsed().shown(trajectory_of({"masses": RIGHT}, {"masses": RIGHT}, {})) is None
    assert Collapsed().shown(trajectory_of({"masses": (0.09, 0.91)})) == 25
    assert Collapsed().shown(trajectory_of({"masses": (0.11, 0.89)})) is None  # a fifth of a half is .1


def test_a_run_that_diverged_lasted_to_no_end() -> None:
    assert Collapsed().shown(trajectory_of({"masses": RIGHT}, {"masses": RIGHT}, diverged=60)) is None


def test_dropped_is_the_lightest_mode_alone() -> None:
    due = (0.95, 0.05)
    assert Dropped().shown(trajectory_of({"masses": (0.999, 0.001)}, due=due)) == 25
    assert Dropped().shown(trajectory_of({"masses": (0.98, 0.02)}, due=due)) is None  # found, if small
    assert Dropped().shown(trajectory_of({"masses": (0.01, 0.99)}, due=due)) is None  # the heavy one is lost
    three = (0.6, 0.3, 0.1)
    assert Dropped().shown(trajectory_of({"masses": (0.7, 0.3, 0.0)}, due=three)) == 25
    assert Dropped().shown(trajectory_of({"masses": (1.0, 0.0, 0.0)}, due=three)) is None  # two are lost


def test_hopping_counts_changes_of_the_dominant_mode() -> None:
    left, right, between = {"masses": LEFT}, {"masses": RIGHT}, {"masses": (0.6, 0.4)}
    assert Hopping(times=3).shown(trajectory_of(left, right, left, right)) == 100
    assert Hopping(times=3).shown(trajectory_of(left, right, left, left)) is None
    # Observations without a dominant mode lie on the way; to return to the same mode is no change.
    assert Hopping(times=1).shown(trajectory_of(left, between, right)) == 75
    assert Hopping(times=1).shown(trajectory_of(left, between, left)) is None


SURE = {"right_real": 0.97, "right_fake": 0.97, "optimality": 0.95}


def test_vanished_is_a_sure_d_without_a_gradient_far_away() -> None:
    gone = {**SURE, "error": 3.0, "distance": 6.0, "mean_gradient": 0.04, "loss_gap": 6.0}
    assert Vanished().shown(trajectory_of({}, gone, gone)) == 50
    for cured in ({"error": 0.5}, {"right_fake": 0.7}, {"mean_gradient": 0.06}):
        assert Vanished().shown(trajectory_of(gone, {**gone, **cured})) is None


def test_fooled_is_far_off_and_unseen() -> None:
    assert Fooled().shown(trajectory_of({"error": 0.9})) == 25
    assert Fooled().shown(trajectory_of({"error": 0.1})) is None  # nothing to see
    assert Fooled().shown(trajectory_of({"error": 0.9, "optimality": 0.3})) is None


def test_certain_is_right_about_all() -> None:
    sure = {**SURE, "error": 0.9}
    assert Certain().shown(trajectory_of(sure)) == 25
    assert Certain().shown(trajectory_of({**sure, "right_real": 0.7})) is None
    assert Certain().shown(trajectory_of({**sure, "right_real": 0.03, "right_fake": 0.03})) is None
    assert Certain().shown(trajectory_of({**sure, "optimality": 0.8})) is None
    assert Certain().shown(trajectory_of({**sure, "error": 0.1})) is None


def test_diverged() -> None:
    assert Diverged().shown(trajectory_of({}, diverged=33)) == 33
    assert Diverged().shown(trajectory_of({})) is None


@pytest.mark.parametrize(
    "criterion",
    [
        Converged(),
        Balanced(),
        Blurred(),
        Collapsed(),
        Dropped(),
        Hopping(),
        Vanished(),
        Fooled(),
        Certain(),
        Optimal(),
        Undecided(),
        Trained(),
        Memorized(),
        Diverged(),
    ],
    ids=lambda criterion: type(criterion).__name__,
)
def test_each_criterion_has_a_sentence(criterion: Criterion) -> None:
    assert criterion.words[0].islower() or criterion.words.startswith(("G ", "D "))
    assert criterion.shown(trajectory_of(*[{}] * 4)) is None or type(criterion) in (
        Converged,
        Balanced,
        Undecided,
        Trained,
    )


def test_optimal_is_nearly_the_best_d() -> None:
    assert Optimal().shown(trajectory_of({"optimality": 0.5}, {"optimality": 0.95}, {"optimality": 0.9})) == 50
    assert Optimal(least=0.95).shown(trajectory_of({"optimality": 0.9})) is None


def test_undecided_counts_real_and_fake_together_and_needs_a_fit() -> None:
    leaning = {"right_real": 0.1, "right_fake": 0.95}  # right about (.1 + .95) / 2 of all: .525
    assert Undecided().shown(trajectory_of(leaning)) == 25
    assert Undecided(within=0.02).shown(trajectory_of(leaning)) is None
    assert Undecided().shown(trajectory_of({**leaning, "error": 0.3})) is None
    assert Undecided().shown(trajectory_of({"right_real": 0.7, "right_fake": 0.7})) is None


def test_trained_is_a_number_of_steps() -> None:
    assert Trained(step=30).shown(trajectory_of({}, {}, {})) == 50
    assert Trained(step=80).shown(trajectory_of({}, {}, {})) is None


def test_a_claim_is_not_met_too_late() -> None:
    run = trajectory_of({}, {}, {"masses": RIGHT}, {"masses": RIGHT})
    assert Claim(shows=Collapsed(), by=75, steps=100).met(run) == 75
    assert Claim(shows=Collapsed(), by=50, steps=100).met(run) is None
    assert Claim(shows=Hopping(), by=50, steps=100).met(run) is None


def test_sorted_is_a_mode_for_each_value_of_the_code_to_the_end() -> None:
    own, mixed, same = ((0.95, 0.05), (0.0, 1.0)), ((0.95, 0.05), (0.2, 0.8)), ((0.95, 0.05), (1.0, 0.0))
    rows = [{"code_masses": masses} for masses in (mixed, own, own)]
    assert Sorted().shown(trajectory_of(*rows)) == 50
    assert Sorted().shown(trajectory_of(*rows, {"code_masses": mixed})) is None
    assert Sorted(purity=0.7).shown(trajectory_of(*rows)) == 25
    assert Sorted().shown(trajectory_of({"code_masses": same})) is None
    assert Sorted().shown(trajectory_of(GOOD)) is None


def test_ordered_is_rising_or_falling_to_the_end() -> None:
    rising, falling, mixed = {"code_order": 0.97}, {"code_order": -0.97}, {"code_order": 0.94}
    assert Ordered().shown(trajectory_of(mixed, rising, rising)) == 50
    assert Ordered().shown(trajectory_of(mixed, falling)) == 50
    assert Ordered().shown(trajectory_of(rising, mixed)) is None
    assert Ordered(least=0.9).shown(trajectory_of(rising, mixed)) == 25
    assert Ordered().shown(trajectory_of(GOOD)) is None


def test_a_translation_fits_both_ways_in_one_order_to_the_end() -> None:
    translation = TranslationFeatures(order_kept=0.97, cycle_error=0.1, back_error=0.1)

    def observed(error: float = 0.05, **changes: float) -> dict[str, Any]:
        return {"error": error, "translation": replace(translation, **changes)}

    kept, falling, mixed = observed(), observed(order_kept=0.03), observed(order_kept=0.6)
    for criterion, order, other in ((OrderKept(), kept, falling), (OrderReversed(), falling, kept)):
        assert criterion.shown(trajectory_of(mixed, order, order)) == 50
        assert criterion.shown(trajectory_of(other, other)) is None
        assert Translated().shown(trajectory_of(mixed, order)) == 50
    assert Translated().shown(trajectory_of(kept, mixed)) is None
    for name in ("error", "back_error", "cycle_error"):
        assert Translated().shown(trajectory_of(kept, observed(**{name: 0.25}))) is None
        assert Translated(error=0.3).shown(trajectory_of(kept, observed(**{name: 0.25}))) == 25
    assert Translated().shown(trajectory_of(GOOD)) is None
    assert "G keeps the order" in OrderKept().words
    assert "G reverses the order" in OrderReversed().words
