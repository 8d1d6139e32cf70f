"""Each rule on windows made for it: it holds, and it does not if one of its conditions is just missed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

import gan1d
from gan1d.diagnosis.explanations import SENTENCES, explain
from gan1d.diagnosis.features import LONG_WINDOW, SHORT_WINDOW, WINDOW, Features, FeatureWindow, TargetModes
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
    DiagnosisType,
    select_diagnosis,
)

MODES = TargetModes((-2.0, 2.0), (0.5, 0.5), (0.5, 0.5))
FAIR = Features(step=1000, distance=0.8, error=0.4, target_distance=0.8, target_error=0.4,
                axis_distance=0.05, jensen_shannon=0.1, masses=(0.5, 0.5), mass_on_modes=0.9, optimality=0.5,
                right_real=0.6, right_fake=0.6, mean_gradient=0.5, loss_gap=0.5, gradient_alignment=0.5,
                scores=(0.0, 1.0))  # fmt: skip
"""Learning: nothing is wrong, and nothing is done yet."""
GOOD = replace(FAIR, distance=0.1, error=0.05, optimality=0.02)
LOST = replace(FAIR, distance=2.0, error=1.0, masses=(0.01, 0.99), optimality=0.95)
BLIND = replace(FAIR, distance=2.0, error=1.0, optimality=0.1)
SURE = replace(FAIR, distance=9.0, error=4.5, mass_on_modes=0.0, masses=(0.0, 1.0), optimality=0.99, right_real=1.0,
               right_fake=1.0, mean_gradient=1.0, loss_gap=9.0, gradient_alignment=1.0)  # fmt: skip
"""A D that is right everywhere, on an even slope to the reals: the gradient strength is 1·9/9."""
FLAT = replace(SURE, mean_gradient=0.04)
LEFT, RIGHT = replace(LOST, masses=(0.95, 0.05)), replace(LOST, masses=(0.05, 0.95))


def window(*observations: Features) -> FeatureWindow:
    return FeatureWindow(observations[-WINDOW:], MODES)


def same(observation: Features, count: int = WINDOW, **changes: Any) -> FeatureWindow:
    return window(*[replace(observation, **changes)] * count)


def said(found: FeatureWindow, present: DiagnosisType = LEARNING) -> str:
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
        (replace(FAIR, axis_distance=5.1), DIVERGED),
    ],
)
def test_each_state_that_lasts_is_recognised(observation: Features, kind: DiagnosisType) -> None:
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
        (FAIR, {"axis_distance": 4.9}),
    ],
)
def test_a_condition_just_missed_is_not_recognised(observation: Features, changes: dict[str, Any]) -> None:
    assert said(same(observation, **changes)) == "learning"


@pytest.mark.parametrize(
    ("observation", "count"),
    [(GOOD, SHORT_WINDOW), (LOST, LONG_WINDOW), (BLIND, LONG_WINDOW), (FLAT, SHORT_WINDOW), (SURE, LONG_WINDOW)],
)
def test_no_state_is_recognised_too_early(observation: Features, count: int) -> None:
    assert said(same(observation, count)) != "learning"
    assert said(same(observation, count - 1)) == "learning"


@pytest.mark.parametrize("observation", [LOST, BLIND, FLAT, SURE])
def test_as_long_as_the_distance_falls_it_is_learning(observation: Features) -> None:
    falling = [replace(observation, error=observation.error * 0.95**i) for i in range(WINDOW)]
    assert said(window(*falling)) == "learning"


def test_one_bad_observation_does_not_end_a_fit_but_a_very_bad_one_does() -> None:
    observations = [GOOD] * SHORT_WINDOW
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
def test_to_stay_takes_less_than_to_begin(observation: Features, changes: dict[str, Any], kind: DiagnosisType) -> None:
    worse = same(observation, **changes)
    assert said(worse) == "learning"
    assert said(worse, kind) == kind.name


def test_d_has_won_after_half_the_time_if_the_gradient_has_vanished() -> None:
    """The gradient strength is 1·9/9 = 1: below a twentieth it has vanished, below a tenth if D has won already."""
    assert said(same(FLAT, SHORT_WINDOW, mean_gradient=0.049)) == "discriminator_won"
    assert said(same(FLAT, SHORT_WINDOW, mean_gradient=0.051)) == "learning"
    assert said(same(FLAT, SHORT_WINDOW, mean_gradient=0.099), WON) == "discriminator_won"
    assert said(same(FLAT, SHORT_WINDOW, mean_gradient=0.101), WON) == "learning"
    assert said(same(FLAT, SHORT_WINDOW, loss_gap=-1.0)) == "learning"  # no way down, and so no plain before it


@pytest.mark.parametrize("observation", [FLAT, SURE])
def test_d_has_still_won_if_it_errs_at_a_few_observations(observation: Features) -> None:
    slips = [
        replace(observation, right_real=0.5),
        replace(observation, right_fake=0.5),
        replace(observation, optimality=0.1),
    ]
    few, half = window(*[observation] * LONG_WINDOW, *slips), window(*[observation] * LONG_WINDOW, *slips, slips[0])
    assert said(few) == "learning"
    assert said(few, WON) == "discriminator_won"
    assert said(half, WON) == "learning"


def test_a_sure_d_has_not_won_while_the_error_falls() -> None:
    slowly, faster = ([replace(SURE, error=4.5 * rate**i) for i in range(LONG_WINDOW)] for rate in (0.99, 0.985))
    assert said(window(*slowly)) == "discriminator_won"  # .99⁸ is .92
    assert said(window(*faster)) == "learning"  # .985⁸ is .89


def test_a_weak_d_stays_weak_if_it_is_right_for_a_moment() -> None:
    observations = [*[BLIND] * 10, replace(BLIND, error=0.05), replace(BLIND, optimality=0.9), *[BLIND] * 4]
    assert said(window(*observations), WEAK) == "discriminator_weak"
    assert said(window(*observations)) == "learning"


def test_changing_modes_are_no_collapse() -> None:
    assert said(window(*([LEFT] * 6 + [RIGHT] * 6) * 2)) == "oscillating"
    assert said(window(*[LEFT] * 12, *[RIGHT] * 12)) == "learning"
    assert said(window(*[LEFT] * 12, *[RIGHT] * 12), OSCILLATING) == "oscillating"


def test_early_mode_switches_are_no_oscillation() -> None:
    leaps = [LEFT, RIGHT, LEFT]
    assert said(window(*leaps, *[LEFT] * (LONG_WINDOW - 4))) == "learning"
    assert said(window(*leaps, *[FAIR] * LONG_WINDOW)) == "learning"


def test_swings_are_an_oscillation_only_far_from_a_fit() -> None:
    def swinging(size: float) -> Sequence[Features]:
        beat = [1.0, 0.4, 1.0, 1.6]
        return [replace(FAIR, error=size * beat[i % 4]) for i in range(WINDOW)]

    assert said(window(*swinging(0.4))) == "oscillating"
    assert said(window(*swinging(0.2))) == "learning"


def test_a_blind_d_with_mode_switches_is_weak_only_if_its_curve_hardly_changes() -> None:
    leaping = [replace((LEFT, RIGHT)[i // 7 % 2], optimality=0.1) for i in range(WINDOW)]  # at 7, 14 and 21
    still = [replace(observation, scores=(0.0, 1.0)) for observation in leaping]
    assert said(window(*still)) == "discriminator_weak"
    # A curve whose end goes to and fro between 1 and 1 + a changes by a/(1 + a) at 12 of 23 looks: .52, and .47.
    moving = [replace(observation, scores=(0.0, 1.0 + 1.1 * (i % 2))) for i, observation in enumerate(leaping)]
    assert said(window(*moving)) == "oscillating"
    slowly = [replace(observation, scores=(0.0, 1.0 + 0.9 * (i % 2))) for i, observation in enumerate(leaping)]
    assert said(window(*slowly)) == "discriminator_weak"
    often = [replace((LEFT, RIGHT)[i // 5 % 2], optimality=0.1) for i in range(WINDOW)]  # at 5, 10, 15 and 20
    assert said(window(*often)) == "oscillating"
    assert said(window(*often), WEAK) == "oscillating"


def test_a_weak_d_takes_precedence_over_fakes_that_ran_off() -> None:
    assert said(same(BLIND, axis_distance=6.0, error=30.0)) == "discriminator_weak"
    assert said(same(FLAT, axis_distance=6.0, error=30.0)) == "diverged"


def test_a_single_mode_cannot_be_lost() -> None:
    only = replace(LOST, masses=(1.0,))
    assert select_diagnosis(FeatureWindow([only] * WINDOW, TargetModes((0.0,), (1.0,), (1.0,))), LEARNING) is LEARNING


def test_one_of_eight_modes_can_be_lost() -> None:
    masses = (0.0, *[1 / 7] * 7)
    found = FeatureWindow(
        [replace(LOST, masses=masses)] * WINDOW, TargetModes(tuple(range(8)), (1 / 8,) * 8, (1 / 8,) * 8)
    )
    assert select_diagnosis(found, LEARNING) is COLLAPSED
    assert "the one at 0 gets none instead of 12 %" in explain(COLLAPSED, found, 0).sentence


def test_memorization_is_recognised_if_the_target_is_far() -> None:
    def by_points(points: int = 6, **changes: Any) -> FeatureWindow:
        return FeatureWindow([replace(GOOD, **changes)] * WINDOW, replace(MODES, training_samples=points))

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


def test_a_mode_without_a_training_sample_is_not_missed() -> None:
    """Of a few training samples none may lie there."""
    learned = [replace(GOOD, masses=(0.0, 1.0))] * WINDOW
    assert said(FeatureWindow(learned, TargetModes((-2.0, 2.0), (0.5, 0.5), (0.0, 1.0), 3))) == "memorization"
    assert said(FeatureWindow(learned, TargetModes((-2.0, 2.0), (0.5, 0.5), (0.1, 0.9), 10))) == "learning"
    lost = [replace(LOST, masses=(0.0, 1.0))] * WINDOW
    assert said(FeatureWindow(lost, TargetModes((-2.0, 2.0), (0.5, 0.5), (0.0, 1.0), 3))) == "learning"
    assert said(FeatureWindow(lost, TargetModes((-2.0, 2.0), (0.5, 0.5), (0.1, 0.9), 10))) == "mode_collapse"


def test_every_kind_has_a_label_a_help_and_a_sentence() -> None:
    assert [kind.name for kind in KINDS] == list(dict.fromkeys(kind.name for kind in KINDS))
    for kind in KINDS:
        assert kind.label
        assert kind.help.endswith(".")
    assert set(SENTENCES) | {"untrained"} == {kind.name for kind in KINDS}


def test_presets_expect_known_diagnoses() -> None:
    names = {kind.name for kind in KINDS}
    for preset in gan1d.presets.values():
        assert preset.diagnosis
        assert set(preset.diagnosis) <= names
