"""A frame as bytes, and back.

    offset 0   4 bytes   "GAN1"
           4   uint16    version of this format, 1
           6   uint16    scene the frame belongs to
           8   uint48    step
          14   uint16    bits 0 to 14: 0 for a frame of the present step, else the number of the look at an earlier
                         step; bit 15: 1 for a frame of the second of two runs that are compared
          16   float32…  the fields of `Frame` in order, back to back, as the layout says

Everything is little-endian. The layout is read from the frame's own fields and sent ahead, so a reader decodes
arrays that it does not know. A value is origin + factor · number, with the origin and the factor of its field: single
precision would not tell 1,000,000 from 1,000,000.01. Errors: `CodecError`, a ValueError, for bytes that are not such a
frame.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.units import IDENTITY, Units
from gan1d.evaluation.frame import SCALARS, Frame

HEADER = struct.Struct("<4sHHQ")
"""Magic, version, scene, and the step with the number of the look and the mark of a second run in its upper 16 bits."""
LOOK_OFFSET = 14
STEP_BITS = 2**48 - 1
LAST_LOOK = 2**15 - 1
"""Highest number of a look, for which there are 15 bits."""
SECOND = 2**15
"""Bit that marks a frame of the second of two runs."""
MAGIC = b"GAN1"
VERSION = 1
VALUES = attrgetter(*(f.name for f in fields(Frame)[1:]))
"""All fields of a frame but its step, in order: first the numbers, then the arrays."""


class CodecError(ValueError):
    """Bytes that are not a frame of this format."""


def layout(frame: Frame, units: Units = IDENTITY) -> list[dict[str, Any]]:
    """Name, shape ([], [n] or [curves, n]), offset in bytes from the start of the message, axis, origin and factor of
    each field, in the units of a run."""
    entries, offset = [], HEADER.size
    for f, (origin, factor) in zip(fields(Frame)[1:], maps(units), strict=True):
        shape = list(np.shape(getattr(frame, f.name)))
        entries.append({
            "name": f.name, "shape": shape, "offset": offset, "axis": f.metadata["axis"], "origin": origin,
            "factor": factor,
        })  # fmt: skip
        offset += 4 * int(np.prod(shape))
    return entries


@lru_cache(maxsize=64)
def maps(units: Units) -> tuple[tuple[float, float], ...]:
    """Origin and factor of each field."""
    square = units.scale * units.scale
    factors = {
        "x": units.scale, "position": units.scale, "1/x": 1 / units.scale,
        # A square beyond the range of a double is no factor.
        "x²": square if 0 < square < math.inf else 1.0,
    }  # fmt: skip
    kinds = [f.metadata["unit"] for f in fields(Frame)[1:]]
    return tuple((units.location if kind == "position" else 0.0, factors.get(kind, 1.0)) for kind in kinds)


def encode(frame: Frame, scene: int = 0, units: Units = IDENTITY) -> bytes:
    """A frame as it goes over the wire.

    Args:
        frame: The frame.
        scene: Number of the scene that the frame belongs to, modulo 65,536.
        units: Units of the run, as in the layout.
    """
    entries = VALUES(frame)
    if units != IDENTITY:
        pairs = zip(entries, maps(units), strict=True)
        entries = tuple(
            value if (origin, factor) == (0.0, 1.0) else (value - origin) / factor for value, (origin, factor) in pairs
        )
    # A double beyond the range of a single arrives as infinite.
    with np.errstate(over="ignore"):
        numbers = np.array(entries[: len(SCALARS)], "<f4").tobytes()
        arrays = [np.asarray(row, "<f4").tobytes() for row in entries[len(SCALARS) :]]
    return b"".join([HEADER.pack(MAGIC, VERSION, scene % 65536, frame.step), numbers, *arrays])


def marked(message: bytes, look: int = 0, *, is_second: bool = False) -> bytes:
    """A frame as the answer to a look, or of the second of two runs that are compared.

    Args:
        message: The frame.
        look: Number of the look, from 1 to `LAST_LOOK`; 0 for the present step.
        is_second: Whether it is of the second run.
    """
    mark = look + (SECOND if is_second else 0)
    return message[:LOOK_OFFSET] + mark.to_bytes(2, "little") + message[LOOK_OFFSET + 2 :]


def decode(message: bytes, layout: Sequence[Mapping[str, Any]]) -> dict[str, int | float | Array]:
    """The fields of a frame by name, with `step`, `scene`, `look`, and `is_second`: whether it is of the second run.

    Raises:
        CodecError: The bytes are not a frame, of another version, or not as long as the layout says.
    """
    if len(message) < HEADER.size:
        raise CodecError(f"Expected at least {HEADER.size} bytes, but got {len(message)}.")
    magic, version, scene, step = HEADER.unpack_from(message)
    if magic != MAGIC:
        raise CodecError(f"Expected a frame that begins with {MAGIC!r}, but got {magic!r}.")
    if version != VERSION:
        raise CodecError(f"Expected a frame of version {VERSION}, but got version {version}.")
    expected = HEADER.size + 4 * sum(int(np.prod(entry["shape"])) for entry in layout)
    if len(message) != expected:
        raise CodecError(f"Expected {expected} bytes for this layout, but got {len(message)}.")
    found: dict[str, int | float | Array] = {"step": step & STEP_BITS, "scene": scene, "look": step >> 48 & LAST_LOOK}
    found["is_second"] = step >> 63
    for entry in layout:
        values = np.frombuffer(message, "<f4", int(np.prod(entry["shape"])), entry["offset"])
        if (entry["origin"], entry["factor"]) != (0.0, 1.0):
            values = entry["origin"] + entry["factor"] * values.astype(np.float64)
        found[entry["name"]] = values.reshape(entry["shape"]) if entry["shape"] else float(values[0])
    return found
