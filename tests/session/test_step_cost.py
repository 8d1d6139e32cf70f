"""The cost of a step: by hand, in order, and against the memory that it takes."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from gan1d import Config, Trainer, presets
from gan1d.session import step_cost as module
from gan1d.session.step_cost import (
    DEFAULT_LIMIT,
    forward_cost,
    is_heavy,
    step_cost,
    step_cost_error,
)


def with_settings(**settings: Any) -> Config:
    """The default with other settings; "__" stands for the dot of a path."""
    config = Config()
    for path, value in settings.items():
        config = config.patched(path.replace("__", "."), value)
    return config


def largest(**settings: Any) -> Config:
    networks = {"generator__hidden": [256] * 6, "discriminator__hidden": [256] * 6}
    return with_settings(**networks, batch_size=4096, **settings)


def test_the_cost_by_hand() -> None:
    # One input, 2 units, one output: (1 + 1) * 2 + (2 + 1) * 1 = 7 weights and biases, and 24 for each unit.
    small = {"generator__hidden": [2], "discriminator__hidden": [2], "penalty": {"kind": "none"}, "batch_size": 10}
    config = with_settings(**small)
    assert forward_cost(config.generator, 1) == 7 + 2 * 24 == 55
    # D: 55 for the fakes, 2 samples forward and back (3 passes). G: forward and back through both.
    # Two updates of D and one of G in a step.
    assert step_cost(config).multiply_adds == 10 * (2 * (55 + 2 * 3 * 55) + 3 * 55 + 3 * 55)


@pytest.mark.parametrize(
    ("path", "less", "more"),
    [
        ("batch_size", 64, 128),
        ("discriminator_steps", 1, 2),
        ("generator_steps", 1, 2),
        ("update_order", {"kind": "simultaneous"}, {"kind": "extragradient"}),
        ("generator.hidden", [16], [16, 16]),
        ("discriminator.hidden", [16], [17]),
        ("penalty", {"kind": "none"}, {"kind": "r1"}),
        ("penalty", {"kind": "r1"}, {"kind": "r1_r2"}),
        ("loss", {"kind": "wasserstein"}, {"kind": "wasserstein_gp"}),
        ("loss", {"kind": "non_saturating"}, {"kind": "relativistic_pairing"}),
        ("generator.lookahead", {"kind": "none"}, {"kind": "unrolled", "steps": 1, "full": False}),
        ("generator.lookahead", {"kind": "unrolled", "full": False}, {"kind": "unrolled", "full": True}),
        ("generator.feature_matching", 0.0, 1.0),
        ("discriminator.view", {"kind": "one_sample"}, {"kind": "pack", "size": 2}),
        ("latent.dimension", 1, 2),
    ],
)
def test_more_work_costs_more(path: str, less: Any, more: Any) -> None:
    costs = [step_cost(Config().patched(path, value)).multiply_adds for value in (less, more)]
    assert costs[0] < costs[1]


def test_every_preset_is_allowed_and_no_other_than_heavy_ones_are_slow() -> None:
    for preset in presets.values():
        assert step_cost_error(preset.config, DEFAULT_LIMIT) == ""
    assert not is_heavy(Config())
    assert is_heavy(with_settings(generator__hidden=[256] * 3, batch_size=8)), "a rebuild takes long whatever the batch"


def test_the_default_limit_allows_the_largest_networks_and_batch() -> None:
    assert step_cost_error(largest(), DEFAULT_LIMIT) == ""
    sentence = step_cost_error(largest(discriminator_steps=20), DEFAULT_LIMIT).replace("\u202f", ",")
    assert sentence.startswith("Expected settings with at most 50,000 million multiply-adds in a step, but got 3")
    assert sentence.endswith("Lower the batch size or D's layers, or start the server with another --max-step.")


def test_the_memory_of_unrolling_is_bounded() -> None:
    config = largest(generator__lookahead={"kind": "unrolled", "steps": 20, "full": False})
    sentence = step_cost_error(config, 10**9)
    assert sentence.startswith("Expected settings that need at most 1024 MB for a step, but got ")
    assert sentence.endswith("Lower D's layers or the batch size.")


MEASURED = [
    with_settings(generator__hidden=[64] * 3, discriminator__hidden=[64] * 3, batch_size=2048),
    with_settings(discriminator__hidden=[64] * 2, generator__lookahead={"kind": "unrolled", "steps": 10}),
    with_settings(discriminator__view={"kind": "pack", "size": 4}, batch_size=2048),
]


@pytest.mark.parametrize("config", MEASURED, ids=["large batch", "unrolled", "pack"])
def test_the_memory_is_about_that_of_a_trainer(config: Config) -> None:
    tracemalloc.start()
    try:
        Trainer(config, np.float32).run(1)
        measured = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert measured / 3 < step_cost(config).bytes < 3 * measured


@pytest.mark.parametrize(("limit", "searches"), [(DEFAULT_LIMIT, 0), (1, 1)])
def test_savings_are_searched_for_a_refusal_only(limit: int, searches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    searched = list[Config]()

    def search(config: Config) -> list[str]:
        searched.append(config)
        return ["the batch size", "D's layers"]

    monkeypatch.setattr(module, "largest_savings", search)
    assert bool(step_cost_error(Config(), limit)) is bool(searches)
    assert len(searched) == searches
