"""One definition of mode coverage: scoreboard, chart label, criterion and diagnosis agree on the same frames."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gan1d
from gan1d.diagnosis.explanations import describe_masses
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.feature_window import FeatureWindow
from gan1d.diagnosis.features import Features, TargetModes
from gan1d.diagnosis.rules import LONG, has_collapsed
from gan1d.engine.metrics.mode_coverage import covered
from gan1d.evaluation.probe import Probe
from gan1d.gallery.criteria import Collapsed, Dropped
from tests import tools

pytestmark = pytest.mark.slow

PRESETS = ("default", "mode_collapse", "mode_dropping", "many_modes", "unequal_modes", "collapse_labels", "textbook")
STEPS = (0, 10, 25, 100, 300)
DATA_CHART = Path(__file__).parents[2] / "static/js/charts/data.js"
SCRIPT = """
const { data } = await import(process.argv[1]);
const cases = JSON.parse(await new Promise((done) => {
  let text = "";
  process.stdin.on("data", (part) => (text += part)).on("end", () => done(text));
}));
console.log(JSON.stringify(cases.map((context) => data.describe(context))));
"""
"""Prints the label of the data chart for each scene and frame on stdin."""


@dataclass(frozen=True)
class Case:
    """A run at one step, as the page and as the diagnosis see it."""

    name: str
    scene: dict[str, Any]
    frame: gan1d.Frame
    features: Features
    modes: TargetModes


@cache
def cases() -> list[Case]:
    return [case for name in PRESETS for case in cases_of(name)]


def cases_of(name: str) -> Iterator[Case]:
    config = gan1d.presets[name].config
    trainer, probe, extractor = gan1d.Trainer(config), Probe(config), FeatureExtractor(config)
    for step in STEPS:
        trainer.run(step - trainer.step_count)
        frame = gan1d.observe(trainer, probe)
        yield Case(f"{name} at {step}", probe.scene(), frame, extractor.extract(trainer), extractor.modes)


def labels() -> list[str]:
    """The labels of the data chart for all cases, as a screen reader says them."""
    contexts = [
        {
            "scene": case.scene,
            "frame": {
                "step": case.frame.step,
                "scalars": {"mode_coverage": case.frame.mode_coverage},
                "arrays": {"mode_masses": case.frame.mode_masses.tolist()},
            },
        }
        for case in cases()
    ]
    command = [str(tools.NODE), "--input-type=module", "-e", SCRIPT, DATA_CHART.as_uri()]
    done = subprocess.run(command, input=json.dumps(contexts), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_cases_of_all_kinds_are_compared() -> None:
    shares = {case.frame.mode_coverage for case in cases()}
    assert min(shares) < 0.5 < max(shares)
    assert any(Dropped().holds(case.features, case.modes) for case in cases())


def test_scoreboard_criterion_and_diagnosis_cover_the_same_modes() -> None:
    for case in cases():
        due_masses = [mode["mass"] for mode in case.scene["modes"]]
        is_covered = covered(case.frame.mode_masses, due_masses)
        assert case.frame.mode_coverage == pytest.approx(np.mean(is_covered)), case.name
        assert covered(case.features.masses, case.modes.due_masses).tolist() == is_covered.tolist(), case.name
        assert Collapsed().holds(case.features, case.modes) == (not is_covered.all()), case.name
        # All else that mode collapse needs is given, so coverage alone decides.
        far = replace(case.features, error=0.5, mass_on_modes=1.0)
        assert has_collapsed(FeatureWindow([far] * LONG, case.modes), False) == (not is_covered.all()), case.name


def test_the_sentence_counts_the_modes_of_the_scoreboard() -> None:
    many = [case for case in cases() if len(case.modes.centres) > 3]
    assert many
    for case in many:
        count = round(case.frame.mode_coverage * len(case.modes.centres))
        assert describe_masses(FeatureWindow([case.features], case.modes)).startswith(f"{count} of 8 modes"), case.name


@pytest.mark.skipif(bool(tools.MISSING["node"]), reason=tools.MISSING["node"])
def test_the_label_counts_the_modes_of_the_scoreboard() -> None:
    for case, label in zip(cases(), labels(), strict=True):
        found = re.search(r"covers (\d+) of (\d+) modes?", label)
        assert found, label
        total = len(case.modes.centres)
        assert [int(text) for text in found.groups()] == [round(case.frame.mode_coverage * total), total], case.name
