"""Each rule on windows made for it: it holds, and it does not if one of its conditions is just missed."""

from dataclasses import replace
from typing import Any

import pytest

import gan1d
from gan1d.diagnosis.explanations import SENTENCES, explain
from gan1d.diagnosis.feature_window import WINDOW, FeatureWindow
from gan1d.diagnosis.features import Features, TargetModes, TranslationFeatures
from gan1d.diagnosis.kinds import (
    COLLAPSED,
    CONVERGED,
    DIVERGED,
    KINDS,
    LEARNING,
    MEMORIZATION,
    OSCILLATING,
    PLATEAU,
    ROUGH_FIT,
    SUSPECTED,
    UNTRAINED,
    WEAK,
    WON,
    DiagnosisType,
)
from gan1d.diagnosis.progress import SHORT, STEADY
from gan1d.diagnosis.rules import EARLIEST, LATER_SUSPICION, LONG, RULES, STANDSTILL, SUSPICION, select_diagnosis

MODES = TargetModes((-2.0, 2.0), (0.5, 0.5), (0.5, 0.5), axis_length=6.0)
FAIR = Features(step=1000, distance=0.8, error=0.4, target_distance=0.8, target_error=0.4,
                axis_distance=0.05, jensen_shannon=0.1, masses=(0.5, 0.5), mass_on_modes=0.9, optimal_accuracy=0.7,
                optimality=0.5, right_real=0.6, right_fake=0.6, mean_gradient=0.5, loss_gap=0.5,
                gradient_alignment=0.5, scores=(0.0, 1.0), fake_cdf=(0.0, 0.5, 1.0))  # fmt: skip
"""Halfway: nothing is wrong, and nothing is done yet."""
GOOD = replace(FAIR, distance=0.1, error=0.05, optimality=0.02, jensen_shannon=0.01)
ROUGH = replace(GOOD, jensen_shannon=0.1)
LOST = replace(FAIR, distance=2.0, error=1.0, masses=(0.01, 0.99), optimality=0.95)
BLIND = replace(FAIR, distance=2.0, error=1.0, optimality=0.1)
SURE = replace(FAIR, distance=9.0, error=4.5, mass_on_modes=0.0, masses=(0.0, 1.0), optimality=0.99, right_real=1.0,
               right_fake=1.0, mean_gradient=1.0, loss_gap=9.0, gradient_alignment=1.0)  # fmt: skip
LEFT, RIGHT = replace(LOST, masses=(0.95, 0.05)), replace(LOST, masses=(0.05, 0.95))


def window(*observations: Features) -> FeatureWindow:
    """The last of some observations, 25 steps apart."""
    steps = [replace(each, step=25 * index) for index, each in enumerate(observations)]
    return FeatureWindow(steps[-WINDOW:], MODES)


def same(observation: Features, count: int = WINDOW, **changes: Any) -> FeatureWindow:
    return window(*[replace(observation, **changes)] * count)


def said(found: FeatureWindow, present: DiagnosisType = LEARNING) -> str:
    return select_diagnosis(found, present).name


@pytest.mark.parametrize(
    ("observation", "kind"),
    [
        (GOOD, CONVERGED),
        (ROUGH, ROUGH_FIT),
        (FAIR, PLATEAU),
        (LOST, COLLAPSED),
        (BLIND, WEAK),
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
        (ROUGH, {"error": 0.16}),
        (ROUGH, {"masses": (0.24, 0.76)}),
        (LOST, {"masses": (0.11, 0.89)}),
        (LOST, {"error": 0.09, "jensen_shannon": 0.01}),
        (LOST, {"mass_on_modes": 0.5}),
        (BLIND, {"optimality": 0.26}),
        (BLIND, {"error": 0.19}),
        (SURE, {"optimality": 0.74}),
        (SURE, {"right_real": 0.94}),
        (SURE, {"right_fake": 0.94}),
        (replace(SURE, masses=(0.5, 0.5), jensen_shannon=0.01), {"error": 0.1, "masses": (0.1, 0.9)}),
        (FAIR, {"axis_distance": 4.9}),
    ],
)
def test_a_condition_just_missed_is_no_more_than_a_plateau(observation: Features, changes: dict[str, Any]) -> None:
    assert said(same(observation, **changes)) == "plateau"


def test_a_small_distance_alone_is_no_convergence() -> None:
    """At a divergence of .045 the optimal D raises the value of the game by .09: there is something left to tell."""
    assert said(same(GOOD, jensen_shannon=0.044)) == "converged"
    assert said(same(GOOD, jensen_shannon=0.046)) == "rough_fit"
    assert said(same(GOOD, jensen_shannon=0.059), CONVERGED) == "converged"
    assert said(same(GOOD, jensen_shannon=0.061), CONVERGED) == "rough_fit"


