"""The file of results: it grows, goes on where it was, and is never read wrong."""

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d import Config
from gan1d.output_files import OutputFileError
from gan1d.sweeps import results
from gan1d.sweeps.execution import LARGEST_BLOCK
from gan1d.sweeps.grid import LAST_SEED, MOST_MEASUREMENTS, Sweep, sweep_of
from gan1d.sweeps.measurement import RunResult
from gan1d.sweeps.results import (
    LONGEST_BLOCK_LINE,
    RESULTS_BEGINNING,
    Block,
    ResultsError,
    ResultsFile,
    block_of,
    header_of,
    read_results,
)
from tests import tools

SWEEP = sweep_of(Config(), {"batch_size": [8, 16, 32]}, seeds=4, steps=10)


def block(cell: int, *seeds: int) -> Block:
    runs: list[dict[str, Any]] = [{"seed": 1_000_000 + seed, "outcome": "learning"} for seed in seeds]
    return Block((cell,), runs, 1.25)


def written(file: Path, *blocks: Block, sweep: Sweep = SWEEP) -> bytes:
    with ResultsFile(file, sweep) as opened:
        for each in blocks:
            opened.add(each)
    return file.read_bytes()


def test_what_was_added_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    text = written(file, block(0, 0, 1), block(2, 3))
    assert text.startswith(RESULTS_BEGINNING.encode())
    assert len(text.splitlines()) == 3
    assert read_results(file) == (SWEEP, [block(0, 0, 1), block(2, 3)], b"")


def test_a_file_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    first = written(file, block(0, 0))
    second = written(file, block(1, 0))
    assert second.startswith(first)
    assert read_results(file)[1] == [block(0, 0), block(1, 0)]


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_damaged_last_line_is_set_aside(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "r.ndjson"
    whole = written(file, block(0, 0), block(1, 0))
    file.write_bytes(whole[:-cut])
    damaged = whole[:-cut].splitlines()[-1]
    with ResultsFile(file, SWEEP) as opened:
        assert opened.blocks == [block(0, 0)]
        assert opened.set_aside == tmp_path / "r.ndjson.damaged"
        opened.add(block(2, 0))
    assert opened.set_aside.read_bytes() == damaged + b"\n"
    assert read_results(file)[1:] == ([block(0, 0), block(2, 0)], b"")


@pytest.mark.parametrize("length", [len('{"gan1d_sweep": '), 200, -2])
def test_a_sweep_that_was_killed_within_its_header_begins_again(tmp_path: Path, length: int) -> None:
    file = tmp_path / "r.ndjson"
    file.write_bytes(HEADER[:length])
    with pytest.raises(ResultsError, match="ends within its first line"):
        read_results(file)
    assert written(file, block(0, 0)) == HEADER + block(0, 0).line()


def test_a_damaged_line_in_the_middle_is_no_results(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    lines = written(file, block(0, 0), block(1, 0)).splitlines(keepends=True)
    file.write_bytes(lines[0] + b"{broken\n" + lines[2])
    with pytest.raises(ResultsError, match=r"Line 2 of .* is damaged: '\{broken"):
        read_results(file)


def test_results_of_another_sweep_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    text = written(file, block(0, 0))
    other = sweep_of(Config(), {"batch_size": [8, 16, 32]}, seeds=5, steps=20)
    with pytest.raises(ResultsError, match="it differs in seeds, steps"):
        ResultsFile(file, other)
    assert file.read_bytes() == text


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "{}", "[1]", "null\n", '{"gan1d_log": 1}\n'])
def test_another_file_is_no_results(tmp_path: Path, content: str) -> None:
    file = tmp_path / "r.ndjson"
    file.write_text(content)
    with pytest.raises(ResultsError, match=r"Expected results of a sweep, but .* holds something else"):
        read_results(file)


