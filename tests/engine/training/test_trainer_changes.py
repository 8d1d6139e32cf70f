"""Live settings: each can be changed in a running game, and disturbs no more than it says."""

import math
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import BaseModel

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import knob_at
from gan1d.engine.distributions.latents import Latent
from gan1d.engine.distributions.targets import Target
from gan1d.engine.networks.activations import Activation
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.networks.weight_constraints import Constraint
from gan1d.engine.objectives.codes import Code
from gan1d.engine.objectives.gradient_penalties import Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.objectives.unrolling import Unrolling
from gan1d.engine.training.trainer import Trainer, constraint_of
from gan1d.engine.update_order import UpdateOrder
from tests.engine.training.games import PLAYERS, fingerprint, flattened, kinds_of, small


def leaves(config: Config) -> Iterator[str]:
    """The path of every single value of a config."""

    def below(node: Any, path: str) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                yield from below(value, f"{path}.{key}" if path else key)
        elif isinstance(node, list) and node and isinstance(node[0], dict):
            for index, value in enumerate(node):
                yield from below(value, f"{path}.{index}")
        else:
            yield path

    return below(config.model_dump(mode="json"), "")


def changed(config: Config, path: str) -> Config:
    """`config` with another allowed value at `path`."""
    value, knob = config.value_at(path), knob_at(config, path)
    if isinstance(value, bool):
        return config.patched(path, not value)
    if isinstance(value, list):
        if knob.low is not None and len(value) > knob.low > 0:
            return config.patched(path, value[:-1])
        return config.patched(path, [*value, 3] if len(value) < 3 else value[:1])
    if isinstance(value, str):
        allowed = list(dict.fromkeys(kind for kind in KINDS if accepts(config, path, kind)))
        return config.patched(path, allowed[allowed.index(value) - 1])
    low, high = knob.low, knob.high
    assert low is not None, path
    assert high is not None, path
    candidates = [value * 2, value / 2, value + 1, value - 0.1, 0.5 * (low + high)]
    if isinstance(value, int):
        candidates = [round(candidate) for candidate in candidates]
    return config.patched(path, next(c for c in candidates if low <= c <= high and c != value))


def accepts(config: Config, path: str, kind: str) -> bool:
    try:
        config.patched(path, kind)
    except ValueError:
        return False
    return True


UNIONS = (
    Target, Latent, Loss, Penalty, Constraint, DiscriminatorView, Unrolling, Activation, Optimizer, UpdateOrder, Code,
)  # fmt: skip

KINDS = [
    "auto",
    "xavier_normal",
    "he_normal",
    "standard_normal",
    "uniform",
    *(kind for union in UNIONS for kind in kinds_of(union)),
]

STARTS = [
    small(),
    small(generator__optimizer="sgd", discriminator__optimizer="momentum", target="uniform", loss="minimax"),
    small(generator__optimizer="rmsprop", target="laplace", discriminator__activation="leaky_relu", penalty="none"),
    small(target="triangular", latent="uniform", loss="least_squares", penalty="r2"),
    small(target="exponential", loss="hinge", discriminator__constraint="spectral_normalization"),
    small(loss="wasserstein", discriminator__constraint="weight_clipping", instance_noise__deviation=0.5),
    small(loss="wasserstein_gp", penalty="gradient_penalty", discriminator__view="pack"),
    small(discriminator__view="batch_deviation", generator__lookahead="unrolled"),
    small(update_order="simultaneous"),
    small(code={"kind": "categorical", "weight": 0.5}),
    small(code={"kind": "continuous", "weight": 0.5}),
    small(target="student_t"),
    small(target="drawn"),
    small(target="samples", training_points=5),
    small(
        generator__feature_matching=0.3,
        generator__historical_averaging=0.2,
        generator__weight_decay=0.3,
        discriminator__historical_averaging=0.1,
        discriminator__weight_decay=0.2,
        loss__real_label=0.9,
        loss__fake_label=0.1,
        instance_noise__deviation=0.5,
    ),
]


def is_free(config: Config, path: str) -> bool:
    """Whether a setting has another value in this config; a code and what excludes it have none beside each other."""
    try:
        return changed(config, path) != config
    except ConfigError:
        return False


CHANGES = [(config, path) for config in STARTS for path in leaves(config) if is_free(config, path)]


def changes() -> Iterator[Any]:
    """All changes; a value of a setting that was changed from another start already is left to the slow tests."""
    seen = set[str]()
    for config, path in CHANGES:
        setting = f"{path}={config.value_at(path)}"
        yield pytest.param(config, path, id=path, marks=[pytest.mark.slow] if setting in seen else [])
        seen.add(setting)


@pytest.mark.parametrize(("config", "path"), list(changes()))
def test_every_setting_can_be_changed_in_a_running_game(config: Config, path: str) -> None:
    """The change is in force at once, and the run continues as a trainer does that is built with the new settings.

    Nothing is lost that the setting does not concern.
    """
    trainer = Trainer(config)
    trainer.run(3)
    before = trainer.state_dict()
    new = changed(config, path)
    assert new != config
    effect = config.effect_of(new)
    if effect == "restart":
        with pytest.raises(ValueError, match="make a new Trainer"):
            trainer.config = new
        assert trainer.config is config
        trainer.run(1)
        return
    trainer.config = new
    assert trainer.config is new
    assert trainer.step_count == 3
    after = trainer.state_dict()
    for player in PLAYERS:
        is_rebuilt = effect == "network" and path.startswith(player)
        is_kept = np.array_equal(before[player]["parameters"], after[player]["parameters"])
        # A new constraint changes the weights.
        if constraint_of(new) == constraint_of(config) or player == "generator":
            assert is_kept != is_rebuilt, player
        if is_rebuilt:
            # A network with other inputs is reinitialized.
            expected = 0 if ".view" in path else before[player]["count"]
            assert after[player]["count"] == expected
    built = Trainer.restore(new, after)
    report = trainer.step()
    assert report == built.step()
    assert fingerprint(trainer) == fingerprint(built)
    assert report.step == 4
    assert all(math.isfinite(value) for value in vars(report).values())
    assert trainer.diverged is None


