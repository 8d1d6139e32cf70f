"""Hypothesis strategies for configs, made from the JSON schema, so that they include new settings at once."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config

SCHEMA = Config.model_json_schema()

Strategy = st.SearchStrategy[Any]


def values(schema: dict[str, Any]) -> Strategy:
    """Values that the schema allows; every field of an object gets a value."""
    if "$ref" in schema:
        return values(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "oneOf" in schema:
        return st.one_of([values(member) for member in schema["oneOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case "number":
            return st.floats(schema["minimum"], schema["maximum"])
        case "array":
            return st.lists(values(schema["items"]), min_size=schema["minItems"], max_size=schema["maxItems"])
        case "object":
            return st.fixed_dictionaries({name: values(field) for name, field in schema["properties"].items()})
    raise AssertionError(f"say how to draw {schema}")


def parsed(tree: Any) -> Config:
    """The config of a tree. If its values are invalid together, which a schema cannot express, its code, its source or
    both are left out; trees that are invalid without them are discarded."""
    no_code, no_source = {"code": {"kind": "none"}}, {"latent": {"kind": "normal"}}
    for attempt in (tree, tree | no_code, tree | no_source, tree | no_code | no_source):
        try:
            return Config.parsed(attempt)
        except ConfigError:
            continue
    assume(False)
    raise AssertionError


configs = values(SCHEMA).map(parsed)
"""Valid configs."""
