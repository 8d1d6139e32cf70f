"""Axes of a sweep: settings with the values that they take."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from gan1d.config.paths import json_or_text
from gan1d.formatting import format_count, shorten

PRESET_AXIS: Final = "preset"
"""Path of the axis whose values are names of presets, from which the other settings start."""
JOINT: Final = "+"
"""Separator of the config paths of settings that one axis changes together."""
MOST_VALUES: Final = 1000
"""Largest number of values on an axis."""
DIGITS: Final = 6
"""Significant digits of the numbers between both ends of a range."""

RANGE: Final = re.compile(r"([^:,\[\]{}]+):([^:,\[\]{}]+):(?:(log|linear):)?([^:,\[\]{}]+)")
"""low:high:count, low:high:linear:count or low:high:log:count."""
EXPECTED_AXIS: Final = "an axis such as batch_size=32,64,128 or penalty.gamma=0.01:1:log:7"


class AxisError(ValueError):
    """An axis that cannot be swept. The message is shown to the user."""


@dataclass(frozen=True)
class Axis:
    """A setting and its values.

    Attributes:
        path: Config path, or `PRESET_AXIS`; several config paths joined by `JOINT` are set to the same value.
        values: Values as JSON has them, at least one, all different.
        scale: How a map spaces them: "linear", "log", or "choice" for values in no order.
    """

    path: str
    values: tuple[Any, ...]
    scale: str = "choice"

    @property
    def paths(self) -> tuple[str, ...]:
        """Config paths of the settings that take the value."""
        return tuple(self.path.split(JOINT))

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            AxisError: There is no value, there are too many, or one occurs twice.
        """
        if not 1 <= len(self.values) <= MOST_VALUES:
            raise AxisError(
                f"Expected 1 to {format_count(MOST_VALUES)} values of {self.path}, but got {len(self.values)}."
            )
        texts = [json.dumps(value) for value in self.values]
        twice = next((text for text in texts if texts.count(text) > 1), None)
        if twice is not None:
            raise AxisError(f"Expected different values of {self.path}, but got {shorten(twice)} twice.")


def parse_axis(text: str) -> Axis:
    """The axis in a text such as `generator.optimizer.learning_rate=1e-4:1e-1:log:12` or `loss=hinge,wasserstein`.

    Raises:
        AxisError: The text describes no axis.
    """
    path, separator, values = text.partition("=")
    if not separator or not path.strip() or not values.strip():
        raise AxisError(f"Expected {EXPECTED_AXIS}, but got {shorten(text)!r}.")
    path, values = path.strip(), values.strip()
    if match := RANGE.fullmatch(values):
        return spaced(path, *match.groups())
    return axis_of(path, values_in(values))


def axis_of(path: str, values: Sequence[Any]) -> Axis:
    """The axis of a list of values; rising numbers have a linear scale, or a logarithmic one over a factor above 20.

    Raises:
        AxisError: See `Axis`.
    """
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    is_rising = len(numbers) == len(values) > 1 and numbers == sorted(numbers)
    if not is_rising:
        return Axis(path, tuple(values))
    is_log = numbers[0] > 0 and len(numbers) > 2 and numbers[-1] / numbers[0] > 20
    return Axis(path, tuple(values), "log" if is_log else "linear")


def spaced(path: str, low: str, high: str, scale: str | None, count: str) -> Axis:
    """The axis of a range: numbers at equal distances, or at equal ratios.

    Args:
        path: See `Axis`.
        low: The first number, as text.
        high: The last number, as text.
        scale: "linear", "log", or None for "linear".
        count: How many numbers there are, as text.

    Raises:
        AxisError: An end or the count is no number, or a logarithmic range touches 0.
    """
    ends = [finite_number(low), finite_number(high)]
    whole = finite_number(count)
    if None in ends or whole is None or whole != int(whole) or not 2 <= whole <= MOST_VALUES:
        raise AxisError(
            f"Expected {path}=LOW:HIGH:log:COUNT with numbers and 2 to {format_count(MOST_VALUES)} values, "
            f"but got {shorten(':'.join(filter(None, (low, high, scale, count))))!r}."
        )
    first, last = (end for end in ends if end is not None)
    if scale == "log" and min(first, last) <= 0:
        raise AxisError(f"Expected ends above 0 of the logarithmic range of {path}, but got {min(first, last):g}.")
    shares = [index / (int(whole) - 1) for index in range(int(whole))]
    if scale == "log":
        values = [first * (last / first) ** share for share in shares]
    else:
        values = [first + (last - first) * share for share in shares]
    inner = [as_written(float(f"{value:.{DIGITS}g}")) for value in values[1:-1]]
    return Axis(path, (as_written(first), *inner, as_written(last)), scale or "linear")


def finite_number(text: str) -> float | None:
    """A finite number; None for any other text."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def as_written(value: float) -> int | float:
    """A number as JSON shows it shortest: without decimals if it is whole."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def values_in(text: str) -> list[Any]:
    """Values separated by commas, each JSON or else text: `16,32`, `relu,tanh` or `[16],[16,16]`."""
    try:
        values = json.loads(f"[{text}]", parse_constant=str)
    except (ValueError, RecursionError):
        return [json_or_text(part.strip()) for part in text.split(",")]
    return list(values)
