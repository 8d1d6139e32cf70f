"""Numbers and quotes in sentences."""

import math

import pytest

from gan1d.formatting import (
    format_count,
    format_distance,
    format_number,
    format_position,
    format_reference,
    round_digits,
    shorten,
)


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


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 3, "0"), (-2.0, 3, "−2"), (-2.0457, 3, "−2.05"), (9999.0, 4, "9999"), (17859.3, 2, "18\u202f000"),
        (-1234567.25, 9, "−1\u202f234\u202f567.25"), (0.001, 2, "0.001"), (-2.05e-9, 3, "−2.05e-9"),
        (3.2e-10, 2, "3.2e-10"), (1e12, 3, "1e12"), (5e300, 9, "5e300"), (123456789.0, 9, "123\u202f456\u202f789"),
    ],
)  # fmt: skip
def test_a_number_has_its_digits_and_no_more(value: float, digits: int, text: str) -> None:
    assert format_number(value, digits) == text


@pytest.mark.parametrize(
    ("x", "length", "text"),
    [
        (-2.0, 4.0, "−2"),
        (1.25, 4.0, "1.25"),
        (10.0, 4.0, "10"),
        (-2.05e-9, 4e-9, "−2.05e-9"),
        (999_997.96, 4.0, "999\u202f998"),
        (1_000_001.9, 4.0, "1\u202f000\u202f002"),
        (4_798_319.7, 4e5, "4\u202f800\u202f000"),
    ],
)
def test_a_position_can_be_told_from_its_neighbours(x: float, length: float, text: str) -> None:
    assert format_position(x, length) == text


def test_digits_are_rounded_and_what_is_not_finite_stays() -> None:
    values = (1 / 3, -123456.7, 2e-9 / 3, 0.0, math.inf)
    assert [round_digits(value, 6) for value in values] == [0.333333, -123457.0, 6.66667e-10, 0.0, math.inf]
    assert math.isnan(round_digits(math.nan, 6))


def test_distances_of_every_size() -> None:
    sizes = (0.0, 3.2e-10, 0.004, 0.005, 0.32, 9.99, 12.3, 17859.0)
    texts = ["0.00", "3.2e-10", "0.004", "0.01", "0.32", "9.99", "12", "18\u202f000"]
    assert [format_distance(value) for value in sizes] == texts


def test_a_long_text_is_cut_to_its_limit() -> None:
    assert shorten("abcde", 5) == "abcde"
    assert shorten("abcdef", 5) == "abcd…"
