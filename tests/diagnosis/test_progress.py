"""Progress differs from noise: small falls and ups and downs do not count."""

from dataclasses import replace

import pytest

from gan1d.diagnosis.feature_window import FeatureWindow
from gan1d.diagnosis.features import Features, TargetModes
from gan1d.diagnosis.progress import STEADY, falls_steadily, gets_nearer, stands

MODES = TargetModes((-2.0, 2.0), (0.5, 0.5), (0.5, 0.5), axis_length=6.0)
FAIR = Features(step=0, distance=0.8, error=0.4, target_distance=0.8, target_error=0.4, axis_distance=0.05,
                jensen_shannon=0.1, masses=(0.5, 0.5), mass_on_modes=0.9, optimal_accuracy=0.7, optimality=0.5,
                right_real=0.6, right_fake=0.6, mean_gradient=0.5, loss_gap=0.5, gradient_alignment=0.5,
                scores=(0.0, 1.0), fake_cdf=(0.0, 0.5, 1.0))  # fmt: skip


def by_errors(*errors: float, target_error: float | None = None) -> FeatureWindow:
    """A window of these errors, which are those to the target as well unless it is given."""
    return FeatureWindow(
        [
            replace(FAIR, step=25 * index, error=error, target_error=error if target_error is None else target_error)
            for index, error in enumerate(errors)
        ],
        MODES,
    )


def test_an_error_stands_that_falls_by_less_than_a_tenth() -> None:
    """The medians of the halves are 1 and 0.91, or 1 and 0.89; of 45 pairs 20 are equal and 25 fall: −5/9."""
    assert stands(by_errors(*[1.0] * 5, *[0.91] * 5), is_current=False)
    assert not stands(by_errors(*[1.0] * 5, *[0.89] * 5), is_current=False)
    assert stands(by_errors(*[1.0] * 5, *[0.81] * 5), is_current=True)
    assert not stands(by_errors(*[1.0] * 5, *[0.79] * 5), is_current=True)


def test_a_steady_fall_has_to_be_as_large_as_any() -> None:
    """Ten observations, each below all before it: the medians of the halves are five of them apart."""
    assert stands(by_errors(*[1.0 - 0.019 * index for index in range(10)]), is_current=False)
    assert not stands(by_errors(*[1.0 - 0.021 * index for index in range(10)]), is_current=False)


def test_over_a_short_window_the_last_observation_counts_too() -> None:
    assert not stands(by_errors(1.0, 1.0, 1.1, 0.89), is_current=False)
    assert stands(by_errors(1.0, 1.0, 1.1, 0.91), is_current=False)


def test_another_feature_may_stand() -> None:
    sharper = [replace(FAIR, jensen_shannon=0.1 * 0.9**index) for index in range(10)]
    assert stands(FeatureWindow(sharper, MODES), is_current=False)
    assert not stands(FeatureWindow(sharper, MODES), False, lambda each: each.jensen_shannon)


@pytest.mark.parametrize(("last", "falls"), [(0.74, True), (0.76, False)])
def test_a_steady_fall_is_one_by_a_quarter_from_third_to_third(last: float, falls: bool) -> None:
    errors = [1.0] * 4 + [0.9] * 5 + [last] * 4
    assert falls_steadily(by_errors(*errors), lambda each: each.error) is falls
    assert not falls_steadily(by_errors(*errors[1:]), lambda each: each.error)  # 12 observations
    assert len(errors) == STEADY


def test_ups_and_downs_are_no_steady_fall() -> None:
    """The last third has fallen by half, but the rest rises: of 78 pairs 36 rise and 36 fall."""
    rising = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 0.5, 0.5, 0.5, 0.5]
    assert not falls_steadily(by_errors(*rising), lambda each: each.error)


def test_nearer_to_the_target_is_nearer_even_if_the_training_samples_are_not() -> None:
    falling = [0.95**index for index in range(STEADY)]
    assert gets_nearer(by_errors(*falling))
    assert gets_nearer(by_errors(*falling, target_error=0.4))
    target = [replace(FAIR, target_error=error) for error in falling]
    assert gets_nearer(FeatureWindow(target, MODES))
    assert not gets_nearer(FeatureWindow([FAIR] * STEADY, MODES))
