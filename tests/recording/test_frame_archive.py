"""Frames in few bytes: what they lose, and what they take."""

import math
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.gallery import presets
from gan1d.recording.frame_archive import QUANTA, pack, pack_field, quanta_of, unpack, unpack_field
from tests.tools import slow_but


def frames_of(config: Config, count: int, every: int) -> tuple[list[bytes], list[dict[str, Any]], dict[str, Any]]:
    trainer, probe, messages = Trainer(config), Probe(config), []
    for _ in range(count):
        messages.append(codec.encode(observe(trainer, probe)))
        trainer.run(every)
    return messages, codec.layout(observe(trainer, probe)), probe.scene()


@pytest.mark.parametrize(
    "name", slow_but(["default", "eight_dimensions", "labelled_modes", "memorization", "wgan"], presets)
)
def test_frames_of_every_preset_come_back_within_a_fraction_of_their_axes(name: str) -> None:
    messages, layout, scene = frames_of(presets[name].config.patched("batch_size", 16), 6, 10)
    quanta = quanta_of(scene)
    found = unpack(pack(messages, layout, quanta))
    decoded = [codec.decode(message, layout) for message in messages]
    assert found["step"].tolist() == [frame["step"] for frame in decoded]
    for entry in layout:
        field = entry["name"]
        right = np.array([frame[field] for frame in decoded], float)
        assert found[field].shape == right.shape
        known = np.isfinite(right)
        np.testing.assert_array_equal(found[field][~known], right[~known])
        error, size = np.abs(found[field][known] - right[known]), np.abs(right[known])
        if not entry["shape"]:
            assert error.max(initial=0) == 0
        elif field in quanta:
            assert error.max(initial=0) <= 0.501 * quanta[field]
        else:
            assert np.all(error <= size / 3900 + 3e-10 * size.max(initial=0))


def test_a_quantum_is_less_than_a_four_thousandth_of_an_axis() -> None:
    scene = Probe(Config()).scene()
    axis = scene["x_axis"]
    assert quanta_of(scene)["generator"] < (axis["high"] - axis["low"]) / 4000
    assert QUANTA > 4000


@pytest.mark.slow
def test_600_frames_of_the_default_take_less_than_half_a_megabyte() -> None:
    messages, layout, scene = frames_of(Config(), 60, 25)
    # Frames that are 25 steps apart differ more than those that are 5 apart, as in a film of 600 frames.
    size = len(pack(messages, layout, quanta_of(scene)))
    assert size * 600 / 60 < 700_000
    assert sum(map(len, messages)) > 5 * size


values = st.floats(width=32) | st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 1e-45, 3.4e38])


def rows(frames: int, width: int) -> st.SearchStrategy[NDArray[np.float32]]:
    flat = st.lists(values, min_size=frames * width, max_size=frames * width)
    return flat.map(lambda found: np.array(found, np.float32).reshape(frames, width))


shapes = st.tuples(st.integers(1, 6), st.integers(1, 5))


@given(shapes.flatmap(lambda shape: rows(*shape)))
def test_single_numbers_are_exact(given: NDArray[np.float32]) -> None:
    field, part = pack_field(given, "loss_d", [], 0.01)
    found = unpack_field(np.frombuffer(part, np.uint8).reshape(5, *given.shape), field)
    np.testing.assert_array_equal(found, given.astype(float))


@given(shapes.flatmap(lambda shape: rows(*shape)), st.sampled_from([0.0, 1e-3, 10.0]))
def test_any_values_come_back(given: NDArray[np.float32], quantum: float) -> None:
    field, part = pack_field(given, "generator", [given.shape[1]], quantum)
    found = unpack_field(np.frombuffer(part, np.uint8).reshape(5, *given.shape), field)
    known = np.isfinite(given)
    np.testing.assert_array_equal(found[~known], given[~known].astype(float))
    right = given[known].astype(float)
    if quantum:
        right = np.clip(right, -(2**28) * quantum, 2**28 * quantum)
        assert np.all(np.abs(found[known] - right) <= 0.501 * quantum)
    else:
        size = np.abs(right)
        assert np.all(np.abs(found[known] - right) <= size / 3900 + 3e-10 * size.max(initial=0))


