"""PyTorch programs against gan1d: the same initial weights and batches give the same losses.

In double precision both agree to more than ten digits, except where training amplifies the rounding.
"""

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import pytest

import gan1d
from gan1d.config.model import Config
from gan1d.engine.distributions.targets import Target
from gan1d.engine.networks.activations import Activation
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.networks.weight_constraints import Constraint
from gan1d.engine.objectives.gradient_penalties import Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.exports.comparison import Comparison
from gan1d.exports.experiment import Experiment
from gan1d.exports.pytorch_program import pytorch_program
from tests.exports.test_experiment import WITHOUT_PROGRAM
from tests.tools import slow_but


def test_the_run_begins_with_the_weights_of_the_program() -> None:
    config = Config().patched("seed", 4)
    trainer, weights = Comparison(config).trainer, Experiment(config).initial_weights
    assert trainer.generator.parameters.dtype == np.float64
    assert sorted(trainer.generator.parameters) == sorted(weights["generator"])
    assert sorted(trainer.discriminator.parameters) == sorted(weights["discriminator"])


def test_batches_have_a_row_for_each_sample() -> None:
    config = gan1d.presets["labelled_modes"].config.patched("batch_size", 5).patched("latent.dimension", 2)
    config = config.patched("instance_noise.deviation", 0.5).patched("generator.feature_matching", 1.0)
    comparison = Comparison(config.patched("loss", "wasserstein_gp").patched("penalty", "none"))
    shapes_d = [batch.shape for batch in comparison.for_discriminator(0)]
    shapes_g = [batch.shape for batch in comparison.for_generator(0)]
    assert shapes_d == [(5, 9), (5, 2), (2, 5, 1), (5, 1)]
    assert shapes_g == [(5, 10), (5, 9), (2, 5, 1)]


def largest_difference(config: Config, steps: int) -> float:
    """Largest difference of a loss between gan1d and the program, relative to the loss where that is above 1."""
    torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed")
    torch.set_num_threads(1)
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(pytorch_program(config), "program", "exec"), names)
    gan, ours, largest = names["GAN"](torch.float64), Comparison(config), 0.0
    for step in range(steps):
        report = ours.trainer.step()
        assert ours.trainer.diverged is None
        for _ in range(config.discriminator_steps):
            loss_d = gan.update_discriminator(*map(torch.tensor, ours.for_discriminator(step)))
        for _ in range(config.generator_steps):
            loss_g = gan.update_generator(*map(torch.tensor, ours.for_generator(step)))
        for found, expected in ((loss_d, report.loss_d), (loss_g, report.loss_g)):
            largest = max(largest, abs(found - expected) / max(1.0, abs(expected)))
    return largest


@pytest.mark.torch
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [name for name in gan1d.presets if name not in WITHOUT_PROGRAM])
def test_a_hundred_steps_of_a_preset(name: str) -> None:
    assert largest_difference(gan1d.presets[name].config, 100) < 1e-6


def of_kinds(path: str, union: Any) -> dict[str, dict[str, Any]]:
    """A change for each member of a union."""
    return {f"{path} {member.kind}": {path: member.kind} for member in get_args(union)}


