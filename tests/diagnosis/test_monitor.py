"""The diagnosis is the same however a run is made and observed, and changes nothing in it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import gan1d
from benchmarks.confusion import play
from benchmarks.scenarios import ROWS, Row
from gan1d.config.model import Config
from gan1d.diagnosis.explanations import too_early
from gan1d.diagnosis.features import OBSERVE_EVERY, Features, TargetModes
from gan1d.diagnosis.kinds import COLLAPSED, CONVERGED, LEARNING, SUSPECTED, UNTRAINED, WEAK, DiagnosisType
from gan1d.diagnosis.monitor import IN_A_ROW, DiagnosisState, Monitor
from gan1d.diagnosis.progress import SHORT
from gan1d.diagnosis.rules import EARLIEST, SUSPICION
from gan1d.engine.training.trainer import Trainer

SMALL = Config.parsed({"batch_size": 8, "generator": {"hidden": [4]}, "discriminator": {"hidden": [4]}})


def watched(config: Config = SMALL) -> tuple[Trainer, Monitor]:
    trainer = Trainer(config)
    return trainer, Monitor(trainer)


def story(config: Config, *slices: int) -> list[tuple[int, Any]]:
    """The diagnosis after each slice that ends at a multiple of 100 steps."""
    trainer, monitor = watched(config)
    found = []
    for count in slices:
        monitor.run(count)
        if trainer.step_count % 100 == 0:
            gan1d.observe(trainer)
            found.append((trainer.step_count, monitor.diagnosis))
    return found


@pytest.mark.slow
def test_the_diagnosis_is_the_same_at_any_speed() -> None:
    config = gan1d.presets["mode_collapse"].config
    by_hundreds = story(config, *[100] * 6)
    assert story(config, *[1] * 600) == by_hundreds
    assert story(config, *[37, 63] * 6) == by_hundreds
    assert [found.kind for _, found in by_hundreds][-1] == "mode_collapse"


def test_the_training_is_the_same_with_and_without() -> None:
    trainer, monitor = watched()
    monitor.run(60)
    monitor.run(15, generator=False)
    alone = Trainer(SMALL)
    alone.run(60)
    alone.run(15, generator=False)
    assert np.array_equal(trainer.generator.parameters, alone.generator.parameters)
    assert np.array_equal(trainer.discriminator.parameters, alone.discriminator.parameters)
    assert trainer.report == alone.report


def test_every_step_is_reported_once() -> None:
    _, monitor = watched()
    steps = [int(step) for count in (10, 0, 40, 26) for part in monitor.run(count) for step in part.step]
    assert steps == list(range(1, 77))


def test_before_the_first_step_it_is_untrained_and_after_it_learning() -> None:
    _, monitor = watched()
    assert monitor.kind is UNTRAINED
    assert monitor.diagnosis.sentence == "Untrained: no step has been made yet."
    monitor.run(1)
    assert monitor.kind is LEARNING
    assert (monitor.diagnosis.sentence, monitor.diagnosis.since) == ("Learning: it is too early to say more.", 1)


def test_divergence_is_diagnosed_at_once() -> None:
    trainer, monitor = watched(gan1d.presets["diverging"].config)
    monitor.run(300)
    assert trainer.diverged is not None
    assert monitor.kind.name == "diverged"
    assert monitor.diagnosis.since == trainer.diverged.step
    assert monitor.run(10) == []
    monitor.reset()
    assert monitor.kind.name == "diverged"


def test_changed_settings_start_the_diagnosis_again() -> None:
    trainer, monitor = watched(gan1d.presets["mode_collapse"].config)
    monitor.run(510)
    assert monitor.kind.name == "mode_collapse"
    config = gan1d.presets["mode_collapse"].config.patched("target.modes.0.position", -1.0)
    trainer.config = config
    monitor.reset()
    assert (monitor.kind, monitor.diagnosis.since) == (LEARNING, 510)
    assert monitor.diagnosis.sentence == "Learning: it is too early to say more."
    monitor.run(15)
    assert monitor.feature_extractor.fits(config)
    monitor.run(OBSERVE_EVERY * (SUSPICION - 2))
    assert monitor.diagnosis.sentence == "Learning: it is too early to say more."
    monitor.run(OBSERVE_EVERY)
    assert "the one at −1 gets none" in monitor.diagnosis.sentence


def test_a_monitor_may_start_in_the_middle_of_a_run() -> None:
    trainer = Trainer(SMALL)
    trainer.run(40)
    assert Monitor(trainer).diagnosis == too_early(40)


def test_settings_may_change_before_the_first_step() -> None:
    trainer, monitor = watched()
    trainer.config = SMALL.patched("loss", "hinge")
    monitor.reset()
    assert monitor.kind is UNTRAINED


def test_an_extractor_may_be_reused() -> None:
    _, monitor = watched()
    trainer = Trainer(SMALL.patched("seed", 5))
    assert Monitor(trainer, monitor.feature_extractor).feature_extractor is monitor.feature_extractor
    other = SMALL.patched("loss", "hinge")
    assert Monitor(Trainer(other), monitor.feature_extractor).feature_extractor.fits(other)


MODES = TargetModes((-2.0, 2.0), (0.5, 0.5), (0.5, 0.5))
GOOD = Features(step=25, distance=0.1, error=0.05, target_distance=0.1, target_error=0.05,
                axis_distance=0.01, jensen_shannon=0.01, masses=(0.5, 0.5), mass_on_modes=0.9,
                optimal_accuracy=0.55, optimality=0.0, right_real=0.5, right_fake=0.5, mean_gradient=0.5, loss_gap=0.1,
                gradient_alignment=0.0, fake_cdf=(0.0, 1.0))  # fmt: skip
FAIR = replace(GOOD, error=0.4, target_error=0.4, optimality=0.5)


def kinds(case: DiagnosisState, *observations: Features) -> list[DiagnosisType]:
    found = []
    for index, observation in enumerate(observations):
        case.add(replace(observation, step=OBSERVE_EVERY * (index + 1)), MODES)
        found.append(case.kind)
    return found


def test_a_new_diagnosis_needs_several_observations_that_agree() -> None:
    case = DiagnosisState(LEARNING)
    found = kinds(case, *[GOOD] * 12)
    first = SHORT + IN_A_ROW - 1
    assert found == [LEARNING] * (first - 1) + [CONVERGED] * (13 - first)
    assert case.since == OBSERVE_EVERY * first


def test_a_failure_is_suspected_at_once_and_certain_later() -> None:
    lost = replace(GOOD, error=1.0, masses=(0.0, 1.0), optimality=0.9, fake_cdf=(0.0, 1.0))
    case = DiagnosisState(LEARNING)
    found = kinds(case, *[lost] * EARLIEST)
    early = [LEARNING] * (SUSPICION - 1)
    assert found == early + [SUSPECTED[COLLAPSED]] * (EARLIEST - SUSPICION) + [COLLAPSED]
    assert found[3] is SUSPECTED[COLLAPSED]  # after 100 steps


def test_a_failure_ends_at_once_when_the_error_clearly_falls() -> None:
    lost = replace(GOOD, error=1.0, masses=(0.0, 1.0), optimality=0.9, fake_cdf=(0.0, 1.0))
    falling = [replace(lost, error=0.95**i) for i in range(14)]
    found = kinds(DiagnosisState(LEARNING), *[lost] * 12, *falling)
    assert found[11] is COLLAPSED
    assert found[-1] is LEARNING


def test_a_diagnosis_does_not_flicker() -> None:
    steady = [GOOD] * 12
    bad = replace(GOOD, error=0.6, target_error=0.6)
    found = kinds(DiagnosisState(LEARNING), *steady, bad, *[FAIR] * 2)
    assert found[-3:] == [CONVERGED, LEARNING, LEARNING]
    flicker = DiagnosisState(WEAK)
    assert kinds(flicker, GOOD)[-1] is WEAK


def test_two_observations_that_agree_on_some_failure_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([WEAK, COLLAPSED, WEAK, COLLAPSED, LEARNING, COLLAPSED])
    monkeypatch.setattr("gan1d.diagnosis.monitor.select_diagnosis", lambda *_: next(found))
    expected = [LEARNING, COLLAPSED, COLLAPSED, COLLAPSED, COLLAPSED, COLLAPSED]
    assert kinds(DiagnosisState(LEARNING), *[GOOD] * 6) == expected


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_scenario_ends_as_it_should(row: Row) -> None:
    assert play(7, row).end in row.expected
