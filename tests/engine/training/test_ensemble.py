"""Each member of an ensemble behaves like a trainer with the same config, whatever the other members do."""

import dataclasses
import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.batches import BLOCK
from gan1d.engine.distributions.latents import Latent, Source
from gan1d.engine.distributions.targets import Target
from gan1d.engine.networks.activations import Activation
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.networks.weight_constraints import Constraint
from gan1d.engine.objectives.gradient_penalties import Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.training.ensemble import SCORED_STEPS, Ensemble, stack_size_for
from gan1d.engine.training.stacked_config import COLUMNS, OWN
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.update_order import UpdateOrder
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from tests.tools import slow_but

NETWORKS = ("generator", "ema_generator", "discriminator")
REPORTED = ("loss_d", "loss_g", "grad_norm_d", "grad_norm_g")


def small(changes: dict[str, Any] | None = None) -> Config:
    """The default game with small networks and batches, and some changes: path → value."""
    start = {"batch_size": 8, "generator.hidden": [4], "discriminator.hidden": [5, 4]}
    config = Config()
    for path, value in (start | (changes or {})).items():
        config = config.patched(path, value)
    return config


def seeded(config: Config, count: int = 3) -> list[Config]:
    return [config.patched("seed", seed) for seed in range(count)]


def check(configs: Sequence[Config], steps: int, dtype: type = np.float64, rtol: float = 1e-10, **options: Any) -> None:
    """Check that every member has the parameters and the reports of a trainer with the same config."""
    ensemble = Ensemble(configs, dtype, **options)
    starts = [member.generator.parameters.copy() for member in ensemble.members]
    reports = ensemble.run(steps)
    for index, (member, config, start) in enumerate(zip(ensemble.members, configs, starts, strict=True)):
        trainer = Trainer(config, dtype)
        np.testing.assert_array_equal(start, trainer.generator.parameters)
        expected_reports = trainer.run(steps)
        assert trainer.diverged is None
        assert not np.array_equal(start, member.generator.parameters)
        for name in NETWORKS:
            found, expected = (getattr(run, name).parameters for run in (member, trainer))
            np.testing.assert_allclose(found, expected, rtol=0, atol=rtol * np.abs(expected).max(), err_msg=name)
        np.testing.assert_array_equal(reports.step[index], expected_reports.step)
        for name in REPORTED:
            found, expected = getattr(reports, name)[index], getattr(expected_reports, name)
            np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol, err_msg=name)
            assert getattr(member.report, name) == found[-1]
        assert (member.step_count, member.diverged) == (steps, None)
        assert member.config is config


UNIONS = {
    "loss": Loss,
    "penalty": Penalty,
    "target": Target,
    "latent": Latent,
    "discriminator.constraint": Constraint,
    "discriminator.view": DiscriminatorView,
    "generator.activation": Activation,
    "discriminator.activation": Activation,
    "generator.optimizer": Optimizer,
    "discriminator.optimizer": Optimizer,
    "update_order": UpdateOrder,
}
GAMES: list[dict[str, Any]] = [
    *({path: member.kind} for path, union in UNIONS.items() for member in get_args(union) if member is not Source),
    *({"penalty": member.kind, "discriminator.activation": "tanh"} for member in get_args(Penalty)),
    *({"penalty": member.kind, "discriminator.view": "pack"} for member in get_args(Penalty)),
    {"loss": "non_saturating", "loss.real_label": 0.8, "loss.fake_label": 0.1, "loss.generator_label": 0.9},
    {"loss": "minimax", "loss.real_label": 0.8, "loss.fake_label": 0.1},
    {"update_order": "extragradient", "discriminator.constraint": "spectral_normalization", "generator_steps": 3},
    {"instance_noise.deviation": 0.7, "instance_noise.half_life": 20.0},
    {"instance_noise.deviation": 0.7, "discriminator.view": "pack"},
    {"code": "categorical", "generator.lookahead": "none", "instance_noise.deviation": 0.7},
    {"generator.feature_matching": 0.5},
    {"generator.feature_matching": 0.5, "discriminator.hidden": []},
    {"generator.historical_averaging": 0.1, "discriminator.historical_averaging": 0.2},
    {"generator.weight_decay": 0.5, "discriminator.weight_decay": 0.25},
    {"discriminator_steps": 3, "generator_steps": 2},
    {"generator.input_scale": 1.5, "discriminator.input_scale": 0.7},
    {"generator.hidden": [], "discriminator.hidden": []},
    {"generator.hidden": [1], "discriminator.hidden": [1, 1], "discriminator.activation": "tanh"},
    {"latent.dimension": 3},
    {"conditional": True, "training_points": 20},
    {"conditional": True, "latent.dimension": 2, "discriminator.view": "pack", "generator.feature_matching": 0.5},
    {"conditional": True, "discriminator.view": "batch_deviation", "penalty": "gradient_penalty"},
    {"batch_size": 1},
    {"batch_size": 256, "discriminator.view": "pack"},
]


