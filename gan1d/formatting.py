"""Numbers and quotes in sentences for people."""

import math


def format_count(count: int) -> str:
    """A count, its digits in groups of three, with a narrow space, which no locale reads as a decimal mark."""
    return f"{count:,}".replace(",", "\u202f")


def format_reference(value: float) -> str:
    """A reference value as a person writes it."""
    for known, name in ((math.log(2), "ln 2"), (math.log(4), "ln 4"), (0.125, "⅛"), (0.25, "¼"), (0.5, "½")):
        if abs(abs(value) - known) < 1e-9:
            return name if value > 0 else f"−{name}"
    if abs(value - round(value)) < 1e-9:
        return str(round(value)).replace("-", "−")
    return f"{value:.3f}".replace("-", "−")


LONGEST_QUOTE = 80
"""Characters of a wrong value that an error repeats."""


def shorten(text: str, most: int = LONGEST_QUOTE) -> str:
    """A text short enough for a sentence: at most so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
