"""Dotted config paths: the knob of a field, the effect of a change, and errors for paths that do not exist."""

import pytest

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import effect_at, knob_at


@pytest.mark.parametrize(
    ("path", "effect"),
    [
        ("seed", "restart"),
        ("batch_size", "live"),
        ("generator.hidden", "network"),
        ("generator.optimizer.learning_rate", "live"),
        ("target.modes.0.position", "live"),
        ("conditional", "restart"),
    ],
)
def test_the_effect_is_that_of_the_strongest_knob_on_the_way(path: str, effect: str) -> None:
    assert effect_at(Config(), path) == effect


@pytest.mark.parametrize(("path", "effect"), [("kind", "restart"), ("values", "restart"), ("weight", "live")])
def test_the_effect_of_another_kind_is_not_that_of_the_fields_of_the_present_one(path: str, effect: str) -> None:
    assert effect_at(Config().patched("code", "categorical"), f"code.{path}") == effect


def test_a_field_without_a_knob_has_that_of_the_nearest_above() -> None:
    assert knob_at(Config(), "target.kind") == knob_at(Config(), "target")
    assert knob_at(Config(), "batch_size").high == 4096


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nothing", "Expected one of seed, batch_size,"),
        ("generator.nothing", "Expected one of hidden, activation,"),
        ("target.modes.2", "Expected an index below 2"),
        ("target.modes.00", "Expected an index below 2"),
        ("batch_size.0", "Expected nothing below a single value"),
    ],
)
def test_a_path_that_does_not_exist_is_an_error_that_says_where_it_ends(path: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        knob_at(Config(), path)


def test_the_knob_of_a_path() -> None:
    assert knob_at(Config(), "generator.optimizer.learning_rate").high == 10.0
    assert knob_at(Config(), "target.modes.1.position").help == "Position on the data axis."
    assert knob_at(Config(), "generator.hidden").label == "layers"
    with pytest.raises(ConfigError):
        knob_at(Config(), "generator.nothing")
