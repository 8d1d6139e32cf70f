"""Numbers in a text: what is read, and what is said of what is not."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.number_file import Fault, NumberFileError, complaint, numbers_of, read_numbers

CASES = json.loads((Path(__file__).parent / "number_files.json").read_text("utf-8"))
"""Texts and what is read from them."""

ANY = (-math.inf, math.inf)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_texts_are_read(case: dict[str, Any]) -> None:
    reading = read_numbers(case["text"], tuple(case.get("bounds", ANY)), case.get("wanted"))
    assert reading.values == case["values"]
    assert [[fault.row, fault.column, fault.got] for fault in reading.faults] == case.get("faults", [])
    assert reading.columns == case.get("columns", [])
    assert reading.column == case.get("column", 0)
    assert reading.header == case.get("header", "")


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40), st.sampled_from(["\n", ", ", ";", "\t", " ", "\r\n"]))
def test_whatever_is_written_is_read(values: list[float], between: str) -> None:
    assert read_numbers(between.join(map(repr, values))).values == values


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    reading = read_numbers(text)
    assert all(map(math.isfinite, reading.values))
    complaint(reading, ANY, (1, 10))


def test_bad_rows_are_named_and_counted() -> None:
    reading = read_numbers("1\n2\na\nb\nc\nd\ne\n")
    assert complaint(reading, ANY, (1, 10)) == (
        "Expected a number in row 3, but got “a”. Expected a number in row 4, but got “b”. "
        "Expected a number in row 5, but got “c”. And 2 more."
    )


def test_a_number_that_is_too_large_is_told_its_bounds() -> None:
    reading = read_numbers("1\n5000", (-1000, 1000))
    assert reading.faults == [Fault(2, None, "5000")]
    assert complaint(reading, (-1000, 1000), (1, 10)) == (
        "Expected a number from -1000 to 1000 in row 2, but got “5000”."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column", "sentence"),
    [
        ("1\n2\n", None, "Expected 3 numbers or more, but got 2."),
        ("1\n2\n3\n4\n5\n6\n", None, "Expected 5 numbers or fewer, but got 6."),
        ("a,b\n1,2\n3,4\n5,6\n", None, "Expected one column, or --column with one of a, b."),
        ("a,b\n1,2\n3,4\n5,6\n", "c", 'Expected one of a, b, but got "c".'),
        ("a,b\n1,2\n3,4\n5,6\n", 5000 * "9", f'Expected one of a, b, but got "{39 * "9"}…".'),
        ("a,b\n1,2\n3,4\n5,6\n", "02", 'Expected one of a, b, but got "02".'),
        ("1\n2\n3\n", "c", 'Expected a table for --column, but got a plain list of numbers (--column "c").'),
        ("1\n2\nx\n3\n", None, "Expected a number in row 3, but got “x”."),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(text: str, column: str | None, sentence: str) -> None:
    with pytest.raises(NumberFileError) as refused:
        numbers_of(text, ANY, (3, 5), column)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("column", ["b", "2"])
def test_a_column_is_named_or_counted(column: str) -> None:
    assert numbers_of("a,b\n1,2\n3,4\n5,6\n", ANY, (3, 5), column) == [2, 4, 6]


@pytest.mark.parametrize(
    ("text", "is_decimal_comma"),
    [("1,5\n2,5\n", True), ("1, 5\n2, 5\n", False), ("1,5;2,5\n", False), ("1.5,2\n", False)],
)
def test_decimal_commas_without_another_separator_are_suspected(text: str, is_decimal_comma: bool) -> None:
    assert read_numbers(text).is_decimal_comma is is_decimal_comma
