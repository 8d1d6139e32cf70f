"""Units: an affine map, and its inverse."""

import numpy as np
import pytest

from gan1d.engine.units import IDENTITY, Units


def test_a_position_goes_to_units_and_back() -> None:
    units = Units(170.0, 8.0)
    assert units.standardize(186.0) == 2.0  # (186 − 170)/8
    assert units.to_x(-1.0) == 162.0
    np.testing.assert_array_equal(units.to_x(np.array([0.0, 0.5])), [170.0, 174.0])


def test_units_within_units() -> None:
    both = Units(10.0, 2.0).after(Units(3.0, 5.0))
    # u = ((x − 10)/2 − 3)/5, which is (x − 16)/10.
    assert both == Units(16.0, 10.0)


@pytest.mark.parametrize("x", [1e6 + 1, -3e300, 1e-300])
def test_the_identity_changes_no_bit(x: float) -> None:
    assert IDENTITY.standardize(x) == IDENTITY.to_x(x) == x
