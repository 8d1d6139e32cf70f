"""Recordings: a run at any of its steps is the same run again, bit for bit."""

import io
import random
from collections.abc import Callable
from typing import Any

import pytest

from gan1d.config.model import Config
from gan1d.gallery import presets
from gan1d.recording.digest import digest_of
from gan1d.recording.key_frames import SPACING, KeyFrames
from gan1d.recording.recording import Recording
from gan1d.recording.repetition import RepeatedRun, Repetition, play_log
from gan1d.recording.run_log import End, RunLog, UpdatedPlayer
from tests.tools import slow_but

CHANGES: list[tuple[str, list[Any]]] = [
    ("generator.optimizer.learning_rate", [1e-3, 4e-3]),
    ("discriminator.optimizer", ["sgd", "adam"]),
    ("batch_size", [16, 64, 100]),
    ("generator.hidden", [[8, 8], [16, 16, 16], [12]]),
    ("discriminator.activation", ["relu", "tanh"]),
    ("discriminator.view", ["pack", "one_sample"]),
    ("loss", ["hinge", "non_saturating", "wasserstein"]),
    ("instance_noise.deviation", [0, 0.3]),
    ("generator.historical_averaging", [0, 1.0]),
    ("generator.lookahead", ["none", "unrolled"]),
    ("generator.optimizer.beta1", [0, 0.5]),
    ("discriminator.optimizer.beta1", [0, 0.9]),
    ("target.modes.0.position", [-3.0, -1.0]),
    ("training_points", [0, 20]),
]


class RecordedTrainer(RepeatedRun):
    """A run whose bits can be compared."""

    def bits(self) -> bytes:
        """Parameters of all networks."""
        networks = self.trainer.generator, self.trainer.discriminator, self.trainer.ema_generator
        return b"".join(network.parameters.tobytes() for network in networks)


def recorded(config: Config, key_frames: KeyFrames | None = None) -> tuple[RecordedTrainer, Recording[RecordedTrainer]]:
    run = RecordedTrainer(config)
    recording = Recording(RunLog(config), RecordedTrainer.restored, key_frames)
    recording.keep(run)
    return run, recording


def advance(
    run: RecordedTrainer, recording: Recording[RecordedTrainer], count: int, player: UpdatedPlayer = "both"
) -> None:
    recording.add_steps(run, run.advance(count, player), player)


def change(
    run: RecordedTrainer, recording: Recording[RecordedTrainer], path: str, value: Any, reinitialize: bool = False
) -> None:
    old = run.config
    new = old.patched(path, value)
    if new != old:
        run.change(new, reinitialize=reinitialize)
        recording.add_change(run, old, reinitialize=reinitialize)


@pytest.mark.slow
@pytest.mark.parametrize("seed", slow_but([0], range(4)))
def test_any_step_of_any_course_is_found_again(seed: int) -> None:
    rng = random.Random(seed)
    run, recording = recorded(Config(batch_size=16, seed=seed), KeyFrames(budget=100_000))
    bits = {0: run.bits()}
    for _ in range(40):
        if rng.random() < 0.6:
            player: UpdatedPlayer = rng.choice(["both", "both", "generator", "discriminator"])  # type: ignore[assignment]
            advance(run, recording, rng.randint(1, 40), player)
        else:
            path, values = rng.choice(CHANGES)
            change(run, recording, path, rng.choice(values), rng.random() < 0.3)
        bits[run.step] = run.bits()
    log = RunLog.read(io.BytesIO("\n".join(recording.log.lines()).encode()))
    assert log == recording.log
    for step in rng.sample(sorted(bits), min(8, len(bits))):
        assert recording.seek(step).bits() == bits[step]
        again = RecordedTrainer(log.config)
        Repetition(again, log.events, step).finish()
        assert again.bits() == bits[step]


def small(name: str) -> Config:
    return presets[name].config.patched("batch_size", 16)


