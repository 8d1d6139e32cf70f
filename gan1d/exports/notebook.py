"""An experiment as a Jupyter notebook: the PyTorch program with explanations, and a comparison with gan1d.

The file format is that of nbformat 4.5 (nbformat.readthedocs.io/en/latest/format_description.html).
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from gan1d.config.model import Config
from gan1d.exports.gan1d_program import changes_literal
from gan1d.exports.pytorch_program import experiment_name, import_lines, program_sections

NOTEBOOK_BEGINNING: Final = '{\n "cells": [\n  {\n   "cell_type": "markdown",\n   "id": "gan1d-0",'
"""Beginning of every notebook."""

COMPARED_STEPS: Final = 100
LOSS_TOLERANCE: Final = 1e-5

COMPARISON: Final = f'''def largest_difference(steps={COMPARED_STEPS}):
    """Largest difference between the losses of gan1d and of this notebook on the same batches."""
    config = gan1d.Config()
    for path, value in SETTINGS.items():
        config = config.patched(path, value)
    ours, gan, largest = Comparison(config), GAN(torch.float64), 0.0
    for step in range(steps):
        report = ours.trainer.step()
        if ours.trainer.diverged:
            break
        for _ in range(config.discriminator_steps):
            loss_d = gan.update_discriminator(*map(torch.tensor, ours.for_discriminator(step)))
        for _ in range(config.generator_steps):
            loss_g = gan.update_generator(*map(torch.tensor, ours.for_generator(step)))
        # Above 1, a loss is compared in relation to its size.
        for found, expected in ((loss_d, report.loss_d), (loss_g, report.loss_g)):
            largest = max(largest, abs(found - expected) / max(1.0, abs(expected)))
    return largest


try:
    import gan1d
    from gan1d.exports.comparison import Comparison
except ImportError:
    print("gan1d is not installed here, so there is nothing to compare with: pip install gan1d")
else:
    difference = largest_difference()
    print(f"Largest difference of a loss in {COMPARED_STEPS} steps: {{difference:.1e}}")
    assert difference < {LOSS_TOLERANCE:g}, "These settings amplify rounding, or one of the programs has an error."'''


def notebook(config: Config) -> str:
    """The experiment as a notebook, as JSON.

    Raises:
        ConfigError: No PyTorch program is written for one of the settings.
    """
    cells = [{"cell_type": kind, "id": f"gan1d-{index}", **cell(kind, text)}
             for index, (kind, text) in enumerate(cell_texts(config))]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def cell(kind: str, text: str) -> dict[str, Any]:
    """The fields of a cell that depend on its kind."""
    outputs: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"metadata": {}, **outputs, "source": text.splitlines(keepends=True)}


def cell_texts(config: Config) -> Iterator[tuple[str, str]]:
    """Kind and text of each cell, in order."""
    sections = program_sections(config)
    name = experiment_name(config)
    yield "markdown", f"# A one-dimensional GAN in PyTorch\n\n{name[0].upper()}{name[1:]}, as in gan1d."
    yield "code", import_lines(sections)
    for section in sections:
        yield "markdown", f"## {section.title}\n\n{section.text}"
        yield "code", section.code
    yield "code", f"torch.manual_seed({config.seed})\ngan = train()"
    yield "markdown", comparison_words()
    yield "code", f"# The settings that differ from the default.\nSETTINGS = {changes_literal(config)}"
    yield "code", COMPARISON


def comparison_words() -> str:
    """The text before the comparison."""
    return (
        "## The same losses as gan1d\n\nWith the batches of gan1d, this program has the losses of gan1d for the first "
        f"{COMPARED_STEPS} steps to {LOSS_TOLERANCE:g}. Both compute in double precision here: in single precision "
        "they round differently, and training amplifies that. Unstable settings amplify it in double precision, too."
    )
