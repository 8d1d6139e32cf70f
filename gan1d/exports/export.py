"""The formats in which an experiment is exported."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from gan1d.config.model import Config
from gan1d.exports.config_file import CONFIG_BEGINNING, config_as_json, is_written_config
from gan1d.exports.gan1d_program import GAN1D_BEGINNING, gan1d_program
from gan1d.exports.notebook import NOTEBOOK_BEGINNING, notebook
from gan1d.exports.pytorch_program import PYTORCH_BEGINNING, pytorch_program

ExportFormat = Literal["json", "python", "pytorch", "notebook"]


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format of an exported experiment.

    Attributes:
        write: Writes the text of the file.
        beginning: Beginning of every such text, by which an earlier file is recognized.
        suffix: End of a file's name.
        is_earlier: Whether a file with this beginning is such a text; None if no others begin like it.
    """

    write: Callable[[Config], str]
    beginning: str
    suffix: str
    is_earlier: Callable[[Path], bool] | None = None


FORMATS: Final[dict[ExportFormat, Format]] = {
    "json": Format(write=config_as_json, beginning=CONFIG_BEGINNING, suffix=".json", is_earlier=is_written_config),
    "python": Format(write=gan1d_program, beginning=GAN1D_BEGINNING, suffix=".py"),
    "pytorch": Format(write=pytorch_program, beginning=PYTORCH_BEGINNING, suffix="_pytorch.py"),
    "notebook": Format(write=notebook, beginning=NOTEBOOK_BEGINNING, suffix=".ipynb"),
}
"""All formats by name."""


def export(config: Config, format: ExportFormat) -> str:
    """An experiment as the text of a file.

    Args:
        config: Settings of the experiment.
        format: "json" for the settings alone; "python" for a program that uses gan1d; "pytorch" for a program that uses
            PyTorch alone, with the same initial weights; "notebook" for that program as a Jupyter notebook, which also
            compares its losses with those of gan1d.

    Returns:
        The text, which ends with a newline.

    Raises:
        ConfigError: No PyTorch program is written for one of the settings.
        ValueError: There is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"Expected a format ({', '.join(FORMATS)}), but got {format!r}.")
    return FORMATS[format].write(config)
