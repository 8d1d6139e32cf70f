"""Initial weights for PyTorch, and the settings for which no program is written."""

from typing import Any

import numpy as np
import pytest

import gan1d
from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.exports.experiment import MOST_TRAINING_SAMPLES, Experiment, in_pytorch_order, layer_shapes


def test_weights_are_in_the_order_of_pytorch() -> None:
    """A layer of two inputs and three outputs, then one output: PyTorch has rows of outputs, biases last."""
    engine = np.array([1, 2, 3, 4, 5, 6, 70, 80, 90, 11, 12, 13, 140], np.float32)
    shapes = layer_shapes(2, [3])
    assert shapes == [(3, 3), (4, 1)]
    assert in_pytorch_order(engine, shapes).tolist() == [1, 4, 2, 5, 3, 6, 70, 80, 90, 11, 12, 13, 140]


def test_initial_weights_are_those_of_the_trainer() -> None:
    config = gan1d.presets["collapse_labels"].config.patched("seed", 5)
    weights, trainer = Experiment(config).initial_weights, gan1d.Trainer(config)
    for name, network in (("generator", trainer.generator), ("discriminator", trainer.discriminator)):
        assert weights[name].dtype == np.float32
        assert sorted(weights[name]) == sorted(network.parameters)


def test_initial_weights_under_spectral_normalization_are_those_before_the_division() -> None:
    spectral = Config().patched("discriminator.constraint", "spectral_normalization")
    free, bound = Experiment(spectral).initial_weights["discriminator"], gan1d.Trainer(spectral).discriminator
    assert np.array_equal(free, Experiment(Config()).initial_weights["discriminator"])
    assert not np.allclose(sorted(free), sorted(bound.parameters))


UNCOVERED: dict[str, tuple[dict[str, Any], str]] = {
    "generator.hidden": (
        {"generator.hidden": [256, 256]},
        # 1·256 + 256 + 256·256 + 256 + 256 + 1
        "Expected at most 50\u202f000 weights in one network for a PyTorch program, which lists them, but got "
        "66\u202f561 (generator.hidden).",
    ),
    "discriminator.hidden": (
        {"discriminator.hidden": [256, 256]},
        "Expected at most 50\u202f000 weights in one network for a PyTorch program, which lists them, but got "
        "66\u202f561 (discriminator.hidden).",
    ),
    "training_points": (
        {"training_points": MOST_TRAINING_SAMPLES + 1},
        "Expected at most 5\u202f000 training samples for a PyTorch program, which lists them, but got 5\u202f001 "
        "(training_points).",
    ),
    "penalty": (
        {"loss": "wasserstein_gp", "penalty": "gradient_penalty"},
        "Expected one gradient penalty for a PyTorch program, but got a second one beside that of the loss (penalty).",
    ),
    "update_order": (
        {"update_order": "extragradient"},
        "Expected alternating updates for a PyTorch program, but got extragradient (update_order).",
    ),
    "generator.lookahead": (
        {"generator.lookahead": "unrolled", "discriminator.constraint": "spectral_normalization"},
        "Expected a D without spectral normalization for a PyTorch program with lookahead, but got both "
        "(generator.lookahead).",
    ),
}


@pytest.mark.parametrize("path", UNCOVERED)
def test_a_setting_without_a_program_is_named_in_one_sentence(path: str) -> None:
    changes, sentence = UNCOVERED[path]
    config = Config()
    for changed, value in changes.items():
        config = config.patched(changed, value)
    with pytest.raises(ConfigError) as caught:
        Experiment(config)
    assert (caught.value.path, str(caught.value)) == (path, sentence)


WITHOUT_PROGRAM = ("collapse_best_d", "collapse_best_critic")
"""Presets with a setting that has no program; the sentences are above."""


@pytest.mark.parametrize("name", gan1d.presets)
def test_a_preset_has_a_program_or_says_why_not(name: str) -> None:
    config = gan1d.presets[name].config
    if name not in WITHOUT_PROGRAM:
        assert Experiment(config).config is config
        return
    with pytest.raises(ConfigError, match="for a PyTorch program, but got"):
        Experiment(config)
