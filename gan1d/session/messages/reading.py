"""Reading what a page has sent: a command, or the sentence that says why it is none."""

import json
from typing import Final

from pydantic import ValidationError

from gan1d.formatting import shorten
from gan1d.session.messages.commands import COMMAND_LENGTH_LIMIT, COMMAND_TYPES, COMMANDS, Command
from gan1d.session.messages.events import Refused

QUOTE_LENGTH: Final = 60
"""Characters of a wrong value that a sentence repeats."""


def parse_command(raw: str | bytes) -> Command | Refused:
    """The command in a message, or the sentence that says why it holds none."""
    if len(raw) > COMMAND_LENGTH_LIMIT:
        return Refused(message=f"Expected a message of at most {COMMAND_LENGTH_LIMIT} characters, but got {len(raw)}.")
    if isinstance(raw, bytes):
        return Refused(message=f"Expected a text message with JSON, but got {len(raw)} bytes of binary.")
    try:
        return COMMANDS.validate_json(raw)
    except ValidationError as error:
        return Refused(message=_sentence(error))


def quote(value: object) -> str:
    """A value as JSON writes it, shortened for a sentence."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = shorten(text, QUOTE_LENGTH)
    return f'"{shown}"' if isinstance(value, str) else shown


def _sentence(error: ValidationError) -> str:
    """The first error of pydantic as "Expected …, but got …"."""
    first = error.errors(include_url=False, include_context=False)[0]
    place, found = [str(part) for part in first["loc"]], first["input"]
    if not place:
        return _shape_sentence(first["type"], first["msg"], found)
    kind, *names = place
    if not names:
        return f"Expected {kind} to be an object with a type, but got {quote(found)}."
    if first["type"] == "extra_forbidden":
        known = [name for name in COMMAND_TYPES[kind].model_fields if name != "type"]
        expected = f"only {_listed(known)}" if known else "nothing else"
        return f"Expected {expected} in {kind}, but got {quote(names[0])}."
    description = COMMAND_TYPES[kind].model_fields[names[0]].description
    came = "nothing" if first["type"] == "missing" else quote(found)
    return f"Expected {kind}.{names[0]} to be {description}, but got {came}."


def _listed(names: list[str]) -> str:
    """Names in a row, such as "path, value and reinitialize"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _shape_sentence(problem: str, detail: str, found: object) -> str:
    """The sentence for a message whose command is not known."""
    if problem in ("union_tag_not_found", "union_tag_invalid"):
        came = quote(found.get("type")) if isinstance(found, dict) and "type" in found else "none"
        return f"Expected a type of {', '.join(COMMAND_TYPES)}, but got {came}."
    if problem == "dict_type":
        return f'Expected an object such as {{"type": "play"}}, but got {quote(found)}.'
    cause = detail.removeprefix("Invalid JSON: ")
    return f'Expected JSON such as {{"type": "play"}}, but got {quote(found)} ({cause}).'
