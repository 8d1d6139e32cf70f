"""Trainers: reproducible bits, updates of one player alone, saved states, live settings, and divergence."""

import gc
import hashlib
import json
import math
import os
import pickle
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import BaseModel

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import knob_at
from gan1d.engine.data.batches import BLOCK
from gan1d.engine.distributions.latents import Latent
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.distributions.targets import Target
from gan1d.engine.networks.activations import Activation
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.networks.weight_constraints import Constraint
from gan1d.engine.objectives.codes import Code
from gan1d.engine.objectives.gradient_penalties import Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.objectives.unrolling import Unrolling
from gan1d.engine.training.reports import StepReport
from gan1d.engine.training.trainer import Trainer, constraint_of
from gan1d.engine.update_order import UpdateOrder
from gan1d.gallery import presets

ROOT = Path(__file__).parents[3]
PLAYERS = ("generator", "discriminator")


def small(**changes: Any) -> Config:
    """The default game with small networks and batches; changes are paths with `__` for dots."""
    config = Config().patched("batch_size", 8).patched("generator.hidden", [4]).patched("discriminator.hidden", [5, 4])
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config


def kinds_of(annotation: Any) -> list[str]:
    return [member.kind for member in get_args(annotation)]


def flattened(tree: Any) -> Iterator[bytes]:
    """Every bit of a state, in a fixed order."""
    if isinstance(tree, dict):
        for key in sorted(tree):
            yield key.encode()
            yield from flattened(tree[key])
    elif isinstance(tree, np.ndarray):
        yield tree.tobytes()
    else:
        yield repr(tree).encode()


def fingerprint(trainer: Trainer) -> str:
    return hashlib.sha256(b"|".join(flattened(trainer.state_dict()))).hexdigest()


def same_parameters(a: Trainer, b: Trainer) -> bool:
    return all(
        np.array_equal(getattr(a, name).parameters, getattr(b, name).parameters)
        for name in ("generator", "discriminator", "ema_generator")
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_seed_gives_the_same_bits(dtype: type) -> None:
    first, second, other = Trainer(small(), dtype), Trainer(small(), dtype), Trainer(small(seed=1), dtype)
    for trainer in (first, second, other):
        trainer.run(20)
    assert fingerprint(first) == fingerprint(second)
    assert not same_parameters(first, other)
    assert first.report == second.report


PROGRAM = """
import gan1d
from tests.engine.training.test_trainer import fingerprint, small
trainer = gan1d.Trainer(small())
trainer.run(20)
print(fingerprint(trainer))
"""


@pytest.mark.slow
def test_another_process_gives_the_same_bits() -> None:
    """The bits do not depend on the order of sets."""
    trainer = Trainer(small())
    trainer.run(20)
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            cwd=ROOT,
        )
        assert done.stdout.strip() == fingerprint(trainer)


def test_parts_of_a_run_have_separate_random_streams() -> None:
    """With another D and more updates of D, the first weights and the latents of G stay the same."""
    plain, other = Trainer(small()), Trainer(small(discriminator__hidden=[9, 9, 9], discriminator_steps=5))
    np.testing.assert_array_equal(plain.generator.parameters, other.generator.parameters)
    for trainer in (plain, other):
        trainer.run(3)
    plain_streams, other_streams = plain.state_dict()["streams"], other.state_dict()["streams"]
    assert plain_streams["latent_g"] == other_streams["latent_g"]
    assert plain_streams["latent_d"] != other_streams["latent_d"]
    # Two streams of the same prior give different latents.
    assert plain_streams["latent_g"]["rng"] != plain_streams["latent_d"]["rng"]


@pytest.mark.parametrize("count", [1, 7, BLOCK, BLOCK + 1, 2 * BLOCK + 3])
def test_running_is_stepping(count: int) -> None:
    at_once, one_by_one = Trainer(small()), Trainer(small())
    reports = at_once.run(count)
    steps = [one_by_one.step() for _ in range(count)]
    assert fingerprint(at_once) == fingerprint(one_by_one)
    assert len(reports) == count
    for name in StepReport.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(reports, name), [getattr(step, name) for step in steps])
    assert at_once.report == steps[-1] == reports.last()


def test_running_0_steps_changes_nothing() -> None:
    trainer = Trainer(small())
    before = fingerprint(trainer)
    assert len(trainer.run(0)) == 0
    assert fingerprint(trainer) == before
    assert trainer.report.step == 0
    assert all(math.isnan(value) for value in list(vars(trainer.report).values())[1:])
    with pytest.raises(ValueError, match="Expected 0 steps or more, but got -1"):
        trainer.run(-1)


