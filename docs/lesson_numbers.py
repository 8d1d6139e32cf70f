"""The numbers in the texts of lessons: measured ones, settings, and what follows from them."""

import math
import re
import statistics
from collections.abc import Mapping
from typing import Any, Final

from gan1d.formatting import format_count
from gan1d.gallery import presets
from gan1d.gallery.rates import SuccessRate
from gan1d.words import ENGLISH

MATH: Final = re.compile(r"(\$\$.*?\$\$|\$[^$]*\$)", re.DOTALL)
FIELD: Final = re.compile(r"\{([a-z_][\w.]*)(?::([^}]*))?\}")
ARITHMETIC: Final = {name: getattr(math, name) for name in ("log", "log2", "exp", "sqrt", "pi")} | {"round": round}
"""What the expressions of `facts` may use."""


def number_of(name: str, style: str | None, page: Mapping[str, Any], measured: Mapping[str, Any]) -> str:
    """The number that a field of a text stands for.

    `waiting.median`, `waiting.most`, `waiting.slowest`, `waiting.hits`, `waiting.seeds`: of the measured runs; and the
    same of `task`.
    `gallery.PRESET.CLAIM.median` and the others: of the runs of a preset.
    `values.NAME`: the median of a measured feature, see the page's table `values`; if that has a bound `above`, the
    number of runs whose feature exceeds it.
    `config.PATH`: a setting of the page's experiment.
    `facts.NAME`: the value of the arithmetic expression of that name in the page's table `facts`.

    Raises:
        KeyError: There is no such number.
    """
    source, _, rest = name.partition(".")
    value: Any
    if source in ("waiting", "task"):
        found = measured[source]["found"]
        rate = SuccessRate(seeds=range(len(found)), found=found)
        others = {"hits": rate.hits, "seeds": len(found), "slowest": max(step or math.inf for step in found)}
        value = others[rest] if rest in others else getattr(rate, rest)
    elif source == "gallery":
        preset, claim, rest = rest.split(".")
        rate = presets[preset].rates[claim]
        value = (
            {"hits": rate.hits, "seeds": len(rate.seeds)}[rest] if rest in ("hits", "seeds") else getattr(rate, rest)
        )
    elif source == "values":
        found, above = measured["values"][rest], page.get("values", {}).get(rest, {}).get("above")
        value = statistics.median(found) if above is None else sum(each > above for each in found)
    elif source == "config":
        value = measured["config"]
        for key in rest.split("."):
            value = value[int(key)] if isinstance(value, list) else value[key]
    elif source == "facts":
        value = eval(page["facts"][rest], {"__builtins__": {}}, dict(ARITHMETIC))
    else:
        raise KeyError(name)
    if style:
        return f"{value:{style}}"
    return format_count(value) if isinstance(value, int) else f"{value:g}"


def localized(number: str, language: str) -> str:
    """A number in running text: in languages other than English with a decimal comma, and a space before "%"."""
    return number if language == ENGLISH else number.replace(".", ",").replace("%", "\u202f%")


def with_numbers(text: str, page: Mapping[str, Any], measured: Mapping[str, Any], language: str = ENGLISH) -> str:
    """A text with its fields replaced, written as in a language; formulas have none."""
    parts = MATH.split(text)
    for index in range(0, len(parts), 2):
        parts[index] = FIELD.sub(
            lambda found: localized(number_of(found[1], found[2], page, measured), language), parts[index]
        )
    return "".join(parts)
