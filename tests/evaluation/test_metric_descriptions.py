"""How numbers are written on the page."""

import math

from gan1d.formatting import format_count, format_reference

LN2 = math.log(2)


def test_reference_lines_have_the_names_people_use() -> None:
    assert [format_reference(value) for value in (LN2, -LN2, 0.73937, -0.5)] == ["ln 2", "−ln 2", "0.739", "−½"]
    assert [format_reference(value) for value in (-2 * LN2, 0.0, -2.0, 0.25)] == ["−ln 4", "0", "−2", "¼"]


def test_counts_are_grouped_by_narrow_spaces() -> None:
    assert [format_count(count) for count in (0, 999, 1000, 1234567)] == [
        "0",
        "999",
        "1\u202f000",
        "1\u202f234\u202f567",
    ]
