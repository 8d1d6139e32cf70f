"""A server that begins with the numbers of a file: menu, links and the way back."""

import json

import pytest

from gan1d import Config
from gan1d.gallery import presets
from gan1d.session.messages import LoadPreset, Set
from gan1d.session.session import Session
from gan1d.session.session_info import SessionInfo, encode_catalog
from gan1d.session.starting_data import STARTING_DATA, StartingData
from tests.session.fakes import Stage

NUMBERS = [float(value) for value in range(12)]
CONFIG = Config().patched("seed", 5).patched("target", "samples").patched("target.values", NUMBERS)
DATA = StartingData(config=CONFIG, title="heights.csv", watch="The target is 12 numbers from heights.csv: 0 to 11.")


@pytest.fixture
def stage() -> Stage:
    stage = Stage(CONFIG)
    info = SessionInfo(catalog=encode_catalog(gallery=[DATA.row()], start=STARTING_DATA), data=DATA)
    stage.session = Session(CONFIG, STARTING_DATA, info=info)
    stage.viewer = stage.join()
    return stage


def test_the_data_are_an_entry_of_the_menu_with_a_sentence_of_their_own(stage: Stage) -> None:
    assert STARTING_DATA not in presets
    hello = stage.viewer.events[0]
    assert (hello["preset"], hello["start_preset"], hello["default_preset"]) == ("data", "data", "default")
    assert hello["changed"] == {}
    entry = hello["presets"][0]
    assert (entry["name"], entry["title"], entry["watch"]) == ("data", "heights.csv", DATA.watch)


def test_the_data_are_in_no_file_for_pages_without_a_session() -> None:
    catalog = encode_catalog(gallery=[DATA.row()], start=STARTING_DATA, is_private=True)
    assert set(json.loads(catalog.shared)) == {"catalog", "schema", "glossary"}
    assert json.loads(catalog.own)["presets"][0]["config"]["target"]["values"] == NUMBERS


def test_a_preset_leaves_the_data_and_the_entry_of_the_menu_leads_back(stage: Stage) -> None:
    stage.send(LoadPreset(name="mode_collapse"))
    sent = stage.viewer.last("config")
    assert (sent["preset"], sent["link"]) == ("mode_collapse", None)
    assert sent["config"]["target"]["kind"] == "gaussian_mixture"
    stage.send(LoadPreset(name=STARTING_DATA, changes={"seed": 9}))
    sent = stage.viewer.last("config")
    assert sent["preset"] == "data"
    assert sent["config"]["target"]["values"] == NUMBERS
    assert sent["changed"] == {"seed": 9}


@pytest.mark.parametrize(("path", "value"), [("seed", 0), ("target", "uniform"), ("batch_size", 8)])
def test_a_link_shows_the_same_experiment_here_and_on_any_server(stage: Stage, path: str, value: object) -> None:
    stage.send(Set(path=path, value=value))  # type: ignore[arg-type]
    sent = stage.viewer.last("config")
    for base in (Config(), CONFIG):
        config = base
        for each, setting in sent["link"].items():
            config = config.patched(each, setting)
        assert config == stage.session.config


def test_without_data_there_is_no_such_preset() -> None:
    stage = Stage()
    assert stage.viewer.events[0]["link"] is None
    stage.send(LoadPreset(name=STARTING_DATA))
    assert "Expected a preset of" in stage.viewer.last("refused")["message"]
