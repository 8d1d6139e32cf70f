"""Make the font that the first picture of the page needs, as a part of the vendored one.

    python -m venv /tmp/font && /tmp/font/bin/pip install fonttools brotli
    /tmp/font/bin/python tests/page_font.py

It has the letters of the page's own words, and the weights, kerning and even digits that the page uses. Other letters,
such as those of a bookmark's name, come from the vendored font, which a browser loads when there is one.
"""

import importlib
import io
import re
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[1] / "static"
VENDORED: Final = STATIC / "vendor" / "inter" / "files" / "inter-latin-wght-normal.woff2"
MADE: Final = STATIC / "fonts" / "inter-page.woff2"
WEIGHTS: Final = (400, 700)
FEATURES: Final = ("kern", "tnum")
RANGE: Final = re.compile(r"unicode-range: ([^;]*);")


def characters(unicode_range: str) -> set[int]:
    """The code points of a `unicode-range`, such as "U+20-7E, U+B1"."""
    ends = (part.strip().removeprefix("U+").split("-") for part in unicode_range.split(","))
    return {code for low, *high in ends for code in range(int(low, 16), int(high[0] if high else low, 16) + 1)}


def ranges() -> tuple[set[int], set[int]]:
    """The code points for which `theme.css` names the page's font, and those for which it names the vendored one."""
    page, vendored = RANGE.findall((STATIC / "theme.css").read_text("utf-8"))
    return characters(page), characters(vendored)


def main() -> None:
    """Write the font."""
    # Not among the packages that the tests need.
    subset = importlib.import_module("fontTools.subset")
    font_type = importlib.import_module("fontTools.ttLib").TTFont
    with_weights = importlib.import_module("fontTools.varLib.instancer").instantiateVariableFont

    plain = io.BytesIO()
    font = with_weights(font_type(VENDORED, recalcTimestamp=False), {"wght": WEIGHTS})
    font.flavor = None
    font.save(plain)
    options = subset.Options(layout_features=[*FEATURES], hinting=False, flavor="woff2", name_IDs=[0, 1, 2, 5, 13, 14])
    part = font_type(io.BytesIO(plain.getvalue()), recalcTimestamp=False)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=sorted(ranges()[0]))
    maker.subset(part)
    MADE.parent.mkdir(exist_ok=True)
    subset.save_font(part, MADE, options)


if __name__ == "__main__":
    main()
