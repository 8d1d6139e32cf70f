"""Write the pages of the documentation that are read from the code: run `python -m docs.generate`.

    glossary.md                  gan1d/glossary.toml
    reference/command-line.md    the parser of gan1d/cli
    reference/settings.md        the JSON schema of gan1d.Config
    reference/protocol.md        gan1d/session/messages, gan1d/evaluation/codec.py and frame.py

`tests/test_reference.py` fails when one of them is out of date.
"""

import functools
import io
import json
import os
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any, Final, get_args
from unittest import mock

from pydantic import BaseModel

from gan1d.cli.commands import main as gan1d_main
from gan1d.cli.commands import parser
from gan1d.config.model import Config
from gan1d.evaluation import codec
from gan1d.formatting import shorten
from gan1d.glossary import TERMS
from gan1d.session import messages
from gan1d.session.flow_control import CREDIT

HERE: Final = Path(__file__).parent
GOLDEN: Final = HERE.parent / "tests" / "golden"

Json = Any
"""A value that `json.loads` returns."""

DO_NOT_EDIT: Final = "<!-- Written by `python -m docs.generate`; do not edit. -->"


# Glossary -------------------------------------------------------------------------------------------------------------


def glossary() -> str:
    """A table with one line for each term."""
    rows = [
        (
            plain(", ".join(term.page)),
            ", ".join(f"`{name}`" for name in term.code),
            plain(term.textbook),
            plain(term.meaning),
        )
        for term in TERMS
    ]
    return page(
        "Glossary",
        "The words and symbols on the page, in the code and in textbooks. The page's help (`?`) shows the same list.",
        table(("on the page", "in the code", "in the textbook", "meaning"), rows),
    )


# Command line ---------------------------------------------------------------------------------------------------------

COMMANDS: Final = ("", *parser()[1])
"""The subcommands, and the program itself."""


@functools.cache
def help_of(command: str) -> str:
    """The program's own help, at a fixed width and in a style that is the same in every version of Python."""
    fixed = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHON_COLORS": "0"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GAN1D_")} | fixed
    text = io.StringIO()
    with mock.patch.dict(os.environ, environment, clear=True), redirect_stdout(text), suppress(SystemExit):
        gan1d_main([*command.split(), "--help"])
    # From 3.13 on, Python names the value of an option once only.
    return re.sub(r"-(\w), (--[\w-]+) ([A-Z]+)", r"-\1 \3, \2 \3", text.getvalue().strip())


def command_line() -> str:
    """The help of every command."""
    parts = ["`gan1d` without a command is `gan1d serve`. `python -m gan1d` is the same program."]
    for command in COMMANDS:
        name = f"gan1d {command}".strip()
        parts += [f"## `{name}`", f"```text\n{help_of(command)}\n```"]
    parts += [
        "## Exit status",
        table(
            ("status", "meaning"),
            [
                ("0", "success, and Ctrl-C while serving"),
                ("1", "trouble with the machine, such as a port that is taken or a disk that is full"),
                ("2", "wrong input: one line says what was expected and what was given"),
                ("3", "the run of `gan1d replay` took another course than its log: the JSON has `repeated` as `false`"),
                ("130", "Ctrl-C in any other command"),
            ],
        ),
    ]
    return page("Command line", *parts)


# Settings -------------------------------------------------------------------------------------------------------------

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
        "`loss=hinge`; the settings of the chosen kind stand below it.",
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
        shown = f"`{default['kind']}`" if isinstance(default, dict) else ""
    else:
        values = value_range(node, known)
        shown = "" if default is None else f"`{shorten(json.dumps(default), 60)}`"
    return [(f"`{path}`", values, shown, EFFECTS[knob["effect"]], plain(knob["help"]))]


def option_kinds(node: Mapping[str, Json], known: Mapping[str, Json]) -> dict[str, Mapping[str, Json]]:
    """Kind → definition of each option of a choice."""
    options = [resolved(option, known) for option in node["oneOf"]]
    return {option["properties"]["kind"]["const"]: option for option in options}


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


