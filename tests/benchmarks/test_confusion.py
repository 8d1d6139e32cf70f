"""The table of the diagnosis: what is counted as right, what as wrong, and what not at all."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import gan1d
from benchmarks.confusion import DOCUMENT, HEAD, LABELS, SHOWN, Outcome, kept, line, play
from benchmarks.document_tables import rows_of
from benchmarks.scenarios import ROWS, Row

ROW = Row(name="a run", expected=("converged", "learning"))
GOOD = Outcome(row="a run", seed=1, end="converged", raised=(), as_claimed=True, seconds=0.5)


def cells(*outcomes: Outcome) -> dict[str, str]:
    """Of a row, by the head of their columns."""
    return by_column(line(ROW, outcomes))


def by_column(text: str) -> dict[str, str]:
    """Cells of a line of the table by the head of their columns."""
    return dict(zip(HEAD, (cell.strip() for cell in text.split("|")[1:-1]), strict=True))


def test_what_may_be_said_is_bold_and_what_may_not_counts_against_it() -> None:
    found = cells(GOOD, GOOD, replace(GOOD, end="mode_collapse", raised=["mode_collapse", "oscillating"]))
    assert found["should say"] == "Converged or Learning"
    assert found["says so"] == "2/3 (≥ 20.8%)"  # (2/3 + z²/6 − z·√(2/27 + z²/36)) / (1 + z²/3) with z = 1.96
    assert (found["Converged"], found["Learning"], found["Mode collapse"]) == ("**2**", "", "1")
    assert found["other alarms on the way"] == "Mode collapse 1, Oscillating 1"
    assert found["not as claimed"] == ""


def test_a_run_that_does_not_do_what_it_is_there_for_is_counted_apart() -> None:
    other = replace(GOOD, end="mode_collapse", raised=["mode_collapse"], as_claimed=False)
    found = cells(GOOD, other)
    assert found["says so"].startswith("1/1 ")
    assert (found["Mode collapse"], found["other alarms on the way"]) == ("", "–")
    assert found["not as claimed"] == "Mode collapse 1"
    assert cells(other)["says so"] == "–"


def test_runs_are_found_again_by_row_and_seed(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    assert kept(None) == kept(path) == {}
    outcomes = [replace(GOOD, raised=[]), replace(GOOD, seed=2, raised=["diverged"])]
    path.write_text("".join(json.dumps(asdict(outcome)) + "\n" for outcome in outcomes), "utf-8")
    assert kept(path) == {("a run", 1): outcomes[0], ("a run", 2): outcomes[1]}


def test_no_two_rows_share_a_name_and_all_kinds_have_a_column() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert {name for row in ROWS for name in row.expected} <= set(SHOWN)


def test_the_rows_of_the_document_have_the_present_expectations() -> None:
    rows = rows_of(DOCUMENT, "table")
    assert list(rows) == [row.name for row in ROWS if row.name in rows]
    for row in (row for row in ROWS if row.name in rows):
        cells = by_column(rows[row.name])
        assert cells["should say"] == " or ".join(LABELS[name] for name in row.expected), row.name
        ends = sum(int(cells[LABELS[name]].strip("*") or 0) for name in SHOWN)
        assert re.match(rf"\d+/{ends} ", cells["says so"]) or ends == 0, row.name


def test_a_claim_is_judged_at_its_own_step() -> None:
    """A run that diverges by step 500 shows just that; a claim that it does so by step 1 is not met."""
    preset = gan1d.presets["diverging"]
    row = Row(name="diverging", expected=("diverged",), preset="diverging", steps=500, claim=preset.claim)
    found = play(7, row)
    assert (found.row, found.seed, found.end) == ("diverging", 7, "diverged")
    assert "diverged" in found.raised
    assert found.as_claimed
    assert not play(7, replace(row, claim=replace(preset.claim, by=1))).as_claimed
