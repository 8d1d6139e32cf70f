"""The speed benchmark compares like with like: every contender is led by the same weights and batches to the same
place, and each has its turn. Speeds themselves are not tested here."""

import argparse
import math
import shutil
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from benchmarks import prices, speed
from benchmarks.agreement import disagreement, scripted
from benchmarks.contenders.ours import plain
from benchmarks.game import Answer, Contender, Experiment, Script
from benchmarks.processes import OTHERS, InPython, Missing, Places, Process
from benchmarks.rounds import Spread, play, rate, ratio, steps_for
from gan1d.engine.distributions.targets import GaussianMixture
from gan1d.engine.special_functions import normal_cdf
from tests.tools import slow_but

# Sizes that fill no tile and no register.
EXPERIMENTS = [Experiment((5, 3), 7), Experiment((9, 4, 6), 33, "leaky_relu")]

IN_PROCESS = ["textbook:Textbook", "pytorch:Usual", "pytorch:Tuned", "jax_scan:Scan"]
NEEDS = {"pytorch": "torch", "jax_scan": "jax"}


def made(target: str, experiment: Experiment) -> Contender:
    """A contender in this very process; skips what is not installed."""
    module, _, name = target.partition(":")
    if module in NEEDS and not find_spec(NEEDS[module]):
        pytest.skip(f"{NEEDS[module]} is not installed")
    contender: Contender = getattr(import_module(f"benchmarks.contenders.{module}"), name)(experiment)
    return contender


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return Places(tmp_path_factory.mktemp("compiled"))


def started(name: str, experiment: Experiment, places: Places) -> Process:
    try:
        return OTHERS[name].start(experiment, places)
    except Missing as missing:
        pytest.skip(f"{name} needs {missing}")


def test_all_that_can_run_here_are_tried() -> None:
    targets = {kind.target for kind in OTHERS.values() if isinstance(kind, InPython)}
    # The compiler of PyTorch takes a minute: the benchmark itself checks what comes of it.
    assert targets - set(IN_PROCESS) == {"pytorch_compiled:Compiled"}


@pytest.mark.parametrize("experiment", slow_but(EXPERIMENTS[:1], EXPERIMENTS), ids=lambda e: "-".join(e.words()))
@pytest.mark.parametrize("target", slow_but(["textbook:Textbook"], IN_PROCESS))
def test_a_contender_plays_the_game_that_we_play(target: str, experiment: Experiment) -> None:
    script, ours = scripted(experiment)
    contender = made(target, experiment)
    assert disagreement(contender.replay(script), ours) == ""
    assert all(map(math.isfinite, contender.run(2)))


@pytest.mark.parametrize("experiment", slow_but(EXPERIMENTS[:1], EXPERIMENTS), ids=lambda e: "-".join(e.words()))
@pytest.mark.parametrize(
    "name", slow_but(["textbook NumPy, float64"], ["textbook NumPy, float64", "C, as fast as it gets"])
)
def test_so_does_one_in_a_process_of_its_own(name: str, experiment: Experiment, places: Places) -> None:
    script, ours = scripted(experiment)
    with started(name, experiment, places) as process:
        assert disagreement(process.replay(script), ours) == ""
        seconds, *losses = process.ask("run 2")
        assert seconds > 0
        assert all(map(math.isfinite, losses))
        # A second script begins anew, whatever was played in between.
        assert disagreement(process.replay(script), ours) == ""


@pytest.mark.slow
def test_the_random_numbers_of_the_c_program_are_those_of_the_game(places: Places) -> None:
    experiment = Experiment((4,), 4096)
    with started("C, as fast as it gets", experiment, places) as process:
        draws = np.array([process.ask("draw") for _ in range(2)]).reshape(2, 3, 4096)
    for real, noise_d, noise_g in draws:
        for sample, cdf in ((real, GaussianMixture().cdf), (noise_d, normal_cdf), (noise_g, normal_cdf)):
            # Kolmogorov & Smirnov: the largest distance of n good draws passes 1.95 / √n once in a thousand times.
            steps = np.arange(4097) / 4096
            heights = cdf(np.sort(sample))
            assert max(np.abs(heights - steps[1:]).max(), np.abs(heights - steps[:-1]).max()) < 1.95 / 64
    # All six batches are new: correlations of 4,096 pairs have a standard deviation of 1 / 64.
    others = np.corrcoef(draws.reshape(6, 4096)) - np.eye(6)
    assert np.abs(others).max() < 4 / 64
    # Box & Muller make two numbers at a time, of the first and of the second half of what one step takes.
    for first, second in draws.reshape(2, 2, -1):
        assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(first.size)