def test_another_version_is_named(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    file.write_bytes(header_of(SWEEP).replace(b'"gan1d_sweep": 1', b'"gan1d_sweep": 2'))
    with pytest.raises(ResultsError, match=r"Expected results of version 1, but .* has version 2"):
        read_results(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="Expected a file to read, but got"):
        read_results(tmp_path / "none")


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    file, first, second = tmp_path / "r.ndjson", block(0, 0), block(1, 0)
    with ResultsFile(file, SWEEP) as opened:
        opened.add(first)
        with tools.full_disk(file.stat().st_size + 20), pytest.raises(OutputFileError) as error:
            opened.add(second)
        assert "It has 1 lines; the same command goes on from there" in str(error.value)
        assert opened.blocks == [first]
    with ResultsFile(file, SWEEP) as opened:
        assert opened.blocks == [first]
        assert opened.set_aside is not None
        assert opened.set_aside.read_bytes() == second.line()[:20] + b"\n"
        opened.add(second)
    assert read_results(file)[1] == [first, second]


WRITER = """
import sys
from pathlib import Path
from tests.sweeps.test_results import SWEEP, ResultsFile
with ResultsFile(Path(sys.argv[1]), SWEEP):
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_only_one_process_writes_and_a_killed_one_makes_room(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    whole = written(file, block(0, 0))
    file.write_bytes(whole + block(1, 0).line()[:20])
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        before = file.read_bytes()
        with pytest.raises(ResultsError) as error:
            ResultsFile(file, SWEEP)
        assert str(error.value) == (
            f'Expected a file that no other sweep writes to, but another process writes to "{file}".'
        )
        assert file.read_bytes() == before == whole
        process.kill()
    assert written(file, block(2, 0)) == whole + block(2, 0).line()


def test_a_file_system_without_locks_does_not_stop_a_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(pytest.importorskip("fcntl", reason="Windows has other locks"), "flock", refuse)
    assert written(tmp_path / "r.ndjson", block(0, 0)).endswith(block(0, 0).line())


def test_a_line_that_cannot_be_cut_off_is_blamed_on_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "r.ndjson"
    damaged = written(file, block(0, 0))[:-9]
    file.write_bytes(damaged)

    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "ftruncate", refuse)
    with pytest.raises(OutputFileError) as error:
        ResultsFile(file, SWEEP)
    assert str(error.value) == f'Expected a file to write, but got "{file}" (Operation not permitted).'
    assert file.read_bytes() == damaged


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="Expected a file to write, but got"):
        ResultsFile(tmp_path / ("n" * 300), SWEEP)


@pytest.mark.slow
def test_the_longest_block_is_shorter_than_the_longest_line() -> None:
    number, count = 1.23457e-100, MOST_MEASUREMENTS
    course = {
        "step": [10**9] * count,
        "error": [number] * count,
        "jensen_shannon": [number] * count,
        "covered": [9] * count,
    }
    result = RunResult(
        seed=LAST_SEED, outcome="suspected_discriminator_weak", since=10**9, steps=10**9, fitted=10**9, error=number,
        distance=number, jensen_shannon=number, covered=9, course=course,
    )  # fmt: skip
    assert len(Block((999, 999, 999), [result.to_json()] * LARGEST_BLOCK, 1e9).line()) < LONGEST_BLOCK_LINE


def test_a_sweep_whose_description_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "LONGEST_BLOCK_LINE", len(HEADER) - 1)
    with pytest.raises(ResultsError, match="Expected a sweep that is described in"):
        ResultsFile(tmp_path / "r.ndjson", SWEEP)
    assert not (tmp_path / "r.ndjson").exists()


def test_a_file_from_elsewhere_is_known_while_runs_are_left(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    header = json.loads(HEADER)
    header["fingerprint"]["numpy"] = "0.1"
    file.write_bytes(json.dumps(header).encode() + b"\n" + block(0, 0).line())
    with ResultsFile(file, SWEEP) as opened:
        assert opened.is_from_elsewhere
        for each in (block(0, 1, 2, 3), block(1, 0, 1, 2, 3), block(2, 0, 1, 2, 3)):
            opened.add(each)
    with ResultsFile(file, SWEEP) as opened:
        assert not opened.is_from_elsewhere, "all runs are there"
    written(tmp_path / "here", block(0, 0))
    with ResultsFile(tmp_path / "here", SWEEP) as opened:
        assert not opened.is_from_elsewhere


HEADER = header_of(SWEEP)


@given(st.binary(max_size=80))
def test_no_bytes_behind_the_header_break_the_reader(tail: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "r"
        file.write_bytes(HEADER + block(0, 0).line() + tail)
        try:
            _, blocks, damaged = read_results(file)
        except ResultsError:
            return
        assert blocks[0] == block(0, 0)
        assert tail.endswith(damaged)


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["cell", "runs", "seconds", "seed"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(values)
def test_json_of_any_shape_is_a_block_or_none(value: Any) -> None:
    found = block_of(json.dumps(value).encode() + b"\n", SWEEP)
    assert found is None or found.cell in set(SWEEP.cells())
