"""Many frames of one scene in few bytes, for a page that shows a run without a server.

Single numbers are kept exactly. Arrays are rounded to a whole number of quanta: where a field is drawn on an axis, a
quantum is 1/4,096 of its length, so what is drawn is off by 1/8,192 of it at most; other arrays are rounded on an
inverse hyperbolic sine scale, which keeps them to 1/3,900 of their size, or to 3e-10 of the largest value. Neighbouring
values and frames are alike, so differences are kept instead. Their bytes are sorted by significance, so that the many
zeros come together, and compressed with deflate (RFC 1950), which browsers read by themselves.

    uint32        length of the header in bytes, little-endian
    header        JSON: "steps" and "fields", a list in the order of the data (see `Field`)
    data          of each field: a byte for each value, which is not 0 where it is no number (see `SPECIAL`), then the
                  four bytes of each value, least significant first: all first bytes, then all second bytes, and so on.
                  Values are frame by frame. Rounded ones are differences as unsigned numbers (0, −1, 1, −2, 2 → 0, 1,
                  2, 3, 4); exact ones are single-precision numbers, each combined with that of the frame before by
                  exclusive or.
"""

import json
import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan1d.evaluation import codec

QUANTA: Final = 4096
"""Quanta on the length of an axis."""
LARGEST: Final = 2**28
"""Largest number of quanta from 0; values beyond it, 65,536 lengths of the axis away, are cut off."""
SPECIAL: Final = (0.0, math.nan, math.inf, -math.inf)
"""Meaning of the byte of a value: 0 for a number, otherwise this value."""
SINH_QUANTUM: Final = 1 / 2000
"""Quantum on the inverse hyperbolic sine scale."""
SINH_UNIT: Final = 1e-6
"""Share of the largest value of a field below which the inverse hyperbolic sine scale is linear."""
DIFFERENCES: Final = ((1, 0), (1, 1), (0, 1), (0, 2))
"""Orders of the differences along frames and along values; each field has the one that takes the fewest bytes."""
LENGTH: Final = struct.Struct("<I")
VALUE_BYTES: Final = 5
"""Bytes of a value before they are compressed."""
MOST_FRAMES: Final = 2400
MOST_FIELDS: Final = 256
LARGEST_SIZE: Final = 2**27
"""Largest number of bytes of an archive before they are compressed, so that no small file fills a memory."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """How the values of a field are kept.

    Attributes:
        name: Name of the field.
        shape: Shape of its values in one frame.
        quantum: Size of a quantum, in units of the field or of the inverse hyperbolic sine scale; 0 for exact values.
        unit: Unit of the inverse hyperbolic sine scale; 0 if values are rounded as they are.
        along_frames: Order of the differences from frame to frame, 0 or 1.
        along_values: Order of the differences from value to value of a frame, 0 to 2.
    """

    name: str
    shape: list[int]
    quantum: float = 0.0
    unit: float = 0.0
    along_frames: int = 0
    along_values: int = 0


def quanta_of(scene: Mapping[str, Any]) -> dict[str, float]:
    """Quantum of each field of a frame that is drawn on an axis of fixed length.

    Args:
        scene: What frames are drawn against, as `Probe.scene` describes it.
    """
    x_axis, readout = scene["x_axis"], scene["readout"]
    x, output = x_axis["high"] - x_axis["low"], readout["high"] - readout["low"]
    mass_of_bin = scene["density_high"] * x / scene["x_bins"]
    lengths = {
        "generator": x, "ema_generator": x, "fake_samples": x,
        "discriminator": output, "optimal_discriminator": output,
        "fake_density": scene["density_high"], "ema_density": scene["density_high"],
        "mode_masses": 1.0, "ema_mode_masses": 1.0, "fake_histogram": mass_of_bin,
        "real_readout": 1.0, "fake_readout": 1.0,
    }  # fmt: skip
    return {name: length / QUANTA for name, length in lengths.items()}


def pack(messages: Sequence[bytes], layout: Sequence[Mapping[str, Any]], quanta: Mapping[str, float]) -> bytes:
    """Frames in few bytes.

    Args:
        messages: Frames as `codec.encode` writes them, of one scene, at least one and at most `MOST_FRAMES`.
        layout: Their layout.
        quanta: Quantum of each field that has an axis, in the units of x.

    Raises:
        ValueError: There are too many frames, or they take more than `LARGEST_SIZE`.
    """
    size = VALUE_BYTES * sum(map(len, messages)) // 4
    if len(messages) > MOST_FRAMES or size > LARGEST_SIZE:
        raise ValueError(
            f"Expected at most {MOST_FRAMES} frames of {LARGEST_SIZE} bytes, but got {len(messages)} of {size}."
        )
    # The numbers as they are on the wire, which the reader's layout maps to x.
    plain = [{**entry, "origin": 0.0, "factor": 1.0} for entry in layout]
    frames = [codec.decode(message, plain) for message in messages]
    fields, parts = [], []
    for entry in layout:
        values = np.array([frame[entry["name"]] for frame in frames], np.float32).reshape(len(frames), -1)
        quantum = quanta.get(entry["name"], 0.0) / abs(entry.get("factor", 1.0))
        field, part = pack_field(values, entry["name"], list(entry["shape"]), quantum)
        fields.append(asdict(field))
        parts.append(part)
    header = json.dumps({"steps": [frame["step"] for frame in frames], "fields": fields}).encode()
    return zlib.compress(b"".join([LENGTH.pack(len(header)), header, *parts]), 9)


def pack_field(values: NDArray[np.float32], name: str, shape: list[int], quantum: float) -> tuple[Field, bytes]:
    """The values of one field, `(frames, values)`, as bytes that compress well.

    Args:
        values: The values.
        name: Name of the field.
        shape: Shape of its values in one frame; [] for a single number, which is kept exactly.
        quantum: Size of a quantum; 0 for a field without an axis.
    """
    special = np.select([np.isnan(values), values == math.inf, values == -math.inf], [1, 2, 3], 0).astype(np.uint8)
    known = np.where(special, 0, values)
    if not shape:
        words = known.view(np.uint32).astype("<u4")
        words[1:] ^= known.view(np.uint32)[:-1]
        return Field(name=name, shape=shape), special.tobytes() + planes_of(words)
    scaled, unit = known.astype(float), 0.0
    if not quantum:
        quantum, unit = SINH_QUANTUM, SINH_UNIT * (float(np.abs(known).max(initial=0.0)) or 1.0)
        scaled = np.arcsinh(scaled / unit)
    whole = np.rint(np.clip(scaled / quantum, -LARGEST, LARGEST)).astype(np.int64)
    found = {orders: planes_of(differences(whole, *orders)) for orders in DIFFERENCES}
    orders, planes = min(found.items(), key=lambda item: len(zlib.compress(item[1], 1)))
    field = Field(name=name, shape=shape, quantum=quantum, unit=unit, along_frames=orders[0], along_values=orders[1])
    return field, special.tobytes() + planes


def differences(whole: NDArray[np.int64], along_frames: int, along_values: int) -> NDArray[np.uint32]:
    """Differences of whole numbers, as unsigned numbers; the first value before is 0."""
    for axis, order in ((0, along_frames), (1, along_values)):
        for _ in range(order):
            whole = np.diff(whole, axis=axis, prepend=0)
    return np.where(whole < 0, -2 * whole - 1, 2 * whole).astype("<u4")


def planes_of(words: NDArray[np.uint32]) -> bytes:
    """The bytes of some words, sorted by significance."""
    return words.reshape(-1, 1).view(np.uint8).T.tobytes()


def unpack(packed: bytes) -> dict[str, NDArray[np.float64]]:
    """The values of each field, `(frames, *shape)`, as they are on the wire, and `step`, `(frames,)`.

    Raises:
        ValueError: The bytes are no archive of frames, or a larger one than `pack` writes.
    """
    try:
        inflating = zlib.decompressobj()
        data = inflating.decompress(packed, LARGEST_SIZE)
        if not inflating.eof:
            raise ValueError("it is cut off, or too large")
        offset = LENGTH.size + LENGTH.unpack_from(data)[0]
        header = json.loads(data[LENGTH.size : offset])
        steps, entries = header["steps"], header["fields"]
        if not (1 <= len(steps) <= MOST_FRAMES and len(entries) <= MOST_FIELDS):
            raise ValueError("it has too many frames or fields")
        found = {"step": np.array(steps, float).reshape(len(steps))}
        for field in map(read_field, entries):
            size = math.prod(field.shape)
            part = np.frombuffer(data, np.uint8, VALUE_BYTES * len(steps) * size, offset)
            found[field.name] = unpack_field(part.reshape(5, len(steps), size), field).reshape(len(steps), *field.shape)
            offset += len(part)
    except (zlib.error, struct.error, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"Expected an archive of frames, but got something else ({error}).") from None
    return found


def read_field(entry: Mapping[str, Any]) -> Field:
    """The description of a field, from its JSON.

    Raises:
        ValueError: It is none.
        TypeError: It has other keys than those of `Field`.
    """
    field = Field(**entry)
    name: object = field.name
    extents = [size for size in field.shape if type(size) is int and 0 <= size <= LARGEST_SIZE]
    numbers = [number for number in (field.quantum, field.unit) if math.isfinite(number) and number >= 0]
    orders = (field.along_frames, field.along_values)
    has_shape = len(field.shape) <= 2 and len(extents) == len(field.shape) and (field.shape or not field.quantum)
    if not (isinstance(name, str) and has_shape and len(numbers) == 2 and orders in ((0, 0), *DIFFERENCES)):
        raise ValueError(f"no field: {json.dumps(entry)[:80]}")
    return field


def unpack_field(part: NDArray[np.uint8], field: Field) -> NDArray[np.float64]:
    """The values of one field, `(frames, values)`, from its bytes, `(5, frames, values)`.

    Raises:
        ValueError: A byte that tells numbers from other values is neither.
    """
    special, *planes = part
    if special.max(initial=0) >= len(SPECIAL):
        raise ValueError("a byte says what no value is")
    words = sum((plane.astype(np.uint32) << np.uint32(8 * at) for at, plane in enumerate(planes)), np.uint32(0))
    if not field.quantum:
        known = np.bitwise_xor.accumulate(words, axis=0).view(np.float32).astype(float)
    else:
        signed = words.astype(np.int64)
        whole = np.where(signed & 1, -(signed + 1) // 2, signed // 2)
        for axis, order in ((1, field.along_values), (0, field.along_frames)):
            for _ in range(order):
                whole = np.cumsum(whole, axis=axis)
        known = whole * field.quantum
        known = field.unit * np.sinh(known) if field.unit else known
    return np.where(special, np.array(SPECIAL)[special], known)