@pytest.mark.parametrize("shape", [[0], [0, 4], [4, 0]])
def test_fields_without_values_come_back(shape: list[int]) -> None:
    layout = [{"name": "none", "shape": shape, "offset": 16}, {"name": "loss_d", "shape": [], "offset": 16}]
    messages = [codec.HEADER.pack(codec.MAGIC, codec.VERSION, 0, step) + np.float32(step).tobytes() for step in (2, 3)]
    found = unpack(pack(messages, layout, {}))
    assert found["none"].shape == (2, *shape)
    assert found["loss_d"].tolist() == [2.0, 3.0]


@pytest.mark.parametrize("content", [b"", b"\1\0\0\0", b"\2\0\0\0{}", b"\2\0\0\0[]", b"\xff" * 9])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    for packed in (content, zlib.compress(content)):
        with pytest.raises(ValueError, match="Expected an archive of frames, but got something else"):
            unpack(packed)


PACKED = pack(*frames_of(Config().patched("batch_size", 4), 3, 1)[:2], {})
REFUSED = "Expected an archive of frames, but got something else"
HEADER_END = 4 + int.from_bytes(zlib.decompress(PACKED)[:4], "little")


@given(st.lists(st.tuples(st.integers(0, len(PACKED) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@example([(1, 0x01)])
def test_damaged_bytes_are_refused_in_a_sentence(changes: list[tuple[int, int]]) -> None:
    """The first two bytes name a size of memory and a level of compression: another pair of them damages nothing."""
    damaged = bytearray(PACKED)
    for place, value in changes:
        damaged[place] = value
    found, sentence = dict[str, NDArray[np.float64]](), REFUSED
    try:
        found = unpack(bytes(damaged))
    except ValueError as error:
        sentence = str(error)
    assert sentence.startswith(REFUSED)
    assert not found or damaged[2:] == PACKED[2:]
    for name, values in found.items():
        np.testing.assert_array_equal(values, unpack(PACKED)[name])


@given(st.lists(st.tuples(st.integers(0, HEADER_END + 100), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_header_is_refused_or_gives_arrays_of_its_shapes(changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(zlib.decompress(PACKED))
    for place, value in changes:
        damaged[place] = value
    found, sentence = dict[str, NDArray[np.float64]](), ""
    try:
        found = unpack(zlib.compress(bytes(damaged), 1))
    except ValueError as error:
        sentence = str(error)
    if found:
        assert {len(values) for values in found.values()} == {len(found["step"])}
    else:
        assert sentence.startswith(REFUSED)


def test_a_small_file_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan1d.recording.frame_archive.LARGEST_SIZE", 10_000)
    with pytest.raises(ValueError, match="cut off, or too large"):
        unpack(zlib.compress(bytes(20_000)))
    with pytest.raises(ValueError, match="Expected at most 2400 frames of 10000 bytes, but got 3 of "):
        pack(*frames_of(Config().patched("batch_size", 4), 3, 1)[:2], {})


@pytest.mark.parametrize("units", [1e-6, 1.0, 1e6])
def test_a_quantum_is_in_the_units_of_x(units: float) -> None:
    """The numbers of a frame may be in other units, as the layout says."""
    layout = [{"name": "generator", "shape": [3], "offset": 16, "axis": None, "origin": 5.0, "factor": units}]
    values = np.array([0.123456, -1.5, 0.7], "<f4")
    message = codec.HEADER.pack(codec.MAGIC, codec.VERSION, 0, 0) + values.tobytes()
    found = unpack(pack([message], layout, {"generator": units * 1e-3}))["generator"][0]
    np.testing.assert_allclose(found, [0.123, -1.5, 0.7], atol=1e-7)
