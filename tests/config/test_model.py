"""The settings: every default fits, has its help and its bounds, and stands in the schema."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.knobs import Knob
from tests.configs import SCHEMA

UNIONS = {
    "target": "target",
    "latent": "latent",
    "loss": "loss",
    "penalty": "penalty",
    "generator.activation": "activation",
    "generator.optimizer": "optimizer",
    "discriminator.activation": "activation",
    "discriminator.optimizer": "optimizer",
}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    return SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def settings(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of the schema by path, through all members of every union; `kind` is the union itself."""
    for name, field in schema["properties"].items():
        if name == "kind":
            continue
        here = f"{path}.{name}" if path else name
        yield here, field
        for member in [resolved(field), *map(resolved, field.get("oneOf", [])), resolved(field.get("items", {}))]:
            if "properties" in member:
                yield from settings(member, f"{here}.{member['title']}" if "oneOf" in field else here)


SETTINGS = dict(settings(SCHEMA))

GROUPS = {path for path, field in SETTINGS.items() if "properties" in resolved(field)}
"""Settings that are only a heading for others."""


def kinds_at(path: str) -> list[str]:
    field = SCHEMA
    for key in path.split("."):
        field = resolved(field)["properties"][key]
    return list(field["discriminator"]["mapping"])


def test_groups_are_the_networks_their_first_weights_and_the_noise() -> None:
    networks = {"generator", "discriminator"}
    assert networks | {f"{network}.initialization" for network in networks} | {"instance_noise"} == GROUPS


def test_every_setting_is_a_knob_with_help() -> None:
    for path in sorted(set(SETTINGS) - GROUPS):
        knob = SETTINGS[path]["x-knob"]
        assert knob.keys() == vars(Knob()).keys(), path
        assert re.fullmatch(r"[A-Z].*\.", knob["help"]), f"{path}: a sentence for a student"
        assert knob["effect"] in ("live", "network", "restart"), path
        assert knob["scale"] in ("linear", "log"), path


def test_every_number_has_two_bounds_and_a_default_between_them() -> None:
    for path in sorted(set(SETTINGS) - GROUPS):
        field, knob = SETTINGS[path], SETTINGS[path]["x-knob"]
        match field.get("type"):
            case "number" | "integer":
                assert knob["low"] == field["minimum"] < field["maximum"] == knob["high"], path
                assert field["minimum"] <= field["default"] <= field["maximum"], path
                # A logarithmic slider over whole numbers may have 0 below its 1.
                lowest = (field["type"], knob["low"])
                assert knob["scale"] == "linear" or knob["low"] > 0 or lowest == ("integer", 0), path
            case "array":
                assert knob["low"] == field["minItems"] < field["maxItems"] == knob["high"], path
                assert field["minItems"] <= len(field["default"]) <= field["maxItems"], path
            case "boolean":
                assert isinstance(field["default"], bool), path
            case "string":
                assert field["default"] in field["enum"], path
            case None:
                assert field["default"]["kind"] in field["discriminator"]["mapping"], path


@pytest.mark.parametrize("path", UNIONS)
def test_every_member_of_a_union_has_a_name_and_a_help_of_its_own(path: str) -> None:
    labels = []
    field = SCHEMA
    for key in path.split("."):
        field = resolved(field)["properties"][key]
    assert field["discriminator"]["propertyName"] == "kind"
    assert len(field["oneOf"]) == len(field["discriminator"]["mapping"]) >= 2
    for kind, reference in field["discriminator"]["mapping"].items():
        member = resolved({"$ref": reference})
        assert {"$ref": reference} in field["oneOf"]
        assert member["properties"]["kind"]["const"] == kind == member["properties"]["kind"]["default"]
        assert re.fullmatch(r"[A-Z].*\.", member["description"]), "a sentence for a student"
        assert "\n\n" not in member["description"]
        assert ":" not in member["title"]
        labels.append(member["title"])
    assert len(set(labels)) == len(labels)


def test_the_schema_is_strict_json_and_made_anew_each_time() -> None:
    json.dumps(SCHEMA, allow_nan=False)
    Config.model_json_schema()["title"] = "spoilt"
    assert Config.model_json_schema() == SCHEMA


@pytest.mark.parametrize("path", UNIONS)
def test_every_kind_can_be_asked_for(path: str) -> None:
    for kind in kinds_at(path):
        assert Config().patched(path, kind).value_at(f"{path}.kind") == kind


def test_the_default_of_every_field_is_in_force() -> None:
    """An empty message means the same as a preset that leaves everything out."""
    assert Config.parsed({}) == Config()


@pytest.mark.parametrize("former", [True, False])
def test_the_former_setting_of_own_numbers_is_read(former: bool) -> None:
    """Up to version 0.2 own numbers were standardized by a setting of the target, and by default."""
    values = [float(number) for number in range(12)]
    target = {"kind": "samples", "values": values, "standardise": former}
    config = Config.parsed({"target": target})
    assert config.standardize is former
    assert config.value_at("target.values") == values
    assert target["standardise"] is former  # what was given stays as it is
    with pytest.raises(ConfigError, match="Expected true or false for"):
        Config.parsed({"target": {"kind": "samples", "standardise": "perhaps"}})
