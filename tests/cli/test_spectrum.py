"""`gan1d spectrum`: what is printed, and what is refused."""

import json

import numpy as np
import pytest

from gan1d.cli import commands
from gan1d.config.model import Config
from gan1d.engine.training.spectrum import game_spectrum
from gan1d.engine.training.trainer import Trainer

SMALL = ["--set", "generator.hidden=[2]", "--set", "discriminator.hidden=[2]"]


def test_the_spectrum_is_printed_with_its_reading(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["spectrum", *SMALL, "--steps", "5"]) == 0
    printed = json.loads(capsys.readouterr().out)
    trainer = Trainer(Config().patched("generator.hidden", [2]).patched("discriminator.hidden", [2]))
    trainer.run(5)
    found = game_spectrum(trainer)
    assert found is not None
    values = np.array(printed["eigenvalues"])
    np.testing.assert_allclose(values[:, 0] + 1j * values[:, 1], found.eigenvalues, rtol=1e-9, atol=1e-12)
    # Each network has 1·2 + 2 weights and biases into its hidden layer, and 2 + 1 out of it.
    assert (len(printed["eigenvalues"]), len(printed["discriminator"]), len(printed["generator"])) == (14, 7, 7)
    assert printed["steps"] == 5
    assert printed["attracting"] + printed["repelling"] <= 14
    assert printed["sentence"].startswith(printed["kind"].capitalize())
    assert printed["norms"] == pytest.approx(found.norms)


def test_a_game_without_a_spectrum_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        commands.main(["spectrum", "--set", "conditional=true", "--steps", "0"])
    assert caught.value.code == 2
    sentence = "gan1d spectrum: Expected a run without labels for the spectrum, but got other settings."
    assert capsys.readouterr().err.strip() == sentence
