"""Numbers and lists as Python source."""

import ast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gan1d.exports.python_text import LINE_LENGTH, Section, definitions, indented, lines, list_of, number


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_in_single_precision_reads_back_as_the_same_bits(value: float) -> None:
    single = np.float32(value)
    assert np.float32(float(number(single))).tobytes() == single.tobytes()


@given(st.lists(st.floats(-1e300, 1e300), max_size=200), st.integers(0, 8))
def test_a_list_reads_back_as_the_same_numbers_in_lines_of_bounded_length(values: list[float], indent: int) -> None:
    text = list_of(values, indent)
    assert ast.literal_eval(text) == values
    assert all(len(line) <= LINE_LENGTH for line in text.splitlines())


def test_a_short_list_is_one_line() -> None:
    assert list_of([1, -0.5, 2e-9]) == "[1, -0.5, 2e-09]"


def test_empty_parts_are_left_out() -> None:
    assert lines("a", "", "b") == "a\nb"
    assert definitions("a", "", "b") == "a\n\n\nb"
    assert indented("if a:\n    b") == "    if a:\n        b"


def test_a_section_is_a_heading_a_comment_and_code() -> None:
    source = Section(title="Data", text="Word " * 30, code="x = 1").source()
    heading, *comment, empty, code = source.splitlines()
    assert (len(heading), heading[:8], empty, code) == (LINE_LENGTH, "# Data -", "", "x = 1")
    assert len(comment) == 2
    assert all(line.startswith("# Word") for line in comment)
    assert Section(title="Data", text="Word", code="def f(): ...").source().endswith("# Word\n\n\ndef f(): ...")
