"""Experiments that the diagnosis is measured on, each with the diagnoses expected at its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import gan1d
from gan1d.config.model import Config
from gan1d.gallery.criteria import Claim


@dataclass(frozen=True, kw_only=True)
class Row:
    """One experiment.

    Attributes:
        name: Name in the table.
        expected: Diagnoses expected at its end, as names of kinds.
        changes: Path → value, applied to the preset in order.
        preset: Name of the preset it starts from.
        steps: Length of the run.
        suite: Whether it is run on the asymmetry suite of `convergence.py`.
        share: Share of the seeds that it gets.
        claim: The claim of the preset, if it is run unchanged.
    """

    name: str
    expected: tuple[str, ...]
    changes: Mapping[str, Any] = field(default_factory=dict)
    preset: str = "default"
    steps: int = 2000
    suite: bool = False
    share: float = 1.0
    claim: Claim | None = None

    @property
    def config(self) -> Config:
        """Settings of the experiment."""
        config = gan1d.presets[self.preset].config
        for path, value in self.changes.items():
            config = config.patched(path, value)
        return config


def sgd(rate: float) -> dict[str, Any]:
    return {"kind": "sgd", "learning_rate": rate}


def adam(rate: float) -> dict[str, Any]:
    return {"kind": "adam", "learning_rate": rate, "beta1": 0.5, "beta2": 0.999}


PLAIN: dict[str, Any] = {
    "penalty": "none",
    "batch_size": 64,
    "discriminator_steps": 1,
    "generator.hidden": [16, 16],
    "generator.initialization.weights": "xavier_normal",
    "generator.initialization.random_biases": False,
    "discriminator.hidden": [16, 16],
    "discriminator.activation": "tanh",
    "discriminator.initialization.weights": "xavier_normal",
    "discriminator.initialization.random_biases": False,
    "generator.rate_half_life": 1000,
}
"""Small networks, and no penalty or constraint that keeps D smooth."""
FAR_AWAY = PLAIN | {
    "target.modes.0.position": -1.25,
    "target.modes.1.position": 1.25,
    "target.modes.0.width": 0.4,
    "target.modes.1.width": 0.4,
    "generator.optimizer": sgd(0.05),
    "generator.initialization.output_gain": 0.3,
    "generator.initialization.output_offset": 6.0,
    "discriminator.optimizer": sgd(0.2),
    "discriminator_steps": 5,
}
"""G starts far from the data, and D has five updates in a step."""
RMSPROP = {"kind": "rmsprop", "learning_rate": 5e-4}
CLIPPED = {
    "generator.rate_half_life": 1000,
    "loss": "wasserstein",
    "penalty": "none",
    "discriminator_steps": 5,
    "generator.optimizer": RMSPROP,
    "discriminator.optimizer": RMSPROP,
}
ENOUGH = 1500
"""Steps that every preset but the failures is run for at least: after its fit a run needs 400 for a standstill to be
certain."""
ENOUGH_TO_FAIL = 1000
"""The same for failures, which are there much earlier."""

SMOOTH = {"loss": "wasserstein_gp", "loss.weight": 0.1, "penalty": "none", "discriminator_steps": 3}
WELL, SLOWLY = ("converged", "rough_fit"), ("converged", "learning", "rough_fit")


def of_presets() -> Iterator[Row]:
    """Each preset unchanged; failures get four times as many seeds, since the diagnosis is there for them."""
    for preset in gan1d.presets.values():
        fails = preset.group == "Failures"
        yield Row(
            name=preset.name,
            expected=preset.diagnosis,
            preset=preset.name,
            steps=max(preset.claim.steps, ENOUGH_TO_FAIL if fails else ENOUGH),
            claim=preset.claim,
            share=1.0 if fails else 0.25,
        )


def healthy() -> Iterator[Row]:
    """Experiments in which no alarm may be raised at any time."""
    yield Row(name="default, asymmetric", expected=WELL, suite=True, share=0.5)
    yield Row(name="textbook, asymmetric", expected=SLOWLY, preset="textbook", steps=3000, suite=True, share=0.25)
    for loss, changes in {
        "minimax": {"loss": "minimax"},
        "hinge": {"loss": "hinge"},
        "least squares": {"loss": "least_squares"},
        "clipped Wasserstein": CLIPPED,
        "Wasserstein-GP": SMOOTH,
    }.items():
        yield Row(name=f"default, {loss}", expected=SLOWLY, changes=changes, share=0.125)
        if loss != "least squares":  # it drops a mode of an asymmetric target often enough: no alarm would be false
            yield Row(name=f"default, {loss}, asymmetric", expected=SLOWLY, changes=changes, suite=True, share=0.125)
    three = [{"position": x, "width": 0.4, "weight": 0.3} for x in (-3.0, 0.0, 3.0)]
    one = [{"position": 1.0, "width": 0.5, "weight": 1.0}]
    yield Row(name="three modes", expected=SLOWLY, changes={"target.modes": three}, share=0.125)
    yield Row(name="one mode", expected=SLOWLY, changes={"target.modes": one}, share=0.125)
    yield Row(name="uniform", expected=SLOWLY, changes={"target": "uniform"}, share=0.125)


def failing() -> Iterator[Row]:
    """Failures of all kinds, and one that is cured."""
    hopping = PLAIN | {
        "generator.optimizer": adam(5e-3),
        "discriminator.optimizer": adam(5e-3),
        "generator_steps": 10,
        "generator.rate_half_life": 0,
    }
    yield Row(name="small networks, hopping", expected=("oscillating",), changes=hopping, steps=1000, share=0.25)
    yield Row(
        name="vanishing",
        expected=("discriminator_won",),
        changes=FAR_AWAY | {"loss": "minimax"},
        steps=1500,
        share=0.25,
    )
    yield Row(name="vanishing, non-saturating", expected=SLOWLY, changes=FAR_AWAY, share=0.125)
    frozen = {"generator.optimizer": adam(1e-2), "discriminator.optimizer": adam(1e-5)}
    yield Row(name="D hardly learns", expected=("discriminator_weak",), changes=PLAIN | frozen, share=0.25)
    rates = {"generator.optimizer.learning_rate": 1e-2, "discriminator.optimizer.learning_rate": 1e-5}
    yield Row(name="the default's D hardly learns", expected=("discriminator_weak",), changes=rates, share=0.25)
    slow = {"discriminator.optimizer.learning_rate": 1e-4}
    yield Row(  # the fakes drift away first, and are on their way back at the end of some runs
        name="the textbook's D hardly learns",
        expected=("discriminator_weak", "learning"),
        changes=slow,
        preset="textbook",
        share=0.25,
    )
    wild = PLAIN | {"generator.optimizer": sgd(2.0), "discriminator.optimizer": sgd(2.0)}
    wild |= {"discriminator.activation": "leaky_relu", "discriminator.initialization.weights": "auto"}
    yield Row(name="far too fast", expected=("diverged",), changes=wild, steps=600, share=0.25)
    cure = {"penalty": "r1"}
    yield Row(
        name="mode collapse, cured by R1", expected=WELL, changes=cure, preset="mode_collapse", steps=3000, share=0.125
    )


ROWS = (*of_presets(), *healthy(), *failing())
