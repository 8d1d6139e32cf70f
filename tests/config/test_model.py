"""The settings: every default fits, every refusal says why, and differences turn one config into another."""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import effect_at, knob_at
from gan1d.engine.networks.activations import LeakyReLU, ReLU
from gan1d.engine.networks.optimizers import SGD, Adam, Momentum
from gan1d.engine.training.player import shape_of
from gan1d.engine.training.trainer import start_settings
from gan1d.knobs import Knob
from tests.configs import SCHEMA, configs

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


# The schema ------------------------------------------------------------------------------------------------------


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


# Changing one value ----------------------------------------------------------------------------------------------


def test_a_patch_leaves_the_original_alone() -> None:
    config = Config()
    new = config.patched("generator.optimizer.learning_rate", 0.5)
    assert new.generator.optimizer.learning_rate == 0.5
    assert config == Config()
    rate = config.generator.optimizer.learning_rate
    assert new.patched("generator.optimizer.learning_rate", rate) == config


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Config().seed = 3


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("seed", 2**32 - 1),
        ("generator.hidden", []),
        ("generator.hidden.0", 5),
        ("generator.hidden", [1, 2, 3]),
        ("target.modes.1.position", -3.5),
        ("target.modes", [{"position": 1.0, "width": 0.1, "weight": 1.0}]),
        ("target.modes.0", {"position": 1.0, "width": 0.1, "weight": 1.0}),
        ("target", {"kind": "laplace", "position": 2.0, "scale": 0.5}),
        ("generator.initialization.random_biases", True),
        ("discriminator.initialization.weights", "uniform"),
    ],
    ids=str,
)
def test_what_was_set_is_there(path: str, value: Any) -> None:
    assert Config().patched(path, value).value_at(path) == value


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("batch_size", 64.0, 64),
        ("batch_size", np.int64(64), 64),
        ("generator.ema_decay", 0, 0.0),
        ("generator.ema_decay", np.float32(0.5), 0.5),
        ("generator.hidden", [8.0, np.int32(4)], [8, 4]),
    ],
)
def test_a_number_may_be_written_as_another_kind_of_number(path: str, value: Any, found: Any) -> None:
    held = Config().patched(path, value).value_at(path)
    assert (held, type(held)) == (found, type(found))


@pytest.mark.parametrize("path", UNIONS)
def test_a_union_takes_its_kind_as_a_bare_word(path: str) -> None:
    for kind in kinds_at(path):
        assert Config().patched(path, kind) == Config().patched(f"{path}.kind", kind)


def test_shared_settings_carry_over_to_another_kind() -> None:
    config = Config().patched("generator.optimizer", "momentum")
    config = config.patched("generator.optimizer.learning_rate", 0.123).patched("generator.optimizer.momentum", 0.5)
    assert config.generator.optimizer == Momentum(learning_rate=0.123, momentum=0.5)
    config = config.patched("generator.optimizer", "sgd")
    assert config.generator.optimizer == SGD(learning_rate=0.123)
    # What the new kind does not have is forgotten; what the old did not have is at its default.
    assert config.patched("generator.optimizer", "adam").generator.optimizer == Adam(learning_rate=0.123)
    assert config.patched("generator.optimizer", "momentum").generator.optimizer == Momentum(learning_rate=0.123)


def test_the_same_kind_again_changes_nothing() -> None:
    config = Config().patched("generator.activation", {"kind": "leaky_relu", "negative_slope": 0.5})
    assert config.patched("generator.activation", "leaky_relu") == config
    assert config.generator.activation == LeakyReLU(negative_slope=0.5)


def test_a_whole_object_is_taken_as_it_is() -> None:
    """Nothing carries over: what is not named has its default."""
    config = Config().patched("generator.optimizer.learning_rate", 0.5)
    assert config.patched("generator.optimizer", {"kind": "sgd"}).generator.optimizer == SGD()
    assert config.patched("generator.activation", {"kind": "relu"}).generator.activation == ReLU()


@given(configs)
def test_json_and_back(config: Config) -> None:
    assert Config.parsed(json.loads(json.dumps(config.model_dump(mode="json"), allow_nan=False))) == config


@given(configs, configs)
def test_differences_turn_one_config_into_the_other(new: Config, old: Config) -> None:
    """Applied in their order, one at a time, each of them on its own."""
    config = old
    for path, value in new.differences(old).items():
        config = config.patched(path, value)
    assert config == new


