"""An experiment as a PyTorch program: a script that needs neither gan1d nor its files."""

import textwrap
from collections.abc import Sequence
from typing import Final

from gan1d.config.model import Config
from gan1d.exports.experiment import Experiment
from gan1d.exports.python_text import LINE_LENGTH, Section
from gan1d.exports.pytorch_data import data_section
from gan1d.exports.pytorch_losses import loss_section
from gan1d.exports.pytorch_networks import network_section, weight_section
from gan1d.exports.pytorch_training import training_section
from gan1d.exports.pytorch_updates import update_section
from gan1d.gallery import presets

PYTORCH_BEGINNING: Final = '"""A one-dimensional GAN in PyTorch:'
"""Beginning of every PyTorch program."""


def import_lines(sections: Sequence[Section]) -> str:
    """The imports of a program, and its use of the processor."""
    needs_functions = any("F." in section.code for section in sections)
    functions = "\nfrom torch.nn import functional as F" if needs_functions else ""
    threads = "torch.set_num_threads(1)  # networks as small as these are faster on one core"
    return f"import torch\nfrom torch import nn{functions}\n\n{threads}"


def experiment_name(config: Config) -> str:
    """The experiment in words: the preset with the same settings, or none, and the seed."""
    same = (preset for preset in presets.values() if preset.config.patched("seed", config.seed) == config)
    preset = next(same, None)
    return f"{'own settings' if preset is None else f'the preset {preset.name}'}, seed {config.seed}"


def program_sections(config: Config) -> Sequence[Section]:
    """The sections of the program, in order.

    Raises:
        ConfigError: No PyTorch program is written for one of the settings.
    """
    experiment = Experiment(config)
    writers = (data_section, network_section, loss_section, update_section, training_section, weight_section)
    return [write(experiment) for write in writers]


def pytorch_program(config: Config) -> str:
    """The experiment as a PyTorch script.

    Raises:
        ConfigError: No PyTorch program is written for one of the settings.
    """
    sections = program_sections(config)
    source = "\n\n\n".join(section.source() for section in sections)
    about = textwrap.fill(
        "It has the initial weights, the losses and the settings of the experiment in gan1d, and needs PyTorch alone.",
        LINE_LENGTH,
    )
    title = f"{PYTORCH_BEGINNING} {experiment_name(config)}."
    return (
        f'{title}\n\n{about}\n"""\n\n{import_lines(sections)}\n\n{source}\n\n\n'
        f'if __name__ == "__main__":\n    torch.manual_seed({config.seed})\n    train()\n'
    )
