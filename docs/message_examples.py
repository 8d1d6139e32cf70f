"""An example of each message of the websocket protocol.

All events are of one run and stand in one function, so that they agree with each other.
"""

import json
from pathlib import Path
from typing import Any, Final

from gan1d.session import messages

GOLDEN: Final = Path(__file__).parents[1] / "tests" / "golden"

Json = Any
"""A value that `json.loads` returns."""

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
