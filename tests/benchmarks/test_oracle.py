"""The oracle on measurements that are made up: each state is seen from its exact numbers alone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.oracle import AHEAD, Eye, Stretch, Trend, episodes, judged_at_end, rank_correlation, trend_of, true_of
from benchmarks.recordings import Recording
from gan1d.diagnosis.features import Features, TargetModes

STANDING, FALLING = Trend(1.0, 0.0), Trend(0.5, -0.8)
STRETCH = Stretch(error=0.4, worst=0.5, trend=STANDING, samples_trend=STANDING, shape_trend=STANDING,
                  to_samples=np.inf, divergence=0.1, least_share=0.9, lost=0.0, nearly_lost=0.0, on_modes=0.9, sure=0.0,
                  nearly_sure=0.0, known=0.5, blind=0.0, returns=0, travel=0.02, away=0.1)  # fmt: skip
FEATURES = Features(step=0, distance=0.4, error=0.4, target_distance=0.4, target_error=0.4, axis_distance=0.1,
                    jensen_shannon=0.1, masses=(0.5, 0.5), mass_on_modes=0.9, optimal_accuracy=0.7, optimality=0.5,
                    right_real=0.6, right_fake=0.6, mean_gradient=0.5, loss_gap=0.5, gradient_alignment=0.5,
                    scores=(0.0,), fake_cdf=(0.0, 0.5, 1.0))  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, "plateau"),
        ({"trend": FALLING}, "learning"),
        ({"error": 0.05, "divergence": 0.01, "worst": 0.1}, "converged"),
        ({"error": 0.05, "divergence": 0.1, "worst": 0.1}, "rough_fit"),
        ({"lost": 1.0, "nearly_lost": 1.0, "least_share": 0.0}, "mode_collapse"),
        ({"returns": 1}, "oscillating"),
        ({"travel": 0.3}, "oscillating"),
        ({"sure": 1.0, "nearly_sure": 1.0, "known": 0.9}, "discriminator_won"),
        ({"known": 0.1, "blind": 1.0}, "discriminator_weak"),
        ({"to_samples": 0.1}, "memorization"),
        ({"away": 6.0}, "diverged"),
    ],
)
def test_each_state_is_seen(changes: dict[str, Any], seen: str) -> None:
    assert true_of(replace(STRETCH, **changes), lenient=False) == {seen}
    assert seen in true_of(replace(STRETCH, **changes), lenient=True)


@pytest.mark.parametrize("failure", [{"lost": 1.0, "nearly_lost": 1.0}, {"known": 0.1, "blind": 1.0}])
def test_what_gets_better_is_no_failure(failure: dict[str, Any]) -> None:
    assert true_of(replace(STRETCH, trend=FALLING, **failure), lenient=False) == {"learning"}


def test_between_two_states_both_are_accepted() -> None:
    near = replace(STRETCH, error=0.05, divergence=0.05, worst=0.1)
    assert true_of(near, lenient=False) == set()
    assert true_of(near, lenient=True) == {"converged", "rough_fit"}


def test_nearer_to_the_samples_and_a_better_shape_of_a_small_error_may_be_learning() -> None:
    assert "learning" in true_of(replace(STRETCH, samples_trend=FALLING), lenient=True)
    assert "learning" in true_of(replace(STRETCH, error=0.19, shape_trend=FALLING), lenient=True)
    assert "learning" not in true_of(replace(STRETCH, error=0.21, shape_trend=FALLING), lenient=True)


def test_a_trend_compares_the_last_third_with_the_first() -> None:
    assert trend_of(np.array([4.0, 4.0, 2.0, 3.0, 1.0, 1.0])) == Trend(0.25, -11 / 15)  # 12 of 15 pairs fall, one rises


def test_rank_correlation_counts_pairs() -> None:
    assert rank_correlation(np.array([1.0, 2.0, 3.0])) == 1
    assert rank_correlation(np.array([3.0, 1.0, 2.0])) == pytest.approx(-1 / 3)  # two of three pairs fall
    assert rank_correlation(np.array([1.0])) == 0


def recording(errors: list[float], masses: list[tuple[float, float]]) -> Recording:
    """A run of a target with the standard deviation 2 by its errors and masses, half of which are due to each mode."""
    count = len(errors)
    flat = {name: np.full(count, 0.6) for name in ("accuracy_real", "accuracy_fake", "known")}
    return Recording(
        seed=1,
        steps=25 * (count - 1),
        config={"discriminator": {"view": {"kind": "one_sample"}}},
        diverged=None,
        deviation=2.0,
        modes=TargetModes((-1.0, 1.0), (0.5, 0.5), (0.5, 0.5)),
        features=[replace(FEATURES, step=25 * index) for index in range(count)],
        measured=flat
        | {
            "wasserstein1": 2.0 * np.array(errors),
            "jensen_shannon": np.full(count, 0.2),
            "mode_masses": np.array(masses),
        },
        seconds=0.0,
    )


def test_a_collapse_is_seen_from_its_first_observation_on() -> None:
    """The error falls to 1 within the first 100 steps, and all fakes are on one mode from the beginning."""
    run = recording([2.0, 1.7, 1.4, 1.1] + [1.0] * 37, [(1.0, 0.0)] * 41)
    last = list(episodes(Eye(run)))[-1]
    assert (last.kind, last.end, last.certain - last.onset) == ("mode_collapse", 1000, 200)
    assert last.onset <= 100
    assert judged_at_end(Eye(run))[0] == "mode_collapse"


def test_a_state_that_begins_in_the_last_500_steps_is_accepted() -> None:
    run = recording([0.4] * 28 + [0.1] * AHEAD, [(0.5, 0.5)] * 41)
    assert "rough_fit" in judged_at_end(Eye(run))[1]