def test_a_translation_has_to_lead_back_to_converge() -> None:
    back = TranslationFeatures(order_kept=1.0, cycle_error=0.1, back_error=0.1)
    assert said(same(GOOD, translation=back), LEARNING) == "converged"
    for name in ("back_error", "cycle_error"):
        fair, poor = (same(GOOD, translation=replace(back, **{name: error})) for error in (0.14, 0.16))
        assert said(fair, LEARNING) != "converged"
        assert said(fair, CONVERGED) == "converged"
        assert said(poor, CONVERGED) != "converged"


@pytest.mark.parametrize(
    ("observation", "count", "suspected"),
    [
        (GOOD, SHORT, 0),
        (ROUGH, STANDSTILL, 0),
        (FAIR, STANDSTILL, 0),
        (LOST, EARLIEST, SUSPICION),
        (BLIND, EARLIEST, LATER_SUSPICION),
        (SURE, EARLIEST, SUSPICION),
    ],
)
def test_no_state_is_recognised_too_early(observation: Features, count: int, suspected: int) -> None:
    kind = select_diagnosis(same(observation), LEARNING)
    assert said(same(observation, count)) == kind.name
    assert said(same(observation, count - 1)) == (SUSPECTED[kind].name if suspected else "learning")
    if suspected:
        assert said(same(observation, suspected)) == SUSPECTED[kind].name
        assert said(same(observation, suspected - 1)) == "learning"


