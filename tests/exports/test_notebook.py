"""The notebook: its format, its code, and its execution in a kernel."""

import json
import warnings
from importlib import import_module
from typing import Any

import pytest

import gan1d
from gan1d.config.model import Config
from gan1d.exports.notebook import notebook
from gan1d.exports.pytorch_program import program_sections
from tests import tools

WGAN = gan1d.presets["wgan"].config


def cells_of(config: Config, kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(notebook(config))["cells"] if cell["cell_type"] == kind]


def test_the_notebook_has_the_code_of_the_program() -> None:
    code = cells_of(WGAN, "code")
    assert code[1:-3] == [section.code for section in program_sections(WGAN)]
    assert code[-3] == "torch.manual_seed(0)\ngan = train()"


def test_every_section_is_explained() -> None:
    texts = cells_of(WGAN, "markdown")
    assert texts[0] == "# A one-dimensional GAN in PyTorch\n\nThe preset wgan, seed 0, as in gan1d."
    assert [text.splitlines()[0] for text in texts[1:]] == [
        "## Data", "## Networks", "## Losses", "## Updates", "## Training", "## Initial weights",
        "## The same losses as gan1d",
    ]  # fmt: skip


def test_the_notebook_holds_the_settings_that_differ_from_the_default() -> None:
    names: dict[str, Any] = {}
    exec(cells_of(WGAN, "code")[-2], names)
    config = Config()
    for path, value in names["SETTINGS"].items():
        config = config.patched(path, value)
    assert config == WGAN


def test_cells_have_what_the_format_requires() -> None:
    content = json.loads(notebook(Config()))
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in content["cells"]}) == len(content["cells"])
    for cell in content["cells"]:
        of_code = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | of_code
    if not tools.MISSING["jupyter"]:
        with warnings.catch_warnings():
            # Jupyter's own: a directory that its next version names otherwise.
            warnings.simplefilter("ignore")
            nbformat = import_module("nbformat")
            nbformat.validate(nbformat.from_dict(content))


@pytest.mark.slow
@pytest.mark.torch
@pytest.mark.timeout(600)
@pytest.mark.skipif(bool(tools.MISSING["torch"]), reason=tools.MISSING["torch"])
@pytest.mark.skipif(bool(tools.MISSING["jupyter"]), reason=tools.MISSING["jupyter"])
def test_the_notebook_of_the_default_runs_and_agrees_with_gan1d() -> None:
    """In a real kernel, as it stands; its last cell compares the losses of 100 steps and raises if they differ."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nbformat, nbclient = import_module("nbformat"), import_module("nbclient")
        content = nbformat.reads(notebook(Config()), as_version=4)
        nbclient.NotebookClient(content, timeout=500, kernel_name="python3").execute()
    (line,) = next(cell.outputs for cell in reversed(content.cells) if cell.cell_type == "code")
    assert float(line.text.rpartition(" ")[2]) < 1e-12
    assert line.text.startswith("Largest difference of a loss in 100 steps: ")
