"""Any config at all, for Hypothesis: drawn from the JSON schema, so a new setting is tried the day it is written."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config

SCHEMA = Config.model_json_schema()

Strategy = st.SearchStrategy[Any]


def values(schema: dict[str, Any]) -> Strategy:
    """Any value that the schema allows; nothing of an object is left to its default."""
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
    """The config that it describes; a schema cannot say that some values make no sense together."""
    try:
        return Config.parsed(tree)
    except ConfigError:
        assume(False)
        raise


configs = values(SCHEMA).map(parsed)
"""Any valid config."""
