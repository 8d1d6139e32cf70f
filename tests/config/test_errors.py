"""The sentences of config errors, and the paths that they name."""

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gan1d.config.errors import ConfigError, config_error_from, path_of
from gan1d.config.model import Config
from tests.config.test_model import SETTINGS, UNIONS
from tests.configs import configs


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


REFUSALS = [
    ("generator.optimizer.learning_rate", 20, "Expected a number of 10"),
    ("generator.optimizer.learning_rate", -1, "Expected a number of 1e-05 or more for generator"),
    ("generator.optimizer.learning_rate", "fast", 'Expected a number for .*learning_rate, but got "fast"'),
    ("generator.optimizer.learning_rate", None, "Expected a number for .*learning_rate, but got null"),
    ("generator.optimizer.learning_rate", math.nan, "Expected a finite number for .*, but got NaN"),
    ("generator.optimizer.learning_rate", math.inf, "Expected a finite number for .*, but got Infinity"),
    ("generator.optimizer.learning_rate", [1], r"Expected a number for .*, but got \[1\]"),
    ("generator.optimizer.learning_rate", "0.5", 'Expected a number for .*, but got "0.5"'),
    ("generator.optimizer.learning_rate", True, "Expected a number for .*, but got true"),
    ("generator.optimizer.learning_rate", 10**400, "Expected a number for .*, but got 1000"),
    ("loss", "nope", 'Expected one of .*, but got "nope"\\.$'),
    ("loss", {"kind": "nope", "real_label": 0.9}, 'Expected one of .*, but got "nope"\\.$'),
    ("loss.kind", 3, "Expected one of .*, but got 3\\.$"),
    ("batch_size", True, "Expected a whole number for batch_size, but got true"),
    ("batch_size", "64", 'Expected a whole number for batch_size, but got "64"'),
    ("batch_size", math.inf, "Expected a whole number for batch_size, but got Infinity"),
    ("conditional", "off", 'Expected true or false for conditional, but got "off"'),
    ("conditional", 1, "Expected true or false for conditional, but got 1"),
    ("generator.hidden", [8, True], "Expected a whole number for generator.hidden.1, but got true"),
    ("generator.initialization.weights", "\ud800", "Expected a text for generator.initialization.weights, but got"),
    ("loss", {"kind": "minimax", "\ud800": 1}, "Expected a text for loss, but got"),
    ("batch_size", 1.5, r"Expected a whole number for batch_size, but got 1\.5"),
    ("batch_size", 0, "Expected a number of 1 or more for batch_size, but got 0"),
    ("batch_size", "many", 'Expected a whole number for batch_size, but got "many"'),
    ("seed", 2**32, "Expected a number of 4294967295 or less for seed, but got 4294967296"),
    ("generator.hidden", [1] * 7, r"Expected a list of at most 6 for generator.hidden, but got \[1, 1"),
    ("generator.hidden", [0], r"Expected a number of 1 or more for generator.hidden.*, but got 0"),
    ("generator.hidden", 5, "Expected a list for generator.hidden, but got 5"),
    ("generator.hidden.0", 300, "Expected a number of 256 or less for generator.hidden.0, but got 300"),
    ("generator.hidden." + 5000 * "9", 3, r"Expected an index below \d at 'generator.hidden.9+…, but got '9+…\.$"),
    ("target.modes.00.position", 0, "Expected an index below 2 at 'target.modes.00', but got '00'"),
    ("target.modes.\u0661.position", 0, "Expected an index below 2 at .*, but got '\u0661'"),
    (60_000 * "x", 1, "Expected one of seed, .* at 'x+…, but got 'x+…\\.$"),
    ("generator.hidden.5", 3, r"Expected an index below \d at .generator.hidden.5., but got .5."),
    ("target.modes", [], r"Expected a list of at least 1 for target.modes, but got \[\]"),
    ("target.modes.0.position", 99, "Expected a number of 10"),
    ("target.modes.0", 3, "Expected an object for target.modes.0, but got 3"),
    ("target.modes.-1.position", 0, "Expected an index below 2 at .*, but got '-1'"),
    ("generator.activation.kind", "rellu", "Expected one of 'relu', 'leaky_relu', .*, but got .*rellu"),
    ("generator.activation.kind", None, "Expected one of 'relu', .*, but got .*null"),
    ("generator.activation.kind", {}, "Expected one of 'relu', .*, but got"),
    ("generator.activation", {}, r"Expected an object with a kind for generator.activation, but got \{\}"),
    ("generator.initialization.weights", "zeros", "Expected 'auto', .* or 'uniform' for .*, but got \"zeros\""),
    ("generator.initialization.random_biases", "maybe", 'Expected true or false for .*, but got "maybe"'),
    ("generator", 3, "Expected an object for generator, but got 3"),
    ("nope", 1, "Expected one of seed, .* at 'nope', but got 'nope'"),
    ("generator.nope", 1, "Expected one of hidden, .* at 'generator.nope', but got 'nope'"),
    ("seed.deeper", 1, "Expected nothing below a single value at 'seed.deeper', but got 'deeper'"),
    ("", 1, "Expected one of seed"),
    ("generator..hidden", 1, "Expected one of hidden"),
]


