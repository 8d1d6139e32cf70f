"""`GET games` and `POST game`: presets, runs, and what is refused."""

import http.client
import json
from pathlib import Path
from typing import Any

import pytest

from gan1d.games.game_presets import DEFAULT_GAME, game_presets
from gan1d.replay.game_page import write_game_page
from gan1d.replay.page_directory import static_dir
from gan1d.server.games import GameEndpoint
from tests.server.conftest import Serve, Served


@pytest.fixture
def served(serve: Serve, tmp_path: Path) -> Served:
    (tmp_path / "index.html").touch()
    return serve(static=tmp_path)


def send(served: Served, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def play(served: Served, **fields: Any) -> dict[str, Any]:
    status, text = send(served, "POST", "/game", json.dumps(fields).encode())
    assert status == 200, text
    answer: dict[str, Any] = json.loads(text)
    return answer


def test_a_page_gets_settings_presets_and_speeds(served: Served) -> None:
    status, text = send(served, "GET", "/games")
    games = json.loads(text)
    assert status == 200
    assert [preset["name"] for preset in games["presets"]] == list(game_presets)
    assert games["speed"] in [choice["value"] for choice in games["speeds"]]
    assert games["schema"]["properties"].keys() == {"game", "update", "second", "start", "steps"}


def test_without_fields_the_usual_game_is_played(served: Served) -> None:
    answer = play(served)
    assert answer["preset"] == DEFAULT_GAME
    assert answer["config"] == game_presets[DEFAULT_GAME].config.model_dump(mode="json")
    assert answer["changed"] == {}


def test_changes_are_applied_and_named(served: Served) -> None:
    answer = play(served, preset="circle", changes={"update.learning_rate": 0.25, "second": "none"})
    assert answer["changed"]["update.learning_rate"] == 0.25
    assert len(answer["tracks"]) == 1


def test_a_run_goes_on_from_its_states(served: Served) -> None:
    first = play(served)
    states = [{"count": 150, "values": first["tracks"][0]["states"][-2:]}]
    again = play(served, config=first["config"], **{"from": states})
    assert again["tracks"][0]["states"][:2] == states[0]["values"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "Expected a game as JSON, but got something else."),
        (b"[" * 100_000, "Expected a game as JSON, but got something else."),
        (b"[]", "Expected an object with some of the fields changes, config, from, preset."),
        (b'{"seed": 1}', "Expected an object with some of the fields changes, config, from, preset."),
        (b'{"preset": "chess"}', f"Expected preset to be one of {', '.join(game_presets)}, but got something else."),
        (b'{"changes": [1]}', "Expected changes to be an object of paths and values."),
        (b'{"changes": {"start.psi": 9}}', "Expected a number of 2.5 or less for start.psi, but got 9."),
        (b'{"config": {"steps": 1e9}}', "Expected a number of 2000 or less for steps, but got 1000000000."),
        (
            b'{"from": [{"count": 0, "values": [1]}]}',
            'Expected a state with a count and 1 pairs of numbers, but got {"count": 0, "values": [1]}.',
        ),
    ],
)
def test_what_is_no_game_is_refused_in_one_sentence(body: bytes, sentence: str, served: Served) -> None:
    assert send(served, "POST", "/game", body) == (422, sentence)


def test_a_body_that_is_too_long_is_refused(served: Served) -> None:
    status, text = send(served, "POST", "/game", b" " * (GameEndpoint.largest_body + 1))
    assert (status, text) == (413, "Expected at most 1 MB for the game, but got more.")


def test_a_page_of_another_site_is_refused(served: Served) -> None:
    status, _ = send(served, "POST", "/game", b"{}", Origin="https://elsewhere.example")
    assert status == 403


def test_a_game_is_one_file(serve: Serve) -> None:
    body = json.dumps({"preset": "circle", "changes": {"update.learning_rate": 0.2}}).encode()
    status, text = send(serve(static=static_dir()), "POST", "/game-file", body)
    assert status == 200
    assert text == write_game_page(
        "circle", game_presets["circle"].config.patched("update.learning_rate", 0.2), version="test"
    )


def test_a_file_of_no_game_is_refused_in_one_sentence(served: Served) -> None:
    assert send(served, "POST", "/game-file", b"no game") == (422, "Expected a game as JSON, but got something else.")
