"""The settings of a game: values that are allowed, and sentences about those that are not."""

from typing import get_args

import pytest

from gan1d.config.errors import ConfigError
from gan1d.engine.games.updates import GameUpdate, MomentumUpdate
from gan1d.engine.games.vector_fields import Game
from gan1d.games.game_config import MOST_MOVES, PLANE, GameConfig


@pytest.mark.parametrize("kind", [kind().kind for kind in get_args(Game)])
def test_every_game_can_be_chosen(kind: str) -> None:
    config = GameConfig().patched("game", kind)
    assert config.game.kind == kind
    assert GameConfig.parsed(config.model_dump(mode="json")) == config


@pytest.mark.parametrize("kind", [kind().kind for kind in get_args(GameUpdate)])
def test_every_update_can_be_chosen_twice_and_keeps_the_learning_rate(kind: str) -> None:
    config = GameConfig().patched("update.learning_rate", 0.3).patched("update", kind).patched("second", kind)
    assert config.update.learning_rate == 0.3
    assert [getattr(update, "kind", "") for update in config.updates] == [kind, kind]


def test_one_update_is_played_unless_a_second_is_chosen() -> None:
    assert GameConfig().updates == (GameConfig().update,)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("update.learning_rate", 3.0, "Expected a number of 2 or less for update.learning_rate, but got 3.0."),
        ("start.theta", PLANE + 1, "Expected a number of 2.5 or less for start.theta, but got 3.5."),
        ("game", "chess", "Expected one of 'bilinear', "),
        ("steps", 10**6, "Expected a number of 2000 or less for steps, but got 1000000."),
        ("update.momentum", 0.5, "Expected one of kind, learning_rate at 'update.momentum', but got 'momentum'."),
    ],
)
def test_values_that_are_not_allowed_are_refused_in_a_sentence(path: str, value: object, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        GameConfig().patched(path, value)
    assert str(caught.value).startswith(sentence)
    assert caught.value.path == path


def test_a_run_of_too_many_moves_is_refused() -> None:
    # 2000 steps of 10 + 1 moves are 22,000.
    config = GameConfig().patched("steps", 2000).patched("update", "alternating")
    assert MOST_MOVES < 2000 * 11
    with pytest.raises(ConfigError, match="Expected at most 20\u202f000 moves in one run, but got 22\u202f000"):
        config.patched("update.discriminator_steps", 10)


def test_the_schema_has_titles_and_bounds() -> None:
    schema = GameConfig.model_json_schema()
    assert schema["$defs"]["ExtragradientUpdate"]["title"] == "Extragradient"
    assert schema["$defs"]["StartConfig"]["properties"]["theta"]["x-knob"]["high"] == PLANE


def test_differences_are_what_a_link_holds() -> None:
    config = GameConfig().patched("update", MomentumUpdate().kind).patched("update.momentum", 0.25)
    changes = config.differences(GameConfig())
    again = GameConfig()
    for path, value in changes.items():
        again = again.patched(path, value)
    assert again == config