@pytest.mark.parametrize(("mover", "still"), [PLAYERS, PLAYERS[::-1]])
def test_an_update_of_one_player_leaves_every_bit_of_the_other(mover: str, still: str) -> None:
    trainer = Trainer(small())
    trainer.run(3)
    before = trainer.state_dict()
    report = getattr(trainer, f"step_{mover}")()
    after = trainer.state_dict()
    assert b"|".join(flattened(after[still])) == b"|".join(flattened(before[still]))
    assert not np.array_equal(after[mover]["parameters"], before[mover]["parameters"])
    assert np.array_equal(after["average"], before["average"]) == (mover == "discriminator")
    assert trainer.step_count == report.step == 4
    # The other player keeps its last numbers.
    was = before["report"]
    loss, norm = (f"loss_{still[0]}", f"grad_norm_{still[0]}")
    assert (getattr(report, loss), getattr(report, norm)) == (was[loss], was[norm])


def test_a_player_without_an_update_has_no_loss() -> None:
    assert math.isnan(Trainer(small()).step_discriminator().loss_g)
    assert math.isnan(Trainer(small()).step_generator().loss_d)


@pytest.mark.parametrize(("k_d", "k_g"), [(1, 1), (3, 1), (1, 4), (2, 3)])
def test_each_player_is_updated_as_often_as_set(k_d: int, k_g: int) -> None:
    trainer = Trainer(small(discriminator_steps=k_d, generator_steps=k_g))
    trainer.run(5)
    state = trainer.state_dict()
    assert (state["discriminator"]["count"], state["generator"]["count"]) == (5 * k_d, 5 * k_g)


def test_the_generator_is_updated_against_the_updated_discriminator() -> None:
    """One step is an update of D, then an update of G."""
    whole, halves = Trainer(small(discriminator_steps=1)), Trainer(small(discriminator_steps=1))
    whole.step()
    halves.step_discriminator()
    halves.step_generator()
    assert same_parameters(whole, halves)


def test_the_average_follows_the_generator() -> None:
    trainer = Trainer(small(generator__ema_decay=0.75, generator_steps=1), np.float64)
    average = trainer.generator.parameters.copy()
    for _ in range(4):
        trainer.step()
        average = 0.75 * average + 0.25 * trainer.generator.parameters
        np.testing.assert_allclose(trainer.ema_generator.parameters, average, rtol=1e-13, atol=1e-15)


# Save and restore ------------------------------------------------------------------------------------------------


def through_bytes(state: Any) -> Any:
    return pickle.loads(pickle.dumps(state))


