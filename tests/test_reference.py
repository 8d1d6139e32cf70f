"""The pages written by `docs/generate.py` say what the code says today, and their examples are understood."""

import json
import math
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from docs.generate import COMMANDS, PAGES, help_of
from docs.message_examples import COMMAND_EXAMPLES, event_examples, golden_hello
from gan1d.session import messages

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    written, fresh = (DOCS / name).read_text("utf-8"), PAGES[name]()
    if name == "reference/command-line.md":  # where argparse breaks lines is a matter of the Python version
        written, fresh = " ".join(written.split()), " ".join(fresh.split())
    assert written == fresh, "Out of date: run `python -m docs.generate`."


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_line_page_shows_the_help_of_the_program(command: str) -> None:
    written = (DOCS / "reference/command-line.md").read_text("utf-8")
    assert " ".join(help_of(command).split()) in " ".join(written.split())


def test_the_command_line_page_shows_every_command() -> None:
    assert re.findall(r"^    (\w+) ", help_of(""), re.MULTILINE) == [command for command in COMMANDS if command]


def test_every_command_has_an_example() -> None:
    assert list(COMMAND_EXAMPLES) == list(messages.COMMAND_TYPES)


@pytest.mark.parametrize("kind", COMMAND_EXAMPLES)
def test_the_example_of_a_command_is_understood(kind: str) -> None:
    parsed = messages.parse_command(COMMAND_EXAMPLES[kind])
    assert type(parsed) is messages.COMMAND_TYPES[kind]


def with_nan(value: Any) -> Any:
    """A value with NaN in place of each null in a list: the model of an event has NaN for an unknown number."""
    if isinstance(value, dict):
        return {key: with_nan(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [math.nan if entry is None else with_nan(entry) for entry in value]
    return value


@pytest.mark.parametrize("model", get_args(messages.Event), ids=lambda model: model.__name__)
def test_the_example_of_an_event_is_such_an_event(model: type[messages.ServerMessage]) -> None:
    kind = model.model_fields["type"].default
    example = event_examples()[kind]
    named = {
        next((name for name, field in model.model_fields.items() if field.serialization_alias == key), key): value
        for key, value in example.items()
    }
    event = TypeAdapter(model).validate_json(json.dumps(with_nan(named)))
    assert json.loads(messages.encode_event(event)).keys() == example.keys()


def test_the_example_of_hello_has_every_field() -> None:
    assert event_examples()["hello"].keys() == golden_hello().keys()
