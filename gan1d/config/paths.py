"""Dotted paths into a config, such as `target.modes.0.position`: the value there, and the effect of changing it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from gan1d.config.errors import ConfigError
from gan1d.formatting import shorten
from gan1d.knobs import Effect, Knob

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

INDEX: Final = re.compile("0|[1-9][0-9]{0,5}")
"""An index into a list in its only spelling; the length is limited because Python rejects thousands of digits."""


def parts_of(node: Any) -> Any:
    """The fields of a model or a dataclass as a dict, the items of a tuple as a list, anything else as it is."""
    spec: Any = type(node)
    names = knobs_of(spec)
    if names is not None:
        return {name: getattr(node, name) for name in names}
    return list(node) if isinstance(node, tuple) else node


def nodes_along(tree: Any, path: str) -> list[Any]:
    """The nodes of a config, or of a JSON tree, on the way to `path`: the tree first, the value at `path` last.

    Raises:
        ConfigError: The path does not exist; the message says where it ends and how it can continue.
    """
    nodes, keys = [tree], path.split(".")
    for depth, key in enumerate(keys):
        nodes.append(child(parts_of(nodes[-1]), key, ".".join(keys[: depth + 1]), path))
    return nodes


def replaced(node: Any, keys: Sequence[str], value: Any) -> Any:
    """The parts of a node with the value at the path `keys` below it replaced; nodes beside the path are shared."""
    key, *below = keys
    parts = copy(parts_of(node))
    place = int(key) if isinstance(parts, list) else key
    parts[place] = replaced(parts[place], below, value) if below else value
    return parts


def child(node: Any, key: str, reached: str, path: str) -> Any:
    """The child of a node.

    Args:
        node: The parts of a node.
        key: Field name or index.
        reached: Dotted path of the child, for the error.
        path: Whole path of which it is a part, for the error.

    Raises:
        ConfigError: There is no such child.
    """
    if isinstance(node, dict) and key in node:
        return node[key]
    if isinstance(node, list) and INDEX.fullmatch(key) and int(key) < len(node):
        return node[int(key)]
    if isinstance(node, Mapping):
        known = "one of " + ", ".join(node)
    elif isinstance(node, list):
        known = f"an index below {len(node)}"
    else:
        known = "nothing below a single value"
    raise ConfigError(path, f"Expected {known} at {shorten(repr(reached))}, but got {shorten(repr(key))}.")


def changes(new: Any, old: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Paths at which two configs differ, with the new values, in an order to apply them in.

    A `kind` comes before the fields that belong to it. Lists of different length are one difference. Nodes that both
    configs share are not entered, which makes a comparison with a config made by one change fast.
    """
    a, b = parts_of(new), parts_of(old)
    prefix = f"{path}." if path else ""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(a, key="kind".__ne__):
            if key not in b:
                yield prefix + key, a[key]
            elif a[key] is not b[key]:
                yield from changes(a[key], b[key], prefix + key)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b) and a and knobs_of(a[0].__class__):
        for index, (left, right) in enumerate(zip(a, b, strict=True)):
            yield from changes(left, right, f"{prefix}{index}")
    elif a != b:
        yield path, new


def effect_at(config: BaseModel, path: str) -> Effect:
    """What changing the field at `path` disturbs: the strongest effect of the knobs on the way there."""
    effects = {knob.effect for knob in knobs_along(config, path)}
    return "restart" if "restart" in effects else "network" if "network" in effects else "live"


def knob_at(config: BaseModel, path: str) -> Knob:
    """The knob of the field at `path`, or of the nearest field above it.

    Raises:
        ConfigError: The path does not exist.
    """
    nodes_along(config, path)
    return next(reversed(list(knobs_along(config, path))), Knob())


def knobs_along(config: BaseModel, path: str) -> Iterator[Knob]:
    """The knobs of the fields on the way from the root to `path`."""
    node: Any = config
    for key in path.split("."):
        if isinstance(node, tuple):
            node = node[int(key)]
        else:
            spec: Any = type(node)
            yield from (knobs_of(spec) or {})[key]
            node = getattr(node, key)


@cache
def knobs_of(spec: Any) -> dict[str, list[Knob]] | None:
    """The knobs in the annotation of each field of a model or a dataclass class; None for any other class."""
    if issubclass(spec, BaseModel):
        metadata: dict[str, Sequence[Any]] = {name: field.metadata for name, field in spec.model_fields.items()}
    elif is_dataclass(spec):
        metadata = {field.name: getattr(field.type, "__metadata__", ()) for field in fields(spec)}
    else:
        return None
    return {name: [item for item in items if isinstance(item, Knob)] for name, items in metadata.items()}
