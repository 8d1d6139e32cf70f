"""Numbers and quotes in sentences."""

import math

import pytest

from gan1d.formatting import format_count, format_reference, shorten


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (999, "999"), (1000, "1\u202f000"), (1234567, "1\u202f234\u202f567")]
)
def test_a_count_has_groups_of_three_digits(count: int, text: str) -> None:
    assert format_count(count) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (math.log(2), "ln 2"),
        (-math.log(4), "−ln 4"),
        (0.125, "⅛"),
        (0.25, "¼"),
        (-0.5, "−½"),
        (3.0, "3"),
        (-1.0, "−1"),
        (0.0, "0"),
        (0.12345, "0.123"),
        (-1.5, "−1.500"),
    ],
)
def test_a_reference_value_has_its_name(value: float, text: str) -> None:
    assert format_reference(value) == text


def test_a_long_text_is_cut_to_its_limit() -> None:
    assert shorten("abcde", 5) == "abcde"
    assert shorten("abcdef", 5) == "abcd…"
