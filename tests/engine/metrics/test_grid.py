"""Points of the data axis by hand."""

import numpy as np
import pytest

from gan1d.engine.metrics.grid import Grid


def test_points_of_a_grid_by_hand() -> None:
    grid = Grid(np.array([0.0, 1.0, 2.0]), np.array([0.5, 1.0]), np.array([3.0, -1.0]))
    np.testing.assert_array_equal(grid.points, [-1, 0, 0.5, 1, 1, 2, 3])
    np.testing.assert_array_equal(grid.gaps, [0, 1, 0.5, 0.5, 0, 1, 1])
    for index, expected in (
        (grid.at_edges, grid.edges), (grid.at_cuts, grid.cuts), (grid.at_others, grid.others)
    ):  # fmt: skip
        np.testing.assert_array_equal(grid.points[index], expected)
    assert (grid.low, grid.high, grid.bin_width) == (0.0, 2.0, 1.0)
    np.testing.assert_array_equal(grid.centres, [0.5, 1.5])


@pytest.mark.parametrize("name", ["edges", "cuts"])
def test_points_that_step_back_are_an_error(name: str) -> None:
    with pytest.raises(ValueError, match=f"Expected {name} from left to right"):
        Grid(**{"edges": np.array([0.0, 1.0])} | {name: np.array([0.0, -1.0])})


def test_places_within_intervals_include_both_ends() -> None:
    grid = Grid(np.array([0.0, 1.0, 3.0]))
    np.testing.assert_array_equal(grid.within[:, [0, 8, 16]], [[0, 0, 0], [0, 0.5, 1], [1, 2, 3]])