def words_of(changes: dict[str, Any]) -> str:
    return " ".join(f"{path}={value}" for path, value in changes.items())


@pytest.mark.parametrize("changes", slow_but(GAMES[::6], GAMES), ids=words_of)
def test_every_member_behaves_like_a_trainer(changes: dict[str, Any]) -> None:
    check(seeded(small(changes)), 30)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"latent.dimension": 2}, {"latent.dimension": 3}),
        ({"conditional": True}, {"conditional": True, "target": "uniform"}),
    ],
    ids=["dimension", "classes"],
)
def test_inputs_must_agree(first: dict[str, Any], second: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Expected runs whose networks have the same inputs"):
        Ensemble([small(first), small(second)])


@pytest.mark.parametrize("steps", [1, SCORED_STEPS - 1, SCORED_STEPS, SCORED_STEPS + 1, BLOCK + 1])
def test_any_number_of_steps(steps: int) -> None:
    check(seeded(small()), steps)


@pytest.mark.slow
def test_members_stay_close_to_trainers_in_single_precision() -> None:
    check(seeded(Config(), 2), 200, np.float32, rtol=1e-4)


@pytest.mark.parametrize("members", [1, 2, 5, 7])
@pytest.mark.parametrize("stack", [1, 3, 16])
def test_any_number_of_members_in_stacks_of_any_size(members: int, stack: int) -> None:
    check(seeded(small(), members), 3, stack=stack)


@pytest.mark.parametrize(
    ("hidden", "batch", "dtype", "expected"),
    [
        ([16, 16], 64, np.float32, 32),  # 34 rows of 128 columns, 4 arrays of 4 bytes: 69,632 bytes, 33 of which fit
        ([16, 16], 64, np.float64, 16),
        ([32, 32], 256, np.float32, 4),  # 66 rows of 512 columns: 540,672 bytes
        ([128, 128, 128], 512, np.float32, 1),
        ([], 1, np.float32, 32),
    ],
)
def test_stacks_fit_the_cache(hidden: list[int], batch: int, dtype: type, expected: int) -> None:
    config = Config().patched("discriminator.hidden", hidden).patched("batch_size", batch)
    assert stack_size_for(config, dtype) == expected


def test_running_in_parts_is_running_at_once() -> None:
    at_once, in_parts = Ensemble(seeded(small())), Ensemble(seeded(small()))
    whole = at_once.run(2 * SCORED_STEPS + 5)
    parts = [in_parts.run(count) for count in (1, SCORED_STEPS, 0, SCORED_STEPS + 4)]
    for name in ("step", *REPORTED):
        joined = np.concatenate([getattr(part, name) for part in parts], axis=1)
        np.testing.assert_array_equal(joined, getattr(whole, name))
    for one, other in zip(at_once.members, in_parts.members, strict=True):
        np.testing.assert_array_equal(one.generator.parameters, other.generator.parameters)
        assert one.report == other.report


def test_losses_are_left_out_where_they_are_not_wanted() -> None:
    usual, silent = Ensemble(seeded(small())), Ensemble(seeded(small()))
    reports, without = usual.run(SCORED_STEPS + 3), silent.run(SCORED_STEPS + 3, losses=False)
    np.testing.assert_array_equal(without.step, reports.step)
    np.testing.assert_array_equal(without.grad_norm_d, reports.grad_norm_d)
    assert np.isnan([without.loss_d, without.loss_g]).all()
    for one, other in zip(usual.members, silent.members, strict=True):
        np.testing.assert_array_equal(one.generator.parameters, other.generator.parameters)
        assert other.step_count == SCORED_STEPS + 3


def test_running_0_steps_changes_nothing() -> None:
    ensemble = Ensemble(seeded(small()))
    before = [member.generator.parameters.copy() for member in ensemble.members]
    reports = ensemble.run(0)
    assert reports.step.shape == reports.loss_d.shape == (3, 0)
    for member, parameters in zip(ensemble.members, before, strict=True):
        np.testing.assert_array_equal(member.generator.parameters, parameters)
        assert member.step_count == 0
        assert math.isnan(member.report.loss_d)


# Differences between members -------------------------------------------------------------------------------------

DIFFERENT: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "seed": ({}, [3, 1, 2]),
    "target": ({}, ["gaussian_mixture", "laplace", "uniform"]),
    "standardize": ({}, [True, False, True]),
    "training_points": ({}, [0, 10, 30]),
    "latent": ({}, ["normal", "uniform", "normal"]),
    "generator.initialization.output_gain": ({}, [1.0, 0.5, 2.0]),
    "discriminator.initialization.weights": ({}, ["uniform", "he_normal", "auto"]),
    "generator.optimizer.learning_rate": ({}, [1e-3, 3e-3, 1e-4]),
    "discriminator.optimizer.learning_rate": ({}, [1e-3, 3e-3, 1e-4]),
    "generator.weight_decay": ({}, [0.0, 0.5, 0.1]),
    "discriminator.weight_decay": ({}, [0.0, 0.5, 0.1]),
    "generator.ema_decay": ({}, [0.5, 0.9, 0.99]),
    "penalty.gamma": ({"penalty": "r1"}, [0.1, 1.0, 3.0]),
    "penalty.weight": ({"penalty": "gradient_penalty"}, [0.1, 1.0, 3.0]),
    "loss.weight": ({"loss": "wasserstein_gp"}, [0.1, 1.0, 3.0]),
}