# Protocol -------------------------------------------------------------------------------------------------------------

COMMAND_EXAMPLES: Final[dict[str, str]] = {
    "play": '{"type": "play"}',
    "pause": '{"type": "pause"}',
    "step": '{"type": "step", "count": 10, "player": "discriminator"}',
    "reset": '{"type": "reset", "seed": 7}',
    "set": '{"type": "set", "path": "generator.optimizer.learning_rate", "value": 0.002}',
    "load_preset": '{"type": "load_preset", "name": "mode_collapse", "changes": {"penalty": "r1"}}',
    "load_log": '{"type": "load_log", "text": "…"}',
    "playback": '{"type": "playback", "speed": 60}',
    "branch": '{"type": "branch", "step": 1200}',
    "switch": '{"type": "switch", "run": 1}',
    "forget": '{"type": "forget", "run": 1}',
    "rename": '{"type": "rename", "run": 1, "name": "without a penalty"}',
    "bookmark": '{"type": "bookmark", "step": 425, "text": "the left mode is lost"}',
    "compare": '{"type": "compare", "changes": {"generator.optimizer.learning_rate": 0.008}, "step": 1200}',
    "end_comparison": '{"type": "end_comparison"}',
    "goal": '{"type": "goal", "goal": {"shows": "reached", "tolerance": 0.4}, "name": "both modes"}',
    "look": '{"type": "look", "step": 1200}',
    "get_history": '{"type": "get_history", "run": 1}',
    "get_log": '{"type": "get_log"}',
    "get_step_trace": '{"type": "get_step_trace", "step": 1200, "update": 0, "sample": 3}',
    "get_spectrum": '{"type": "get_spectrum", "step": 1200}',
    "get_path_angle": '{"type": "get_path_angle", "start": 0, "end": 1200}',
    "cancel_spectrum": '{"type": "cancel_spectrum"}',
    "ack": '{"type": "ack"}',
}
"""One message of each kind from the page to the server, as it goes over the wire."""

LOOKING_BACK: Final = """\
Each viewer, driver or not, may look at any step of any run that the session keeps. That changes neither the run, which
goes on or stands still as the driver has it, nor what others see. [`look`](#look) asks for a step. The answer is
[`looking`](#looking), then a [`scene`](#scene) if the step's is another one than the viewer has, then the frame of the
step: the bytes that were sent when the step was the present one, but for the number `look` in the header, by which a
page tells it from frames of the present, where that number is 0. A page that drags may send one `look` after another:
one that waits is dropped when the next one comes, and so is an older frame that waits for an `ack`.

While a viewer looks back it gets no frames of the present, but all other events: `status` says where the run is and
whether it goes on, `history` goes on, `config` is that of the present. `look` with the step `null` returns to the
present, which [`looking`](#looking) confirms with `look` 0 and `step` `null`, with the scene of the present after it if
it is another one.

A step is found from the nearest earlier state that is kept, by repeating the steps in between. `spacing` is how many
there are at most. A step that does not exist, a run that is not kept, and a server without history (`--history 0`) are
each answered with [`refused`](#refused), and the viewer goes on seeing what it saw."""
"""How a page looks at earlier steps."""

SEVERAL_RUNS: Final = """\
A session has one present run and keeps those before it, each with a number. [`branch`](#branch) makes an earlier step
of any run the present one: a new run begins whose past is the same up to that step. [`reset`](#reset),
[`load_preset`](#load_preset) and a setting that restarts begin a new run at step 0. Each time the run that was present
is kept with its history, and [`switch`](#switch) returns to its last step, so `switch` undoes a reset. All viewers get
a [`scene`](#scene) with the number of the new present run, then `config`, [`marks`](#marks), [`runs`](#runs) and the
whole `history`. [`get_history`](#get_history) gets what is needed to draw another run. Memory for all runs is limited:
the oldest ones get coarser first and then go, which the `sentence` of [`runs`](#runs) says."""
"""How a session keeps several runs."""

