"""How often, how fast and how well a preset learns, off the symmetric start that flatters every GAN.

A generator whose biases start at 0 is an odd function, so on a symmetric target half of its mass is on each mode
before it has learned anything. The asymmetry suite takes that gift away: for every seed the mode positions are
shifted by up to ±1, one of them holds .6 to .8 of the mass, and weights and biases start uniformly at random.

    python tests/bench/convergence.py --preset default --seeds 200
    python tests/bench/convergence.py --preset default --seeds 32 --steps 20000 --set penalty.gamma=0.1

nW1 is Wasserstein-1 over the standard deviation of the target. A run has *reached* its target at the first of three
looks in a row, 25 steps apart, with nW1 below .1 and every mode's mass within 30 % of what it should be.
"""

import argparse
import json
import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

import gan1d
from gan1d.config import Config
from gan1d.engine.targets import GaussianMixture

LOOK_EVERY = 25
IN_A_ROW = 3


@dataclass(frozen=True)
class Outcome:
    """What became of one run; `reached` is None if it never did, errors are nW1 over the looks of its last half."""

    seed: int
    reached: int | None
    final: float
    late: float
    ema_late: float
    late_share: float
    diverged: bool


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


def play(seed: int, *, config: Config, steps: int, symmetric: bool) -> Outcome:
    """One run from its start to `steps`, looked at as it goes."""
    config = config.patched("seed", seed) if symmetric else asymmetric(config, seed)
    trainer, probe = gan1d.Trainer(config), gan1d.Probe(config)
    unit = spread(config.target)
    good, reached, errors, ema_errors = 0, None, [], []
    while trainer.step_count < steps and trainer.diverged is None:
        trainer.run(LOOK_EVERY)
        frame = gan1d.observe(trainer, probe)
        errors.append(frame.wasserstein1 / unit)
        ema_errors.append(frame.ema_wasserstein1 / unit)
        fair = bool(np.all(np.abs(frame.mode_masses / probe.target_mode_masses - 1) < 0.3))
        good = good + 1 if errors[-1] < 0.1 and fair else 0
        if good == IN_A_ROW and reached is None:
            reached = trainer.step_count - (IN_A_ROW - 1) * LOOK_EVERY
    late = np.array(errors[len(errors) // 2 :])
    return Outcome(
        seed, reached, errors[-1], float(np.median(late)), float(np.median(ema_errors[len(errors) // 2 :])),
        float(np.mean(late < 0.1)), trainer.diverged is not None,
    )  # fmt: skip


def wilson_low(hits: int, n: int) -> float:
    """Lower end of the 95 % interval of a rate (Wilson 1927)."""
    z, p = 1.959964, hits / n
    return (p + z * z / (2 * n) - z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)


def report(outcomes: list[Outcome]) -> str:
    """One paragraph of numbers."""
    n, hits = len(outcomes), sorted(o.reached for o in outcomes if o.reached is not None)
    steps = [*hits, *[math.inf] * (n - len(hits))]
    times = " ".join(f"t{q} {steps[min(n - 1, math.ceil(q / 100 * n) - 1)]:.0f}" for q in (50, 90, 95, 99, 100))
    percent = ", ".join(
        f"{name} {np.median(values):.3f} / {np.percentile(values, 95):.3f}"
        for name, values in (
            ("final nW1", [o.final for o in outcomes]),
            ("late", [o.late for o in outcomes]),
            ("late average-G", [o.ema_late for o in outcomes]),
        )
    )
    missed = [o.seed for o in outcomes if o.reached is None]
    return (
        f"reached {len(hits)}/{n} (at least {wilson_low(len(hits), n):.1%} at 95 %), {times}; median / p95: {percent}; "
        f"nW1 < .1 for {np.mean([o.late_share for o in outcomes]):.1%} of late looks; "
        f"diverged {sum(o.diverged for o in outcomes)}; missed seeds {missed[:10]}"
    )


def main() -> None:
    """Read the command line, run the seeds, print the table's row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="default", choices=list(gan1d.presets))
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=1_000_000, help="so that they are fresh")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--symmetric", action="store_true", help="the preset as it is, only with other seeds")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    config = gan1d.presets[options.preset].config
    for change in options.set:
        path, _, text = change.partition("=")
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            value = text
        config = config.patched(path, value)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    once = partial(play, config=config, steps=options.steps, symmetric=options.symmetric)
    with ProcessPoolExecutor(options.workers) as pool:
        print(report(list(pool.map(once, seeds, chunksize=4))))


if __name__ == "__main__":
    main()
