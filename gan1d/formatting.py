"""Formats of numbers and quotes in sentences for users."""

import math
import re


def format_count(count: int) -> str:
    """A count in groups of three digits, separated by narrow spaces, which no locale uses as a decimal mark."""
    return f"{count:,}".replace(",", "\u202f")


def format_number(value: float, digits: int) -> str:
    """A number with at most `digits` significant digits, such as −2.05, 18 000 or 3.2e-10."""
    text = f"{value:.{digits}g}"
    if "e" in text and abs(value) >= 1 and abs(value) < 1e9:
        text = f"{float(text):.0f}"
    whole = re.fullmatch(r"(-?)(\d{5,})(\..*)?", text)
    if whole:
        text = f"{whole[1]}{format_count(int(whole[2]))}{whole[3] or ''}"
    sign, size = ("−", text[1:]) if text.startswith("-") else ("", text)
    return sign + re.sub(r"e\+?(-?)0*", r"e\1", size)


def round_digits(value: float, digits: int) -> float:
    """The number with so many significant digits; NaN and infinity stay."""
    return float(f"{value:.{digits}g}")


def format_position(x: float, length: float, digits: int = 3) -> str:
    """A position with at least `digits` significant digits, and with more where its neighbours would look the same.

    Args:
        x: The position.
        length: Length of the interval in which positions have to differ, above 0.
        digits: Digits of a position that is not farther from 0 than the length.
    """
    farness = abs(x) / length
    return format_number(x, max(digits, math.ceil(math.log10(farness)) + digits - 2 if farness > 1 else 0))


def format_distance(value: float) -> str:
    """A distance, at least 0: with two decimals, fewer if it is large, and two significant digits if it is tiny."""
    if 0 < value < 0.005 or value >= 1e4:
        return format_number(value, 2)
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def format_reference(value: float) -> str:
    """A reference value in short: ln 2, ln 4, ⅛, ¼ and ½ by name, whole numbers as such, others with three decimals."""
    for known, name in ((math.log(2), "ln 2"), (math.log(4), "ln 4"), (0.125, "⅛"), (0.25, "¼"), (0.5, "½")):
        if abs(abs(value) - known) < 1e-9:
            return name if value > 0 else f"−{name}"
    if abs(value - round(value)) < 1e-9:
        return str(round(value)).replace("-", "−")
    return f"{value:.3f}".replace("-", "−")


LONGEST_QUOTE = 80
"""Largest number of characters of a wrong value that an error message repeats."""


def shorten(text: str, length: int = LONGEST_QUOTE) -> str:
    """The text, or its beginning and an ellipsis if it is longer than `length` characters."""
    return text if len(text) <= length else text[: length - 1] + "…"
