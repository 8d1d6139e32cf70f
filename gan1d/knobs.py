"""Bounds, scale, unit and help text of a setting, and the effect of a change.

A `Knob` in the annotation of a field lets the engine state bounds without importing pydantic:

    learning_rate: Annotated[float, Knob(low=1e-5, high=10.0, scale="log", help="Size of one update.")] = 1e-3

pydantic finds the two `__get_pydantic_…` methods by name. The first adds the bounds to the validation. The second adds
the knob to the JSON schema as `x-knob`, for the page. Bounds, defaults and help texts are stated nowhere else.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any, Literal, get_args

Scale = Literal["linear", "log"]

Drag = Literal["", "position", "width", "width_left", "weight", "curve"]
"""How a setting is dragged in the data chart: a position along x, a width on the right or the left of a position, the
weight of a mode by its peak, or a curve drawn by hand. Settings of one object belong together."""

Effect = Literal["live", "network", "restart"]
"""Effect of a change: the next step uses it, one network is rebuilt and keeps its function, or the run restarts."""


@dataclass(frozen=True, kw_only=True)
class Knob:
    """Presentation and bounds of one setting.

    Args:
        label: Short name on the page; "" for the name of the field.
        help: One sentence for a student.
        low: Smallest allowed value (numbers) or length (lists); None for no bound.
        high: Largest allowed value (numbers) or length (lists); None for no bound.
        scale: How a slider moves between the bounds.
        step: Step of a slider, in the unit of the field; None for a step chosen by the page.
        unit: Unit shown behind the value, such as "σ".
        effect: Effect of a change on the run.
        essential: Whether the page always shows the setting; other settings are folded away.
        drag: How the setting is dragged in the data chart; "" if it is not.
        overrides: Paths of settings, or of groups of them, that have no effect while this setting is on.
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
    overrides: tuple[str, ...] = ()
    panel: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Add the bounds to the core schema of the annotated type (see pydantic, "Customizing validation").

        Numbers are strict, because pydantic would otherwise accept true for 1 and "64" for 64. The member of a union
        is chosen by its `kind`.
        """
        members = get_args(source)
        if members and all(hasattr(member, "kind") for member in members):
            choices = {member.kind: handler(member) for member in members}
            return {"type": "tagged-union", "choices": choices, "discriminator": "kind"}
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
            plain = to_int if schema["type"] == "int" else to_float
            return {"type": "function-before", "function": {"type": "no-info", "function": plain}, "schema": schema}
        return schema

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        """Add `x-knob` to the JSON schema of the annotated field."""
        return {**handler(core_schema), "x-knob": {**asdict(self), "overrides": [*self.overrides]}}


def to_int(value: object) -> object:
    """`value` as an int if it is a whole number, such as 64.0 in JSON or a numpy integer; otherwise unchanged."""
    if isinstance(value, int):
        return value
    return int(float(value)) if isinstance(value, Real) and float(value).is_integer() else value


def to_float(value: object) -> object:
    """`value` as a float if it is a numpy number; otherwise unchanged."""
    if isinstance(value, float | int):
        return value
    return float(value) if isinstance(value, Real) else value
