"""Sentences, with the numbers of the last observation."""

from dataclasses import replace

import pytest

from gan1d.diagnosis.explanations import (
    explain,
    explain_divergence,
    format_ratio,
    format_share,
    too_early,
    untrained,
)
from gan1d.diagnosis.feature_window import FeatureWindow
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
    WEAK,
    WON,
    DiagnosisType,
)
from gan1d.engine.training.reports import Divergence

MODES = TargetModes((-2.0, 2.5), (0.5, 0.5), (0.5, 0.5))
OBSERVATION = Features(step=700, distance=0.413, error=0.2, target_distance=0.413, target_error=0.2,
                axis_distance=0.04, jensen_shannon=0.1, masses=(0.376, 0.624), mass_on_modes=0.93,
                optimal_accuracy=0.577, optimality=0.31, right_real=0.997, right_fake=1.0, mean_gradient=0.003,
                loss_gap=0.413, gradient_alignment=0.9, fake_cdf=(0.0, 0.0, 1.0))  # fmt: skip


def sentence(kind: DiagnosisType, *observations: Features) -> str:
    return explain(kind, FeatureWindow(observations or [OBSERVATION] * 9, MODES), 600).sentence


def test_learning() -> None:
    assert sentence(LEARNING) == "Learning: 38 % at −2 and 62 % at 2.5. A fake has 0.41 to go on average."
    falling = [replace(OBSERVATION, error=0.9**i) for i in range(9)]
    assert sentence(LEARNING, *falling).endswith("and that is getting less.")
    sharper = [replace(OBSERVATION, jensen_shannon=0.9**i) for i in range(9)]
    assert sentence(LEARNING, *sharper).endswith("0.41 to go on average; the shape is getting better.")
    assert sentence(LEARNING, OBSERVATION) == too_early(25).sentence


def test_converged_states_what_is_left_for_the_optimal_d() -> None:
    assert sentence(CONVERGED) == (
        "Converged: every mode has about its share, and a fake is 0.41 off on average. Even the optimal D would be "
        "right about 58 % of all samples; 50 % is chance."
    )


def test_rough_fit_states_that_the_shape_is_wrong() -> None:
    assert sentence(ROUGH_FIT, *[replace(OBSERVATION, optimal_accuracy=0.71)] * 9) == (
        "Rough fit: every mode has about its share, and a fake is only 0.41 off on average, but the shape is wrong and "
        "gets no better. The optimal D would be right about 71 % of all samples; 50 % is chance."
    )


@pytest.mark.parametrize(
    ("order_kept", "words"),
    [(0.99, "keeps the order"), (0.01, "reverses the order"), (0.62, "keeps the order of 62 % of all pairs")],
)
def test_a_translation_states_its_order_and_how_far_it_leads_back(order_kept: float, words: str) -> None:
    translation = TranslationFeatures(order_kept=order_kept, cycle_error=0.04, back_error=0.05)
    seen = [replace(OBSERVATION, translation=translation)] * 9
    back = f"G {words}, and there and back a sample is off by 4 % of the spread."
    assert sentence(CONVERGED, *seen) == (
        f"Converged: every mode has about its share, and a fake is 0.41 off on average. {back}"
    )
    for kind in (LEARNING, ROUGH_FIT, PLATEAU):
        assert sentence(kind, *seen).endswith(f". {back}")
        assert len(sentence(kind, *seen)) < 240


def test_plateau_states_for_how_long_nothing_has_changed() -> None:
    assert sentence(PLATEAU) == (
        "Plateau: 38 % at −2 and 62 % at 2.5. A fake has 0.41 to go on average, and that has not got less for 400 "
        "steps."
    )


def test_a_suspicion_says_what_it_suspects_and_that_it_is_not_certain() -> None:
    assert sentence(SUSPECTED[COLLAPSED], *[replace(OBSERVATION, masses=(0.0, 1.0))] * 4) == (
        "Suspected: mode collapse: 100 % of the fakes sit on the mode at 2.5; the one at −2 gets none instead of 50 %. "
        "Hardly a fake is near enough to it to be pulled there. It is too early to be certain."
    )


def test_memorization_states_both_distances() -> None:
    window = FeatureWindow([replace(OBSERVATION, target_distance=1.2)] * 9, replace(MODES, training_samples=1200))
    assert explain(MEMORIZATION, window, 0).sentence == (
        "Memorization: a fake is 0.41 off the 1\u202f200 training samples on average, but 1.20 off the target that "
        "they were drawn from."
    )


def test_mode_collapse_states_the_mode_and_its_share() -> None:
    found = sentence(COLLAPSED, *[replace(OBSERVATION, masses=(0.013, 0.98))] * 9)
    assert found.startswith(
        "Mode collapse: 98 % of the fakes sit on the mode at 2.5; the one at −2 gets 1 % instead of 50 %."
    )


def test_oscillating_states_the_number_of_changes() -> None:
    left, right = replace(OBSERVATION, masses=(0.9, 0.1)), replace(OBSERVATION, masses=(0.1, 0.9))
    assert "in the last 100 steps nearly all fakes changed from one mode to another twice" in sentence(
        OSCILLATING, left, left, right, right, left
    )