def test_a_light_key_frame_is_used_only_where_a_step_of_both_players_follows_it() -> None:
    """Adam's mean of the gradient is left out where β₁ is 0, and used at once where β₁ is changed."""
    path = "generator.optimizer.beta1"
    run, recording = recorded(Config(batch_size=16))
    advance(run, recording, SPACING)
    advance(run, recording, SPACING)
    frames = recording.key_frames
    assert [frames.before(step).is_light for step in (0, SPACING, 2 * SPACING)] == [False, True, True]
    assert recording.key_frame(2 * SPACING + 5).step == 2 * SPACING
    assert recording.key_frame(2 * SPACING).step == SPACING, "the step of a light key-frame itself"
    advance(run, recording, 3, "discriminator")
    assert recording.key_frame(2 * SPACING + 2).step == SPACING, "no step of G follows"
    change(run, recording, path, 0.9)
    advance(run, recording, 5)
    assert recording.seek(run.step).bits() == run.bits()
    # A future that begins at a light key-frame with another β₁.
    branch = recording.branch(SPACING)
    other, truth = branch.seek(SPACING), RecordedTrainer(Config(batch_size=16))
    truth.advance(SPACING)
    change(other, branch, path, 0.9)
    truth.change(other.config)
    other.advance(10)
    truth.advance(10)
    assert other.bits() == truth.bits()


@pytest.mark.parametrize("name", slow_but(["default", "hopping_unrolled", "labelled_modes", "wgan_gp"], presets))
def test_every_preset_goes_on_from_a_key_frame(name: str) -> None:
    run, recording = recorded(small(name))
    advance(run, recording, 40)
    advance(run, recording, 12)
    assert recording.key_frames.steps == [0, 40]
    assert recording.seek(run.step).bits() == run.bits()


def diverging() -> tuple[RecordedTrainer, Recording[RecordedTrainer]]:
    run, recording = recorded(Config(batch_size=16))
    advance(run, recording, 30)
    change(run, recording, "generator.optimizer", "sgd")
    change(run, recording, "generator.optimizer.learning_rate", 10.0)
    change(run, recording, "discriminator.optimizer", "sgd")
    change(run, recording, "discriminator.optimizer.learning_rate", 10.0)
    change(run, recording, "loss", "least_squares")
    advance(run, recording, 500)
    return run, recording


def test_a_run_that_has_diverged_is_found_as_it_is() -> None:
    run, recording = diverging()
    assert run.trainer.diverged is not None
    for step in (run.step, run.step + 100):
        found = recording.seek(step)
        assert found.bits() == run.bits()
        assert found.trainer.diverged == run.trainer.diverged
    assert recording.seek(run.step - 1).trainer.diverged is None
    recording.log.end = End(run.step, digest_of(run.trainer), diverged=True)
    again = RecordedTrainer(recording.log.config)
    play_log(again, recording.log)
    assert digest_of(again.trainer) == recording.log.end.digest


def test_steps_of_one_player_are_found_one_by_one() -> None:
    run, recording = recorded(Config(batch_size=16))
    bits = []
    for _ in range(60):
        advance(run, recording, 1, "generator")
        bits.append(run.bits())
    assert [recording.seek(step).bits() for step in (1, 24, 25, 26, 59, 60)] == [
        bits[step - 1] for step in (1, 24, 25, 26, 59, 60)
    ]


def test_a_branch_has_the_same_past_and_another_future() -> None:
    run, recording = recorded(Config(batch_size=16))
    advance(run, recording, 40)
    advance(run, recording, 40, "generator")
    end = run.bits()
    branch = recording.branch(50)
    other = branch.seek(50)
    assert other.bits() == recording.seek(50).bits()
    change(other, branch, "generator.optimizer.learning_rate", 0.01)
    advance(other, branch, 40)
    assert branch.seek(90).bits() == other.bits()
    assert branch.seek(45).bits() == recording.seek(45).bits()
    assert recording.seek(80).bits() == end


def test_a_seek_changes_nothing_in_the_run() -> None:
    def course(seek: Callable[[Recording[RecordedTrainer]], object]) -> bytes:
        run, recording = recorded(Config(batch_size=16))
        for _ in range(4):
            advance(run, recording, 30)
            seek(recording)
        return run.bits()

    assert course(lambda recording: recording.seek(7)) == course(lambda _: None)
