"""Types of the wire for the page, written from the messages.

`python -m tests.wire_types --write` writes `static/js/connection/wire.d.ts`; `test_wire_types.py` fails when it is out
of date.
"""

import argparse
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, JsonValue
from typing_extensions import is_typeddict

from gan1d.session import messages

FILE = Path(__file__).parents[1] / "static" / "js" / "connection" / "wire.d.ts"
HEAD = """/** The messages of the websocket. Written by `python -m tests.wire_types --write`; do not edit. */
"""
SIMPLE = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "unknown"}
NULLABLE = {
    (owner, name): "Record<string, (number | null)[]>"
    for owner, names in {
        "Hello": ["trace"],
        "History": ["trace"],
        "RunHistory": ["trace"],
        "LossHistory": ["last", "low", "high"],
    }.items()
    for name in names
}
"""Fields in which NaN is usual, which is null on the wire."""
CONFIGS = dict.fromkeys(("config", "config_schema"), "Record<string, any>")
"""Values whose shape the server's schema describes."""


def text() -> str:
    """The whole file."""
    unions = {"Command": messages.Command, "Event": messages.Event}
    found: dict[str, type] = {}
    for union in unions.values():
        for member in get_args(union):
            collect(member, found)
    lines = [HEAD]
    for kind in found.values():
        lines += [*interface(kind), ""]
    for name, union in unions.items():
        lines.append(f"export type {name} = {' | '.join(member.__name__ for member in get_args(union))};")
    return "\n".join(lines) + "\n"


def collect(kind: Any, found: dict[str, type]) -> None:
    """Add an object type, and all that its fields hold, in the order in which they are needed."""
    if kind.__name__ in found:
        return
    for inner in (kind.__base__, *(part for annotation in fields_of(kind).values() for part in parts(annotation))):
        if is_object(inner) and fields_of(inner):
            collect(inner, found)
    found[kind.__name__] = kind


def fields_of(kind: Any) -> dict[str, Any]:
    """Annotations of an object type's own fields."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.__annotations__ if name != "model_config"}


def parts(annotation: Any) -> Iterator[Any]:
    """An annotation and everything inside of it."""
    yield annotation
    for argument in get_args(annotation):
        yield from parts(argument)


def is_object(kind: Any) -> bool:
    return is_typeddict(kind) or (isinstance(kind, type) and issubclass(kind, BaseModel))


def interface(kind: Any) -> list[str]:
    """An object type in TypeScript, with its description."""
    summary = (kind.__doc__ or "").strip().splitlines()[0]
    base = kind.__base__
    extends = f" extends {base.__name__}" if is_object(base) and fields_of(base) else ""
    fields = [f"  {field(kind, name, annotation)};" for name, annotation in fields_of(kind).items()]
    return [f"/** {summary} */", f"export interface {kind.__name__}{extends} {{", *fields, "}"]


def field(kind: Any, name: str, annotation: Any) -> str:
    """A field of an object; the page may leave out what has a default in a command."""
    if is_typeddict(kind):
        return f"{name}: {CONFIGS.get(name) or typescript(annotation)}"
    info = kind.model_fields[name]
    optional = "?" if issubclass(kind, messages.ClientMessage) and not info.is_required() and name != "type" else ""
    wire_name = info.serialization_alias or name
    special = CONFIGS.get(name) or NULLABLE.get((kind.__name__, name))
    return f"{wire_name}{optional}: {special or typescript(annotation)}"


def typescript(annotation: Any) -> str:
    """The TypeScript of a Python annotation."""
    if annotation is JsonValue:
        return "unknown"
    if annotation in SIMPLE:
        return SIMPLE[annotation]
    if is_object(annotation):
        return annotation.__name__
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return typescript(arguments[0])
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(typescript(argument) for argument in arguments)
    if origin in (list, tuple):
        inner = typescript(arguments[0])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if origin is dict:
        return f"Record<string, {typescript(arguments[1])}>"
    raise TypeError(f"Expected an annotation that JSON has, but got {annotation}.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the page's types of the wire.")
    parser.add_argument("--write", action="store_true", required=True, help=f"write {FILE.name}")
    parser.parse_args()
    FILE.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
