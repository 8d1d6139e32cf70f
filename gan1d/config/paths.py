"""Dotted paths through an experiment, such as `target.modes.0.position`: what stands there, what a change disturbs."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from gan1d.config.errors import ConfigError
from gan1d.formatting import shorten
from gan1d.knobs import Effect, Knob

Json = Any
"""A value as JSON has it: None, bool, int, float, str, list or dict of these."""

INDEX: Final = re.compile("0|[1-9][0-9]{0,5}")
"""A place in a list, written in the only way there is; Python refuses to read thousands of digits."""


def steps(tree: Json, path: str) -> list[Json]:
    """All that is passed on the way down a tree of plain values: the tree first, the value at `path` last.

    Raises:
        ConfigError: There is no such path; the message says where it ends and how it might go on.
    """
    passed, keys = [tree], path.split(".")
    for depth, key in enumerate(keys):
        passed.append(child(passed[-1], key, ".".join(keys[: depth + 1]), path))
    return passed


def child(node: Json, key: str, reached: str, path: str) -> Json:
    """One step down a tree of plain values; ConfigError if there is no such step."""
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


def changes(new: Json, old: Json, path: str) -> Iterator[tuple[str, Json]]:
    """Paths at which two trees differ; lists of another length, and other kinds, count whole."""
    if new == old:
        return
    prefix = f"{path}." if path else ""
    if isinstance(new, dict) and isinstance(old, dict):
        for key in sorted(new, key=lambda name: name != "kind"):
            if key in old:
                yield from changes(new[key], old[key], prefix + key)
            else:
                yield prefix + key, new[key]
    elif isinstance(new, list) and isinstance(old, list) and len(new) == len(old) and isinstance(new[0], dict):
        for index, (a, b) in enumerate(zip(new, old, strict=True)):
            yield from changes(a, b, f"{prefix}{index}")
    else:
        yield path, new


def effect_at(config: BaseModel, path: str) -> Effect:
    """What changing the field at `path` disturbs: said by the nearest knob on the way there that is not merely live."""
    strongest: Effect = "live"
    for knob in knobs_along(config, path):
        if knob.effect == "restart" or (knob.effect == "network" and strongest == "live"):
            strongest = knob.effect
    return strongest


def knob_at(config: BaseModel, path: str) -> Knob:
    """The knob of the field at `path`, or the nearest one above it.

    Raises:
        ConfigError: There is no such path.
    """
    steps(config.model_dump(mode="json"), path)
    return next(reversed(list(knobs_along(config, path))), Knob())


def knobs_along(config: BaseModel, path: str) -> Iterator[Knob]:
    """The knobs on the fields from the root down to `path`."""
    node: Any = config
    for key in path.split("."):
        if isinstance(node, tuple):
            node = node[int(key)]
            continue
        if isinstance(node, BaseModel):
            metadata: tuple[Any, ...] = tuple(type(node).model_fields[key].metadata)
        else:
            metadata = getattr(annotations_of(type(node))[key], "__metadata__", ())
        yield from (item for item in metadata if isinstance(item, Knob))
        node = getattr(node, key)


def annotations_of(spec: type) -> dict[str, Any]:
    """A dataclass's annotations, inherited ones included."""
    return {
        name: hint for base in reversed(spec.__mro__) for name, hint in vars(base).get("__annotations__", {}).items()
    }
