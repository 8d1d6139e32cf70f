"""The program that uses gan1d has the settings of the experiment, and runs."""

import subprocess
import sys

import pytest
from hypothesis import given, settings

import gan1d
from gan1d.config.model import Config
from gan1d.exports.gan1d_program import LOOP, gan1d_program
from tests.configs import configs


def config_of(program: str) -> Config:
    """The config that a program makes, without its training."""
    assert program.endswith(f"\n{LOOP}")
    names: dict[str, Config] = {}
    exec(compile(program.removesuffix(LOOP), "program", "exec"), names)
    return names["config"]


@pytest.mark.parametrize("name", gan1d.presets)
def test_the_program_of_a_preset_has_its_settings(name: str) -> None:
    config = gan1d.presets[name].config.patched("seed", 7)
    program = gan1d_program(config)
    assert program.startswith(f'"""A one-dimensional GAN with gan1d: the preset {name}, seed 7."""\n')
    assert config_of(program) == config


@given(configs)
@settings(max_examples=50, deadline=None)
def test_the_program_of_any_experiment_has_its_settings(config: Config) -> None:
    assert config_of(gan1d_program(config)) == config


def test_the_program_of_the_default_names_no_setting() -> None:
    program = gan1d_program(Config())
    assert "patched" not in program
    assert program.splitlines()[:5] == [
        '"""A one-dimensional GAN with gan1d: the preset default, seed 0."""', "", "import gan1d", "",
        "config = gan1d.Config()",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_program_prints_losses_and_distance_of_the_run() -> None:
    config = Config().patched("batch_size", 16).patched("generator.hidden", [4]).patched("discriminator.hidden", [4])
    short = gan1d_program(config).replace("< 1000", "< 100")
    done = subprocess.run([sys.executable, "-c", short], capture_output=True, text=True, timeout=60, check=True)
    trainer = gan1d.Trainer(config)
    report = trainer.run(100).last()
    distance = gan1d.observe(trainer).wasserstein1
    line = f"step 100: L_D {report.loss_d:.4f}, L_G {report.loss_g:.4f}, Wasserstein-1 {distance:.4f}\n"
    assert done.stdout == line


@pytest.mark.slow
def test_the_program_of_a_run_that_diverges_ends() -> None:
    program = gan1d_program(gan1d.presets["diverging"].config.patched("discriminator.optimizer.learning_rate", 10.0))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("step ")
