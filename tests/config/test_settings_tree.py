"""Changes of a config: one value, a whole object, the difference of two, and what a change disturbs."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from pydantic import ValidationError

from gan1d.config.model import Config
from gan1d.config.paths import effect_at, knob_at
from gan1d.engine.networks.activations import LeakyReLU, ReLU
from gan1d.engine.networks.optimizers import SGD, Adam, Momentum
from gan1d.engine.training.player import shape_of
from gan1d.engine.training.trainer import start_settings
from tests.config.test_model import UNIONS, kinds_at
from tests.configs import configs


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
