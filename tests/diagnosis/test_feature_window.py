"""Features of several observations: progress, mode switches, travel and fits."""

from dataclasses import replace

import pytest

from gan1d.diagnosis.feature_window import FeatureWindow, has_fitted
from gan1d.diagnosis.features import Features, TargetModes, error_of

MODES = TargetModes((-2.0, 2.0), (0.5, 0.5), (0.5, 0.5))


def observation(error: float, masses: tuple[float, ...] = (0.5, 0.5), mass_on_modes: float = 1.0) -> Features:
    return Features(step=25, distance=error, error=error, target_distance=error, target_error=error,
                    axis_distance=0.1, jensen_shannon=0.1, masses=masses, mass_on_modes=mass_on_modes,
                    optimal_accuracy=0.6, optimality=0.5, right_real=0.5, right_fake=0.5, mean_gradient=1.0,
                    loss_gap=1.0, gradient_alignment=1.0)  # fmt: skip


def window(*observations: Features) -> FeatureWindow:
    return FeatureWindow(observations, MODES)


def test_progress_is_the_fall_of_the_median_from_half_to_half() -> None:
    falling = window(*[observation(error) for error in (1.0, 0.9, 0.8, 0.7)])
    assert falling.fall() == pytest.approx(0.2)  # upper medians: 1.0 and 0.8
    assert falling.progress() == pytest.approx(0.2)
    assert window(*[observation(1.0)] * 4, *[observation(2.0)] * 4).progress() == 0
    assert window(observation(1.0)).progress() == 0


def test_ups_and_downs_are_no_progress() -> None:
    """Of the six pairs of 1, 0.7, 0.8 and 0.6 one rises and five fall: the correlation is −2/3. Of 1, 0.7, 0.9 and 0.8
    two rise and four fall: −1/3."""
    assert window(*[observation(error) for error in (1.0, 0.7, 0.8, 0.6)]).fall() == pytest.approx(0.2)
    assert window(*[observation(error) for error in (1.0, 0.7, 0.9, 0.8)]).fall() == 0


def test_the_least_share_is_that_of_the_mode_which_mostly_lacks_most() -> None:
    """Of the first mode's shares 0, 1 and 0.4 the middle one is 0.4; of the second's 2, 1 and 1.6 it is 1.6."""
    masses = [(0.0, 1.0), (0.5, 0.5), (0.2, 0.8)]
    assert window(*[observation(1.0, each) for each in masses]).least_share() == pytest.approx(0.4)


def test_fakes_return_to_a_mode_that_they_had_left() -> None:
    first, second, third = [tuple(0.9 if i == j else 0.05 for i in range(3)) for j in range(3)]
    between = observation(1.0, (0.4, 0.3, 0.3))
    through = [observation(1.0, masses) for masses in (first, second, third)]
    assert not window(*through).returns()
    assert not window(through[0], between, through[0]).returns()
    assert window(*through, through[1]).returns()


def test_rank_correlation_counts_pairs() -> None:
    assert window(*[observation(error) for error in (3.0, 2.0, 1.0)]).rank_correlation(error_of) == -1
    assert window(*[observation(error) for error in (3.0, 1.0, 2.0)]).rank_correlation(error_of) == pytest.approx(
        -1 / 3
    )
    assert window(observation(1.0)).rank_correlation(error_of) == 0


def test_progress_of_another_feature() -> None:
    shapes = [replace(observation(1.0), jensen_shannon=divergence) for divergence in (0.4, 0.4, 0.1, 0.1)]
    assert window(*shapes).progress() == 0
    assert window(*shapes).progress(lambda each: each.jensen_shannon) == pytest.approx(0.75)


def test_mode_switches_are_counted_between_dominant_modes() -> None:
    left, right, between = observation(1.0, (0.9, 0.1)), observation(1.0, (0.1, 0.9)), observation(1.0, (0.5, 0.5))
    steps = [replace(each, step=25 * index) for index, each in enumerate((left, between, right, right, left))]
    assert window(*steps).mode_switches() == [50, 100]
    assert window(left, between, left).mode_switches() == []
    assert window(left, observation(1.0, (0.1, 0.9), mass_on_modes=0.4), left).mode_switches() == []


def test_travel_is_the_area_between_successive_distribution_functions() -> None:
    """Between (0, 0, 1) and (0, 1, 1) the mean of |F − G| at three edges is 1/3, on an axis of 6 deviations: 2."""
    there, here = (replace(observation(1.0), fake_cdf=cdf) for cdf in ((0.0, 0.0, 1.0), (0.0, 1.0, 1.0)))
    modes = replace(MODES, axis_length=6.0)
    assert FeatureWindow((there, here, there), modes).travel() == pytest.approx(2.0)
    assert FeatureWindow((there, here, here), modes).travel() == pytest.approx(1.0)
    assert FeatureWindow((there,), modes).travel() == 0


def test_a_fit_is_near_with_every_weight_and_without_a_bad_moment() -> None:
    good = observation(0.09)
    assert has_fitted([good] * 3, MODES, error=0.1, tolerance=0.3)
    assert not has_fitted([observation(0.11)] * 3, MODES, error=0.1, tolerance=0.3)
    assert has_fitted([good, observation(0.23), good], MODES, error=0.1, tolerance=0.3)
    assert not has_fitted([good, observation(0.25), good], MODES, error=0.1, tolerance=0.3)
    assert not has_fitted([good, observation(0.09, (0.34, 0.66)), good], MODES, error=0.1, tolerance=0.3)
