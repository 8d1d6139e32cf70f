"""Measuring a claim: the rate and its interval, what is said on the way, and that stopping it is clean."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import gan1d
from gan1d.cli import check, commands
from gan1d.cli.check import measure_rate, rate_to_json
from gan1d.diagnosis.trajectory import record_trajectories, record_trajectory
from gan1d.gallery.criteria import Balanced, Claim, Diverged
from gan1d.gallery.rates import SuccessRate
from gan1d.sweeps import workers

SMALL = gan1d.presets["diverging"].config
SOON = Claim(shows=Diverged(), by=500, steps=500)
NEVER = Claim(shows=Diverged(), by=1, steps=1)


@pytest.mark.slow
def test_a_measurement_is_the_runs_one_by_one() -> None:
    rate = measure_rate(SMALL, SOON, range(3, 6))
    assert rate.found == [record_trajectory(SMALL.patched("seed", seed), 500).diverged for seed in range(3, 6)]
    assert all(rate.found)
    assert measure_rate(SMALL, NEVER, [3, 4]).hits == 0


def test_what_is_told() -> None:
    said = rate_to_json("diverging", SOON, SuccessRate(seeds=[1, 2], found=[60, None]))
    assert said["criterion"] == "a gradient grows beyond all bounds, and training stops; seen by step 500 of 500"
    assert (said["hits"], said["seeds"], said["first_seed"], said["rate"]) == (1, 2, 1, 0.5)
    assert (said["t50"], said["t95"], said["missed"]) == (60, None, [2])


def test_the_command_prints_one_object(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "cores", lambda: 1)
    monkeypatch.setattr(check, "worker_pool", ThreadPoolExecutor)  # A process takes longer to start than both runs.
    arguments = ["run", "--check", "diverging", "--seeds", "2", "--first-seed", "40"]
    assert commands.main(arguments) == 0
    out, err = capsys.readouterr()
    said: dict[str, Any] = json.loads(out)
    assert (said["preset"], said["seeds"], said["first_seed"], said["hits"]) == ("diverging", 2, 40, 2)
    assert err == "1 of 2 runs, 1 met the claim\n2 of 2 runs, 2 met the claim\n"
    assert commands.main([*arguments, "--set", "generator.optimizer.learning_rate=1e-5",
                     "--set", "discriminator.optimizer.learning_rate=1e-5"]) == 0  # fmt: skip
    assert json.loads(capsys.readouterr().out)["hits"] == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_ctrl_c_ends_it_without_a_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gan1d", "run", "--check", "diverging", "--seeds", "100000"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        assert "met the claim" in process.stderr.readline()  # under way
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to all of them
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out) == (commands.INTERRUPTED, "")
    assert err.splitlines()[-1] == "gan1d run: interrupted"
    assert "Traceback" not in err


def test_there_are_cores() -> None:
    assert 1 <= workers.cores() <= (os.cpu_count() or 1)


def test_runs_that_are_trained_together_are_those_of_one_by_one() -> None:
    config = gan1d.presets["wgan_gp"].config.patched("batch_size", 16)
    claim = Claim(shows=Balanced(), by=100, steps=100)
    assert check.are_together(config, [claim])
    configs = [config.patched("seed", seed) for seed in range(3)]
    together = record_trajectories(configs, 60)
    for each, trajectory in zip(configs, together, strict=True):
        alone = record_trajectory(each, 60)
        assert [seen.step for seen in trajectory.observations] == [25, 50, 60]
        for a, b in zip(trajectory.observations, alone.observations, strict=True):
            assert a.error == pytest.approx(b.error, rel=1e-3)
    assert check.run_block(configs, [claim]) == [[claim.met(record_trajectory(each, 100))] for each in configs]


def test_a_run_that_diverges_ends_alone() -> None:
    steep = SMALL.patched("generator.optimizer.learning_rate", 1e-5).patched(
        "discriminator.optimizer.learning_rate", 1e-5
    )
    configs = [SMALL.patched("seed", 3), steep.patched("seed", 3)]
    first, second = record_trajectories(configs, 400)
    assert first.diverged == record_trajectory(configs[0], 400).diverged is not None
    assert second.diverged is None
    assert second.observations[-1].step == 400


@pytest.mark.parametrize(
    ("preset", "expected"),
    [("mode_collapse", True), ("wgan_gp", False), ("hopping_unrolled", False), ("diverging", False)],
)
def test_runs_are_trained_together_only_where_none_ends_early(preset: str, expected: bool) -> None:
    found = gan1d.presets[preset]
    assert check.are_together(found.config, [found.claim]) is expected
