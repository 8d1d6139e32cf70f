"""A knob: its bounds become validation and its words reach the schema, on any kind of field."""

import json
import math
from dataclasses import FrozenInstanceError, dataclass
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gan1d.knobs import Knob


@dataclass(frozen=True)
class Dial:
    size: Annotated[float, Knob(low=0.5, high=2.0, label="s", help="How large.", unit="x", scale="log")] = 1.0
    count: Annotated[int, Knob(low=1.0, high=3.0)] = 2
    row: Annotated[tuple[Annotated[int, Knob(low=0)], ...], Knob(low=1, high=2)] = (1,)
    free: Annotated[float, Knob()] = 0.0
    from_below: Annotated[float, Knob(high=0.0)] = 0.0


DIAL = TypeAdapter(Dial)


@pytest.mark.parametrize(
    "values",
    [{"size": 0.5}, {"size": 2}, {"count": 1}, {"count": 3}, {"row": [0]}, {"row": [5, 6]}, {"free": -1e300}],
    ids=str,
)
def test_bounds_are_included(values: dict[str, Any]) -> None:
    DIAL.validate_python(values)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"size": 0.4999}, "greater_than_equal"),
        ({"size": 2.0001}, "less_than_equal"),
        ({"count": 0}, "greater_than_equal"),
        ({"count": 4}, "less_than_equal"),
        ({"row": []}, "too_short"),
        ({"row": [1, 2, 3]}, "too_long"),
        ({"row": [-1]}, "greater_than_equal"),
        ({"free": math.inf}, "finite_number"),
        ({"free": math.nan}, "finite_number"),
        ({"from_below": 1e-9}, "less_than_equal"),
    ],
    ids=str,
)
def test_beyond_the_bounds_is_refused(values: dict[str, Any], kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DIAL.validate_python(values)
    assert caught.value.errors()[0]["type"] == kind


def test_everything_a_page_needs_is_in_the_schema() -> None:
    properties = DIAL.json_schema()["properties"]
    assert properties["size"]["x-knob"] == {
        "label": "s",
        "help": "How large.",
        "low": 0.5,
        "high": 2.0,
        "scale": "log",
        "step": None,
        "unit": "x",
        "effect": "live",
        "essential": False,
        "drag": "",
        "overrides": [],
        "panel": "",
    }
    assert (properties["size"]["minimum"], properties["size"]["maximum"]) == (0.5, 2.0)
    assert (properties["count"]["minimum"], properties["count"]["maximum"]) == (1, 3)
    assert (properties["row"]["minItems"], properties["row"]["maxItems"]) == (1, 2)
    assert properties["row"]["items"]["x-knob"]["low"] == 0
    assert "minimum" not in properties["free"]
    json.dumps(properties, allow_nan=False)


def test_whole_bounds_of_whole_numbers_stay_whole() -> None:
    """So that a sentence says 3 and not 3.0."""
    properties = DIAL.json_schema()["properties"]
    assert repr(properties["count"]["maximum"]) == "3"
    assert repr(properties["row"]["maxItems"]) == "2"


def test_a_knob_is_a_value() -> None:
    assert Knob(low=1) == Knob(low=1)
    with pytest.raises(FrozenInstanceError):
        Knob().low = 3  # type: ignore[misc]
