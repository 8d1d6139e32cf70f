"""How often, how fast and how well each preset does what it is there to show.

A generator whose biases start at 0 is an odd function, so on a symmetric target half of its mass is on each mode
before it has learned anything. The asymmetry suite takes that gift away: for every seed the mode positions are
shifted by up to ±1, one of them holds .6 to .8 of the mass, and weights and biases start uniformly at random.

    python tests/bench/convergence.py --all
    python tests/bench/convergence.py --preset default --seeds 381
    python tests/bench/convergence.py --preset default --seeds 32 --steps 20000 --set penalty.gamma=0.1

nW1 is Wasserstein-1 over the standard deviation of the target. A run has

    reached     its target at the first of three looks in a row, 25 steps apart, with nW1 below .1 and every mode's
                mass within 30 % of what it should be,
    collapsed   at the first look from which on some mode always has less than 5 % of the mass,
    flattened   at the first look from which on D's curve spans less than .02 of its axis: G has nothing to go by,
    diverged    when a gradient has grown beyond all bounds.

Ripples are the turns of D's curve, by .01 or more, where neither density lives and no optimal D is claimed: a
reader takes them for knowledge that D does not have.
"""

import argparse
import json
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import gan1d
from gan1d.config import Config
from gan1d.engine.targets import GaussianMixture

