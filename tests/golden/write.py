"""Write what the page's tests read: a real hello, and a frame whose every value is known.

    hello.json   the first message of a session of the default experiment, as the server sends it
    frame.bin    one binary frame of the scene in that hello
    frame.json   what is in it: step, scene, and every value by name, null for NaN
    archive.json    an archive of three frames, and the values that Python reads from it, "NaN" and the like as text
    readings.json   answers of `POST numbers` to some texts, where 3 to 6 numbers from -1000 to 1000 are allowed

Python writes them and node reads them, so the two ends of the wire cannot drift apart. `tests/test_golden.py` fails
when they are out of date; then run `python -m tests.golden.write`.
"""

import base64
import io
import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.data.standardization import units_of
from gan1d.evaluation import codec
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.number_file.answers import answer
from gan1d.number_file.reading import Limits
from gan1d.recording.frame_archive import pack, unpack
from gan1d.session.inbox import Join
from gan1d.session.session import Session
from gan1d.session.session_info import SessionInfo, encode_catalog
from tests.session.fakes import FakeViewer

HERE = Path(__file__).parent

STEP = 2**33 + 5
"""More than 32 bits hold."""


def hello() -> dict[str, Any]:
    """The first message of a session, with nothing in it that a clock, a version or chance decides."""
    config = Config()
    row = {"name": "default", "group": "A group", "title": "A title", "watch": "What to watch.", "former_names": []}
    row |= {"config": config.model_dump(mode="json")}
    info = SessionInfo(session="me", watch="us", catalog=encode_catalog("0.0.0", Config.model_json_schema(), [row]))
    session, viewer = Session(config, "default", info=info, timer=lambda: 0.0), FakeViewer()
    session.submit(Join(), viewer)
    session.handle_inbox(0.0)
    return viewer.last("hello")


def frame(layout: list[dict[str, Any]]) -> Frame:
    """A frame of known values: entry i of field k is k + i/8, but NaN here and there."""
    values: dict[str, Any] = {}
    for k, entry in enumerate(layout):
        count = math.prod(entry["shape"])
        row = (k + np.arange(count) / 8).astype(np.float32)
        if entry["name"] == "optimal_discriminator":
            row[::3] = np.nan
        values[entry["name"]] = row if entry["shape"] else float(row[0])
    values |= {"loss_g": math.nan, "loss_d": -0.5}
    assert set(values) == {f.name for f in fields(Frame)} - {"step"}
    return Frame(step=STEP, **values)


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, np.ndarray):
        return [plain(entry) for entry in value.tolist()]
    return None if math.isnan(value) else value


def archive() -> dict[str, Any]:
    """Frames of a small scene in few bytes, and what they hold."""
    shapes: dict[str, list[int]] = {"loss_d": [], "generator": [5], "optimal_discriminator": [2, 4], "fake_push": [6]}
    layout, offset = [], codec.HEADER.size
    for name, shape in shapes.items():
        layout.append({"name": name, "shape": shape, "offset": offset, "axis": None})
        offset += 4 * math.prod(shape)
    rng, messages = np.random.default_rng(1), []
    for step in (0, 5, STEP):
        values = [rng.normal(size=shape).astype("<f4") for shape in shapes.values()]
        values[2][0, step % 4] = (math.nan, math.inf, -math.inf)[len(messages)]
        header = codec.HEADER.pack(codec.MAGIC, codec.VERSION, 3, step)
        messages.append(header + b"".join(row.tobytes() for row in values))
    packed = pack(messages, layout, {"generator": 1e-3, "optimal_discriminator": 2e-4})
    found = unpack(packed)
    frames = [
        {"step": int(step), "values": {name: with_names(found[name][at]) for name in shapes}}
        for at, step in enumerate(found["step"])
    ]
    scene = {"scene": 3, "layout": layout, "frame_bytes": offset}
    return {"scene": scene, "packed": base64.b64encode(packed).decode(), "frames": frames}


def with_names(values: Any) -> Any:
    """Values in a flat list; those that JSON does not have by the names that JavaScript gives them."""
    names = {math.inf: "Infinity", -math.inf: "-Infinity"}
    return [value if math.isfinite(value) else names.get(value, "NaN") for value in np.ravel(values).tolist()]


def files() -> dict[str, bytes]:
    """Name → content."""
    message = hello()
    encoded = codec.encode(frame(message["layout"]), scene=message["scene"], units=units_of(Config()))
    values = codec.decode(encoded, message["layout"])
    content = {
        "step": values["step"],
        "scene": message["scene"],
        "scalars": {name: plain(values[name]) for name in SCALARS},
        "arrays": {f.name: plain(values[f.name]) for f in fields(Frame)[1:] if f.name not in SCALARS},
    }
    return {
        "hello.json": text(message),
        "frame.bin": encoded,
        "frame.json": text(content),
        "archive.json": text(archive()),
        "readings.json": text(readings()),
    }


TABLE = "age,cm\n20,170\n30,180\n40,190"
TEXTS = (
    *(("", content) for content in (
        "4\n5\n6\n7", "7\n8\n9\n", "1, 2, 3, 4", "4\n5\nabc\n7", "5, 5, 5", "1, 2", "1 2 3 4 5 6 7", "5",
        "cm\n-5.5\nabc", "abc", TABLE, "x\n7\n8\n9\n", "4\n5\n6\n", "950\n1,250\n870\n", "1\n2\n3\n4\n5\n6\n7\n8\n",
    )),
    ("column=2", TABLE),
    ("decimal=%2C", "950\n1,250\n870\n"),
    ("sample=7", "1\n2\n3\n4\n5\n6\n7\n8\n"),
)  # fmt: skip
"""Queries and texts that the page's tests send."""


def readings() -> dict[str, Any]:
    """Query and text → what the server answers."""
    limits = Limits(low=-1000, high=1000, fewest=3, most=6)
    return {
        f"{query}|{content}": answer(io.BytesIO(content.encode()), dict(parse_qsl(query)), limits)
        for query, content in TEXTS
    }


def text(tree: dict[str, Any]) -> bytes:
    """One line for each entry, so that a difference can be read."""
    lines = (
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}" for key, value in tree.items()
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def main() -> None:
    """Write all files beside this one."""
    for name, content in files().items():
        (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()
