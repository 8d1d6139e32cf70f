"""Going on from an earlier step: it goes on as it did, bit for bit, diagnosis and history included."""

import random

import pytest

from gan1d import Config, presets
from gan1d.session.kept_runs import KeptRuns
from gan1d.session.restoration import Restoration
from gan1d.session.run import Run
from tests.tools import slow_but

USUAL = ("default",)
"""Presets of the tests that a newcomer runs; the others take a second each."""


def restored(run: Run, step: int) -> Run:
    """A run that goes on from an earlier step of another one."""
    restoration = Restoration(run.record, step, run.probe)
    while not restoration.is_over:
        restoration.advance(7)
    found = restoration.run
    return Run(found.config, restoration.record(), trainer=found.trainer, monitor=found.monitor, probe=found.probe)


def recorded(config: Config) -> Run:
    return Run(config, KeptRuns(config, None, 10**7).present)


def contents(run: Run) -> tuple[bytes, object, object, object, object]:
    """All that is shown of a run."""
    losses = run.losses.part()
    return (
        run.encoded_frame()[8:],
        run.diagnosis,
        losses.model_dump_json(),
        str(run.measured.columns),
        [(step, change.kind.name, change.since) for step, change in run.record.diagnoses.all],
    )


@pytest.mark.parametrize("name", slow_but(USUAL, presets))
def test_every_preset_goes_on_as_it_did(name: str) -> None:
    config = presets[name].config.patched("batch_size", 16)
    run = recorded(config)
    run.advance(900)
    for step in random.Random(name).sample(range(300, 900), 2):
        again = restored(run, step)
        assert again.step == step or run.diverged is not None
        again.advance(900 - step)
        assert contents(again) == contents(run), step


@pytest.mark.parametrize("step", slow_but([121], [0, 1, 24, 25, 120, 121, 199, 200, 260]))
def test_a_changed_run_goes_on_as_it_did(step: int) -> None:
    config = Config(batch_size=16)
    run = recorded(config)
    run.advance(120)
    run.change(config.patched("generator.hidden", [6]))
    run.advance(80, "generator")
    run.advance(100)
    again = restored(run, step)
    for event in run.record.recording.log.events:  # type: ignore[union-attr]
        if event.step > step and hasattr(event, "values"):
            again.advance(event.step - again.step)
            again.change(run.config)
        elif hasattr(event, "player") and again.step < event.last_step:
            again.advance(event.step - again.step)
            again.advance(event.last_step - again.step, event.player)
    again.advance(run.step - again.step)
    assert contents(again) == contents(run)


@pytest.mark.slow
def test_losses_in_buckets_go_on_from_within_a_bucket() -> None:
    run = recorded(Config(batch_size=4))
    run.advance(4500)
    assert run.losses.part().stride == 4
    again = restored(run, 4402)
    again.advance(98)
    assert contents(again) == contents(run)


def test_the_run_stays_as_it_is() -> None:
    run = recorded(Config(batch_size=4))
    run.advance(200)
    before = contents(run)
    restored(run, 60).advance(50)
    assert contents(run) == before


def test_a_run_that_is_not_recorded_cannot_be_restored() -> None:
    run = Run(Config(batch_size=4))
    with pytest.raises(ValueError, match="Expected a run that is recorded"):
        Restoration(run.record, 0)
