"""Definitions on several observations: plateaus, mode switches, swings, weights and fits."""

import pytest

from gan1d.diagnosis.features import Features, FeatureWindow, TargetModes, has_fitted, mode_shares, weights_match

MODES = TargetModes((-2.0, 2.0), (0.5, 0.5), (0.5, 0.5))


def observation(error: float, masses: tuple[float, ...] = (0.5, 0.5), mass_on_modes: float = 1.0) -> Features:
    return Features(step=25, distance=error, error=error, target_distance=error, target_error=error,
                    axis_distance=0.1, jensen_shannon=0.1, masses=masses, mass_on_modes=mass_on_modes, optimality=0.5,
                    right_real=0.5, right_fake=0.5, mean_gradient=1.0, loss_gap=1.0,
                    gradient_alignment=1.0)  # fmt: skip


def window(*observations: Features) -> FeatureWindow:
    return FeatureWindow(observations, MODES)


def test_a_plateau_is_less_than_a_tenth_of_progress() -> None:
    assert window(*[observation(1.0)] * 4, *[observation(0.91)] * 4).has_plateaued(8)
    assert not window(*[observation(1.0)] * 4, *[observation(0.89)] * 4).has_plateaued(8)


def test_mode_switches_are_counted_between_dominant_modes() -> None:
    left, right, between = observation(1.0, (0.9, 0.1)), observation(1.0, (0.1, 0.9)), observation(1.0, (0.5, 0.5))
    assert window(left, between, right, right, left).mode_switches() == 2
    assert window(left, between, left).mode_switches() == 0
    assert window(left, observation(1.0, (0.1, 0.9), mass_on_modes=0.4), left).mode_switches() == 0


def test_swings_are_counted_by_a_factor_of_three() -> None:
    assert (
        window(observation(1.0), observation(0.49), observation(1.51), observation(0.49), observation(1.0)).swings()
        == 2
    )
    assert (
        window(observation(1.0), observation(0.51), observation(1.49), observation(0.51), observation(1.0)).swings()
        == 0
    )


def test_shares_are_relative_to_what_is_due() -> None:
    assert mode_shares([0.3, 0.7, 0.0], [0.6, 0.4, 0.0]).tolist() == pytest.approx([0.5, 1.75, 1.0])
    assert mode_shares([[0.5, 0.5], [0.1, 0.9]], [0.5, 0.5]).tolist() == [[1.0, 1.0], [0.2, 1.8]]


def test_weights_match_if_no_mode_lacks_more_than_the_tolerance() -> None:
    assert weights_match([0.31, 0.69], [0.5, 0.5], 0.4)
    assert not weights_match([0.29, 0.71], [0.5, 0.5], 0.4)
    assert weights_match([0.0, 1.0], [0.0, 1.0], 0.4)  # nothing is due to the first


def test_a_fit_is_near_with_every_weight_and_without_a_bad_moment() -> None:
    good = observation(0.09)
    assert has_fitted([good] * 3, MODES, error=0.1, tolerance=0.3)
    assert not has_fitted([observation(0.11)] * 3, MODES, error=0.1, tolerance=0.3)
    assert has_fitted([good, observation(0.23), good], MODES, error=0.1, tolerance=0.3)
    assert not has_fitted([good, observation(0.25), good], MODES, error=0.1, tolerance=0.3)
    assert not has_fitted([good, observation(0.09, (0.34, 0.66)), good], MODES, error=0.1, tolerance=0.3)