def test_oscillating_states_the_way_of_the_fakes() -> None:
    """A third of an axis of 6 deviations at every look: 2 deviations of .413/.2 = 2.065 each."""
    here, there = OBSERVATION, replace(OBSERVATION, fake_cdf=(0.0, 1.0, 1.0))
    window = FeatureWindow((here, there, here), replace(MODES, axis_length=6.0))
    assert explain(OSCILLATING, window, 0).sentence.startswith(
        "Oscillating: a fake moves by 4.13 every 25 steps, but gets no nearer: it has 0.41 to go on average."
    )


def test_d_has_won_states_a_vanished_gradient() -> None:
    assert "right about 100 % of all samples, and so flat where the fakes are" in sentence(WON)
    assert "G is pulled 0.3 % as hard as on an even slope" in sentence(WON)  # .003·.413/.413


def test_d_has_won_states_the_misaligned_share_of_a_strong_gradient() -> None:
    steep = [replace(OBSERVATION, mean_gradient=2.0, gradient_alignment=0.06)] * 9
    assert "G is pulled hard, but only 53 % of the pull leads" in sentence(WON, *steep)  # (1 + .06)/2
    assert "flat" not in sentence(WON, *steep)
    straight = [replace(OBSERVATION, mean_gradient=2.0, gradient_alignment=0.9)] * 9
    assert "G is pulled hard and the right way, but learns too slowly: a fake still has 0.41" in sentence(
        WON, *straight
    )


def test_d_too_weak_states_its_optimality() -> None:
    assert "D tells only 31 % of what the optimal D could tell" in sentence(WEAK)
    assert "D tells nothing of" in sentence(WEAK, replace(OBSERVATION, optimality=-3.0))


def test_diverged() -> None:
    assert "the fakes are 6.25 times the length of the axis away" in sentence(
        DIVERGED, replace(OBSERVATION, axis_distance=6.25)
    )
    found = explain_divergence(Divergence(47, "generator", ""))
    assert found.sentence == "Diverged: the generator's gradient grew beyond all bounds, so there is no further step."
    assert (found.kind, found.since) == ("diverged", 47)


def test_untrained() -> None:
    assert untrained().sentence == "Untrained: no step has been made yet."


def seen(mean: float, deviation: float, kind: DiagnosisType = WEAK) -> str:
    """The sentence where both networks see data with this mean and standard deviation."""
    modes = replace(MODES, seen_mean=mean, seen_deviation=deviation)
    return explain(kind, FeatureWindow([OBSERVATION] * 9, modes), 600).sentence


def test_the_scale_is_named_as_the_cause() -> None:
    assert seen(5.0, 0.5) == (
        "D too weak: a fake is 0.41 off on average, but D tells only 31 % of what the optimal D could tell. The likely "
        "cause is the scale: both networks see data at 5 with a spread of 0.5. Switch standardize on."
    )
    assert "data at −6.5 with a spread of 1.6. Switch standardize on." in seen(-6.5, 1.58, PLATEAU)
    assert seen(-6.5, 1.58, SUSPECTED[WEAK]).endswith("Switch standardize on. It is too early to be certain.")


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 0.39), (0.0, 8.1), (3.1, 1.0), (-3.1, 1.0)])
def test_narrow_wide_and_far_data_are_hard_to_see(mean: float, deviation: float) -> None:
    assert "standardize" in seen(mean, deviation)


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 1.0), (0.0, 0.41), (0.0, 7.9), (2.9, 1.0), (-2.9, 1.0)])
def test_where_the_scale_is_no_trouble_the_game_is_the_cause(mean: float, deviation: float) -> None:
    assert seen(mean, deviation).endswith("Where it sends G is as good as chance.")
    assert "standardize" not in seen(9.0, 0.5, LEARNING)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_every_sentence_fits_into_one_line(kind: DiagnosisType) -> None:
    found = explain(kind, FeatureWindow([OBSERVATION] * 9, MODES), 600)
    assert found.sentence.startswith(f"{kind.label}: ")
    assert found.sentence.endswith(".")
    assert len(found.sentence) < 220
    assert (found.kind, found.since) == (kind.name, 600)


def test_many_modes_are_counted() -> None:
    observation = replace(OBSERVATION, masses=(0.32, 0.32, 0.32, 0.04))
    window = FeatureWindow([observation] * 9, TargetModes((-3.0, -1.0, 1.0, 3.0), (0.25,) * 4, (0.25,) * 4))
    assert "3 of 4 modes have at least a fifth of their share" in explain(LEARNING, window, 0).sentence


def test_numbers_in_sentences() -> None:
    assert [format_share(share) for share in (0.0, 0.004, 0.012, 0.996)] == ["none", "less than 1 %", "1 %", "100 %"]
    assert [format_ratio(share) for share in (0.03, 0.0031, 1e-5, 0.0)] == [
        "3 %", "0.3 %", "less than a thousandth", "less than a thousandth",
    ]  # fmt: skip
