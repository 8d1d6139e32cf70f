"""Reports: rows and columns of the same numbers."""

import numpy as np
import pytest

from gan1d.engine.training.reports import Reports, StepReport, divergence, joined


def reports(steps: list[int]) -> Reports:
    """Columns that hold the step, and its multiples by 2 to 5."""
    column = np.array(steps)
    return Reports(column, *(factor * column.astype(np.float64) for factor in (2, 3, 4, 5)))


def test_the_last_row_is_a_step_report() -> None:
    assert reports([6, 7]).last() == StepReport(step=7, loss_d=14.0, loss_g=21.0, grad_norm_d=28.0, grad_norm_g=35.0)
    with pytest.raises(IndexError):
        reports([]).last()


def test_reports_are_joined_along_an_axis() -> None:
    whole = joined([reports([1, 2]), reports([]), reports([3])])
    assert len(whole) == 3
    assert (whole.step.tolist(), whole.grad_norm_g.tolist()) == ([1, 2, 3], [5.0, 10.0, 15.0])
    members = [Reports(*(column[None] for column in vars(reports(steps)).values())) for steps in ([1, 2], [3, 4])]
    assert joined(members, axis=0).loss_d.tolist() == [[2.0, 4.0], [6.0, 8.0]]
    assert joined(members, axis=1).loss_d.tolist() == [[2.0, 4.0, 6.0, 8.0]]


def test_a_divergence_names_the_step_and_the_player() -> None:
    found = divergence(12, "generator")
    assert (found.step, found.player) == (12, "generator")
    assert found.reason == "Diverged at step 12: the generator's gradient grew beyond all bounds."