def test_every_possible_difference_is_tested() -> None:
    assert [path for path in (*OWN, *COLUMNS) if not any(tested.startswith(path) for tested in DIFFERENT)] == []


@pytest.mark.parametrize("path", slow_but([*DIFFERENT][::3], DIFFERENT))
def test_members_may_differ_in(path: str) -> None:
    start, values = DIFFERENT[path]
    configs = [small(start).patched(path, value) for value in values]
    before = [config.model_dump_json() for config in configs]
    check(configs, 30)
    assert [config.model_dump_json() for config in configs] == before
    ends = [trainer.ema_generator.parameters for trainer in map(Trainer, configs) if len(trainer.run(30))]
    assert not np.array_equal(ends[0], ends[1]), "The setting makes no difference, so this test proves nothing."


@pytest.mark.parametrize("optimizer", [member.kind for member in get_args(Optimizer)])
@pytest.mark.parametrize("penalty", ["r2", "gradient_penalty"])
def test_columns_go_with_every_optimizer_and_with_packs(optimizer: str, penalty: str) -> None:
    start = small({"generator.optimizer": optimizer, "discriminator.optimizer": optimizer, "penalty": penalty})
    start = start.patched("discriminator.view", "pack")
    name = "gamma" if penalty == "r2" else "weight"
    check(
        [
            start.patched("discriminator.optimizer.learning_rate", 1e-3 * (k + 1))
            .patched("generator.optimizer.learning_rate", 1e-3 / (k + 1))
            .patched(f"penalty.{name}", 0.2 * (k + 1))
            for k in range(3)
        ],
        20,
    )


@pytest.mark.parametrize(
    ("path", "value", "named", "kinds"),
    [
        ("batch_size", 9, "batch_size", "8 and 9"),
        ("loss", "hinge", "loss", "non_saturating and hinge"),
        ("generator.hidden", [5], "generator.hidden", r"\(4,\) and \(5,\)"),
        ("discriminator.activation", "tanh", "discriminator.activation", "leaky_relu and tanh"),
        ("discriminator.optimizer", "sgd", "discriminator.optimizer", "adam and sgd"),
        ("discriminator.optimizer.beta2", 0.5, "discriminator.optimizer.beta2", "0.9 and 0.5"),
        ("instance_noise.deviation", 0.5, "instance_noise.deviation", "0.0 and 0.5"),
    ],
)
def test_other_differences_are_refused(path: str, value: Any, named: str, kinds: str) -> None:
    with pytest.raises(ValueError, match=f"^Expected runs that agree in {named}, but got {kinds}\\.$"):
        Ensemble([small(), small({path: value})])


def test_invalid_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="Expected at least one config, but got none"):
        Ensemble([])
    with pytest.raises(ValueError, match="Expected 0 steps or more, but got -1"):
        Ensemble([small()]).run(-1)
    with pytest.raises(ValueError, match="Expected stacks of 1 member or more, but got 0"):
        Ensemble([small()], stack=0)
    with pytest.raises(ValueError, match=r"Expected generator\.lookahead of kind none, but got unrolled"):
        Ensemble([small({"generator.lookahead": "unrolled"})])


def test_any_objects_of_the_right_shape_will_do() -> None:
    """Neither the configs nor their sections need to be pydantic models."""

    def plain(part: Any) -> Any:
        if hasattr(type(part), "model_fields"):
            return SimpleNamespace(**{name: plain(getattr(part, name)) for name in type(part).model_fields})
        return part

    configs = [small({"generator.optimizer.learning_rate": rate}) for rate in (1e-3, 2e-3)]
    ours, theirs = Ensemble(configs), Ensemble([plain(config) for config in configs])
    for ensemble in (ours, theirs):
        ensemble.run(3)
    for one, other in zip(ours.members, theirs.members, strict=True):
        np.testing.assert_array_equal(one.generator.parameters, other.generator.parameters)


