"""The files that the page's tests read are those that this engine and this server write today."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from gan1d.evaluation import codec
from tests.golden import write

AGAIN = "Out of date: run `python -m tests.golden.write`."


@cache
def files() -> dict[str, bytes]:
    """All golden files as they would be written now."""
    return write.files()


def same(found: Any, expected: Any) -> bool:
    """Equal as JSON; numbers up to the last digits, which another machine may round otherwise."""
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and list(found) == list(expected)
            and all(same(found[k], expected[k]) for k in found)
        )
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, float):
        return isinstance(found, float) and found == pytest.approx(expected, rel=1e-6, abs=1e-9)
    return found == expected and type(found) is type(expected)


@pytest.mark.parametrize("name", ["hello.json", "frame.json", "archive.json", "readings.json"])
def test_json_is_up_to_date(name: str) -> None:
    assert same(json.loads((write.HERE / name).read_bytes()), json.loads(files()[name])), AGAIN


def test_the_frame_is_up_to_date() -> None:
    assert (write.HERE / "frame.bin").read_bytes() == files()["frame.bin"], AGAIN


def test_nothing_else_lies_about() -> None:
    assert {path.name for path in write.HERE.iterdir() if path.suffix in (".json", ".bin")} == set(files())


def test_the_frame_is_what_its_description_says() -> None:
    hello = json.loads((write.HERE / "hello.json").read_bytes())
    content = json.loads((write.HERE / "frame.json").read_bytes())
    message = (write.HERE / "frame.bin").read_bytes()
    assert len(message) == hello["frame_bytes"]
    found = codec.decode(message, hello["layout"])
    header = [found.pop(name) for name in ("step", "scene", "look", "is_second")]
    assert header == [content["step"], content["scene"], 0, 0]
    described = content["scalars"] | content["arrays"]
    assert found.keys() == described.keys()
    for name, value in found.items():
        np.testing.assert_array_equal(value, np.array(described[name], np.float64), err_msg=name)
