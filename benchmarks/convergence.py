"""How fast and how well a preset's runs reach their target, and how they stay there.

A generator whose biases start at 0 is an odd function, so on a symmetric target half of its mass is on each mode
before it has learned anything. The asymmetry suite takes that gift away: for every seed the mode positions are
shifted by up to ±1, one of them holds .6 to .8 of the mass, and weights and biases start uniformly at random.

    python benchmarks/convergence.py --suite --seeds 381
    python benchmarks/convergence.py --suite --seeds 24 --steps 20000 --set batch_size=128

Ripples are the turns of D's curve, by .01 or more, where neither density lives and no optimal D is claimed: a
reader takes them for knowledge that D does not have.
"""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

import gan1d
from gan1d.cli import check
from gan1d.config.model import Config
from gan1d.engine.distributions.targets import GaussianMixture
from gan1d.gallery.criteria import Reached, Trajectory
from gan1d.gallery.trajectory import follow

TURN = 0.01


def asymmetric(config: Config, seed: int) -> Config:
    """The same experiment with its symmetry broken at random; the seed alone decides how."""
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
    """How often a curve changes direction, wiggles below `TURN` aside."""
    count, direction, extreme = 0, 0, curve[0]
    for value in curve:
        if direction * (value - extreme) > 0:
            extreme = value
        elif abs(value - extreme) > TURN:
            count += direction != 0
            direction, extreme = (1 if value > extreme else -1), value
    return count


def ripples(frame: gan1d.Frame) -> int:
    """Turns of D's curve on the stretches of the axis where no optimal D is claimed."""
    nowhere = np.isnan(frame.optimal_discriminator)
    stretches = np.split(np.arange(len(nowhere)), np.flatnonzero(np.diff(nowhere)) + 1)
    return sum(turns(frame.discriminator[stretch].tolist()) for stretch in stretches if nowhere[stretch[0]])


def play(seed: int, *, config: Config, steps: int, suite: bool) -> tuple[Trajectory, list[int]]:
    """One run, and the ripples of each of its looks."""
    rippled: list[int] = []
    chosen = asymmetric(config, seed) if suite else config.patched("seed", seed)
    return follow(chosen, steps, lambda frame: rippled.append(ripples(frame))), rippled


def late(column: Sequence[float]) -> Sequence[float]:
    """The last half of the looks."""
    return column[len(column) // 2 :]


def quality(runs: list[tuple[Trajectory, list[int]]]) -> str:
    """How well the runs did in their last half."""
    tracks = [track for track, _ in runs]
    parts = ", ".join(
        f"{name} {np.median(values):.3f} / {np.percentile(values, 95):.3f}"
        for name, values in (
            ("final nW1", [track.errors[-1] for track in tracks]),
            ("late", [np.median(late(track.errors)) for track in tracks]),
            ("late average-G", [np.median(late(track.ema_errors)) for track in tracks]),
        )
    )
    errors = np.concatenate([late(track.errors) for track in tracks])
    rippled = np.mean([np.mean(late(turns)) for _, turns in runs])
    stopped = sum(track.diverged is not None for track in tracks)
    return (
        f"    median / p95: {parts}; nW1 < .1 for {np.mean(errors < 0.1):.1%} of late looks; "
        f"ripples {rippled:.2f}; diverged {stopped}"
    )


def changed(config: Config, changes: list[str]) -> Config:
    """`PATH=VALUE` from the command line, values as JSON or bare words."""
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
    parser.add_argument("--first-seed", type=int, default=check.FRESH)
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
    rate = check.SuccessRate(seeds=seeds, found=[Reached().shown(track) for track, _ in runs])
    low, high = rate.interval
    when = " ".join(f"t{percent} {rate.by(percent)}" for percent in (50, 90, 99, 100))
    print(
        f"{given.preset}: reached in {rate.hits}/{len(seeds)} ({low:.1%} to {high:.1%}), {when}; not {rate.missed[:8]}"
    )
    print(quality(runs))


if __name__ == "__main__":
    main()