OPTIONS: Mapping[str, Mapping[str, Any]] = {
    **of_kinds("loss", Loss),
    **of_kinds("penalty", Penalty),
    **of_kinds("target", Target),
    **of_kinds("generator.activation", Activation),
    **of_kinds("discriminator.activation", Activation),
    **of_kinds("generator.optimizer", Optimizer),
    **of_kinds("discriminator.optimizer", Optimizer),
    **of_kinds("discriminator.view", DiscriminatorView),
    **of_kinds("discriminator.constraint", Constraint),
    "labels of modes": {"loss.real_label": 0.9, "loss.fake_label": 0.1, "loss.generator_label": 0.95},
    "minimax with labels": {"loss": "minimax", "loss.fake_label": 0.2},
    "least squares with labels": {"loss": {"kind": "least_squares", "real_label": 1, "fake_label": -1}},
    "several updates": {"discriminator_steps": 3, "generator_steps": 2},
    "uniform latents": {"latent": {"kind": "uniform", "dimension": 3}},
    "stratified latents": {"latent": {"kind": "uniform", "stratified": True}},
    "no hidden layer": {"generator.hidden": [], "discriminator.hidden": []},
    "scaled inputs": {"generator.input_scale": 2.0, "discriminator.input_scale": 3.0},
    "initialization": {"generator.initialization": {"weights": "he_normal", "output_offset": 1.0}},
    "not standardized": {"standardize": False},
    "training samples": {"training_points": 9},
    "one mode": {"target.modes": [{"position": 3.0}]},
    "weight decay": {"generator.weight_decay": 0.3, "discriminator.weight_decay": 0.2},
    "weight decay of gradient descent": {"generator.optimizer": "sgd", "generator.weight_decay": 0.3},
    "weight decay of RMSProp": {"discriminator.optimizer": "rmsprop", "discriminator.weight_decay": 0.3},
    "weight decay above 1": {
        "generator.optimizer": {"kind": "sgd", "learning_rate": 2.0}, "generator.weight_decay": 0.6,
    },
    "historical averaging": {"generator.historical_averaging": 0.3, "discriminator.historical_averaging": 0.2},
    "instance noise": {"instance_noise.deviation": 0.5, "instance_noise.half_life": 10},
    "feature matching": {"generator.feature_matching": 0.7},
    "unrolled": {"generator.lookahead": {"kind": "unrolled", "steps": 3, "learning_rate": 0.2}},
    "unrolled in part": {"generator.lookahead": {"kind": "unrolled", "steps": 1, "full": False}},
    "translation": {"latent": {"kind": "source", "cycle_weight": 0.7, "identity_weight": 0.4}},
    "translation without a cycle": {"latent": {"kind": "source", "cycle_weight": 0.0}},
    "translation from a uniform source": {
        "latent": {"kind": "source", "distribution": {"kind": "uniform"}}, "standardize": False,
    },
    "translation with all else": {
        "latent": {"kind": "source", "identity_weight": 0.4}, "instance_noise.deviation": 0.5,
        "generator.feature_matching": 0.7, "generator.lookahead": "unrolled", "generator.rate_half_life": 10,
        "generator.historical_averaging": 0.3, "generator.weight_decay": 0.2, "penalty": "gradient_penalty",
    },
    "translation with spectral normalization": {
        "latent": "source", "discriminator.constraint": "spectral_normalization", "discriminator_steps": 2,
    },
    "translation with pairs": {"latent": "source", "loss": "relativistic_pairing"},
    "labels": {"conditional": True},
    "code": {"code": {"kind": "categorical", "values": 3, "weight": 0.7}},
    "continuous code": {"code": {"kind": "continuous", "weight": 0.3}},
    "code that only Q learns": {"code": {"kind": "categorical", "weight": 0.0}},
    "code of a D without hidden layers": {
        "code": "continuous", "discriminator.hidden": [], "discriminator.input_scale": 2.0,
    },
    "code with all else": {
        "code": "categorical", "instance_noise.deviation": 0.5, "generator.feature_matching": 0.7,
        "generator.lookahead": "unrolled", "discriminator.rate_half_life": 10, "discriminator.weight_decay": 0.2,
        "latent.dimension": 2,
    },
    "labels by place": {"conditional": True, "target": "drawn", "training_points": 40},
    "labelled packs": {"conditional": True, "discriminator.view": "pack", "penalty": "gradient_penalty"},
    "labelled deviation": {"conditional": True, "discriminator.view": "batch_deviation", "penalty": "gradient_penalty"},
    "deviation between samples": {"discriminator.view": "batch_deviation", "penalty": "gradient_penalty"},
    "packs with noise": {"discriminator.view": "pack", "instance_noise.deviation": 0.5},
    "two penalties": {"loss": "wasserstein_gp", "penalty": "r2"},
    "constraint instead of the loss's": {"loss": "wasserstein", "discriminator.constraint": "spectral_normalization"},
    "all cures": {
        "conditional": True, "discriminator.view": "pack", "instance_noise.deviation": 0.3,
        "generator.lookahead": "unrolled", "generator.feature_matching": 0.7, "generator.historical_averaging": 0.1,
        "penalty": "gradient_penalty", "training_points": 30,
    },
}  # fmt: skip

SMALL = Config.parsed(
    {
        "seed": 3,
        "batch_size": 7,
        "generator": {"hidden": [4, 3]},
        "discriminator": {"hidden": [5, 4], "activation": {"kind": "tanh"}},
    }
)


USUAL = (
    "two penalties",
    "continuous code",
    "translation",
    "translation with all else",
    "code with all else",
    "stratified latents",
    "labels by place",
    "packs with noise",
    "weight decay",
    "all cures",
)


@pytest.mark.torch
@pytest.mark.parametrize("option", slow_but(USUAL, OPTIONS))
def test_ten_steps_with_every_option(option: str) -> None:
    config = SMALL
    for path, value in OPTIONS[option].items():
        config = config.patched(path, value)
    assert largest_difference(config, 10) < 1e-9


@pytest.mark.torch
def test_another_penalty_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = pytorch_program(SMALL).replace("gamma = 0.1", "gamma = 0.1001")
    monkeypatch.setitem(globals(), "pytorch_program", lambda config: text)
    assert largest_difference(SMALL, 20) > 1e-8
