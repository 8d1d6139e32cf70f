"""`GET map` and `GET map/results`: the page of a sweep, and what is new in the file of its results."""

import http.client
import json
from pathlib import Path
from typing import Any

import pytest

from gan1d.replay.page_directory import static_dir
from gan1d.server import maps
from tests.maps.sweeps import PLANE, block_of_runs, write_results
from tests.server.conftest import Serve, Served


def get(served: Served, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def answer(served: Served, query: str = "") -> dict[str, Any]:
    status, text = get(served, f"/map/results{query}")
    assert status == 200, text
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_page_gets_what_it_lacks(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    write_results(file, PLANE, block_of_runs(PLANE, (0, 0), "converged"))
    served = serve(static=static_dir(), results=file)
    first = answer(served)
    assert first["content"]["axes"][0]["path"] == "generator.optimizer.learning_rate"
    assert (len(first["rows"]), first["more"]) == (1, False)
    write_results(file, PLANE, block_of_runs(PLANE, (1, 0), "plateau"))
    second = answer(served, f"?generation={first['generation']}&rows=1")
    assert second["generation"] == first["generation"]
    assert "content" not in second
    assert [cell for cell, _ in second["rows"]] == [2]
    assert len(answer(served, "?generation=x&rows=-1")["rows"]) == 2, "what is no number counts as nothing known"


def test_many_rows_come_in_several_answers(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST_ROWS", 2)
    blocks = [block_of_runs(PLANE, (place, 0), "converged") for place in range(3)]
    write_results(tmp_path / "r.ndjson", PLANE, *blocks)
    served = serve(static=static_dir(), results=tmp_path / "r.ndjson")
    first = answer(served)
    assert (len(first["rows"]), first["more"]) == (2, True)
    rest = answer(served, f"?generation={first['generation']}&rows=2")
    assert (len(rest["rows"]), rest["more"]) == (1, False)


def test_a_file_that_cannot_be_read_is_said(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "r.ndjson").write_bytes(b"")
    served = serve(static=static_dir(), results=tmp_path / "r.ndjson")
    status, text = get(served, "/map/results")
    assert (status, text) == (422, f'Expected results of a sweep, but "{tmp_path / "r.ndjson"}" is empty.')


def test_the_page_has_an_address_of_its_own_under_the_same_protection(serve: Serve) -> None:
    served = serve(static=static_dir())
    status, page = get(served, "/map")
    assert status == 200
    assert 'src="v-' in page, "its files have names for ever"
    assert get(served, "/map/results") == (404, "This server has no results of a sweep. Start it with gan1d map FILE.")
    for path in ("/map", "/map/results"):
        status, sentence = get(served, path, Host="evil.example")
        assert (status, "evil.example" in sentence) == (403, True)
