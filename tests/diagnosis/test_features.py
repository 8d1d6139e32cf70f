"""What the last looks say together: standstill, jumps and swings."""

from gan1d.diagnosis.features import Symptoms, Track


def look(error: float, masses: tuple[float, ...] = (0.5, 0.5), settled: float = 1.0) -> Symptoms:
    return Symptoms(step=25, distance=error, error=error, target_distance=error, target_error=error,
                    far=0.1, masses=masses, settled=settled, knowledge=0.5,
                    right_real=0.5, right_fake=0.5, pull=1.0, gain=1.0, aim=1.0)  # fmt: skip


def track(*looks: Symptoms) -> Track:
    return Track(looks, (-2.0, 2.0), (0.5, 0.5))


def test_a_standstill_is_less_than_a_tenth_of_progress() -> None:
    assert track(*[look(1.0)] * 4, *[look(0.91)] * 4).standstill(8)
    assert not track(*[look(1.0)] * 4, *[look(0.89)] * 4).standstill(8)


def test_jumps_are_counted_between_modes_that_hold_nearly_all() -> None:
    left, right, between = look(1.0, (0.9, 0.1)), look(1.0, (0.1, 0.9)), look(1.0, (0.5, 0.5))
    assert track(left, between, right, right, left).jumps() == 2
    assert track(left, between, left).jumps() == 0
    assert track(left, look(1.0, (0.1, 0.9), settled=0.4), left).jumps() == 0


def test_swings_are_counted_by_a_factor_of_three() -> None:
    assert track(look(1.0), look(0.49), look(1.51), look(0.49), look(1.0)).swings() == 2
    assert track(look(1.0), look(0.51), look(1.49), look(0.51), look(1.0)).swings() == 0
