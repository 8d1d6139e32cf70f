"""A file of results is read while it grows, and what is wrong with it is said in a sentence."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gan1d.maps import growing_results
from gan1d.maps.content import content_of
from gan1d.maps.growing_results import GrowingResults
from gan1d.sweeps.grid import Sweep
from gan1d.sweeps.results import ResultsError, header_of
from tests.maps.sweeps import PLANE, SPACE, block_of_runs, write_results


def test_what_is_new_is_taken_up(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    write_results(file, PLANE)
    results = GrowingResults(file)
    assert (results.done, results.since(results.generation, 0)) == (0, (results.generation, None, []))
    write_results(file, PLANE, block_of_runs(PLANE, (0, 0), "converged", "plateau"))
    results.look()
    write_results(file, PLANE, block_of_runs(PLANE, (2, 1), "diverged"))
    results.look()
    assert [cell for cell, _ in results.rows] == [0, 5]
    assert results.done == 3
    assert results.since(results.generation, 1) == (results.generation, None, results.rows[1:])
    assert results.since("", 0) == (results.generation, results.content, results.rows)


def test_a_line_that_is_being_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    line = block_of_runs(PLANE, (0, 0), "converged").line()
    file.write_bytes(header_of(PLANE) + line[:-9])
    results = GrowingResults(file)
    assert (results.done, results.is_torn) == (0, True)
    file.write_bytes(header_of(PLANE) + line)
    results.look()
    assert (results.done, results.is_torn) == (1, False)


def test_a_file_that_was_written_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    write_results(file, PLANE, block_of_runs(PLANE, (0, 0), "converged"))
    results = GrowingResults(file)
    before = results.generation
    file.unlink()
    write_results(file, SPACE, block_of_runs(SPACE, (1, 1, 1), "converged"))
    results.look()
    assert (results.rows[0][0], len(results.content["axes"])) == (7, 3)
    generation, content, _ = results.since(before, 1)
    assert (generation != before, content) == (True, results.content)


def test_a_reader_of_another_process_gets_all(tmp_path: Path) -> None:
    files = [tmp_path / name for name in "ab"]
    for file, sweep in zip(files, (PLANE, SPACE), strict=True):
        write_results(file, sweep, block_of_runs(sweep, (0,) * len(sweep.axes), "converged"))
    first, second = map(GrowingResults, files)
    assert second.since(first.generation, 1) == (second.generation, second.content, second.rows)


def test_a_reader_waits_while_the_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "r.ndjson"
    write_results(file, PLANE, block_of_runs(PLANE, (0, 0), "converged"))
    results = GrowingResults(file)
    file.unlink()
    write_results(file, SPACE, block_of_runs(SPACE, (1, 1, 1), "converged"))
    with ThreadPoolExecutor(1) as pool:
        readers: list[Future[tuple[str, dict[str, Any] | None, list[list[Any]]]]] = []

        def content_with_a_reader(sweep: Sweep) -> dict[str, Any]:
            readers.append(pool.submit(results.since, results.generation, 0))
            with pytest.raises(TimeoutError):
                readers[0].result(timeout=0.1)
            return content_of(sweep)

        monkeypatch.setattr(growing_results, "content_of", content_with_a_reader)
        results.look()
        assert readers[0].result() == (results.generation, results.content, results.rows)
        assert len(results.rows) == 1


def changed_header(**fields: object) -> bytes:
    return json.dumps({**json.loads(header_of(PLANE)), **fields}).encode() + b"\n"


GOOD = block_of_runs(PLANE, (0, 0), "converged").line()
FOUR = [{"path": path, "values": [1, 2], "scale": "linear"} for path in ("batch_size", "seed", "a", "b")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", 'Expected results of a sweep, but "{}" is empty.'),
        (b"hello\n", 'Expected results of a sweep, but "{}" holds something else.'),
        (changed_header(gan1d_sweep=2), 'Expected results of version 1, but "{}" has version 2.'),
        (changed_header(axes=FOUR), "{}: Expected 1 to 3 axes with different paths, but got batch_size, seed, a, b."),
        (header_of(PLANE) + b"xx\n" + GOOD, "Line 2 of \"{}\" is damaged: 'xx\\n'."),
        (header_of(PLANE) + GOOD + GOOD.replace(b"converged", b"transcended") + GOOD, 'Line 3 of "{}" is damaged'),
    ],
)
def test_what_is_no_map_is_said_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "r.ndjson"
    file.write_bytes(content)
    with pytest.raises(ResultsError) as error:
        GrowingResults(file)
    assert str(error.value).startswith(sentence.format(file))
    assert "\n" not in str(error.value)


def test_a_file_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"Expected a file to read, but got .*r\.ndjson.* \(No such file"):
        GrowingResults(tmp_path / "r.ndjson")