@given(configs)
def test_a_config_does_not_differ_from_itself(config: Config) -> None:
    assert config.differences(config) == {}
    assert config.effect_of(config) == "none"


def test_differences_are_as_small_as_can_be() -> None:
    new = Config().patched("target.modes.1.width", 0.25).patched("generator.hidden", [8]).patched("seed", 7)
    assert new.differences(Config()) == {"seed": 7, "target.modes.1.width": 0.25, "generator.hidden": [8]}
    kinds = Config().patched("discriminator.optimizer", "sgd").patched("target", "laplace")
    paths = list(kinds.differences(Config()))
    assert paths[0] == "target.kind"
    assert "discriminator.optimizer.kind" in paths
    assert "discriminator.optimizer.learning_rate" not in paths  # it carried over


# What a change disturbs ------------------------------------------------------------------------------------------


PLAYERS = ("generator", "discriminator")


@pytest.mark.slow
@given(configs, configs)
def test_the_config_and_the_engine_agree_on_what_a_change_disturbs(old: Config, new: Config) -> None:
    if start_settings(new) != start_settings(old):
        expected = "restart"
    elif any(shape_of(getattr(new, player)) != shape_of(getattr(old, player)) for player in PLAYERS) or (
        new.discriminator.view != old.discriminator.view
    ):
        expected = "network"
    else:
        expected = "none" if new == old else "live"
    assert old.effect_of(new) == expected


@pytest.mark.slow
@given(configs, configs)
def test_what_a_step_by_step_change_disturbs_is_what_its_knob_says(old: Config, new: Config) -> None:
    config = old
    for path, value in new.differences(old).items():
        following = config.patched(path, value)
        if following != config:
            # With a kind come the fields that only it has, such as the distribution of a source.
            found = {effect_at(following, each) for each in following.differences(config)}
            assert config.effect_of(following) == next(each for each in ("restart", "network", "live") if each in found)
            is_of_a_kind = path.endswith("kind") or isinstance(value, dict)
            assert is_of_a_kind or effect_at(following, path) == config.effect_of(following)
        config = following


def test_a_source_in_place_of_the_noise_restarts_the_run() -> None:
    source = Config().patched("latent", "source")
    assert Config().effect_of(source) == source.effect_of(Config()) == "restart"
    assert source.effect_of(source.patched("latent.distribution", "laplace")) == "live"
    assert "begins a new run" in knob_at(Config(), "latent").help


@pytest.mark.parametrize(
    ("path", "value", "effect"),
    [
        ("seed", 1, "restart"),
        ("generator.initialization.weights", "he_normal", "restart"),
        ("generator.initialization.output_offset", 1.0, "restart"),
        ("generator.hidden", [3], "network"),
        ("generator.hidden.0", 3, "network"),
        ("discriminator.activation", "relu", "network"),
        ("discriminator.activation.kind", "relu", "network"),
        ("discriminator.input_scale", 3.3, "network"),
        ("generator.optimizer", "sgd", "live"),
        ("generator.optimizer.learning_rate", 0.1, "live"),
        ("generator.ema_decay", 0.5, "live"),
        ("batch_size", 1, "live"),
        ("target", "laplace", "live"),
        ("target.modes.0.position", 1.0, "live"),
        ("loss.real_label", 0.9, "live"),
        ("penalty.gamma", 1.0, "live"),
        ("penalty", "none", "live"),
        ("latent", "uniform", "live"),
    ],
)
def test_effects(path: str, value: Any, effect: str) -> None:
    config = Config()
    assert config.effect_of(config.patched(path, value)) == effect
    assert config.patched(path, value).effect_of(config) == effect


def test_a_slope_below_zero_rebuilds_the_network() -> None:
    config = Config().patched("generator.activation", "leaky_relu")
    assert config.effect_of(config.patched("generator.activation.negative_slope", 0.5)) == "network"


def test_the_knob_of_a_path() -> None:
    assert knob_at(Config(), "generator.optimizer.learning_rate").high == 10.0
    assert knob_at(Config(), "target.modes.1.position").help == "Position on the data axis."
    assert knob_at(Config(), "generator.hidden").label == "layers"
    with pytest.raises(ConfigError):
        knob_at(Config(), "generator.nothing")


# Refusals --------------------------------------------------------------------------------------------------------

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
