"""Formats of numbers and quotes in sentences for users."""

import math


def format_count(count: int) -> str:
    """A count in groups of three digits, separated by narrow spaces, which no locale uses as a decimal mark."""
    return f"{count:,}".replace(",", "\u202f")


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
