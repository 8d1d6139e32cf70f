"""How far a curve moves when its network is changed in mid-game, and how long that takes.

Each row is one change to one network of the default experiment, made at several steps of several runs: the largest
deviation of the curve from the former one, on 4,000 points of the axis the page shows, as a share of the curve's range;
and milliseconds of processor time, the generator's average included.

    python benchmarks/morphism.py --seeds 3 --steps 0 300 1500
"""

import argparse
import time
from collections.abc import Iterator
from statistics import median
from typing import Any, get_args

import numpy as np

import gan1d  # before numpy, which it keeps to one thread
from gan1d.config.model import Config
from gan1d.engine.distributions.shown_axis import shown_axis
from gan1d.engine.networks.activations import Activation

SHAPES = ([32, 32, 32], [20, 20, 20], [12, 12, 12], [8, 8, 8], [16, 16, 16, 16], [16, 16], [2])
KINDS = [member().kind for member in get_args(Activation)]
PLAYERS = ("generator", "discriminator")
Row = tuple[str, str, str]


def changes(everything: bool) -> Iterator[tuple[str, str, str, Any]]:
    """Player, activation to start with ("" for the default), path of the change, and the value."""
    for player in PLAYERS:
        for shape in SHAPES:
            yield player, "", "hidden", shape
        yield player, "relu", "hidden", [16, 16, 16, 16]
        for kind in KINDS if everything else [""]:
            for other in KINDS:
                yield player, kind, "activation", other


def after(config: Config, steps: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """States of a run at some steps."""
    trainer = gan1d.Trainer(config)
    for step in steps:
        trainer.run(step - trainer.step_count)
        yield step, trainer.state_dict()


def measured(config: Config, state: dict[str, Any], player: str, path: str, value: Any) -> tuple[float, float, float]:
    """Deviation in percent of the range, the reported deviation, and milliseconds."""
    trainer = gan1d.Trainer.restore(config, state)
    axis = shown_axis(config.target) if player == "discriminator" else config.latent.span
    x = np.linspace(*axis, 4000)
    before = getattr(trainer, player).apply(x)
    new = config.patched(f"{player}.{path}", value)
    start = time.process_time()
    reported = trainer.change(new)[player]
    taken = 1e3 * (time.process_time() - start)
    deviation = np.abs(getattr(trainer, player).apply(x) - before).max() / np.ptp(before)
    return 100 * float(deviation), 100 * reported, taken


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, nargs="+", default=[0, 300, 1500])
    parser.add_argument(
        "--everything", action="store_true", help="from every activation, not from the default one only"
    )
    options = parser.parse_args()
    results: dict[Row, list[tuple[float, float, float]]] = {}
    states: dict[tuple[str, str], list[Any]] = {}
    for player, kind, path, value in changes(options.everything):
        if (player, kind) not in states:
            states[player, kind] = []
            for seed in range(options.seeds):
                config = Config(seed=seed)
                config = config.patched(f"{player}.activation", kind) if kind else config
                states[player, kind] += [(config, state) for _, state in after(config, options.steps)]
        for config, state in states[player, kind]:
            old = getattr(config, player)
            if path == "activation" and value == old.activation.kind:
                continue
            shown = value if isinstance(value, str) else "-".join(map(str, value))
            row = (player[0].upper(), old.activation.kind, shown)
            results.setdefault(row, []).append(measured(config, state, player, path, value))
    print(f"{'change from 16-16-16':38s}  max |Δ| in % of range          said       ms")
    print(f"{'':38s}   median    worst           worst   median  worst   (of {options.seeds * len(options.steps)})")
    for (player, kind, value), found in results.items():
        deviations, said, times = zip(*found, strict=True)
        print(
            f"{player} {kind:11s} → {value:20s}   {median(deviations):7.3f}  {max(deviations):7.3f}"
            f"         {max(said):7.3f}  {median(times):6.1f} {max(times):6.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