LOOK_EVERY = 25
IN_A_ROW = 3
FEW = 0.05
FLAT = 0.02
TURN = 0.01

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Track:
    """One run as it was seen at each look; arrays are `(looks,)`, `diverged` is a step."""

    seed: int
    errors: Floats
    ema_errors: Floats
    fair: NDArray[np.bool_]
    least: Floats
    range_d: Floats
    ripples: Floats
    diverged: int | None

    def late(self, column: Floats) -> Floats:
        """The last half of the looks."""
        return column[len(column) // 2 :]


def reached(track: Track) -> int | None:
    """The step at which the run met its target, to stay for three looks."""
    good = track.fair & (track.errors < 0.1)
    for index in range(len(good) - IN_A_ROW + 1):
        if good[index : index + IN_A_ROW].all():
            return (index + 1) * LOOK_EVERY
    return None


def since(looks: NDArray[np.bool_]) -> int | None:
    """The step of the first look from which on all are true."""
    others = np.flatnonzero(~looks)
    start = int(others[-1]) + 1 if len(others) else 0
    return (start + 1) * LOOK_EVERY if start < len(looks) else None


def collapsed(track: Track) -> int | None:
    """The step from which on a mode has (nearly) no mass, to the end of the run."""
    return since(track.least < FEW)


def flattened(track: Track) -> int | None:
    """The step from which on D says the same everywhere, to the end of the run."""
    return since(track.range_d < FLAT)


def diverged(track: Track) -> int | None:
    """The step that could not be made."""
    return track.diverged


@dataclass(frozen=True)
class Claim:
    """What a preset must show, on the asymmetry suite or as it is, by which step of how many; None where nothing is
    promised and the rate is only said."""

    preset: str
    shown: Callable[[Track], int | None]
    steps: int
    by: int
    suite: bool = False
    rate: float | None = None


CLAIMS = (
    Claim("default", reached, steps=1500, by=1000, suite=True, rate=0.99),
    Claim("default", reached, steps=1500, by=1500, rate=0.99),
    Claim("textbook", reached, steps=3000, by=3000),
    Claim("textbook", reached, steps=3000, by=3000, suite=True),
    Claim("original", reached, steps=3000, by=3000),
    Claim("original", flattened, steps=3000, by=3000),
    Claim("mode_collapse", collapsed, steps=3000, by=300, rate=0.99),
    Claim("diverging", diverged, steps=300, by=300, rate=0.99),
)


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


def spread(target: GaussianMixture) -> float:
    """Standard deviation of a mixture."""
    total = sum(mode.weight for mode in target.modes)
    mean = sum(mode.weight * mode.position for mode in target.modes) / total
    second = sum(mode.weight * (mode.width**2 + mode.position**2) for mode in target.modes) / total
    return math.sqrt(second - mean**2)


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


def play(seed: int, *, config: Config, steps: int, suite: bool) -> Track:
    """One run from its start to `steps`, looked at as it goes."""
    config = asymmetric(config, seed) if suite else config.patched("seed", seed)
    trainer, probe = gan1d.Trainer(config), gan1d.Probe(config)
    assert isinstance(config.target, GaussianMixture), "nW1 needs the spread of the target"
    unit, rows = spread(config.target), []
    while trainer.step_count < steps and trainer.diverged is None:
        trainer.run(min(LOOK_EVERY, steps - trainer.step_count))
        frame = gan1d.observe(trainer, probe)
        fair = bool(np.all(np.abs(frame.mode_masses / probe.target_mode_masses - 1) < 0.3))
        errors = frame.wasserstein1 / unit, frame.ema_wasserstein1 / unit
        range_d = float(np.ptp(frame.discriminator))
        rows.append((*errors, fair, float(frame.mode_masses.min()), range_d, ripples(frame)))
    error, ema_error, fairness, least, span, rippled = (np.array(column) for column in zip(*rows, strict=True))
    stop = None if trainer.diverged is None else trainer.diverged.step
    return Track(seed, error, ema_error, fairness, least, span, rippled, stop)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a rate (Wilson 1927)."""
    z, p = 1.959964, hits / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def verdict(claim: Claim, tracks: list[Track]) -> str:
    """How many runs showed it in time, and when."""
    n, found = len(tracks), [claim.shown(track) for track in tracks]
    times = sorted(step if step is not None and step <= claim.by else math.inf for step in found)
    hits = sum(map(math.isfinite, times))
    low, high = wilson(hits, n)
    when = " ".join(f"t{q} {times[max(0, math.ceil(q / 100 * n) - 1)]:.0f}" for q in (0, 50, 90, 99, 100))
    promise = "" if claim.rate is None else " as promised" if low >= claim.rate else f" (promised: {claim.rate:.0%})"
    missed = [track.seed for track, step in zip(tracks, found, strict=True) if step is None or step > claim.by]
    name = f"{claim.preset} {'on the suite' if claim.suite else 'as it is'}"
    return (
        f"{name}: {claim.shown.__name__} by step {claim.by} in {hits}/{n} ({low:.1%} to {high:.1%}{promise}), {when}"
        + (f"; not with seeds {missed[:8]}{'…' if len(missed) > 8 else ''}" if missed else "")
    )


def quality(tracks: list[Track]) -> str:
    """How well the runs did in their last half."""
    parts = ", ".join(
        f"{name} {np.median(values):.3f} / {np.percentile(values, 95):.3f}"
        for name, values in (
            ("final nW1", [track.errors[-1] for track in tracks]),
            ("late", [np.median(track.late(track.errors)) for track in tracks]),
            ("late average-G", [np.median(track.late(track.ema_errors)) for track in tracks]),
        )
    )
    late = np.concatenate([track.late(track.errors) for track in tracks])
    rippled = np.mean([np.mean(track.late(track.ripples)) for track in tracks])
    stopped = sum(track.diverged is not None for track in tracks)
    return (
        f"    median / p95: {parts}; nW1 < .1 for {np.mean(late < 0.1):.1%} of late looks; "
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


def asked() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every claim of every preset")
    parser.add_argument("--preset", default="default", choices=list(gan1d.presets), help="the claims of one preset")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=1_000_000, help="so that they are fresh")
    parser.add_argument("--steps", type=int, help="instead of those of the claim")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    """Run the seeds of each claim, and print a line or two for it."""
    options = asked()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    with ProcessPoolExecutor(options.workers) as pool:
        for claim in CLAIMS:
            if not options.all and claim.preset != options.preset:
                continue
            config = changed(gan1d.presets[claim.preset].config, options.set)
            once = partial(play, config=config, steps=options.steps or claim.steps, suite=claim.suite)
            tracks = list(pool.map(once, seeds, chunksize=4))
            print(verdict(claim, tracks), flush=True)
            if claim.shown is reached:
                print(quality(tracks), flush=True)


if __name__ == "__main__":
    main()