def test_every_kind_of_every_union_is_among_the_changes() -> None:
    paths = {path for _, path in CHANGES}
    kinds = {config.value_at(path) for config, path in CHANGES if path.endswith("kind")}
    kinds |= {changed(config, path).value_at(path) for config, path in CHANGES if path.endswith("kind")}
    every = set()
    for part in (Config, *(field.annotation for field in Config.model_fields.values())):
        if isinstance(part, type) and issubclass(part, BaseModel):
            for field in part.model_fields.values():
                every |= {member.kind for member in get_args(field.annotation) if hasattr(member, "kind")}
    untried = every - kinds
    assert not untried - set(kinds_of(Activation))
    assert {"seed", "batch_size", "generator.ema_decay", "target.modes.0.width"} <= paths


@pytest.mark.parametrize("reinitialize", [False, True])
@pytest.mark.parametrize(
    ("path", "value"), [("hidden", [7, 3]), ("activation", "relu"), ("input_scale", 3.0), ("hidden", [])]
)
@pytest.mark.parametrize("player", PLAYERS)
def test_rebuilding_a_network_leaves_every_bit_of_the_other(
    player: str, path: str, value: Any, reinitialize: bool
) -> None:
    trainer = Trainer(small())
    trainer.run(5)
    other = PLAYERS[1 - PLAYERS.index(player)]
    before = trainer.state_dict()
    errors = trainer.change(small(**{f"{player}__{path}": value}), reinitialize=reinitialize)
    after = trainer.state_dict()
    assert list(errors) == [player]
    assert math.isinf(errors[player]) == reinitialize
    # A change of any setting makes falling learning rates whole again, and nothing else of the other player differs.
    assert b"|".join(flattened(after[other])) == b"|".join(flattened({**before[other], "age": 0}))
    assert after["streams"] == before["streams"]
    assert after["report"] == before["report"]
    assert np.array_equal(trainer.ema_generator.parameters, before["average"]) == (player == "discriminator")
    assert trainer.step().step == 6


def test_a_network_is_reinitialized_on_request() -> None:
    """It has new first weights and an empty optimizer state, and the running average starts from it."""
    trainer = Trainer(small())
    first = trainer.generator.parameters.copy()
    trainer.run(5)
    trainer.change(small(generator__hidden=[6]), reinitialize=True)
    np.testing.assert_array_equal(trainer.ema_generator.parameters, trainer.generator.parameters)
    assert trainer.state_dict()["generator"]["count"] == 0
    trainer.change(small(), reinitialize=True)
    # The stream of first weights has moved on, so the old layers get other weights than at first.
    assert not np.array_equal(trainer.generator.parameters, first)


def test_reinitialize_concerns_only_rebuilt_networks() -> None:
    kept, requested = Trainer(small()), Trainer(small())
    for trainer, reinitialize in ((kept, False), (requested, True)):
        trainer.run(5)
        assert trainer.change(small(generator__optimizer__learning_rate=0.01), reinitialize=reinitialize) == {}
        trainer.run(5)
    assert fingerprint(kept) == fingerprint(requested)


def test_assigning_a_config_is_a_change_without_reinitialization() -> None:
    assigned, changed = Trainer(small()), Trainer(small())
    assigned.config = small(generator__hidden=[7])
    changed.change(small(generator__hidden=[7]))
    assert fingerprint(assigned) == fingerprint(changed)


def test_another_optimizer_starts_empty_also_in_a_wider_network() -> None:
    trainer = Trainer(small())
    trainer.run(5)
    trainer.change(small(generator__hidden=[7], generator__optimizer="momentum"))
    state = trainer.state_dict()["generator"]
    assert state["count"] == 0
    assert not state["averages"]["velocity"].any()
    assert trainer.step().step == 6


@pytest.mark.parametrize("batch", [1, 2, 33, 4096])
def test_the_batch_size_can_be_changed(batch: int) -> None:
    trainer = Trainer(small())
    trainer.run(3)
    trainer.config = small(batch_size=batch)
    reports = trainer.run(2)
    assert len(reports) == 2
    assert np.all(np.isfinite(reports.loss_d))


def test_changes_are_reproducible() -> None:
    ends = []
    for _ in range(2):
        trainer = Trainer(small())
        trainer.run(3)
        trainer.config = small(target="uniform", generator__optimizer__learning_rate=0.01)
        trainer.run(3)
        trainer.config = small(discriminator__hidden=[3])
        trainer.run(3)
        ends.append(fingerprint(trainer))
    assert len(set(ends)) == 1


def test_the_same_settings_again_change_nothing() -> None:
    left, assigned = Trainer(small()), Trainer(small())
    for trainer in (left, assigned):
        trainer.run(5)
    assigned.config = small()
    for trainer in (left, assigned):
        trainer.run(5)
    assert fingerprint(left) == fingerprint(assigned)


def test_any_object_of_the_right_shape_will_do() -> None:
    """The engine needs no pydantic."""
    config = small()

    def plain(part: Any) -> Any:
        if isinstance(part, BaseModel):
            return SimpleNamespace(**{name: plain(getattr(part, name)) for name in type(part).model_fields})
        return part

    a, b = Trainer(config), Trainer(plain(config))
    a.run(3)
    b.run(3)
    assert fingerprint(a) == fingerprint(b)
