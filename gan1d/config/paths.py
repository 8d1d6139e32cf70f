"""Dotted paths into a config, such as `target.modes.0.position`: the value there, and the effect of changing it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import fields, is_dataclass
from typing import Any, Final

from pydantic import BaseModel

from gan1d.config.errors import ConfigError
from gan1d.formatting import shorten
from gan1d.knobs import Effect, Knob

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

INDEX: Final = re.compile("0|[1-9][0-9]{0,5}")
"""An index into a list in its only spelling; the length is limited because Python rejects thousands of digits."""


def json_or_text(text: str) -> Json:
    """A value as it is typed: JSON, or else the text itself. NaN and infinity, which JSON does not have, are text."""
    try:
        return json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text


def parts_of(node: Any) -> Any:
    """The fields of a model or a dataclass as a dict, the items of a tuple as a list, anything else as it is."""
    names = fields_of(node)
    if names is not None:
        return {name: getattr(node, name) for name in names}
    return list(node) if isinstance(node, tuple) else node


def nodes_along(tree: Any, path: str) -> list[Any]:
    """The nodes of a config on the way to `path`: the config first, the value at `path` last.

    Raises:
        ConfigError: The path does not exist; the message says where it ends and how it can continue.
    """
    nodes, keys = [tree], path.split(".")
    for depth, key in enumerate(keys):
        names = fields_of(nodes[-1])
        if names is not None and key in names:
            nodes.append(getattr(nodes[-1], key))
        else:
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
        known = f"one of {', '.join(node)}"
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
    names, old_names = fields_of(new), fields_of(old)
    prefix = f"{path}." if path else ""
    if names is not None and old_names is not None:
        for name in names:
            value = getattr(new, name)
            if name not in old_names:
                yield prefix + name, value
            elif (before := getattr(old, name)) is not value:
                yield from changes(value, before, prefix + name)
    elif has_rows(new) and has_rows(old) and len(new) == len(old):
        for index, (left, right) in enumerate(zip(new, old, strict=True)):
            yield from changes(left, right, f"{prefix}{index}")
    elif new != old:
        yield path, new


def has_rows(node: Any) -> bool:
    """Whether a node is a list of objects, such as the modes of a target."""
    return isinstance(node, tuple) and len(node) > 0 and fields_of(node[0]) is not None


def effect_at(config: BaseModel, path: str) -> Effect:
    """Effect of changing the field at `path`: the strongest effect of the knobs on the way there.

    The knob of a union counts for its kind alone: the fields of the present member have effects of their own.
    """
    *above, _ = nodes_along(config, path)
    keys, effects = path.split("."), set()
    for depth, node in enumerate(above):
        is_in_member = depth + 1 < len(above) and hasattr(above[depth + 1], "kind") and keys[depth + 1] != "kind"
        if not isinstance(node, tuple) and not is_in_member:
            effects |= {knob.effect for knob in (fields_of(node) or {})[keys[depth]]}
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
            yield from (fields_of(node) or {})[key]
            node = getattr(node, key)


_FIELDS: Final[dict[type, dict[str, list[Knob]] | None]] = {}
"""Results of `fields_of`, by class."""


def fields_of(node: Any) -> dict[str, list[Knob]] | None:
    """The fields of a model or a dataclass, `kind` first, with the knobs in their annotations; None for other nodes."""
    spec = type(node)
    if spec not in _FIELDS:
        if isinstance(node, BaseModel):
            found = {name: knobs_in(field.metadata) for name, field in spec.model_fields.items()}
        elif is_dataclass(node):
            found = {field.name: knobs_in(getattr(field.type, "__metadata__", ())) for field in fields(node)}
        else:
            found = {}
        _FIELDS[spec] = {name: found[name] for name in sorted(found, key="kind".__ne__)} or None
    return _FIELDS[spec]


def knobs_in(metadata: Sequence[Any]) -> list[Knob]:
    """The knobs among the items of an annotation."""
    return [item for item in metadata if isinstance(item, Knob)]