def test_another_game_is_noticed() -> None:
    _, ours = scripted(EXPERIMENTS[0])
    assert "losses" in disagreement(replace(ours, losses=ours.losses + np.float32(0.01)), ours)
    assert "losses" in disagreement(replace(ours, losses=ours.losses * np.float32(np.nan)), ours)
    # One step of Adam is 1e-3 long.
    assert "generator" in disagreement(replace(ours, generator=ours.generator + np.float32(1e-3)), ours)
    assert "discriminator" in disagreement(replace(ours, discriminator=ours.discriminator - np.float32(1e-3)), ours)


def test_lines_bring_back_the_same_numbers() -> None:
    experiment = EXPERIMENTS[0]
    script, answer = scripted(experiment)
    again = Script.parsed(script.line().split()[1:], experiment)
    for name in ("generator", "discriminator", "batches"):
        assert np.array_equal(getattr(again, name), getattr(script, name))
    parsed = Answer.parsed([float(word) for word in answer.line().split()], script)
    for name in ("losses", "generator", "discriminator"):
        assert np.array_equal(getattr(parsed, name), getattr(answer, name))
    with pytest.raises(ValueError, match=r"^Expected \d+ numbers, but got 3\.$"):
        Answer.parsed([1.0, 2.0, 3.0], script)
    assert Experiment.parsed(experiment.words()) == experiment


def test_what_is_missing_is_said_with_how_to_get_it(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Missing, match="npm install @tensorflow/tfjs"):
        OTHERS["TensorFlow.js, wasm in node"].start(EXPERIMENTS[0], replace(places, node_modules=Path("/nowhere")))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Missing, match="C compiler"):
        OTHERS["C, as fast as it gets"].start(EXPERIMENTS[0], places)
    with pytest.raises(Missing, match=r"C\+\+ compiler"):
        OTHERS["torch.compile"].start(EXPERIMENTS[0], places)


def test_a_stretch_is_filled_with_whole_blocks() -> None:
    assert steps_for(lambda count: 0.04 * count, 0.1, 0.0) == 2  # 0.1 s are 2.5 steps; round half to even
    assert steps_for(lambda count: 0.3 * count, 0.1, 0.0) == 1
    assert steps_for(lambda count: 1e-4 * count, 0.1, 0.0) == 1024  # 1,000 steps are 7.8 blocks of 128


def test_a_contender_is_warm_before_it_counts() -> None:
    played = 0

    def slow_at_first(count: int) -> float:
        nonlocal played
        played += count
        return count * (1.0 if played < 10 else 0.01)

    # 1 + 1 + … s until 9 steps are over; then 0.01 s a step, and 1 s holds 100.
    assert steps_for(slow_at_first, 1.0, 20.0) == 100


def test_everybody_has_a_turn_in_every_round_and_another_one_begins() -> None:
    played: list[str] = []

    def turn(name: str, seconds: float, count: int) -> float:
        played.append(name)
        return seconds * count

    turns = {name: lambda n, name=name, s=s: turn(name, s, n) for name, s in (("a", 0.5), ("b", 1.0), ("c", 0.25))}
    times = play(turns, rounds=3, stretch=0.1, warm_up=0.0)
    assert played[-9:] == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]
    assert times == {"a": [0.5] * 3, "b": [1.0] * 3, "c": [0.25] * 3}
    assert ratio(times, "b", "c") == Spread(4.0, 4.0, 4.0)
    assert rate(times, "a") == Spread(2.0, 2.0, 2.0)


