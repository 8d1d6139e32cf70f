"""The page of all settings, from the JSON schema of `gan1d.Config`."""

import json
from collections.abc import Mapping
from typing import Final

from docs.markdown import page, plain, table
from docs.message_examples import Json
from gan1d.config.model import Config
from gan1d.formatting import shorten

EFFECTS: Final = {"live": "next step", "network": "rebuilds the network", "restart": "new run"}
"""A knob's effect → what a change does."""


def settings() -> str:
    """Every config path: values, default, effect, help."""
    schema = Config.model_json_schema()
    known, parts = schema["$defs"], []
    single = [row for path, node in schema["properties"].items() for row in setting_rows(path, node, known, deep=False)]
    parts.append(table(SETTING_HEAD, single))
    for path, node in schema["properties"].items():
        parts += setting_sections(path, node, known)
    return page(
        "Settings",
        "Every setting of an experiment, by its path: for `Config.patched`, `gan1d run --set path=value`, links, and "
        "the `set` command of the [protocol](protocol.md#set). A setting with a choice is set by its kind, such as "
        "`loss=hinge`; the settings of each kind stand below it, with the defaults that they have when the kind is "
        "chosen.",
        *parts,
    )


SETTING_HEAD: Final = ("path", "values", "default", "a change", "help")


def resolved(node: Mapping[str, Json], known: Mapping[str, Json]) -> Mapping[str, Json]:
    """The definition that a node refers to, or the node itself."""
    found: Mapping[str, Json] = known[node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return found


def setting_rows(
    path: str, node: Mapping[str, Json], known: Mapping[str, Json], *, deep: bool = True
) -> list[tuple[str, ...]]:
    """The rows of one setting: itself, or the settings in it if it is an object and `deep`."""
    inner = resolved(node, known)
    if "properties" in inner:
        pairs = inner["properties"].items() if deep else ()
        return [row for name, each in pairs if name != "kind" for row in setting_rows(f"{path}.{name}", each, known)]
    knob, default = node["x-knob"], node.get("default")
    if "oneOf" in node:
        values = ", ".join(f"`{kind}`" for kind in option_kinds(node, known))
        shown = chosen_default(default, option_kinds(node, known)) if isinstance(default, dict) else ""
    else:
        values = value_range(node, known)
        shown = "" if default is None else f"`{shorten(json.dumps(default), 60)}`"
    return [(f"`{path}`", values, shown, EFFECTS[knob["effect"]], plain(knob["help"]))]


def option_kinds(node: Mapping[str, Json], known: Mapping[str, Json]) -> dict[str, Mapping[str, Json]]:
    """Kind → definition of each option of a choice."""
    options = [resolved(option, known) for option in node["oneOf"]]
    return {option["properties"]["kind"]["const"]: option for option in options}


def chosen_default(default: Mapping[str, Json], options: Mapping[str, Mapping[str, Json]]) -> str:
    """The kind that a choice has by default, with the settings that differ from the usual ones of this kind."""
    usual = options[default["kind"]]["properties"]
    others = [
        f"{name} `{json.dumps(value)}`"
        for name, value in default.items()
        if name != "kind" and value != usual[name].get("default")
    ]
    return f"`{default['kind']}`" + (f" with {', '.join(others)}" if others else "")


def setting_sections(path: str, node: Mapping[str, Json], known: Mapping[str, Json]) -> list[str]:
    """A section for each object and each choice at or below a path."""
    inner, parts = resolved(node, known), []
    if "properties" in inner:
        parts += [f"## `{path}`", plain(inner["description"]), table(SETTING_HEAD, setting_rows(path, node, known))]
        for name, each in inner["properties"].items():
            parts += setting_sections(f"{path}.{name}", each, known) if "oneOf" in each else []
    elif "oneOf" in node:
        parts += [f"## `{path}`", plain(node["x-knob"]["help"])]
        for kind, option in option_kinds(node, known).items():
            rows = [
                row for name, each in option["properties"].items() if name != "kind"
                for row in setting_rows(f"{path}.{name}", each, known)
            ]  # fmt: skip
            parts += [f"**`{path}={kind}`** {plain(option.get('title', ''))}. {plain(option['description'])}"]
            parts += [table(SETTING_HEAD, rows)] if rows else []
    return parts


def value_range(node: Mapping[str, Json], known: Mapping[str, Json]) -> str:
    """The values that a number, a choice of words, a switch or a list can have."""
    if "enum" in node:
        return ", ".join(f"`{json.dumps(value)}`" for value in node["enum"])
    if node.get("type") == "array":
        entry = resolved(node["items"], known)
        entries = ", ".join(entry["properties"]) if "properties" in entry else value_range(entry, known)
        return f"list of {node['minItems']} to {node['maxItems']}: {entries}"
    if "minimum" in node or "maximum" in node:
        return f"{node['minimum']:.10g} to {node['maximum']:.10g}" if "maximum" in node else f"from {node['minimum']:g}"
    return {"boolean": "true or false", "number": "number", "string": "text"}.get(str(node.get("type")), "")
