"""The PyTorch program as a text: what is in it and what is not."""

import ast
import re

import pytest

import gan1d
from gan1d.config.model import Config
from gan1d.exports.pytorch_program import experiment_name, program_sections, pytorch_program
from tests.exports.test_experiment import WITHOUT_PROGRAM

PROGRAMS = {
    name: pytorch_program(preset.config) for name, preset in gan1d.presets.items() if name not in WITHOUT_PROGRAM
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_imports_pytorch_alone_and_uses_all_that_it_defines(name: str) -> None:
    tree = ast.parse(PROGRAMS[name])
    imported = {
        alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in imported} == {"torch"}
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    constants = [target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
                 if isinstance(target, ast.Name)]  # fmt: skip
    for word in (*defined, *constants, *(["F"] if "torch.nn.functional" in imported else [])):
        assert len(re.findall(rf"\b{word}\b", PROGRAMS[name])) > 1, word


@pytest.mark.parametrize("name", PROGRAMS)
def test_lines_of_a_program_have_at_most_120_characters(name: str) -> None:
    assert max(map(len, PROGRAMS[name].splitlines())) <= 120
    assert "nan" not in re.findall(r"\w+", PROGRAMS[name])


def test_a_plain_experiment_has_no_word_of_other_options() -> None:
    program = PROGRAMS["textbook"]
    for word in ("penalty", "noise", "SpectralLinear", "LABEL", "PACK", "SCALE", "clamp", "momentum", "deviation"):
        assert word not in program.partition("# Initial weights")[0], word


def test_the_sections_of_a_program_follow_each_other() -> None:
    titles = [section.title for section in program_sections(Config())]
    assert titles == ["Data", "Networks", "Losses", "Updates", "Training", "Initial weights"]


def test_an_experiment_is_named_after_the_preset_with_its_settings() -> None:
    assert experiment_name(gan1d.presets["wgan"].config.patched("seed", 3)) == "the preset wgan, seed 3"
    assert experiment_name(Config().patched("batch_size", 7)) == "own settings, seed 0"
