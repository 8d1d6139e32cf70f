"""A row of the page, and the three ways in which two numbers can agree."""

import math
from dataclasses import dataclass
from decimal import Decimal

FORMULA_TOLERANCE = 1e-9
"""Largest difference from a formula, relative to its value where that is above 1."""


@dataclass(frozen=True)
class Row:
    """One number of somebody else, and ours.

    Attributes:
        source: Author and year, with an address.
        quantity: What the number is.
        theirs: The number, or the statement, as it stands there.
        ours: What gan1d computes.
        difference: Ours minus theirs, or in words what it means.
        agrees: Whether it is what the source says; None where it cannot be, and `difference` says why.
    """

    source: str
    quantity: str
    theirs: str
    ours: str
    difference: str
    agrees: bool | None


def published(source: str, quantity: str, theirs: str, ours: float) -> Row:
    """A printed number: it agrees if ours, rounded to the printed digits, is the same.

    Args:
        source: Where it was printed.
        quantity: What it is.
        theirs: The number with all printed digits, such as "2.643e-6".
        ours: The same quantity by gan1d.
    """
    printed = Decimal(theirs)
    last_digit = 10.0 ** int(printed.as_tuple().exponent)
    digits = len(printed.as_tuple().digits)
    difference = ours - float(printed)
    shown = "0" if abs(difference) < 1e-4 * last_digit else f"{difference:.0e}"
    return Row(source, quantity, theirs, f"{ours:.{digits + 2}g}", minus(shown), abs(difference) <= 0.5001 * last_digit)


def formula(source: str, quantity: str, theirs: float, ours: float) -> Row:
    """A closed form: it agrees if ours differs by at most `FORMULA_TOLERANCE`."""
    difference = abs(ours - theirs) / max(1.0, abs(theirs))
    agrees = difference <= FORMULA_TOLERANCE
    shown = f"at most {FORMULA_TOLERANCE:.0e}" if agrees else f"{difference:.0e}"
    return Row(source, quantity, minus(f"{theirs:.10g}"), minus(f"{settled(ours):.10g}"), minus(shown), agrees)


def statement(source: str, quantity: str, theirs: str, ours: str, difference: str, agrees: bool | None) -> Row:
    """A statement, or a simulation with its interval: whether it agrees is decided by the caller."""
    return Row(source, quantity, theirs, ours, difference, agrees)


def settled(value: float) -> float:
    """A value without the rounding that would show in ten digits."""
    return 0.0 if abs(value) < 1e-12 else value


def minus(text: str) -> str:
    """A number with a real minus sign."""
    return text.replace("-", "−")


def interval(values: list[float], digits: int = 3) -> str:
    """Mean of several runs and the standard error of the mean."""
    mean = math.fsum(values) / len(values)
    error = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / max(1, len(values) - 1) / len(values))
    return f"{mean:.{digits}g} ± {error:.1g}"
