"""The sentences of config errors, and the paths that they name."""

from typing import Any

import pytest
from pydantic import ValidationError

from gan1d.config.errors import ConfigError, config_error_from, path_of
from gan1d.config.model import Config


def error_of(tree: dict[str, Any]) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Config.model_validate(tree)
    return caught.value


@pytest.mark.parametrize(
    ("tree", "path", "sentence"),
    [
        ({"batch_size": 0}, "batch_size", "Expected a number of 1 or more for batch_size, but got 0."),
        (
            {"generator": {"optimizer": {"kind": "adam", "learning_rate": "fast"}}},
            "generator.optimizer.learning_rate",
            'Expected a number for generator.optimizer.learning_rate, but got "fast".',
        ),
        (
            {"generator": {"optimizer": {"kind": "fly"}}},
            "generator.optimizer",
            "Expected one of 'sgd', 'momentum', 'rmsprop', 'adam', 'optimistic_adam' for generator.optimizer, "
            'but got "fly".',
        ),
        ({"nothing": 1}, "nothing", "Expected no such setting for nothing, but got 1."),
    ],
)
def test_an_error_names_the_path_and_both_values(tree: dict[str, Any], path: str, sentence: str) -> None:
    found = config_error_from(error_of(tree), tree)
    assert (found.path, str(found)) == (path, sentence)
    assert isinstance(found, ConfigError)


def test_an_error_keeps_the_path_that_was_to_be_set() -> None:
    tree = {"generator": {"hidden": [0]}}
    assert config_error_from(error_of(tree), tree, "generator.hidden").path == "generator.hidden"


def test_the_kind_of_a_union_is_no_part_of_a_path() -> None:
    tree = {
        "generator": {"optimizer": {"kind": "adam"}},
        "target": {"kind": "gaussian_mixture", "modes": [{"width": 9}]},
    }
    assert path_of(("generator", "optimizer", "adam", "beta1"), tree) == "generator.optimizer.beta1"
    assert path_of(("target", "gaussian_mixture", "modes", 0, "width"), tree) == "target.modes.0.width"