@pytest.mark.parametrize(("path", "value", "pattern"), REFUSALS, ids=[f"{p}={v!r:.20}" for p, v, _ in REFUSALS])
def test_a_refusal_says_what_was_expected_and_what_came(path: str, value: Any, pattern: str) -> None:
    with pytest.raises(ConfigError, match=pattern) as caught:
        Config().patched(path, value)
    assert caught.value.path == path
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("path", UNIONS)
def test_an_unknown_kind_is_refused_at_the_path_that_was_asked_for(path: str) -> None:
    with pytest.raises(ConfigError, match=r'Expected one of .*, but got .*"sideways"') as caught:
        Config().patched(path, "sideways")
    assert caught.value.path == path


@pytest.mark.parametrize("value", [None, 3, [], True])
def test_no_object_for_a_union_is_refused_in_our_own_words(value: Any) -> None:
    with pytest.raises(ConfigError, match=r"^Expected an object with a kind for loss, but got") as caught:
        Config().patched("loss", value)
    assert caught.value.path == "loss"


def test_a_setting_that_does_not_exist_is_named() -> None:
    with pytest.raises(ConfigError, match="depth"):
        Config().patched("generator", {"depth": 3})
    with pytest.raises(ConfigError, match="beta1"):
        Config().patched("generator.optimizer", {"kind": "sgd", "beta1": 0.5})


def test_a_wrong_value_deep_in_an_object_is_named() -> None:
    with pytest.raises(ConfigError, match=r"modes\.1\.position"):
        Config().patched("target.modes", [{"position": 0.0}, {"position": 99}])


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"seed": "x"}, "seed"),
        ({"generator": {"optimizer": {"kind": "adam", "learning_rate": -1}}}, "generator.optimizer.learning_rate"),
        ({"target": {"kind": "gaussian_mixture", "modes": [{"position": 99}]}}, "target.modes.0.position"),
        ({"loss": {"kind": "hinges"}}, "loss"),
        ({"sede": 1}, "sede"),
    ],
    ids=str,
)
def test_the_place_of_a_mistake_is_a_path_as_the_page_knows_it(values: Any, path: str) -> None:
    """Not as pydantic does, which puts the kind in between."""
    with pytest.raises(ConfigError) as caught:
        Config.parsed(values)
    assert caught.value.path == path


@pytest.mark.parametrize("value", [None, 3, "text", []])
def test_no_config_at_all_is_refused(value: Any) -> None:
    with pytest.raises(ConfigError, match="Expected an object, but got"):
        Config.parsed(value)


def test_a_very_long_value_is_quoted_in_part() -> None:
    with pytest.raises(ConfigError) as caught:
        Config().patched("seed", "x" * 10_000)
    assert len(str(caught.value)) < 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)

paths = st.one_of(
    st.sampled_from(sorted(SETTINGS)),
    st.lists(
        st.sampled_from(["generator", "target", "modes", "hidden", "optimizer", "kind", "0", "9", "", "learning_rate"])
        | st.text(max_size=3),
        max_size=4,
    ).map(".".join),
)


def refused(action: Callable[[], Config]) -> ConfigError | None:
    """The refusal, if it is one; anything else that is raised is a bug and goes on up."""
    try:
        action()
    except ConfigError as error:
        return error
    return None


ONE_SENTENCE = re.compile(r"Expected .*, but got .*\.", re.DOTALL)


@given(configs, paths, json_values)
def test_whatever_is_asked_is_done_or_refused_in_one_sentence(config: Config, path: str, value: Any) -> None:
    error = refused(lambda: config.patched(path, value))
    if error is None:
        new = config.patched(path, value)
        assert Config.parsed(new.model_dump(mode="json")) == new
    else:
        assert ONE_SENTENCE.fullmatch(str(error))
        assert error.path == path
        assert str(error).encode()


@given(json_values)
def test_any_json_is_a_config_or_refused_in_one_sentence(value: Any) -> None:
    error = refused(lambda: Config.parsed(value))
    assert error is None or ONE_SENTENCE.fullmatch(str(error))
