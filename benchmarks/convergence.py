"""Speed and quality of the convergence of a preset, and its stability afterwards.

A generator whose biases start at 0 is an odd function, so on a symmetric target half of its mass is on each mode
before it has learned anything. The asymmetry suite removes this advantage: for each seed the mode positions are shifted
by up to ±1, one of them holds 0.6 to 0.8 of the mass, and weights and biases start uniformly at random.

    python benchmarks/convergence.py --suite --seeds 381
    python benchmarks/convergence.py --suite --seeds 24 --steps 20000 --set batch_size=128

Ripples are changes of direction of D's curve, by 0.01 or more, where both densities are next to 0 and no optimal D is
drawn: a reader takes them for knowledge that D does not have.
"""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

import gan1d
from gan1d.cli import check
from gan1d.config.model import Config
from gan1d.diagnosis.trajectory import Trajectory, record_trajectory
from gan1d.engine.distributions.targets import GaussianMixture
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.gallery.criteria import Converged
from gan1d.gallery.rates import SuccessRate

TURN = 0.01
"""Smallest change of D that counts as a turn."""


def asymmetric(config: Config, seed: int) -> Config:
    """The experiment with its symmetry broken at random, depending on the seed alone."""
    rng = np.random.default_rng([20140610, seed])
    shift, heavy = rng.uniform(-1, 1), rng.uniform(0.6, 0.8)
    weights = (heavy, 1 - heavy) if rng.random() < 0.5 else (1 - heavy, heavy)
    assert isinstance(config.target, GaussianMixture), "the suite bends a mixture"
    for index, (mode, weight) in enumerate(zip(config.target.modes, weights, strict=True)):
        config = config.patched(f"target.modes.{index}.position", mode.position + shift)
        config = config.patched(f"target.modes.{index}.weight", weight)
    for network in ("generator", "discriminator"):
        config = config.patched(f"{network}.initialization.weights", "uniform")
        config = config.patched(f"{network}.initialization.random_biases", True)
    return config.patched("seed", seed)


def turns(curve: Sequence[float]) -> int:
    """Number of changes of direction of a curve, without wiggles below `TURN`."""
    count, direction, extreme = 0, 0, curve[0]
    for value in curve:
        if direction * (value - extreme) > 0:
            extreme = value
        elif abs(value - extreme) > TURN:
            count += direction != 0
            direction, extreme = (1 if value > extreme else -1), value
    return count


def ripples(frame: gan1d.Frame) -> int:
    """Turns of D's curve on the parts of the axis where no optimal D is drawn."""
    nowhere = np.isnan(frame.optimal_discriminator)
    stretches = np.split(np.arange(len(nowhere)), np.flatnonzero(np.diff(nowhere)) + 1)
    return sum(turns(frame.discriminator[stretch].tolist()) for stretch in stretches if nowhere[stretch[0]])


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One run, observed every 25 steps.

    Attributes:
        trajectory: Its features.
        ema_errors: Wasserstein-1 of the averaged generator over the target's standard deviation.
        ripples: Ripples of D's curve.
    """

    trajectory: Trajectory
    ema_errors: Sequence[float]
    ripples: Sequence[int]

    @property
    def errors(self) -> list[float]:
        """Errors of the generator."""
        return [observation.error for observation in self.trajectory.observations]


def play(seed: int, *, config: Config, steps: int, suite: bool) -> Outcome:
    """Make one run."""
    config = asymmetric(config, seed) if suite else config.patched("seed", seed)
    probe, frames = Probe(config), list[gan1d.Frame]()

    def watch(trainer: Trainer) -> None:
        frames.append(observe(trainer, probe))

    return Outcome(
        trajectory=record_trajectory(config, steps, watch),
        ema_errors=[frame.ema_wasserstein1 / probe.target_deviation for frame in frames],
        ripples=[ripples(frame) for frame in frames],
    )


def late(column: Sequence[float]) -> Sequence[float]:
    """The last half of a run."""
    return column[len(column) // 2 :]


def quality(runs: Sequence[Outcome]) -> str:
    """Errors and ripples in the last half of the runs."""
    parts = ", ".join(
        f"{name} {np.median(values):.3f} / {np.percentile(values, 95):.3f}"
        for name, values in (
            ("final error", [run.errors[-1] for run in runs]),
            ("late", [np.median(late(run.errors)) for run in runs]),
            ("late average-G", [np.median(late(run.ema_errors)) for run in runs]),
        )
    )
    errors = np.concatenate([late(run.errors) for run in runs])
    rippled = np.mean([np.mean(late(run.ripples)) for run in runs])
    stopped = sum(run.trajectory.diverged is not None for run in runs)
    return (
        f"    median / p95: {parts}; error < .1 for {np.mean(errors < 0.1):.1%} of late observations; "
        f"ripples {rippled:.2f}; diverged {stopped}"
    )


def changed(config: Config, changes: list[str]) -> Config:
    """The config after changes `PATH=VALUE`, with values as JSON or bare words."""
    for change in changes:
        path, _, text = change.partition("=")
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            value = text
        config = config.patched(path, value)
    return config


def main() -> None:
    """Run the seeds, and print two lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="default", choices=list(gan1d.presets))
    parser.add_argument("--suite", action="store_true", help="on the asymmetry suite")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=check.FIRST_FRESH_SEED)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    config, seeds = (
        changed(gan1d.presets[given.preset].config, given.set),
        range(given.first_seed, given.first_seed + given.seeds),
    )
    with ProcessPoolExecutor(given.workers) as pool:
        run_seed = partial(play, config=config, steps=given.steps, suite=given.suite)
        runs = list(pool.map(run_seed, seeds, chunksize=4))
    rate = SuccessRate(seeds=seeds, found=[Converged().shown(run.trajectory) for run in runs])
    low, high = rate.interval
    when = " ".join(f"t{percent} {rate.by(percent)}" for percent in (50, 90, 99, 100))
    print(f"{given.preset}: converged in {rate.hits}/{len(seeds)} ({low:.1%} to {high:.1%}), {when}")
    print(f"    not: {rate.missed[:8]}")
    print(quality(runs))


if __name__ == "__main__":
    main()
