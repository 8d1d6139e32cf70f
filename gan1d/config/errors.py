"""What is said of a wrong setting: one sentence with what was expected and what came.

ConfigError (ValueError)    one wrong value
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from gan1d.formatting import shorten

EXPECTED = {
    "greater_than_equal": "a number of {ge:.12g} or more",
    "less_than_equal": "a number of {le:.12g} or less",
    "finite_number": "a finite number",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text",
    "string_unicode": "a text",
    "tuple_type": "a list",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "union_tag_invalid": "one of {expected_tags}",
    "union_tag_not_found": "an object with a kind",
    "dict_type": "an object with a kind",
    "model_attributes_type": "an object with a kind",
    "literal_error": "{expected}",
    "extra_forbidden": "no such setting",
    "unexpected_keyword_argument": "no such setting",
    "missing": "a value",
    "dataclass_type": "an object",
    "model_type": "an object",
}
"""pydantic's kinds of complaint as the middle of our sentence; its own words serve for any other."""


class ConfigError(ValueError):
    """A setting that cannot be.

    Attributes:
        path: The dotted path that was asked for; "" for the whole.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def config_error_from(error: ValidationError, tree: Any, asked: str | None = None) -> ConfigError:
    """The first complaint of pydantic in our own words.

    Args:
        error: As pydantic raised it.
        tree: What was validated.
        asked: The path that was to be changed, if it was one; else the error names the place of the mistake.
    """
    first = error.errors()[0]
    place = place_of(first["loc"], tree)
    if first["type"] == "value_error":
        # The engine's own sentence: something that no single value shows.
        return ConfigError(place if asked is None else asked, str(first["ctx"]["error"]))
    value = first.get("input")
    if first["type"] == "union_tag_invalid" and isinstance(value, Mapping):
        # The kind is what is wrong, and may have come as a bare word.
        value = value.get("kind")
    came = shorten(json.dumps(value, default=str, ensure_ascii=False))
    where = f" for {place}" if place else ""
    words = EXPECTED.get(first["type"])
    expected = words.format(**first.get("ctx", {})) if words else str(first["msg"]).removeprefix("Input should be ")
    return ConfigError(place if asked is None else asked, f"Expected {expected}{where}, but got {came}.")


def place_of(location: tuple[int | str, ...], tree: Any) -> str:
    """The dotted path of a mistake; pydantic's own location names the kind of each union on the way as well."""
    keys, node = [], tree
    for part in location:
        if isinstance(node, Mapping) and part not in node and node.get("kind") == part:
            continue
        keys.append(str(part))
        if isinstance(node, Mapping):
            node = node.get(part)
        elif isinstance(node, list | tuple) and isinstance(part, int) and part < len(node):
            node = node[part]
    return ".".join(keys)
