"""A frame's bytes: literally, there and back, and one sentence for each way in which they can be wrong."""

import struct
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.codec import CodecError, decode, encode, layout
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.evaluation.observe import observe


def seen(steps: int = 3) -> Frame:
    trainer = Trainer(Config().patched("batch_size", 4))
    trainer.run(steps)
    return observe(trainer)


FRAME = seen()
LAYOUT = layout(FRAME)
MESSAGE = encode(FRAME, scene=7)


def test_the_header_literally() -> None:
    frame = replace(FRAME, step=0x0102030405)
    assert encode(frame, scene=0x0708)[:16] == (
        b"GAN1"
        b"\x01\x00"  # version 1, low byte first
        b"\x08\x07"  # scene
        b"\x05\x04\x03\x02\x01\x00\x00\x00"  # step
    )


def test_the_first_values_literally() -> None:
    """1.0 is 0x3f800000 and −2.5 is 0xc0200000, low byte first; the fields stand in the order of `Frame`."""
    message = encode(replace(FRAME, loss_d=1.0, loss_g=-2.5))
    assert message[16:24] == b"\x00\x00\x80\x3f\x00\x00\x20\xc0"
    assert [entry["name"] for entry in LAYOUT[:2]] == ["loss_d", "loss_g"]


def test_the_layout_is_the_fields_of_a_frame_back_to_back() -> None:
    assert [entry["name"] for entry in LAYOUT] == [f.name for f in fields(Frame) if f.name != "step"]
    offset = 16
    for entry in LAYOUT:
        assert entry["offset"] == offset
        assert entry["shape"] == ([] if entry["name"] in SCALARS else [len(getattr(FRAME, entry["name"]))])
        assert (entry["axis"] is None) == (entry["name"] in SCALARS)
        offset += 4 * (entry["shape"][0] if entry["shape"] else 1)
    assert len(MESSAGE) == offset


@pytest.mark.parametrize("steps", [0, 3])
def test_there_and_back(steps: int) -> None:
    """NaN losses of step 0 included."""
    frame = seen(steps)
    found = decode(encode(frame, scene=7), LAYOUT)
    assert (found["step"], found["scene"]) == (steps, 7)
    for entry in LAYOUT:
        name, value = entry["name"], found[entry["name"]]
        assert isinstance(value, float) == (name in SCALARS)
        np.testing.assert_array_equal(value, np.asarray(getattr(frame, name), np.float32), err_msg=name)


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**40), st.lists(st.floats(width=32), min_size=64, max_size=64))
@settings(max_examples=20)
def test_any_frame_there_and_back(step: int, scene: int, rug: list[float]) -> None:
    frame = replace(FRAME, step=step, fake_samples=np.array(rug, np.float32))
    found: Any = decode(encode(frame, scene=scene), LAYOUT)
    assert (found["step"], found["scene"]) == (step, scene % 65536)
    np.testing.assert_array_equal(found["fake_samples"], frame.fake_samples)


def test_the_number_of_modes_is_in_the_layout() -> None:
    config = Config().patched("target.modes", [{"position": float(p)} for p in range(5)])
    frame = observe(Trainer(config))
    entries = {entry["name"]: entry for entry in layout(frame)}
    assert entries["mode_masses"]["shape"] == [5]
    assert len(encode(frame)) == len(MESSAGE) + 2 * 4 * 3  # three modes more, now and on average


def test_a_number_beyond_single_precision_does_not_stop_a_frame() -> None:
    """In double precision a runaway generator goes further than a float32 can say; warnings are errors here."""
    message = encode(replace(FRAME, wasserstein1=1e300))
    assert len(message) == len(MESSAGE)


def with_header(**changes: Any) -> bytes:
    header = {"magic": b"GAN1", "version": 1, "scene": 7, "step": 3} | changes
    return struct.pack("<4sHHQ", *header.values()) + MESSAGE[16:]


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (b"", "Expected at least 16 bytes, but got 0."),
        (MESSAGE[:15], "Expected at least 16 bytes, but got 15."),
        (with_header(magic=b"PNG1"), "Expected a frame that begins with b'GAN1', but got b'PNG1'."),
        (with_header(version=2), "Expected a frame of version 1, but got version 2."),
        (MESSAGE[:-1], f"Expected {len(MESSAGE)} bytes for this layout, but got {len(MESSAGE) - 1}."),
        (MESSAGE[:16], f"Expected {len(MESSAGE)} bytes for this layout, but got 16."),
        (MESSAGE + b"\x00", f"Expected {len(MESSAGE)} bytes for this layout, but got {len(MESSAGE) + 1}."),
    ],
    ids=["nothing", "half a header", "magic", "version", "one byte short", "no body", "one byte more"],
)
def test_every_corruption_has_its_own_sentence(message: bytes, sentence: str) -> None:
    with pytest.raises(CodecError) as caught:
        decode(message, LAYOUT)
    assert str(caught.value) == sentence


def test_the_uncorrupted_message_is_read() -> None:
    assert decode(with_header(), LAYOUT).keys() == decode(MESSAGE, LAYOUT).keys()


def test_a_codec_error_is_a_value_error() -> None:
    assert issubclass(CodecError, ValueError)
    assert codec.VERSION == 1
