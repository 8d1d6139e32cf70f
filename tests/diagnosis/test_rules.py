"""Each rule on tracks made up for it: it holds, and it does not as soon as one of its conditions is just missed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

import gan1d
from gan1d.diagnosis.explanations import SENTENCES, explain
from gan1d.diagnosis.features import LONG, LONGEST, SHORT, Features, FeatureWindow
from gan1d.diagnosis.rules import (
    COLLAPSED,
    CONVERGED,
    DIVERGED,
    KINDS,
    LEARNING,
    MEMORIZATION,
    OSCILLATING,
    WEAK,
    WON,
    Kind,
    select_diagnosis,
)

FAIR = Features(step=1000, distance=0.8, error=0.4, target_distance=0.8, target_error=0.4,
                far=0.05, masses=(0.5, 0.5), mass_on_modes=0.9, optimality=0.5,
                right_real=0.6, right_fake=0.6, mean_gradient=0.5, loss_gap=0.5, gradient_alignment=0.5,
                scores=(0.0, 1.0))  # fmt: skip
"""On the way: nothing is wrong, and nothing is done yet."""
GOOD = replace(FAIR, distance=0.1, error=0.05, optimality=0.02)
LOST = replace(FAIR, distance=2.0, error=1.0, masses=(0.01, 0.99), optimality=0.95)
BLIND = replace(FAIR, distance=2.0, error=1.0, optimality=0.1)
SURE = replace(FAIR, distance=9.0, error=4.5, mass_on_modes=0.0, masses=(0.0, 1.0), optimality=0.99, right_real=1.0,
               right_fake=1.0, mean_gradient=1.0, loss_gap=9.0, gradient_alignment=1.0)  # fmt: skip
"""A D that is right everywhere and leads evenly to the reals: the grip is 1·9/9."""
FLAT = replace(SURE, mean_gradient=0.04)
LEFT, RIGHT = replace(LOST, masses=(0.95, 0.05)), replace(LOST, masses=(0.05, 0.95))


def window(*observations: Features) -> FeatureWindow:
    return FeatureWindow(observations[-LONGEST:], (-2.0, 2.0), (0.5, 0.5))


def same(observation: Features, count: int = LONGEST, **changes: Any) -> FeatureWindow:
    return window(*[replace(observation, **changes)] * count)


def said(found: FeatureWindow, present: Kind = LEARNING) -> str:
    return select_diagnosis(found, present).name


def test_on_the_way_it_is_learning() -> None:
    assert said(same(FAIR)) == "learning"
    assert said(same(FAIR, 1)) == "learning"


@pytest.mark.parametrize(
    ("observation", "kind"),
    [
        (GOOD, CONVERGED),
        (LOST, COLLAPSED),
        (BLIND, WEAK),
        (FLAT, WON),
        (SURE, WON),
        (replace(FAIR, far=5.1), DIVERGED),
    ],
)
def test_each_state_that_lasts_is_recognised(observation: Features, kind: Kind) -> None:
    assert said(same(observation)) == kind.name


@pytest.mark.parametrize(
    ("observation", "changes"),
    [
        (GOOD, {"error": 0.13}),
        (GOOD, {"masses": (0.29, 0.71)}),
        (LOST, {"masses": (0.11, 0.89)}),
        (LOST, {"error": 0.09}),
        (LOST, {"mass_on_modes": 0.5}),
        (BLIND, {"optimality": 0.26}),
        (BLIND, {"error": 0.24}),
        *(
            (observation, missed)
            for observation in (FLAT, SURE)
            for missed in ({"optimality": 0.89}, {"right_real": 0.94}, {"right_fake": 0.94}, {"error": 0.09})
        ),
        (FAIR, {"far": 4.9}),
    ],
)
def test_a_condition_that_is_just_missed(observation: Features, changes: dict[str, Any]) -> None:
    assert said(same(observation, **changes)) == "learning"


@pytest.mark.parametrize(
    ("observation", "count"), [(GOOD, SHORT), (LOST, LONG), (BLIND, LONG), (FLAT, SHORT), (SURE, LONG)]
)
def test_no_state_is_recognised_too_early(observation: Features, count: int) -> None:
    assert said(same(observation, count)) != "learning"
    assert said(same(observation, count - 1)) == "learning"


@pytest.mark.parametrize("observation", [LOST, BLIND, FLAT, SURE])
def test_as_long_as_the_distance_falls_it_is_learning(observation: Features) -> None:
    falling = [replace(observation, error=observation.error * 0.95**i) for i in range(LONGEST)]
    assert said(window(*falling)) == "learning"


def test_one_bad_look_does_not_unmake_a_fit_but_a_very_bad_one_does() -> None:
    observations = [GOOD] * SHORT
    assert said(window(*observations[:-2], replace(GOOD, error=0.29), GOOD)) == "converged"
    assert said(window(*observations[:-2], replace(GOOD, error=0.31), GOOD)) == "learning"


@pytest.mark.parametrize(
    ("observation", "changes", "kind"),
    [
        (GOOD, {"error": 0.19}, CONVERGED),
        (GOOD, {"masses": (0.21, 0.79)}, CONVERGED),
        (LOST, {"masses": (0.19, 0.81)}, COLLAPSED),
        (BLIND, {"optimality": 0.34}, WEAK),
        (BLIND, {"error": 0.16}, WEAK),
    ],
)
def test_to_stay_takes_less_than_to_begin(observation: Features, changes: dict[str, Any], kind: Kind) -> None:
    worse = same(observation, **changes)
    assert said(worse) == "learning"
    assert said(worse, kind) == kind.name


def test_a_plain_under_the_fakes_takes_half_as_long_to_be_sure_of_as_a_slope_that_is_no_help() -> None:
    """The grip is the pull over the mean slope, 9/9: a twentieth counts as a plain, and a tenth if it did before."""
    assert said(same(FLAT, SHORT, mean_gradient=0.049)) == "discriminator_won"
    assert said(same(FLAT, SHORT, mean_gradient=0.051)) == "learning"
    assert said(same(FLAT, SHORT, mean_gradient=0.099), WON) == "discriminator_won"
    assert said(same(FLAT, SHORT, mean_gradient=0.101), WON) == "learning"
    assert said(same(FLAT, SHORT, loss_gap=-1.0)) == "learning"  # no way down, and so no plain before it


@pytest.mark.parametrize("observation", [FLAT, SURE])
def test_a_d_that_slips_at_a_few_looks_has_still_won_but_not_only_just(observation: Features) -> None:
    slips = [
        replace(observation, right_real=0.5),
        replace(observation, right_fake=0.5),
        replace(observation, optimality=0.1),
    ]
    few, half = window(*[observation] * LONG, *slips), window(*[observation] * LONG, *slips, slips[0])
    assert said(few) == "learning"
    assert said(few, WON) == "discriminator_won"
    assert said(half, WON) == "learning"


def test_a_d_that_is_sure_is_a_good_teacher_if_g_gets_on_by_a_tenth_in_200_steps() -> None:
    slowly, faster = ([replace(SURE, error=4.5 * rate**i) for i in range(LONG)] for rate in (0.99, 0.985))
    assert said(window(*slowly)) == "discriminator_won"  # .99⁸ is .92
    assert said(window(*faster)) == "learning"  # .985⁸ is .89


def test_a_weak_d_that_is_right_by_chance_for_a_moment_is_weak() -> None:
    observations = [*[BLIND] * 10, replace(BLIND, error=0.05), replace(BLIND, optimality=0.9), *[BLIND] * 4]
    assert said(window(*observations), WEAK) == "discriminator_weak"
    assert said(window(*observations)) == "learning"


def test_another_mode_each_time_is_no_collapse() -> None:
    assert said(window(*([LEFT] * 6 + [RIGHT] * 6) * 2)) == "oscillating"
    assert said(window(*[LEFT] * 12, *[RIGHT] * 12)) == "learning"
    assert said(window(*[LEFT] * 12, *[RIGHT] * 12), OSCILLATING) == "oscillating"


def test_leaps_at_the_start_are_no_oscillation() -> None:
    leaps = [LEFT, RIGHT, LEFT]
    assert said(window(*leaps, *[LEFT] * (LONG - 4))) == "learning"
    assert said(window(*leaps, *[FAIR] * LONG)) == "learning"


def test_a_wide_swing_of_the_distance_is_an_oscillation_far_from_a_fit_only() -> None:
    def swinging(size: float) -> Sequence[Features]:
        beat = [1.0, 0.4, 1.0, 1.6]
        return [replace(FAIR, error=size * beat[i % 4]) for i in range(LONGEST)]

    assert said(window(*swinging(0.4))) == "oscillating"
    assert said(window(*swinging(0.2))) == "learning"


def test_a_blind_d_under_which_all_fakes_leap_is_outrun_if_it_moves_and_weak_if_it_does_not() -> None:
    leaping = [replace((LEFT, RIGHT)[i // 7 % 2], optimality=0.1) for i in range(LONGEST)]  # at 7, 14 and 21
    still = [replace(observation, scores=(0.0, 1.0)) for observation in leaping]
    assert said(window(*still)) == "discriminator_weak"
    # A curve whose end goes to and fro between 1 and 1 + a changes by a/(1 + a) at 12 of 23 looks: .52, and .47.
    moving = [replace(observation, scores=(0.0, 1.0 + 1.1 * (i % 2))) for i, observation in enumerate(leaping)]
    assert said(window(*moving)) == "oscillating"
    slowly = [replace(observation, scores=(0.0, 1.0 + 0.9 * (i % 2))) for i, observation in enumerate(leaping)]
    assert said(window(*slowly)) == "discriminator_weak"
    often = [replace((LEFT, RIGHT)[i // 5 % 2], optimality=0.1) for i in range(LONGEST)]  # at 5, 10, 15 and 20
    assert said(window(*often)) == "oscillating"
    assert said(window(*often), WEAK) == "oscillating"


def test_a_weak_d_explains_why_the_fakes_ran_off() -> None:
    assert said(same(BLIND, far=6.0, error=30.0)) == "discriminator_weak"
    assert said(same(FLAT, far=6.0, error=30.0)) == "diverged"


def test_a_single_mode_cannot_be_dropped() -> None:
    only = replace(LOST, masses=(1.0,))
    assert select_diagnosis(FeatureWindow([only] * LONGEST, (0.0,), (1.0,)), LEARNING) is LEARNING


def test_one_of_eight_modes_can() -> None:
    masses = (0.0, *[1 / 7] * 7)
    found = FeatureWindow([replace(LOST, masses=masses)] * LONGEST, tuple(range(8)), (1 / 8,) * 8)
    assert select_diagnosis(found, LEARNING) is COLLAPSED
    assert "the one at 0 gets none instead of 12 %" in explain(COLLAPSED, found, 0).sentence


def test_memorization_is_recognised_if_the_target_is_far() -> None:
    def by_points(points: int = 6, **changes: Any) -> FeatureWindow:
        return FeatureWindow([replace(GOOD, **changes)] * LONGEST, (-2.0, 2.0), (0.5, 0.5), points)

    far = {"target_distance": 0.8, "target_error": 0.4}
    assert select_diagnosis(by_points(**far), LEARNING) is MEMORIZATION
    assert select_diagnosis(by_points(0, **far), LEARNING) is CONVERGED  # every batch is fresh
    assert select_diagnosis(by_points(target_error=0.09), LEARNING) is CONVERGED  # below .05·2
    assert select_diagnosis(by_points(target_error=0.12), LEARNING) is CONVERGED  # a good fit of the target, too
    assert (
        select_diagnosis(by_points(error=0.3, optimality=0.5, **far), LEARNING) is LEARNING
    )  # not even the points are learned
    near = by_points(error=0.08, target_error=0.13)
    assert select_diagnosis(near, LEARNING) is CONVERGED
    assert select_diagnosis(near, MEMORIZATION) is MEMORIZATION  # to stay takes less


def test_a_mode_that_nothing_is_due_to_is_not_missed() -> None:
    """Of a few training points none may lie there."""
    found = FeatureWindow([replace(GOOD, masses=(0.0, 1.0))] * LONGEST, (-2.0, 2.0), (0.0, 1.0), 3)
    assert found.coverage(found.now) == [1.0, 1.0]


def test_every_kind_has_a_label_a_help_and_a_sentence() -> None:
    assert [kind.name for kind in KINDS] == list(dict.fromkeys(kind.name for kind in KINDS))
    for kind in KINDS:
        assert kind.label
        assert kind.help.endswith(".")
    assert set(SENTENCES) | {"untrained"} == {kind.name for kind in KINDS}


def test_presets_expect_what_can_be_said() -> None:
    names = {kind.name for kind in KINDS}
    for preset in gan1d.presets.values():
        assert preset.diagnosis
        assert set(preset.diagnosis) <= names