COMPARING: Final = """\
[`compare`](#compare) shows a second run beside the present one: a kept run, or one that is made and is the same but
for some changes from a step on. The second run goes where the present one is. Up to its last step it is repeated,
from there on it is trained; while it is behind, the present run waits. Play, pause, step, [`reset`](#reset),
[`branch`](#branch) and [`look`](#look) concern both, `set` the present run only. [`switch`](#switch) to the second
run exchanges both. Another experiment and [`end_comparison`](#end_comparison) end the comparison, and the second run
is kept.

[`comparing`](#comparing) says which run is compared and how it differs. A frame of the second run follows that of the
present run at the same step, also where a viewer looks back. Bit 15 of the uint16 at byte 14 of its header is set,
and [`second_scene`](#second_scene) has its layout. Each of the two costs one `ack`, and twice as many may be on their
way. A program that knows nothing of comparisons leaves out frames whose number of the look is not that of its last
`looking`, and so leaves out these."""
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


def golden_hello() -> dict[str, Json]:
    """The first message of a session of the default experiment."""
    hello: dict[str, Json] = json.loads((GOLDEN / "hello.json").read_text("utf-8"))
    return hello


def abbreviated(value: Json, entries: int = 2, depth: int = 0) -> Json:
    """A value with at most so many entries in each inner list and object."""
    if isinstance(value, list):
        return [abbreviated(entry, entries, depth + 1) for entry in value[:entries]]
    if isinstance(value, dict):
        pairs = list(value.items())[: entries if depth > 2 else None]
        return {key: abbreviated(entry, entries, depth + 1) for key, entry in pairs}
    return round(value, 4) if isinstance(value, float) else value