@pytest.mark.parametrize(("observation", "length"), [(LOST, LONG), (BLIND, LONG), (SURE, SHORT)])
def test_a_failure_that_begins_later_is_certain_as_soon_as_its_window_is_full(
    observation: Features, length: int
) -> None:
    kind = select_diagnosis(same(observation), LEARNING)
    before = [replace(observation, masses=(0.5, 0.5), optimality=0.5, right_fake=0.5)] * 6
    assert said(window(*before, *[observation] * length)) == kind.name
    assert said(window(*before, *[observation] * (length // 2))) != kind.name


@pytest.mark.parametrize("observation", [LOST, BLIND, SURE, FAIR, ROUGH])
def test_as_long_as_the_distance_falls_it_is_learning(observation: Features) -> None:
    falling = [replace(observation, error=observation.error * 0.95**i) for i in range(WINDOW)]
    assert said(window(*falling)) == "learning"


@pytest.mark.parametrize("observation", [LOST, BLIND, SURE, FAIR])
def test_a_failure_ends_when_the_distance_falls(observation: Features) -> None:
    kind = select_diagnosis(same(observation), LEARNING)
    falling = [replace(observation, error=observation.error * 0.9**i) for i in range(LONG)]
    assert said(window(*[observation] * 14, *falling[:2]), kind) == kind.name
    assert said(window(*[observation] * 14, *falling), kind) == "learning"


@pytest.mark.parametrize("observation", [LEFT, BLIND, SURE])
def test_no_failure_is_called_while_the_error_clearly_falls(observation: Features) -> None:
    """By .96 at each observation: .78 from half to half of 300 steps, and .85 of 200."""
    falling = [replace(observation, error=4.5 * 0.96**i) for i in range(STEADY)]
    kind = select_diagnosis(same(observation), LEARNING)
    assert said(window(*falling), kind) == "learning"
    # A fall that has ended is no hope.
    ended = [*falling, *[falling[-1]] * LONG]
    assert said(window(*ended), kind) == kind.name


@pytest.mark.parametrize(("observation", "found"), [(ROUGH, "learning"), (FAIR, "plateau")])
def test_a_better_shape_is_progress_where_the_distance_is_small(observation: Features, found: str) -> None:
    sharper = [replace(observation, jensen_shannon=0.4 * 0.95**i) for i in range(WINDOW)]
    assert said(window(*sharper)) == found


def test_one_bad_observation_does_not_end_a_fit_but_a_very_bad_one_does() -> None:
    observations = [GOOD] * SHORT
    assert said(window(*observations[:-2], replace(GOOD, error=0.29), GOOD)) == "converged"
    assert said(window(*observations[:-2], replace(GOOD, error=0.31), GOOD)) == "learning"
    assert said(window(*observations[:-2], replace(GOOD, masses=(0.0, 1.0)), GOOD)) == "converged"


@pytest.mark.parametrize(
    ("observation", "changes", "kind"),
    [
        (GOOD, {"error": 0.14}, CONVERGED),
        (GOOD, {"masses": (0.21, 0.79)}, CONVERGED),
        (ROUGH, {"error": 0.19}, ROUGH_FIT),
        (LOST, {"masses": (0.19, 0.81)}, COLLAPSED),
        (BLIND, {"optimality": 0.29}, WEAK),
        (BLIND, {"error": 0.19}, WEAK),
    ],
)
def test_to_stay_takes_less_than_to_begin(observation: Features, changes: dict[str, Any], kind: DiagnosisType) -> None:
    worse = same(observation, **changes)
    assert said(worse) != kind.name
    assert said(worse, kind) == kind.name


def test_d_has_still_won_if_it_errs_at_a_few_observations() -> None:
    slips = [replace(SURE, right_real=0.5), replace(SURE, right_fake=0.5), replace(SURE, optimality=0.1)]
    few, half = window(*[SURE] * SHORT, *slips), window(*[SURE] * SHORT, *slips, slips[0])
    assert said(few) != "discriminator_won"
    assert said(few, WON) == "discriminator_won"
    assert said(half, WON) != "discriminator_won"


def test_a_weak_d_stays_weak_if_it_is_right_for_a_moment() -> None:
    observations = [BLIND] * 9 + [replace(BLIND, optimality=0.9)] * 2 + [BLIND]
    assert said(window(*observations)) == "discriminator_weak"  # blind at eight of the last ten
    assert said(window(*observations[:-1], replace(BLIND, optimality=0.28))) == "learning"
    assert said(window(*observations[:-1], replace(BLIND, optimality=0.28)), WEAK) == "discriminator_weak"


def test_a_d_that_swings_between_right_and_wrong_is_not_weak() -> None:
    """At six of ten observations D knows nothing, at four it is right."""
    swinging = [replace(BLIND, optimality=1.2 if i % 5 < 2 else -0.3) for i in range(WINDOW)]
    assert said(window(*swinging[:10])) != "discriminator_weak"
    five = [replace(BLIND, optimality=1.2 if i % 2 else -0.3) for i in range(WINDOW)]
    assert said(window(*five), WEAK) != "discriminator_weak"


def test_one_change_of_the_mode_is_no_oscillation() -> None:
    assert said(window(*([LEFT] * 6 + [RIGHT] * 6) * 2)) == "oscillating"
    for present in (LEARNING, OSCILLATING):
        assert said(window(*[LEFT] * 12, *[RIGHT] * 12), present) == "mode_collapse"


def test_fakes_that_pass_one_mode_after_the_other_do_not_oscillate() -> None:
    modes = TargetModes((-2.0, 0.0, 2.0), (1 / 3,) * 3, (1 / 3,) * 3, axis_length=6.0)
    along = [replace(LOST, masses=tuple(float(i == j) for i in range(3))) for j in (0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2)]
    back = [*along[:9], *along[3:6]]
    assert select_diagnosis(FeatureWindow(along, modes), LEARNING) is not OSCILLATING
    assert select_diagnosis(FeatureWindow(back, modes), LEARNING) is OSCILLATING


def test_an_oscillation_is_over_after_twice_the_time_between_changes() -> None:
    quiet = [LEFT, LEFT, RIGHT, RIGHT, LEFT, LEFT, RIGHT]  # every 50 steps, so 200 steps decide
    assert said(window(*quiet, *[RIGHT] * 8), OSCILLATING) == "oscillating"
    assert said(window(*quiet, *[RIGHT] * 9), OSCILLATING) == "mode_collapse"
    slow = [LEFT] * 6 + [RIGHT] * 6 + [LEFT]  # every 150 steps: 300
    assert said(window(*slow, *[LEFT] * 11), OSCILLATING) == "oscillating"


def test_a_hopping_run_is_learning_only_while_its_error_still_falls() -> None:
    hopping = [replace((LEFT, RIGHT)[index % 2], error=1.6 * 0.93**index) for index in range(STEADY)]
    ended = [*hopping, *[replace(each, error=hopping[-1].error) for each in hopping[:6]]]
    assert said(window(*hopping), OSCILLATING) == "learning"
    assert said(window(*ended), OSCILLATING) == "oscillating"


def test_the_first_changes_are_no_oscillation() -> None:
    assert said(window(LEFT, RIGHT, LEFT, RIGHT)) != "suspected_oscillating"
    assert said(window(*[LEFT, RIGHT] * 3)) == "suspected_oscillating"
    assert said(window(*[LEFT, RIGHT] * 6)) == "oscillating"


def thrown_about(way: float, **changes: Any) -> list[Features]:
    """Fakes that move to and fro by some standard deviations: half of the mass leaps over a share of the axis of 6."""
    here = replace(FAIR, fake_cdf=(0.0,) * 30 + (1.0,) * 30, **changes)
    there = replace(here, fake_cdf=(0.0,) * 30 + (1.0 - way * 2 / 6,) * 30)
    return [(here, there)[i % 2] for i in range(WINDOW)]


def test_fakes_that_are_thrown_about_oscillate() -> None:
    assert said(window(*thrown_about(0.21))) == "oscillating"
    assert said(window(*thrown_about(0.19))) == "plateau"
    assert said(window(*thrown_about(0.21, error=0.24))) == "plateau"  # near the reals a swing is small
    assert said(window(*thrown_about(0.21, error=0.24)), OSCILLATING) == "oscillating"


def test_fakes_that_travel_to_the_reals_do_not_oscillate() -> None:
    """In the last ten of twelve observations the fakes travel .21·9 = 1.9. An error that falls by .15 is less than a
    tenth of that way, one that falls by .2 more."""

    def coming(fall: float) -> FeatureWindow:
        return window(*[replace(each, error=1.0 - fall * (i // 7)) for i, each in enumerate(thrown_about(0.21)[:12])])

    assert said(coming(0.15)) == "oscillating"
    assert said(coming(0.2)) != "oscillating"
    far = [replace(each, error=4.0 - 1.1 * (i // 7)) for i, each in enumerate(thrown_about(1.5)[:12])]
    assert said(window(*far)) != "oscillating"  # 1.1 of 13.5 is no luck, if it is more than a quarter of the error


def test_a_chased_d_is_not_weak() -> None:
    """Fakes that are thrown about, under a D whose curve hardly changes, or changes by half of its spread and more."""
    blind = [replace(each, optimality=0.1) for each in thrown_about(0.3)]
    assert said(window(*blind)) == "discriminator_weak"
    # A curve whose end goes to and fro between 1 and 1 + a changes by a or a/(1 + a) of its spread.
    moving = [replace(each, scores=(0.0, 1.0 + 2.0 * (i % 2))) for i, each in enumerate(blind)]
    assert said(window(*moving)) == "oscillating"
    slowly = [replace(each, scores=(0.0, 1.0 + 0.2 * (i % 2))) for i, each in enumerate(blind)]
    assert said(window(*slowly)) == "discriminator_weak"


def test_a_blind_d_that_is_chased_oscillates_near_the_reals_too() -> None:
    """A swing of .21 at an error of .24 is none of fakes that are thrown about, unless D knows nothing."""
    swinging = thrown_about(0.21, error=0.24)
    chased = [replace(each, optimality=0.1, scores=(0.0, 1.0 + 2.0 * (i % 2))) for i, each in enumerate(swinging)]
    assert said(window(*swinging)) == "plateau"
    assert said(window(*chased)) == "oscillating"


def test_a_weak_d_takes_precedence_over_fakes_that_ran_off() -> None:
    assert said(same(BLIND, axis_distance=6.0, error=30.0)) == "discriminator_weak"
    assert said(same(SURE, axis_distance=6.0, error=30.0)) == "diverged"


def test_a_single_mode_cannot_be_lost() -> None:
    only = replace(LOST, masses=(1.0,))
    found = FeatureWindow([only] * WINDOW, TargetModes((0.0,), (1.0,), (1.0,)))
    assert select_diagnosis(found, LEARNING) is PLATEAU


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

    far = {"target_distance": 0.8, "target_error": 0.4, "jensen_shannon": 0.3}
    assert select_diagnosis(by_points(**far), LEARNING) is MEMORIZATION
    assert select_diagnosis(by_points(0, **far), LEARNING) is ROUGH_FIT  # every batch is fresh
    assert select_diagnosis(by_points(target_error=0.12), LEARNING) is CONVERGED  # a good fit of the target, too
    assert select_diagnosis(by_points(error=0.19, **far), LEARNING) is MEMORIZATION
    assert select_diagnosis(by_points(error=0.14, target_error=0.05), LEARNING) is CONVERGED  # nearer to the target
    far |= {"optimality": 0.5}
    assert select_diagnosis(by_points(error=0.21, **far), LEARNING) is PLATEAU  # not even the points are learned
    near = by_points(error=0.08, target_error=0.127)  # 1.59 times
    assert select_diagnosis(near, LEARNING) is CONVERGED
    assert select_diagnosis(near, MEMORIZATION) is MEMORIZATION  # to stay takes less


def test_a_mode_without_a_training_sample_is_not_missed() -> None:
    """Of a few training samples none may lie there."""
    lost = [replace(LOST, masses=(0.0, 1.0))] * WINDOW
    assert said(FeatureWindow(lost, TargetModes((-2.0, 2.0), (0.5, 0.5), (0.0, 1.0), 3))) == "plateau"
    assert said(FeatureWindow(lost, TargetModes((-2.0, 2.0), (0.5, 0.5), (0.1, 0.9), 10))) == "mode_collapse"


def test_every_kind_has_a_sentence() -> None:
    assert set(SENTENCES) | {UNTRAINED} == set(KINDS)


def test_every_suspicion_has_a_rule_of_its_failure() -> None:
    assert {rule.kind for rule in RULES if rule.suspected} == set(SUSPECTED)


def test_presets_expect_known_diagnoses() -> None:
    names = {kind.name for kind in KINDS}
    for preset in gan1d.presets.values():
        assert preset.diagnosis
        assert set(preset.diagnosis) <= names
