"""Errors in a config: one sentence with the expected and the given value.

ConfigError (ValueError)    a value that the config does not allow
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from gan1d.formatting import shorten

EXPECTED: Final = {
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
"""Error types of pydantic → the expected value in words, with pydantic's context in braces. Other types keep pydantic's
own words."""


class ConfigError(ValueError):
    """A value that the config does not allow, or a path that does not exist.

    Attributes:
        path: Dotted path that was to be set; "" if the whole config was.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def config_error_from(error: ValidationError, tree: Any, path: str | None = None) -> ConfigError:
    """The first error of pydantic as a `ConfigError`.

    Args:
        error: The error that pydantic raised.
        tree: The values that were validated.
        path: Dotted path that was to be set; None if the whole config was, which makes it the path of the error.
    """
    first = error.errors()[0]
    error_path = path_of(first["loc"], tree)
    if path is None:
        path = error_path
    if first["type"] == "value_error":
        # The engine's own sentence about values that do not fit together.
        return ConfigError(path, str(first["ctx"]["error"]))
    value = first.get("input")
    if first["type"] == "union_tag_invalid" and isinstance(value, Mapping):
        # The wrong value is the kind, and not the object around it.
        value = value.get("kind")
    given = shorten(json.dumps(value, default=str, ensure_ascii=False))
    words = EXPECTED.get(first["type"])
    expected = words.format(**first.get("ctx", {})) if words else str(first["msg"]).removeprefix("Input should be ")
    if not error_path:
        return ConfigError(path, f"Expected {expected}, but got {given}.")
    return ConfigError(path, f"Expected {expected} for {error_path}, but got {given}.")


def path_of(location: tuple[int | str, ...], tree: Any) -> str:
    """The dotted path of an error. The location that pydantic gives also names the kind of each union on the way."""
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
