"""The page of the websocket protocol, from `gan1d/session/messages`, `gan1d/evaluation/codec.py` and `frame.py`."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Final, get_args

from pydantic import BaseModel

from docs.markdown import page, plain, plain_cell, plain_paragraph, table, unwrapped, wrapped
from docs.message_examples import COMMAND_EXAMPLES, Json, event_examples, golden_hello
from gan1d.evaluation import codec
from gan1d.session import messages
from gan1d.session.flow_control import CREDIT

LOOKING_BACK: Final = """\
Each viewer, driver or not, may look at any step of any run that the session keeps. That changes neither the run nor
what other viewers get. [`look`](#look) requests a step. The answer is [`looking`](#looking), then a [`scene`](#scene)
if the viewer does not have the scene of that step, then the frame of the step. Its bytes are those that were sent when
the step was the present one, except for the number `look` in the header, which is 0 in frames of the present step. A
page may send one `look` after another while the pointer is dragged: one that waits is dropped when the next one comes,
and so is an older frame that waits for an `ack`.

While a viewer looks back it gets no frames of the present step, but all other events: `status`, `history` and `config`
are those of the present. `look` with the step `null` returns to the present. [`looking`](#looking) confirms that with
`look` 0 and `step` `null`, followed by the scene of the present if it is another one.

A step is computed from the nearest earlier state that is kept, by repeating the steps in between, of which there are at
most `spacing`. A step that does not exist, a run that is not kept, and a server without history (`--history 0`) are
each answered with [`refused`](#refused); what the viewer is shown does not change."""
"""How a page looks at earlier steps."""

SEVERAL_RUNS: Final = """\
A session has one present run and keeps those before it, each with a number. [`branch`](#branch) begins a new run at an
earlier step of any run; its past up to that step is the same. [`reset`](#reset), [`load_preset`](#load_preset) and a
setting that restarts begin a new run at step 0. In each case the run that was the present one is kept with its history,
and [`switch`](#switch) returns to its last step, so `switch` undoes a reset. All viewers get a [`scene`](#scene) with
the number of the new present run, then `config`, [`marks`](#marks), [`runs`](#runs) and the whole `history`.
[`get_history`](#get_history) requests what is needed to draw another run. The memory for all runs is limited: of the
oldest runs, first fewer states are kept, and then none, which the `sentence` of [`runs`](#runs) says."""
"""How a session keeps several runs."""

COMPARING: Final = """\
[`compare`](#compare) shows a second run beside the present one: a kept run, or a new one that differs in some settings
from a step on. The second run is brought to the step of the present one: up to its last step it is repeated, from there
on it is trained. While it is behind, the present run waits. Play, pause, step, [`reset`](#reset), [`branch`](#branch)
and [`look`](#look) apply to both runs, `set` to the present run only. [`switch`](#switch) to the second run exchanges
both. Another experiment and [`end_comparison`](#end_comparison) end the comparison, and the second run is kept.

[`comparing`](#comparing) says which run is compared and how it differs. A frame of the second run follows that of the
present run at the same step, also where a viewer looks back. Bit 15 of the uint16 at byte 14 of its header is set,
and [`second_scene`](#second_scene) has its layout. Each of the two frames costs one credit, and a viewer has twice as
many. A client without support for comparisons drops the frames of the second run if it reads this uint16 as the number
`look`, and drops all frames whose number is not that of its last `looking`."""
"""How a page shows two runs."""

OBJECTS: Final = (
    messages.RunStatus,
    messages.PlaybackState,
    messages.DiagnosisMessage,
    messages.LossHistory,
    messages.Mark,
    messages.BookmarkEntry,
    messages.DiagnosisMark,
    messages.RunEntry,
    messages.SettingDifference,
    messages.ServerLimits,
    messages.SpeedChoice,
    messages.PlayerChoice,
    messages.TracedUpdate,
    messages.TracedSample,
    messages.TracedPass,
    messages.TracedLayer,
    messages.TracedParameters,
)
"""Objects inside of events."""

AXES: Final[dict[str | None, str]] = {
    None: "a number",
    "generator_curves": "each of `curves` × `latent_grid`",
    "discriminator_curves": "`grid`, or each of `classes` × `grid`",
    "grid": "`grid`",
    "code_densities": "each of `codes` × `grid`",
    "back_grid": "`back.grid`",
    "back_curve": "`back.latent_grid`",
    "round_trip": "`latent_grid`, where there is a way back",
    "modes": "`modes`",
    "rug": "the fixed noise samples drawn as strokes",
    "x_bins": "`x_bins`, with both overflow bins",
    "readout_bins": "`readout_bins`, with both overflow bins",
}
"""Axis in the layout → what one entry of the array belongs to."""


def type_name(schema: Mapping[str, Json], known: Mapping[str, Json]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        inner = known[name]
        if name in {model.__name__ for model in OBJECTS}:
            return f"{name} (below)"
        return "object" if "properties" in inner else type_name(inner, known)
    if "anyOf" in schema:
        return " or ".join(type_name(option, known) for option in schema["anyOf"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(option)}`" for option in schema["enum"])
    match schema.get("type"):
        case "array":
            return f"list of {type_name(schema.get('items', {}), known)}"
        case "object":
            values = schema.get("additionalProperties")
            return f"object of {type_name(values, known)}" if isinstance(values, dict) and values else "object"
        case None:
            return "any JSON value"
        case kind:
            return {"string": "text", "integer": "integer", "boolean": "true or false"}.get(kind, str(kind))


def fields_table(model: type[BaseModel], skip: Sequence[str] = ("type",)) -> str:
    """The fields of a message: name, type, default, description."""
    schema = model.model_json_schema(mode="serialization")
    known = schema.get("$defs", {})
    meanings = {field.serialization_alias or name: field.description for name, field in model.model_fields.items()}
    rows = [
        (
            f"`{name}`",
            plain_cell(type_name(field, known)),
            f"`{json.dumps(field['default'])}`" if "default" in field else "",
            plain_cell(meanings[name] or ""),
        )
        for name, field in schema["properties"].items()
        if name not in skip
    ]
    return table(("field", "type", "default", "meaning"), rows) if rows else "It has no other fields."


def message_section(model: type[BaseModel], example: str, skip: Sequence[str] = ("type",)) -> list[str]:
    """A heading, the meaning, the fields and an example."""
    kind = model.model_fields["type"].default
    return [f"### `{kind}`", plain_paragraph(model), fields_table(model, skip), f"```json\n{example}\n```"]


def frame_table() -> str:
    """The fields of a frame in the default experiment, in order."""
    helps = {entry["name"]: entry["help"] for entry in golden_hello()["metrics"]}
    rows = []
    for entry in golden_hello()["layout"]:
        shape = " × ".join(map(str, entry["shape"])) or "1"
        rows.append((f"`{entry['name']}`", str(entry["offset"]), shape, helps.get(entry["name"], AXES[entry["axis"]])))
    return table(("field", "offset", "floats", "what it is, or the axis of its entries"), rows)


def header_layout() -> str:
    """The indented block of the codec's own docstring."""
    lines = (codec.__doc__ or "").splitlines()
    return textwrap.dedent("\n".join(line for line in lines if line.startswith("    "))).strip()


def connection_parts() -> list[str]:
    """The connection, flow control, close codes, and how several steps and runs are seen."""
    return [
        "The page and the server exchange messages over one websocket. Any other program may do so, too: "
        "[the example at the end](#a-client) watches a run in a few lines of Python.",
        "## Connection",
        f"The socket is at `ws`, relative to the page: `ws://127.0.0.1:8765/ws` by default. The subprotocol is "
        f"`{messages.SUBPROTOCOL}`. The server begins with [`hello`](#hello). After that, commands go up as "
        "JSON text, events come down as JSON text, and frames come down as bytes.\n\n"
        f"A message has at most {messages.COMMAND_LENGTH_LIMIT} characters. One that is not a valid command is "
        "answered with [`refused`](#refused) and a sentence; the connection stays open. NaN and infinity are sent as "
        "`null`.",
        "### Flow control",
        f"A viewer may be sent {CREDIT} frames before it has drawn any. Each [`ack`](#ack) says that one frame was "
        "drawn and allows another one. A viewer that draws nothing is sent no more frames. Frames that a viewer has "
        "no credit for are dropped, and the next one it gets is the newest. A new scene gives all credit back.",
        "### Close codes",
        table(
            ("code", "name", "reason", "reaction"),
            [(str(int(c)), f"`{c.name}`", plain(c.reason), f"`{c.reaction}`") for c in messages.Close],
        ),
        "### Looking back",
        unwrapped(LOOKING_BACK),
        "### Runs",
        unwrapped(SEVERAL_RUNS),
        "### Comparing",
        unwrapped(COMPARING),
    ]


def protocol() -> str:
    """The websocket protocol: the connection, commands, events, frames."""
    events = event_examples()
    scene_fields = tuple(messages.SceneFields.model_fields)
    parts = [*connection_parts(), "## Commands: page to server"]
    for model in get_args(messages.Command):
        parts += message_section(model, COMMAND_EXAMPLES[model.model_fields["type"].default])
    parts.append("## Events: server to page")
    for model in get_args(messages.Event):
        example = json.dumps(events[model.model_fields["type"].default], ensure_ascii=False)
        skip = scene_fields if issubclass(model, messages.SceneFields) else ()
        parts += message_section(model, wrapped(example), skip=("type", *skip))
    parts += [
        "### The fields of a scene",
        "`hello` and `scene` also have these fields. Frames are drawn against them, and they stay the same until the "
        "next scene.",
        fields_table(messages.SceneFields),
        "### Objects in events",
    ]
    for model in OBJECTS:
        parts += [f"#### {model.__name__}", plain_paragraph(model), fields_table(model)]
    parts += [
        "## Frames",
        "A frame is one binary message, little-endian:",
        f"```text\n{header_layout()}\n```",
        "`hello` and `scene` have the field `layout`: the name, shape, byte offset and axis of each field of a frame. "
        "Read frames by it and not by the table below, which is that of the default experiment: with labels, several "
        "dimensions of z or another number of modes, the shapes differ. A frame belongs to the scene with the same "
        f"number; {golden_hello()['frame_bytes']} bytes is its length here (`frame_bytes`).",
        frame_table(),
        "## A client",
        "This program connects, plays, and prints the Wasserstein-1 distance of the frames it is sent. Start "
        "`gan1d --no-browser` first.",
        "```{literalinclude} ../../examples/websocket_client.py\n:language: python\n```",
    ]
    return page("Websocket protocol", *parts)
