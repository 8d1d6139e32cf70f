"""What the last looks say together: standstill, jumps and swings."""

from gan1d.diagnosis.features import Features, FeatureWindow


def observation(error: float, masses: tuple[float, ...] = (0.5, 0.5), mass_on_modes: float = 1.0) -> Features:
    return Features(step=25, distance=error, error=error, target_distance=error, target_error=error,
                    far=0.1, masses=masses, mass_on_modes=mass_on_modes, optimality=0.5,
                    right_real=0.5, right_fake=0.5, mean_gradient=1.0, loss_gap=1.0,
                    gradient_alignment=1.0)  # fmt: skip


def window(*observations: Features) -> FeatureWindow:
    return FeatureWindow(observations, (-2.0, 2.0), (0.5, 0.5))


def test_a_standstill_is_less_than_a_tenth_of_progress() -> None:
    assert window(*[observation(1.0)] * 4, *[observation(0.91)] * 4).has_plateaued(8)
    assert not window(*[observation(1.0)] * 4, *[observation(0.89)] * 4).has_plateaued(8)


def test_jumps_are_counted_between_modes_that_hold_nearly_all() -> None:
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
