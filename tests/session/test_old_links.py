"""A link from version 0.1 still opens the same experiment.

`old_links.json` holds links as that version wrote them, behind the `#`, with the config that it opened for each.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from gan1d.session.messages import LoadPreset
from tests.session.fakes import Stage

OLD_LINKS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("old_links.json").read_text("utf-8"))


def command_of(link: str) -> LoadPreset:
    """The command that the page sends for a link."""
    name, changes = "default", dict[str, Any]()
    for pair in link.split("&"):
        path, _, text = pair.partition("=")
        if path == "preset":
            name = text
            continue
        try:
            changes[path] = json.loads(unquote(text))
        except json.JSONDecodeError:
            changes[path] = unquote(text)
    return LoadPreset(name=name, changes=changes)


@pytest.mark.parametrize("link", OLD_LINKS)
def test_an_old_link_opens_the_same_experiment(link: str) -> None:
    stage = Stage()
    stage.send(command_of(link))
    assert stage.viewer.events_of("refused") == []
    opened = stage.session.config.model_dump(mode="json")
    # A link without a preset means the default, which since version 0.3 standardizes, and in which G's Adam has another
    # β2 and a learning rate that falls.
    is_default = "preset=" not in link
    assert opened.pop("standardize") == is_default
    half_lives = [opened[player].pop("rate_half_life") for player in ("generator", "discriminator")]
    assert half_lives == [150 if is_default else 0, 0]
    expected = deepcopy(OLD_LINKS[link])
    if is_default:
        expected["generator"]["optimizer"]["beta2"] = 0.99
    assert opened.pop("update_order") == {"kind": "alternating"}
    assert opened.pop("code") == {"kind": "none"}
    assert opened["discriminator"].pop("optimal") is False
    assert opened == expected


@pytest.mark.parametrize(("former", "present"), [(True, True), (False, False)])
def test_the_former_switch_of_own_numbers_is_the_present_one(former: bool, present: bool) -> None:
    stage = Stage()
    stage.send(LoadPreset(name="default", changes={"target": "samples", "target.standardise": former}))
    assert stage.viewer.events_of("refused") == []
    assert stage.session.config.standardize is present
    assert stage.session.config.target.kind == "samples"


def test_the_former_name_of_a_preset_becomes_the_present_one() -> None:
    stage = Stage()
    stage.send(command_of("preset=learned_by_heart"))
    assert stage.viewer.last("config")["preset"] == "memorization"
    assert stage.viewer.last("config")["changed"] == {}
