"""One cell as a number, and what its marks say about the decimal mark of the file.

A comma or a point between digits may be a decimal mark or group thousands. `readings` returns the values that a cell
allows, `Marks` gathers the evidence of many cells; nothing is guessed where both are possible.
"""

import math
import re
from collections.abc import Iterable
from typing import Final, Literal

Decimal = Literal[".", ","]

# Word processors write a dash for a minus sign.
_DASHES: Final = "−‒–—﹣－"
_SIGN: Final = rf"[+\-{_DASHES}]?"
# Fortran writes D for the exponent of a double.
_EXPONENT: Final = r"(?:[eEdD][+\-−]?\d+)?"
# Thousands may also be grouped by a space, plain or non-breaking, or by an apostrophe (Swiss).
_GROUP: Final = r"[\x20\u00a0\u2007\u2009\u202f'’]"

_PLAIN: Final = re.compile(rf"{_SIGN}\d+{_EXPONENT}", re.ASCII)
_GROUPED: Final = re.compile(rf"{_SIGN}\d{{1,3}}(?:{_GROUP}\d{{3}})+(?:[.,]\d+)?", re.ASCII)
_FRACTION: Final = {
    mark: re.compile(rf"{_SIGN}(?:\d+{re.escape(mark)}\d*|{re.escape(mark)}\d+){_EXPONENT}", re.ASCII) for mark in ".,"
}
_THOUSANDS: Final = {
    # Groups of three by the other mark, then perhaps this decimal mark.
    mark: re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(?:{re.escape(other)}\d{{3}})+(?:{re.escape(mark)}\d*)?", re.ASCII)
    for mark, other in ((".", ","), (",", "."))
}
_LAKHS: Final = re.compile(rf"{_SIGN}[1-9]\d?(?:,\d\d)+,\d{{3}}(?:\.\d*)?", re.ASCII)
"""Groups of two before the last group of three, as in India."""
_INFINITE: Final = re.compile(rf"{_SIGN}inf(?:inity)?", re.IGNORECASE)
_CURRENCY: Final = "$\u20ac\xa3\xa5"
"""Signs of dollar, euro, pound and yen."""
_AMOUNT: Final = re.compile(
    rf"(?=.*(?:[(<>≤≥~≈{_CURRENCY}½¼¾⅓⅔⅛%‰*)]|-$))[(<>≤≥~≈]?{_SIGN}[{_CURRENCY}]?\s?\d[\d.,'’\s]*[½¼¾⅓⅔⅛]?\s?[%‰{_CURRENCY}*)\-]*"
)
_DASH_TO_MINUS: Final = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys("dD", "e"))
_BELOW_THOUSAND: Final = re.compile(rf"{_SIGN}\d{{1,3}}", re.ASCII)

MISSING: Final = frozenset({
    "", "na", "n/a", "n.a.", "nan", "null", "(null)", "\\n", "<na>", "none", "nil", "-", "–", "—", ".", "?", "#n/a",
    "#nv", "missing", "n.d.", "k.a.",
})  # fmt: skip
"""Words for a missing value, in lower case."""


def readings(cell: str) -> dict[Decimal, float]:
    """Value of a cell under each decimal mark that it allows; empty if it is no number.

    "3,6" → {",": 3.6}; "1,250" → {".": 1250, ",": 1.25}; "12" → {".": 12, ",": 12}.
    """
    if _PLAIN.fullmatch(cell):
        value = _float(cell, ".")
        return {".": value, ",": value}
    if _GROUPED.fullmatch(cell):
        text = re.sub(_GROUP, "", cell)
        if "," not in text and "." not in text:
            value = _float(text, ".")
            return {".": value, ",": value}
        mark: Decimal = "," if "," in text else "."
        return {mark: _float(text, mark)}
    found: dict[Decimal, float] = {}
    for mark in (".", ","):
        if _FRACTION[mark].fullmatch(cell) or _THOUSANDS[mark].fullmatch(cell):
            found[mark] = _float(cell, mark)
    return {".": _float(cell, ".")} if not found and _LAKHS.fullmatch(cell) else found


def _float(text: str, mark: Decimal) -> float:
    other = "," if mark == "." else "."
    return float(text.translate(_DASH_TO_MINUS).replace(other, "").replace(mark, "."))


def parse(cell: str, decimal: Decimal) -> float:
    """Value of a cell; NaN if it is no finite number."""
    if decimal == "." and cell.isascii() and "_" not in cell and "," not in cell:
        # Ten times as fast as the patterns.
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
    value = readings(cell).get(decimal, math.nan)
    return value if math.isfinite(value) else math.nan


def is_number(cell: str) -> bool:
    """Whether a cell is a number under some decimal mark."""
    return bool(readings(cell))


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a missing value."""
    return cell.lower() in MISSING


def is_infinite(cell: str) -> bool:
    """Whether a cell stands for an infinite number, which is no name of a column."""
    return bool(_INFINITE.fullmatch(cell))


def is_amount(cell: str) -> bool:
    """Whether a cell is a number beside signs that are not read, such as $1.50, (1.50), 12 % or <0.1."""
    return bool(_AMOUNT.fullmatch(cell))


class Marks:
    """Evidence on the decimal mark of a file.

    Attributes:
        proofs: The first cell that is a number with this decimal mark only.
        unclear: The first cell with a comma that differs in value under the two marks.
        three_decimals: The first cell with a point that differs in value under the two marks.
        has_small: There is a number below 1,000 without any mark.
    """

    def __init__(self) -> None:
        self.proofs: dict[Decimal, str] = {}
        self.unclear = self.three_decimals = ""
        self.has_small = False

    def add(self, cells: Iterable[str]) -> None:
        """Look at more cells."""
        for cell in cells:
            if "," not in cell and "." not in cell:
                self.has_small = self.has_small or bool(_BELOW_THOUSAND.fullmatch(cell))
                continue
            if "." in self.proofs and "," not in cell and cell.count(".") == 1:
                continue  # One more cell with a point proves nothing new.
            found = readings(cell)
            if len(found) == 1:
                self.proofs.setdefault(next(iter(found)), cell)
            elif found and "," in cell:
                self.unclear = self.unclear or cell
            elif found:
                self.three_decimals = self.three_decimals or cell

    @property
    def decimal(self) -> Decimal | None:
        """The decimal mark; None if it is unclear. A point without evidence to the contrary is one."""
        if len(self.proofs) == 2:
            return None
        if self.proofs:
            return next(iter(self.proofs))
        return None if self.unclear else "."

    @property
    def question(self) -> str:
        """Why the decimal mark is unclear."""
        if len(self.proofs) == 2:
            return f"The decimal mark is a point in “{self.proofs['.']}” and a comma in “{self.proofs[',']}”."
        cell = self.unclear or self.three_decimals
        return f"The {'comma' if self.unclear else 'point'} in “{cell}” may be a decimal mark or group thousands."
