"""What is said: every mistake gets one sentence, and every command has a handler."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from gan1d.recording.run_log import RunLog
from gan1d.session import messages
from gan1d.session.messages import Close, Command, Event, Refused, encode_event, parse_command
from gan1d.session.run import Run
from tests.session.fakes import SMALL, Stage

STEP = "a step from 0 to 1\u202f000\u202f000\u202f000"

LOG = "\n".join(RunLog(SMALL).lines())

EXAMPLES: dict[str, dict[str, object]] = {
    "play": {},
    "pause": {},
    "step": {"count": 3, "player": "generator"},
    "reset": {"seed": 7},
    "set": {"path": "batch_size", "value": 8, "reinitialize": True},
    "load_preset": {"name": "default", "changes": {"batch_size": 8}},
    "load_log": {"text": LOG},
    "playback": {"speed": "max"},
    "look": {"step": 0},
    "branch": {"step": 0, "name": "again"},
    "switch": {"run": 1},
    "forget": {"run": 1},
    "rename": {"run": 1, "name": "first"},
    "compare": {"changes": {"batch_size": 8}, "step": 0},
    "end_comparison": {},
    "goal": {"goal": {"shows": "reached"}, "name": "both modes"},
    "bookmark": {"step": 0, "text": "the beginning"},
    "get_history": {"run": 1},
    "get_log": {"run": 1},
    "get_step_trace": {"step": 0, "update": 1, "sample": 2},
    "get_spectrum": {"step": 0},
    "get_path_angle": {"start": 0, "end": 0},
    "cancel_spectrum": {},
    "ack": {},
}


def test_there_is_an_example_of_every_command() -> None:
    assert set(EXAMPLES) == set(messages.COMMAND_TYPES)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_command_is_read_and_obeyed(kind: str) -> None:
    command = parse_command(json.dumps({"type": kind, **EXAMPLES[kind]}))
    assert isinstance(command, get_args(Command))
    stage = Stage()
    if kind == "forget":
        stage.send(messages.Step())
        stage.send(messages.Reset())
    stage.send(command)  # type: ignore[arg-type]
    assert stage.viewer.events_of("refused") == []


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"\x00\x01", "Expected a text message with JSON, but got 2 bytes of binary."),
        (b"", "Expected a text message with JSON, but got 0 bytes of binary."),
        ("", 'Expected JSON such as {"type": "play"}, but got "" (EOF while parsing a value at line 1 column 0).'),
        ("[]", 'Expected an object such as {"type": "play"}, but got [].'),
        ("null", 'Expected an object such as {"type": "play"}, but got null.'),
        ('["a", null, true]', 'Expected an object such as {"type": "play"}, but got ["a", null, true].'),
        ("7", 'Expected an object such as {"type": "play"}, but got 7.'),
        ("{}", f"Expected a type of {', '.join(messages.COMMAND_TYPES)}, but got none."),
        ('{"type": "fly"}', f"Expected a type of {', '.join(messages.COMMAND_TYPES)}, but got \"fly\"."),
        ('{"type": "play", "loud": 1}', 'Expected nothing else in play, but got "loud".'),
        ('{"type": "step", "loud": 1}', 'Expected only count and player in step, but got "loud".'),
        ('{"type": "step", "count": 0}', "Expected step.count to be a whole number from 1 to 10000, but got 0."),
        ('{"type": "step", "count": "3"}', 'Expected step.count to be a whole number from 1 to 10000, but got "3".'),
        (
            '{"type": "step", "player": "dealer"}',
            'Expected step.player to be "both", "generator" or "discriminator", but got "dealer".',
        ),
        ('{"type": "look", "step": -1}', f"Expected look.step to be {STEP}, or null for the present one, but got -1."),
        ('{"type": "look"}', f"Expected look.step to be {STEP}, or null for the present one, but got nothing."),
        ('{"type": "branch", "step": null}', f"Expected branch.step to be {STEP}, but got null."),
        ('{"type": "switch", "run": 0}', "Expected switch.run to be the number of a run, but got 0."),
        (
            '{"type": "rename", "run": 1, "name": ""}',
            'Expected rename.name to be a name of 1 to 60 characters, but got "".',
        ),
        ('{"type": "reset", "seed": 1.5}', "Expected reset.seed to be a whole number, but got 1.5."),
        (
            '{"type": "set", "value": 1}',
            "Expected set.path to be a config path such as generator.optimizer.learning_rate, but got nothing.",
        ),
        (
            '{"type": "set", "path": "seed", "value": [NaN]}',
            "Expected set.value to be a JSON value without NaN or infinity, but got [NaN].",
        ),
        (
            '{"type": "set", "path": "seed", "value": 1, "reinitialize": 1}',
            "Expected set.reinitialize to be true or false, but got 1.",
        ),
        (
            '{"type": "set", "path": "seed", "value": 1, "anew": true}',
            'Expected only path, value and reinitialize in set, but got "anew".',
        ),
        (
            '{"type": "load_preset", "name": "default", "changes": [1]}',
            "Expected load_preset.changes to be an object of config paths and values, but got [1].",
        ),
        *(
            (
                f'{{"type": "playback", "speed": {speed}}}',
                f'Expected playback.speed to be a number of steps a second above 0, "frame" or "max", but got {came}.',
            )
            for speed, came in [("0", "0"), ("-1", "-1"), ("1e999", "Infinity"), ("NaN", "NaN"), ("true", "true"),
                                ('"fast"', '"fast"'), ("null", "null")]
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_named(raw: str | bytes, sentence: str) -> None:
    assert parse_command(raw) == Refused(message=sentence)


@pytest.mark.parametrize("speed", ["0.5", "30", "2.5", '"frame"', '"max"'])
def test_speeds(speed: str) -> None:
    assert isinstance(parse_command(f'{{"type": "playback", "speed": {speed}}}'), messages.Playback)


def test_a_path_is_no_longer_than_paths_are() -> None:
    long = 201 * "x"
    for fields in ({"type": "set", "path": long, "value": 1},
                   {"type": "load_preset", "name": "default", "changes": {long: 1}}):  # fmt: skip
        refused = parse_command(json.dumps(fields))
        assert isinstance(refused, Refused)
        assert refused.message.endswith('x…".')
        assert len(refused.message) < 200


def test_a_long_mistake_is_quoted_in_short() -> None:
    refused = parse_command(json.dumps("x" * 5000))
    assert isinstance(refused, Refused)
    assert len(refused.message) < 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["count", "player", "seed", "path", "value", "name", "changes", "speed", "step", "run", "text", "afresh", "x"]
near_misses = st.builds(
    lambda kind, fields: json.dumps({"type": kind, **fields}),
    st.sampled_from([*EXAMPLES, "hello", 3]),
    st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=3),
)


@given(st.text(max_size=60) | json_values.map(json.dumps) | near_misses)
def test_whatever_comes_is_a_command_or_one_sentence(raw: str) -> None:
    found = parse_command(raw)
    if isinstance(found, Refused):
        assert found.message.startswith("Expected ")
        assert found.message.endswith(".")
        assert json.loads(encode_event(found))["type"] == "refused"
    else:
        assert isinstance(found, get_args(Command))


def test_numbers_json_does_not_have_become_null() -> None:
    fields = Run(SMALL).scene_fields()
    scene = messages.Scene(**{**fields, "grid": [1.0, float("nan"), float("inf")], "other": float("nan")})
    found = json.loads(encode_event(scene))
    assert found["grid"] == [1.0, None, None]
    assert found["other"] is None


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The messages in an annotation, and in the fields of these."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation)
    for inner in get_args(annotation):
        yield from models_in(inner)


@pytest.mark.parametrize("message", sorted({*models_in(Command), *models_in(Event)}, key=lambda each: each.__name__))
def test_every_message_and_every_field_is_described(message: type[BaseModel]) -> None:
    assert message.__doc__
    assert message.__doc__.rstrip().endswith(".")
    undescribed = [name for name, field in message.model_fields.items() if name != "type" and not field.description]
    assert undescribed == []


def test_every_field_of_a_scene_is_described() -> None:
    assert set(Run(SMALL).scene_fields()) == set(messages.SceneFields.model_fields)


@pytest.mark.parametrize("close", Close)
def test_every_close_code_says_why(close: Close) -> None:
    assert close.reason.endswith(".")
    assert len(close.reason.encode()) <= 123  # what a close frame has room for


def test_the_former_name_of_reinitialize_is_read() -> None:
    former = parse_command('{"type": "set", "path": "generator.hidden", "value": [3], "afresh": true}')
    assert former == messages.Set(path="generator.hidden", value=[3], reinitialize=True)