def event_examples() -> dict[str, dict[str, Json]]:
    """One event of each kind, as the page gets it. In hello and scene, long lists and objects are cut short."""
    hello = golden_hello()
    hello["schema"] = {key: value for key, value in hello["schema"].items() if isinstance(value, str)}
    hello["presets"] = [{**entry, "config": {"seed": 0}} for entry in hello["presets"]]
    config = {key: hello["config"][key] for key in ("seed", "batch_size", "loss")}
    hello["config"] = config
    hello = abbreviated(hello)
    status = {"type": "status", **hello["status"]}
    full = messages.Close.FULL
    bookmark = {"step": 425, "text": "the left mode is lost"}
    diagnosis = {"step": 425, "kind": "mode_collapse", "label": "Mode collapse"}
    first = {
        "run": 1, "name": "run 1", "preset": "default", "seed": 0, "parent": None, "from_step": 0,
        "shared_steps": 1200, "step": 3400, "diverged": False, "spacing": 25,
        "differences": "G learning rate 0.008 → 0.002",
    }  # fmt: skip
    second = first | {
        "run": 2, "name": "from step 1 200", "parent": 1, "from_step": 1200, "step": 1900, "differences": "",
        "shared_steps": 1900,
    }  # fmt: skip
    mark = {"step": 500, "path": "batch_size", "label": "batch size 256 → 128"}
    history = {
        "type": "history", "run": 1,
        "losses": {
            "stride": 1, "steps": 1002, "first": 1000, "low": {}, "high": {},
            "last": {
                "loss_d": [1.38201, 1.37752], "loss_g": [0.70117, 0.69544],
                "grad_norm_d": [0.08713, 0.09025], "grad_norm_g": [0.02134, 0.02208],
            },
        },
        "trace": {"step": [1000], "wasserstein1": [0.0612], "jensen_shannon": [0.0079], "…": []},
        "trace_stride": 5,
    }  # fmt: skip
    return {
        "hello": hello,
        "scene": {"type": "scene", **{name: hello[name] for name in messages.SceneFields.model_fields}},
        "status": status,
        "history": history,
        "config": {
            "type": "config", "revision": 1, "path": "batch_size", "value": 128,
            "config": {**config, "batch_size": 128}, "changed": {"batch_size": 128}, "link": None,
            "preset": "default", "effect": "live", "mark": mark,
        },
        "marks": {
            "type": "marks", "run": 1, "marks": [mark], "bookmarks": [bookmark], "diagnosis_marks": [diagnosis],
        },
        "runs": {"type": "runs", "present": 2, "runs": [first, second], "sentence": ""},
        "comparing": {
            "type": "comparing", "run": 1, "name": "run 1", "step": 1900, "look": 0, "catching_up": False,
            "diverged": False, "shared_steps": 1200,
            "differences": [
                {
                    "path": "generator.optimizer.learning_rate", "label": "G learning rate", "here": "0.008",
                    "there": "0.002",
                }
            ],
            "changes": {"generator.optimizer.learning_rate": 0.002},
            "sentence": "Compared with “run 1”: G learning rate 0.008 here, 0.002 there.",
        },
        "second_scene": {
            "type": "second_scene", **{name: hello[name] for name in messages.SceneFields.model_fields}, "run": 1,
        },
        "looking": {
            "type": "looking", "look": 1, "step": 1200, "run": 1, "last_step": 3400, "running": True, "config": None,
            "spacing": 25, "sentence": "Looking at step 1 200 of “run 1”.",
        },
        "run_history": {
            "type": "run_history", "run": 1, "config": config, "losses": history["losses"],
            "trace": history["trace"], "marks": [mark], "bookmarks": [bookmark], "diagnosis_marks": [diagnosis],
        },
        "run_log": {
            "type": "run_log", "run": 1,
            "text": '{"gan1d_log": 1, "fingerprint": {…}, "config": {…}}\n[500, "set", {"batch_size": 128}]\n…',
        },
        "step_trace": step_trace_example(),
        "spectrum_progress": {"type": "spectrum_progress", "done": 437, "total": 1186},
        "spectrum": {
            "type": "spectrum", "run": 1, "step": 1200, "parameters": 1186,
            "eigenvalues": [[0.0722, 0.552], [0.0722, -0.552]], "discriminator": [[0.21, 0.0]],
            "generator": [[-0.034, 0.0]], "attracting": 2, "repelling": 0, "flat": 1184, "flat_below": 1e-4,
            "largest_real": 0.0722, "smallest_real": 0.0722, "turn": 7.65, "largest_step": 0.466, "kind": "rotation",
            "sentence": "Rotation: nothing repels, but …", "own": "…", "gradients": "…",
        },
        "path_angle": {
            "type": "path_angle", "run": 1, "start": 0, "end": 1200, "shares": [0.0, 0.5, 1.0],
            "cosines": [-0.3, -0.2, 0.1], "norms": [0.4, 0.2, 0.05], "sentence": "The cosine changes …",
        },
        "refused": {
            "type": "refused", "message": "Expected batch_size to be at most 4096, but got 5000.",
            "path": "batch_size", "value": 256, "command": None,
        },
        "alive": {"type": "alive"},
        "closing": {
            "type": "closing", "code": int(full), "reason": full.reason, "reaction": full.reaction, "watch": None,
        },
    }  # fmt: skip


