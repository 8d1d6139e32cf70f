"""`gan1d spectrum`: the eigenvalues of the game after some steps, without a page."""

import argparse
from dataclasses import asdict
from typing import Final

import numpy as np

from gan1d.cli.console import print_json
from gan1d.cli.experiment import add_experiment, experiment_of
from gan1d.cli.options import SUCCESS, Parser, misuse
from gan1d.cli.train import DEFAULT_STEPS, add_steps
from gan1d.engine.training.spectrum import field_conflict, game_spectrum
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.frame import finite
from gan1d.evaluation.spectrum_reading import read_spectrum

SPECTRUM_HELP: Final = "train and print the eigenvalues of the game's Jacobian as JSON"


def add_spectrum_options(to: Parser) -> None:
    """Add the options of the command."""
    add_experiment(to)
    add_steps(to)


def spectrum_command(given: argparse.Namespace) -> int:
    """Train, and print the spectrum; returns the exit status.

    Raises:
        ConfigError: A setting is not allowed.
    """
    config = experiment_of("gan1d spectrum", given)
    if sentence := field_conflict(config):
        misuse("gan1d spectrum", sentence)
    trainer = Trainer(config)
    trainer.run(DEFAULT_STEPS if given.steps is None else given.steps)
    try:
        found = game_spectrum(trainer)
    except ValueError as error:
        misuse("gan1d spectrum", str(error))
    assert found is not None
    # JSON has no NaN and no infinity.
    reading = {
        name: finite(value) if isinstance(value, float) else value
        for name, value in asdict(read_spectrum(found)).items()
    }
    parts = {name: getattr(found, name) for name in ("eigenvalues", "discriminator", "generator")}
    print_json({
        "config": config.model_dump(mode="json"),
        "steps": trainer.step_count,
        "norms": found.norms,
        **reading,
        **{name: np.stack([part.real, part.imag], axis=1).tolist() for name, part in parts.items()},
    })  # fmt: skip
    return SUCCESS
