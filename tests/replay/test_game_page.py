"""A game as one HTML file: what is in it, and that it asks for nothing."""

import base64
import hashlib
import json
import re

import pytest

from gan1d.games.game_presets import game_presets
from gan1d.replay.game_page import GAME_BEGINNING, game_answer, game_catalog, write_game_page

CONFIG = game_presets["circle"].config.patched("update.learning_rate", 0.2)


def test_the_file_has_the_run_and_the_settings() -> None:
    text = write_game_page("circle", CONFIG, version="1.2.3")
    assert text.startswith(GAME_BEGINNING)
    data = re.search(r'<script type="application/json" id="game-data">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    content = json.loads(data[1])
    assert content["answer"] == json.loads(json.dumps(game_answer("circle", CONFIG)))
    assert content["answer"]["changed"] == {"update.learning_rate": 0.2}
    assert content["catalog"]["default_preset"] == "circle"
    assert content["catalog"]["version"] == "1.2.3"


def test_the_policy_allows_the_script_of_the_file_and_no_request() -> None:
    text = write_game_page("circle", CONFIG, version="0")
    script = re.search(r'<script type="module">(.*)</script>\n</body>', text, re.DOTALL)
    assert script is not None
    expected = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{expected}'" in text
    assert "default-src 'none'" in text
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]+"', text[: text.index("<body>")]) == []


@pytest.mark.parametrize("name", game_presets)
def test_an_answer_is_the_run_of_its_preset(name: str) -> None:
    config = game_presets[name].config
    answer = game_answer(name, config)
    assert answer["changed"] == {}
    assert answer["config"] == config.model_dump(mode="json")
    # θ and ψ of the start come first.
    assert answer["tracks"][0]["states"][:2] == [config.start.theta, config.start.psi]


def test_the_catalog_has_no_speed_without_a_clock() -> None:
    speeds = [each["value"] for each in game_catalog("circle", "0")["speeds"]]
    assert "max" not in speeds
    assert 30 in speeds