def test_a_ratio_is_taken_within_a_round() -> None:
    # The machine is ten times slower in the second round: the ratio is 2 all the same.
    assert ratio({"ours": [1.0, 10.0, 1.0], "theirs": [2.0, 20.0, 2.0]}, "theirs", "ours").median == 2.0
    assert Spread.of([1.0, 2.0, 3.0, 4.0, 5.0]) == Spread(2.0, 3.0, 4.0)
    assert Spread.of([7.0]) == Spread(7.0, 7.0, 7.0)


@pytest.mark.parametrize("path", prices.UNIONS)
def test_every_member_of_a_union_has_a_price(path: str) -> None:
    config = plain(Experiment((4,), 8))
    times = prices.each(config, path, rounds=1, stretch=1e-3)
    assert list(times) == [member.kind for member in get_args(prices.UNIONS[path])]
    assert ratio(times, prices.PLAIN[path], prices.PLAIN[path]).median == 1.0
    # The others are compared with the kind that the plain experiment has.
    assert config.patched(path, prices.PLAIN[path]) == config


def test_a_look_has_a_price() -> None:
    assert prices.of_frame(plain(Experiment((4,), 8)), rounds=1, stretch=1e-3).median > 0


def test_a_table_says_what_is_reached(capsys: pytest.CaptureFixture[str]) -> None:
    turns = {"gan1d": lambda n: 0.01 * n, "PyTorch, tuned": lambda n: 0.19 * n}
    turns["PyTorch, as usually written"] = lambda n: 0.31 * n
    rows = speed.measured(turns, "S", argparse.Namespace(rounds=2, stretch=0.01))
    ours, tuned, usual = capsys.readouterr().out.splitlines()
    assert "100 steps/s   ours is    1.00x" in ours
    assert "ours is   19.00x (19.00 to 19.00)  goal 20: missed" in tuned
    assert "ours is   31.00x (31.00 to 31.00)  goal 30: met" in usual
    assert rows["PyTorch, tuned"]["goal"] == 20


def test_goals_are_set_for_contenders_that_exist() -> None:
    assert set(speed.GOALS) <= set(OTHERS)
    assert {size for goals in speed.GOALS.values() for size in goals} <= set(speed.SIZES)


def test_the_results_are_written_with_machine_date_and_command(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text(
        "before\n<!-- speed -->\nold\n<!-- /speed -->\n<!-- prices -->\nold\n<!-- /prices -->\nafter\n", "utf-8"
    )
    machine = {"processor": "A processor", "platform": "Linux", "python": "3.13.0", "numpy": "2.4.0"}
    spread = {"low": 1.0, "median": 2.0, "high": 3.0}
    row = {"steps_per_second": {"low": 900.0, "median": 1234.5, "high": 2000.0}}
    found = {
        "gan1d": "0.2.0",
        "machine": machine,
        "sizes": {"S": {"gan1d": {**row, "ours_is": spread}, "PyTorch": {"missing": "pip install torch"}}},
        "prices": {"default": {"loss": {"hinge": {**row, "costs": spread}}}, "frame_seconds": {"median": 2.5e-4}},
    }
    above = speed.head(found, "python -m benchmarks.speed --write", "2026-11-28")
    speed.write({**found, "prices": {}}, above, document)
    assert "<!-- prices -->\nold" in document.read_text("utf-8")
    speed.write({**found, "sizes": {}}, above, document)
    text = document.read_text("utf-8")
    assert text.startswith(
        "before\n<!-- speed -->\ngan1d 0.2.0, 2026-11-28, by `python -m benchmarks.speed --write`, on one"
    )
    assert "A processor (Linux, Python 3.13.0, NumPy 2.4.0)." in text
    assert "| S | gan1d | 1,234 | 2.00× (1.00 to 3.00) |" in text
    assert "| S | PyTorch | not measured: it needs pip install torch | |" in text
    assert "| `loss` | hinge | 1,234 | 2.00× (1.00 to 3.00) |" in text
    assert "A frame of the default experiment takes 250 µs." in text
    assert text.endswith("<!-- /prices -->\nafter\n")
    assert "old" not in text


def test_the_document_has_a_place_for_the_results() -> None:
    for mark in ("speed", "prices"):
        assert speed.DOCUMENT.read_text("utf-8").count(f"<!-- {mark} -->") == 1