# Ends ------------------------------------------------------------------------------------------------------------


def wild(learning_rate: float) -> Config:
    """Settings that diverge at high learning rates: a linear D and a G of ReLUs, without a penalty."""
    fast = {"kind": "momentum", "learning_rate": learning_rate, "momentum": 0.999}
    changes = {"penalty": "none", "discriminator.hidden": [], "generator.hidden": [8], "generator.activation": "relu"}
    return small(changes | {"generator.optimizer": fast, "discriminator.optimizer": fast})


def test_a_member_diverges_like_a_trainer_and_the_others_continue() -> None:
    configs = [wild(rate).patched("seed", seed) for seed, rate in enumerate((1e-3, 10.0, 1e-3, 10.0, 8.0))]
    ensemble = Ensemble(configs)
    reports = ensemble.run(300)
    ends = set()
    for index, (member, config) in enumerate(zip(ensemble.members, configs, strict=True)):
        trainer = Trainer(config)
        expected_reports = trainer.run(300)
        made = len(expected_reports)
        ends.add(made)
        assert member.diverged == trainer.diverged
        assert member.step_count == made
        for name in NETWORKS:
            found, expected = (getattr(run, name).parameters for run in (member, trainer))
            assert np.all(np.isfinite(found))
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
        np.testing.assert_array_equal(reports.step[index], np.minimum(np.arange(1, 301), made))
        for name in REPORTED:
            assert np.all(np.isfinite(getattr(reports, name)[index, :made]))
            assert np.all(np.isnan(getattr(reports, name)[index, made:]))
        assert dataclasses.asdict(member.report) == pytest.approx(dataclasses.asdict(trainer.report), rel=1e-3)
    assert 300 in ends, "All of them diverged; make some of them tamer."
    assert len(ends) > 1, "Nothing diverged; make it more extreme."


def test_an_ensemble_of_diverged_members_stays_as_it_is() -> None:
    ensemble = Ensemble([wild(10.0).patched("seed", seed) for seed in (1, 3)])
    ensemble.run(300)
    assert all(member.diverged for member in ensemble.members), "Nothing diverged; make it more extreme."
    before = [(member.step_count, member.generator.parameters.copy()) for member in ensemble.members]
    reports = ensemble.run(20)
    assert reports.step.shape == (2, 20)
    assert np.all(np.isnan(reports.loss_d))
    for member, (step, parameters) in zip(ensemble.members, before, strict=True):
        assert member.step_count == step
        assert np.all(reports.step[ensemble.members.index(member)] == step)
        np.testing.assert_array_equal(member.generator.parameters, parameters)


@pytest.mark.parametrize(
    ("player", "constraint"),
    [("generator", "none"), ("generator", "spectral_normalization"), ("discriminator", "none")],
)
def test_a_gradient_that_is_not_finite_reaches_no_parameter(player: str, constraint: str) -> None:
    """The weights of one member are set so large that its next gradient overflows."""
    start = small({"discriminator.activation": "relu", "generator.activation": "relu"})
    configs = seeded(start.patched("discriminator.constraint", constraint))
    ensemble, others = Ensemble(configs), Ensemble([configs[0], configs[2]])
    for each in (ensemble, others):
        each.run(2)
    getattr(ensemble.members[1], player).parameters[:] = 1e20
    for each in (ensemble, others):
        each.run(40)
    end = ensemble.members[1].diverged
    assert end is not None
    assert (end.step, ensemble.members[1].step_count) == (3, 2)
    for name in NETWORKS:
        assert np.all(np.isfinite(getattr(ensemble.members[1], name).parameters))
    for mine, theirs in zip((ensemble.members[0], ensemble.members[2]), others.members, strict=True):
        np.testing.assert_allclose(mine.generator.parameters, theirs.generator.parameters, rtol=1e-5)
        assert mine.step_count == 42


# Observation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", [member.kind for member in get_args(DiscriminatorView)])
def test_a_member_is_observed_like_a_trainer(view: str) -> None:
    configs = seeded(small({"discriminator.view": view}), 2)
    ensemble = Ensemble(configs, np.float64)
    probe = Probe(configs[0])
    for _ in range(2):
        ensemble.run(5)
        for member in ensemble.members:
            observe(member, probe)
    for member, config in zip(ensemble.members, configs, strict=True):
        trainer = Trainer(config, np.float64)
        trainer.run(10)
        for found in (observe(member, probe), observe(member)):
            expected = observe(trainer)
            for field in dataclasses.fields(expected):
                np.testing.assert_allclose(getattr(found, field.name), getattr(expected, field.name), rtol=1e-6)