def step_trace_example() -> dict[str, Json]:
    """An update of G with a batch of two, in a game without hidden layers."""
    passed: dict[str, Json] = {"sizes": [1, 1], "input_scale": 1.0, "inputs": [0.4], "layers": []}
    return {
        "type": "step_trace", "run": 1, "step": 1201,
        "formulas": {"real": "−½ log D(x)", "fake": "−½ log(1 − D(G(z)))", "generator": "−log D(G(z))"},
        "updates": [
            {
                "player": "generator", "is_trial": False, "batch": 2, "latents": [[0.4, -1.1]], "labels": [],
                "samples": [[0.9, -2.1]], "scores": [0.2, -0.4], "outputs": [0.5498, 0.4013],
                "costs": [0.5981, 0.913], "score_gradients": [-0.2251, -0.2993],
                "sample_gradients": [[-0.4502, -0.5987]],
                "outputs_after": [], "samples_after": [[0.9027, -2.0971]],
                "loss": 0.7556, "norm": 0.7071, "change": 0.001,
            }
        ],
        "sample": {
            "update": 0, "sample": 0, "units": 16,
            "generator": {**passed, "output": 0.45, "output_gradient": -0.9003, "weights": [[[2.0], [-0.35]]]},
            "discriminator": {
                **passed, "inputs": [0.45], "output": 0.2, "output_gradient": -0.2251, "weights": [[[4.0], [-1.6]]],
            },
            "parameters": {
                "gradient": [[[0.5]], [[0.5]]], "before": [[[2.0], [-0.35]]], "after": [[[1.9993], [-0.3507]]],
                "averages_before": {"mean": [[[0.4], [0.4]]]}, "averages_after": {"mean": [[[0.5], [0.5]]]},
            },
        },
    }  # fmt: skip


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


def protocol() -> str:
    """The websocket protocol: the connection, commands, events, frames."""
    events = event_examples()
    scene_fields = tuple(messages.SceneFields.model_fields)
    parts: list[str] = [
        "The page and the server speak over one websocket. Any other program may speak it, too: "
        "[the example at the end](#a-client) watches a run in a few lines of Python.",
        "## Connection",
        f"The socket is at `ws`, relative to the page: `ws://127.0.0.1:8765/ws` by default. The subprotocol is "
        f"`{messages.SUBPROTOCOL}`. The server speaks first and sends [`hello`](#hello). After that, commands go up as "
        "JSON text, events come down as JSON text, and frames come down as bytes.\n\n"
        f"A message has at most {messages.COMMAND_LENGTH_LIMIT} characters. One that is not a valid command is "
        "answered with [`refused`](#refused) and a sentence; the connection stays open. NaN and infinity are sent as "
        "`null`.",
        "### Flow control",
        f"A viewer may be sent {CREDIT} frames before it has drawn any. Each [`ack`](#ack) says that one frame was "
        "drawn and allows another one. A viewer that draws nothing is sent nothing. Frames that a viewer has no credit "
        "for are dropped, and the next one it gets is the newest. A new scene gives all credit back.",
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
        "## Commands: page to server",
    ]
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


# Markdown -------------------------------------------------------------------------------------------------------------


def page(title: str, *parts: str) -> str:
    """A page of paragraphs."""
    return "\n\n".join([DO_NOT_EDIT, f"# {title}", *parts]) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def plain(text: str) -> str:
    """Text for a cell of a table, with the signs escaped that Markdown would read as markup."""
    if "`" not in text:
        for sign in ("*", "_", "--"):
            text = text.replace(sign, "".join(f"\\{each}" for each in sign))
    return plain_cell(text)


def plain_cell(text: str) -> str:
    """Text that fits in one cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def plain_paragraph(model: type[BaseModel]) -> str:
    """The docstring of a message."""
    return " ".join((model.__doc__ or "").split())


def unwrapped(text: str) -> str:
    """Paragraphs, each on one line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def wrapped(text: str) -> str:
    """JSON on lines of at most 110 characters, broken at spaces between its parts."""
    return "\n".join(textwrap.wrap(text, 110, break_long_words=False, break_on_hyphens=False))


PAGES: Final[dict[str, Callable[[], str]]] = {
    "glossary.md": glossary,
    "reference/command-line.md": command_line,
    "reference/settings.md": settings,
    "reference/protocol.md": protocol,
}
"""File in this folder → its text."""


def main() -> None:
    """Write all pages."""
    for name, text in PAGES.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
