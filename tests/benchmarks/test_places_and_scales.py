"""The default on targets of any place and scale: two sets of targets, and what is said of their runs."""

import numpy as np

from benchmarks.places_and_scales import Row, line, summary, targets
from gan1d.engine.data.standardization import measured_units


def test_two_sets_of_forty_targets_at_many_places_and_scales() -> None:
    chosen, quoted = targets(is_quoted=False), targets(is_quoted=True)
    assert len(chosen) == len(quoted) == 40
    assert not set(chosen.values()) & set(quoted.values())
    units = [measured_units(target) for target in quoted.values()]
    assert {round(np.log10(each.scale)) for each in units} >= {-9, -3, 0, 6}
    assert max(abs(each.location) for each in units) > 1e5


def test_rows_and_summary_count_runs() -> None:
    rows = [
        Row(name="a", found=[100, 200, None], late=[0.01, 0.02, 0.3]),
        Row(name="b", found=[300, 400, 500], late=[0.03, 0.04, 0.09]),
    ]
    assert line(rows[0]) == "| a | 2/3 | 200 | 0.020 | 0.272 | 2/3 |"
    assert summary(rows) == (
        "5 of 6 runs fit (83.33 %), half of them by step 300, 95 % by 500. The late error is below .08 in 66.7 %, and "
        "its median 0.035."
    )
