"""How a setting may be turned: its bounds, scale, unit, help, and what turning it disturbs.

A `Knob` sits in the annotation of a field, so the engine can state its bounds without knowing pydantic:

    learning_rate: Annotated[float, Knob(low=1e-5, high=10.0, scale="log", help="Size of one update.")] = 1e-3

pydantic finds the two `__get_pydantic_…` methods by name. The first turns the bounds into validation, the second
serves everything to the page as `x-knob`. Nobody else states a bound, a default or a help text.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any, Literal

Scale = Literal["linear", "log"]

Drag = Literal["", "place", "reach", "reach_left", "share", "curve"]
"""What a hand can do with a setting in the chart of the data: move it along x, pull its right or left flank away from
its place, lift its peak, or draw it. All that belong together stand in one object."""

Effect = Literal["live", "network", "restart"]
"""What a change disturbs: the next step uses it; that one network is rebuilt around what it knows; the run restarts."""


@dataclass(frozen=True, kw_only=True)
class Knob:
    """One setting as a person turns it.

    Args:
        label: Short name on the page; "" lets the page make one from the field's name.
        help: One sentence for a student.
        low: Smallest allowed value (numbers) or length (lists); None for no bound.
        high: Largest allowed value (numbers) or length (lists); None for no bound.
        scale: How a slider moves between the bounds.
        step: Granularity of a slider, in the field's unit; None leaves it to the page.
        unit: Unit shown behind the value, such as "σ".
        effect: What a change disturbs.
        essential: Shown at once on the page; the rest is folded away.
        drag: How it can be turned in the chart of the data; "" for not at all.
        panel: Part of the page that shows the setting; "" for the one named like the first segment of its path.
    """

    label: str = ""
    help: str = ""
    low: float | None = None
    high: float | None = None
    scale: Scale = "linear"
    step: float | None = None
    unit: str = ""
    effect: Effect = "live"
    essential: bool = False
    drag: Drag = ""
    panel: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Add the bounds to the core schema of the annotated type (see pydantic, "Customizing validation").

        A number is a number here: pydantic would also take true for 1 and "64" for 64.
        """
        schema = handler(source)
        bounded = ("ge", "le") if schema["type"] in ("int", "float") else ("min_length", "max_length")
        for key, bound in zip(bounded, (self.low, self.high), strict=True):
            if bound is not None:
                schema[key] = bound if schema["type"] == "float" else int(bound)
        if schema["type"] == "float":
            schema["allow_inf_nan"] = False
        if schema["type"] in ("int", "float", "bool"):
            schema["strict"] = True
        if schema["type"] in ("int", "float"):
            plain = whole if schema["type"] == "int" else real
            return {"type": "function-before", "function": {"type": "no-info", "function": plain}, "schema": schema}
        return schema

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        """Add `x-knob` to the JSON schema of the annotated field."""
        return {**handler(core_schema), "x-knob": asdict(self)}


def whole(value: object) -> object:
    """A whole number as an int, be it 64.0 in JSON or one of numpy's; anything else as it is."""
    if isinstance(value, int):
        return value
    return int(float(value)) if isinstance(value, Real) and float(value).is_integer() else value


def real(value: object) -> object:
    """A number that is one of numpy's as a float; anything else as it is."""
    if isinstance(value, float | int):
        return value
    return float(value) if isinstance(value, Real) else value