@pytest.mark.parametrize("steps", [0, 1, BLOCK // 2, BLOCK - 1, BLOCK, BLOCK + 1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_saved_state_continues_bit_for_bit(steps: int, dtype: type) -> None:
    config = small()
    trainer = Trainer(config, dtype)
    trainer.run(steps)
    state = through_bytes(trainer.state_dict())
    restored = Trainer.restore(config, state)
    assert restored.dtype == dtype
    assert fingerprint(restored) == fingerprint(trainer)
    trainer.run(BLOCK // 2 + 3)
    restored.run(BLOCK // 2 + 3)
    assert fingerprint(restored) == fingerprint(trainer)


@pytest.mark.parametrize("kind", kinds_of(Optimizer))
def test_the_state_of_every_optimizer_is_saved(kind: str) -> None:
    config = small(generator__optimizer=kind, discriminator__optimizer=kind)
    trainer = Trainer(config)
    trainer.run(5)
    restored = Trainer.restore(config, through_bytes(trainer.state_dict()))
    trainer.run(5)
    restored.run(5)
    assert fingerprint(restored) == fingerprint(trainer)


def test_a_state_is_a_copy() -> None:
    trainer = Trainer(small())
    trainer.run(3)
    state = trainer.state_dict()
    before = b"|".join(flattened(state))
    trainer.run(3)
    assert b"|".join(flattened(state)) == before


def test_a_restored_trainer_does_not_change_the_state() -> None:
    trainer = Trainer(small())
    trainer.run(3)
    state = trainer.state_dict()
    before = b"|".join(flattened(state))
    Trainer.restore(small(), state).run(3)
    assert b"|".join(flattened(state)) == before


def test_all_but_the_arrays_is_json() -> None:
    trainer = Trainer(small())
    trainer.run(3)
    state = trainer.state_dict()
    plain = json.loads(json.dumps(state, default=lambda array: array.tolist()))

    def restored(tree: Any, like: Any) -> Any:
        if isinstance(like, np.ndarray):
            return np.array(tree, like.dtype)
        return {key: restored(tree[key], value) for key, value in like.items()} if isinstance(like, dict) else tree

    again = Trainer.restore(small(), restored(plain, state))
    trainer.run(3)
    again.run(3)
    assert fingerprint(again) == fingerprint(trainer)


def test_a_state_is_restored_after_live_changes() -> None:
    """Changes of the batch settings have opened new batch streams."""
    trainer = Trainer(small())
    trainer.run(5)
    changed = small(batch_size=11, target="laplace", generator__hidden=[3, 3], discriminator__optimizer="sgd")
    trainer.config = changed
    trainer.run(5)
    restored = Trainer.restore(changed, through_bytes(trainer.state_dict()))
    for one in (trainer, restored):
        one.run(5)
        one.config = changed.patched("generator.hidden", [6])  # draws first weights from the restored stream
        one.run(5)
    assert fingerprint(restored) == fingerprint(trainer)


def test_a_state_of_version_0_1_is_restored() -> None:
    """Two of its keys had other names."""
    config = small(generator__historical_averaging=0.1)
    trainer = Trainer(config)
    trainer.run(3)
    state = trainer.state_dict()
    for part, old, new in ((state, "feeds", "streams"), (state["generator"], "past", "historical_average")):
        part[old] = part.pop(new)
    assert fingerprint(Trainer.restore(config, state)) == fingerprint(trainer)


def test_a_state_of_other_networks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Expected \d+ parameters, but got \d+"):
        Trainer.restore(small(generator__hidden=[9]), Trainer(small()).state_dict())


# Falling learning rates ------------------------------------------------------------------------------------------


def steps_over_gradients(trainer: Trainer, count: int) -> list[float]:
    """Length of each update of G by gradient descent over the length of its gradient."""
    ratios = []
    for _ in range(count):
        before = trainer.generator.parameters.copy()
        trainer.run(1)
        moved = np.linalg.norm(trainer.generator.parameters - before)
        ratios.append(float(moved / np.linalg.norm(trainer._update_g.gradient)))
    return ratios


def test_a_learning_rate_falls_as_one_over_the_updates_and_is_whole_again_after_a_change() -> None:
    config = small(generator__optimizer="sgd", generator__rate_half_life=4, discriminator__rate_half_life=0)
    config = config.patched("generator.optimizer.learning_rate", 0.1)
    trainer = Trainer(config, np.float64)
    whole = [0.1 / (1 + t / 4) for t in range(10)]
    assert steps_over_gradients(trainer, 10) == pytest.approx(whole)
    trainer.change(config.patched("discriminator.optimizer.learning_rate", 0.01))
    assert steps_over_gradients(trainer, 5) == pytest.approx(whole[:5])
    again = Trainer.restore(trainer.config, through_bytes(trainer.state_dict()))
    assert steps_over_gradients(again, 2) == pytest.approx(whole[5:7])
    trainer.change(trainer.config.patched("generator.rate_half_life", 0))
    assert steps_over_gradients(trainer, 3) == pytest.approx([0.1] * 3)


@pytest.mark.parametrize("optimizer", kinds_of(Optimizer))
def test_every_optimizer_has_the_smaller_rate_after_some_updates(optimizer: str) -> None:
    """A change of the rate alone: after one update with a half-life of 1, the rate is half."""
    falling = small(generator__optimizer=optimizer, generator__rate_half_life=1)
    trainers = [Trainer(falling), Trainer(falling.patched("generator.rate_half_life", 0))]
    for each in trainers:
        each.run(1)
    assert same_parameters(*trainers)
    rate = falling.generator.optimizer.learning_rate
    trainers[1].change(trainers[1].config.patched("generator.optimizer.learning_rate", rate / 2))
    for each in trainers:
        each.run(1)
    np.testing.assert_allclose(trainers[0].generator.parameters, trainers[1].generator.parameters, rtol=1e-6)


# Live settings ---------------------------------------------------------------------------------------------------


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


# Divergence ------------------------------------------------------------------------------------------------------


def diverged_trainer() -> Trainer:
    """A trainer that has diverged within a few steps: a linear D and a G of ReLUs at a high learning rate."""
    fast = {"kind": "momentum", "learning_rate": 10.0, "momentum": 0.999}
    config = small(penalty="none", discriminator__hidden=[], generator__hidden=[8], generator__activation="relu")
    config = config.patched("generator.optimizer", fast).patched("discriminator.optimizer", fast)
    trainer = Trainer(config)
    trainer.run(100)
    assert trainer.diverged, "Nothing diverged; make it more extreme."
    assert trainer.step_count > 0
    return trainer


def test_a_diverged_run_reports_it_and_stops() -> None:
    trainer = diverged_trainer()
    end = trainer.diverged
    assert end is not None
    assert end.step == trainer.step_count + 1
    assert end.player in PLAYERS
    assert end.reason == f"Diverged at step {end.step}: the {end.player}'s gradient grew beyond all bounds."
    for name in ("generator", "discriminator", "ema_generator"):
        assert np.all(np.isfinite(getattr(trainer, name).parameters))
    assert trainer.report.step == trainer.step_count
    before = fingerprint(trainer)
    assert len(trainer.run(10)) == 0
    assert trainer.step() == trainer.report
    trainer.step_discriminator()
    trainer.step_generator()
    assert fingerprint(trainer) == before


def test_a_run_diverges_in_the_same_step_step_by_step_and_at_once() -> None:
    at_once = diverged_trainer()
    one_by_one = Trainer(at_once.config)
    reports = 0
    while one_by_one.diverged is None:
        one_by_one.step()
        reports += one_by_one.diverged is None
    assert reports == at_once.step_count
    assert fingerprint(one_by_one) == fingerprint(at_once)


def test_a_restored_diverged_run_stays_diverged() -> None:
    trainer = diverged_trainer()
    restored = Trainer.restore(trainer.config, through_bytes(trainer.state_dict()))
    assert restored.diverged == trainer.diverged
    assert len(restored.run(5)) == 0


@pytest.mark.parametrize("player", PLAYERS)
def test_a_gradient_that_is_not_finite_reaches_no_parameter(player: str) -> None:
    """The weights are set so large that the next gradient overflows."""
    trainer = Trainer(small(discriminator__activation="relu", generator__activation="relu"))
    trainer.run(2)
    getattr(trainer, player).parameters[:] = 1e20
    reports = trainer.run(5)
    assert len(reports) == 0
    assert trainer.diverged is not None
    assert trainer.diverged.step == 3
    for name in ("generator", "discriminator", "ema_generator"):
        assert np.all(np.isfinite(getattr(trainer, name).parameters))


# Learning --------------------------------------------------------------------------------------------------------


def test_both_precisions_agree_at_first() -> None:
    """Streams draw other numbers in the other precision, so the priors here round the same draws."""
    single, double = Trainer(small(), np.float32), Trainer(small(), np.float64)
    np.testing.assert_allclose(single.generator.parameters, double.generator.parameters, rtol=1e-6)

    class Rounded(NormalPrior):
        """A distribution whose draws are the same in both precisions."""

        def sample(self, rng: np.random.Generator, count: int, dtype: Any = np.float64) -> Any:
            return rng.standard_normal(count).astype(np.float32).astype(dtype)

    common_config = {name: getattr(small(), name) for name in Config.model_fields}
    changed = {"latent": Rounded(), "target": Rounded(), "standardize": False}
    settings = SimpleNamespace(**common_config | changed)
    single, double = Trainer(settings, np.float32), Trainer(settings, np.float64)
    few, exact = single.run(10), double.run(10)
    np.testing.assert_allclose(few.loss_d, exact.loss_d, rtol=1e-3)
    np.testing.assert_allclose(few.loss_g, exact.loss_g, rtol=1e-3)
    np.testing.assert_allclose(single.generator.parameters, double.generator.parameters, rtol=0, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_stays_in_its_precision(dtype: type) -> None:
    trainer = Trainer(small(), dtype)
    trainer.run(2)
    state = trainer.state_dict()
    arrays = [state["average"]]
    for player in PLAYERS:
        arrays += [state[player]["parameters"], *state[player]["averages"].values()]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_the_losses_of_an_undecided_discriminator_are_ln_2() -> None:
    trainer = Trainer(small(discriminator_steps=1))
    trainer.discriminator.layers[-1][:] = 0.0
    assert trainer.step_discriminator().loss_d == pytest.approx(math.log(2), abs=1e-6)
    trainer.discriminator.layers[-1][:] = 0.0
    assert trainer.step_generator().loss_g == pytest.approx(math.log(2), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_learns_a_gaussian(seed: int) -> None:
    config = Config().patched("seed", seed)
    config = config.patched("target.modes", [{"position": 1.5, "width": 0.5, "weight": 1.0}])
    trainer = Trainer(config)
    trainer.run(3000)
    x = trainer.ema_generator.apply(config.latent.quantile((np.arange(1000) + 0.5) / 1000))
    assert np.mean(x) == pytest.approx(1.5, abs=0.15)
    assert np.std(x) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("name", ["default", "hopping_unrolled", "infogan", "collapse_labels", "cyclegan"])
def test_the_buffers_of_a_run_that_is_dropped_are_free_at_once(name: str) -> None:
    trainer = Trainer(presets[name].config)
    trainer.run(1)
    gc.collect()
    gc.disable()
    try:
        update, buffer = weakref.ref(trainer._update_d), weakref.ref(trainer._update_g.gradient)
        del trainer
        assert update() is None, "no cycle keeps it until the next collection"
        assert buffer() is None
        assert gc.collect() == 0
    finally:
        gc.enable()
