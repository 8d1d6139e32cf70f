"""How many times as fast a training step is as the same step written by others, and what each setting costs.

Every contender does the same work, and is checked to: one update of D and one of G, non-saturating loss, Adam on both,
float32 (the textbook: float64), random numbers and both losses included. S, M and L are hidden 16-16 at batch 64, 32-32
at 256, and 128-128-128 at 512, all tanh; M-leaky is M with leaky ReLU. All run on one core, each in a process of its
own, in turns of a short stretch of processor time; ratios are taken within a round. What is missing is named, with how
to get it.

    python -m benchmarks.speed
    python -m benchmarks.speed --sizes S M --rounds 31 --json speed.json
    python -m benchmarks.speed --write        (the tables go into docs/benchmarks.md)
    python -m benchmarks.speed --python ../jax/bin/python --node-modules ../tfjs/node_modules

The prices below the tables are those of gan1d's own settings: a step with each loss over one with the non-saturating
loss, a step with each penalty or constraint over one without, all else as at S or as in the default preset; and a
frame.
"""

import argparse
import json
import platform
import re
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

import gan1d  # before numpy, which it keeps to one thread
from benchmarks import prices
from benchmarks.agreement import disagreement, scripted
from benchmarks.contenders.ours import plain
from benchmarks.document_tables import fill
from benchmarks.game import Experiment
from benchmarks.processes import OTHERS, OURS, Missing, Places, pin
from benchmarks.rounds import Spread, Turn, play, rate, ratio
from gan1d.config.model import Config

SIZES = {
    "S": Experiment((16, 16), 64),
    "M": Experiment((32, 32), 256),
    "M-leaky": Experiment((32, 32), 256, "leaky_relu"),
    "L": Experiment((128, 128, 128), 512),
}

GOALS: dict[str, dict[str, float]] = {
    "PyTorch, as usually written": {"S": 30, "M": 12, "L": 2},
    "PyTorch, tuned": {"S": 20, "M": 8, "L": 1.6},
    "JAX, jit and lax.scan": {"S": 1, "M": 1, "M-leaky": 0.85, "L": 0.85},
    "TensorFlow.js, wasm in node": {"S": 75, "M": 45, "L": 25},
    "C, as fast as it gets": {"S": 0.2, "M": 0.5, "L": 0.7},
}
"""How many times as fast as these ours should be, at least."""

OUR_NAME = "gan1d"

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def measured(turns: Mapping[str, Turn], size: str, options: argparse.Namespace) -> dict[str, Any]:
    """Let contenders take turns; print and return the rows of their table.

    Args:
        turns: By name, ours among them. Anything that makes steps will do; one that makes several runs' steps at once
            counts each of them.
        size: Key of the goals.
        options: Rounds and stretch.
    """
    times = play(turns, options.rounds, options.stretch)
    rows = {}
    for name in turns:
        goal, steps, faster = GOALS.get(name, {}).get(size), rate(times, name), ratio(times, name, OUR_NAME)
        found = {"steps_per_second": asdict(steps), "ours_is": asdict(faster), "goal": goal}
        rows[name] = found | {"seconds_per_step": times[name]}
        verdict = "" if goal is None else f"  goal {goal:g}: {'met' if faster.median >= goal else 'missed'}"
        print(f"{size:8} {name:33} {steps.median:>10,.0f} steps/s   ours is {shown(faster)}{verdict}", flush=True)
    return rows


def compare(size: str, places: Places, options: argparse.Namespace) -> dict[str, Any]:
    """One table: start who is there, check that they play the same game, and let them take turns."""
    experiment, rows = SIZES[size], {}
    script, ours = scripted(experiment)
    with ExitStack() as open_processes:
        turns: dict[str, Turn] = {OUR_NAME: open_processes.enter_context(OURS.start(experiment, places)).turn}
        for name, kind in OTHERS.items():
            if options.only and not any(word.lower() in name.lower() for word in options.only):
                continue
            try:
                process = open_processes.enter_context(kind.start(experiment, places))
            except Missing as missing:
                print(f"{size:8} {name:33} left out: it needs {missing}", flush=True)
                rows[name] = {"missing": str(missing)}
                continue
            if difference := disagreement(process.replay(script), ours):
                raise RuntimeError(f"{name} plays another game at {size}. {difference}")
            turns[name] = process.turn
        rows |= measured(turns, size, options)
    print()
    return rows


def price_list(title: str, config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """What each member of the unions makes of the time of a step."""
    found: dict[str, Any] = {}
    for path, plainest in prices.PLAIN.items():
        times = prices.each(config, path, options.rounds, options.stretch)
        found[path] = {}
        for name in times:
            steps, costs = rate(times, name), ratio(times, name, plainest)
            found[path][name] = {"steps_per_second": asdict(steps), "costs": asdict(costs)}
            named = f"{path.rpartition('.')[2]} {name}"
            print(f"{title:8} {named:33} {steps.median:>10,.0f} steps/s   costs   {shown(costs)}", flush=True)
    print()
    return found


def processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def head(found: Mapping[str, Any], command: str, date: str) -> str:
    """What was measured where, by which command and on which day, as ISO 8601 writes it."""
    machine = found["machine"]
    return (
        f"gan1d {found['gan1d']}, {date}, by `{command}`, on one core of {machine['processor']} "
        f"({machine['platform']}, Python {machine['python']}, NumPy {machine['numpy']}).\n\n"
        "Medians of rounds in which the contenders took turns; in brackets the quartiles."
    )


def contenders_table(found: Mapping[str, Any]) -> str:
    """What `main` measured of the contenders, as Markdown."""
    lines = [
        "| size | contender | steps per second | gan1d is |",
        "|---|---|---:|---:|",
    ]
    for size, rows in found["sizes"].items():
        for name, row in rows.items():
            if "missing" in row:
                lines.append(f"| {size} | {name} | not measured: it needs {row['missing']} | |")
            else:
                lines.append(
                    f"| {size} | {name} | {row['steps_per_second']['median']:,.0f} | {times(row['ours_is'])} |"
                )
    return "\n".join(lines)


def price_tables(found: Mapping[str, Any]) -> str:
    """What `main` measured of the settings, as Markdown."""
    lines = list[str]()
    for title, paths in found["prices"].items():
        if title == "frame_seconds":
            lines += ["", f"A frame of the default experiment takes {1e6 * paths['median']:.0f} µs."]
            continue
        lines += ["", f"The time of a step at {title}, over that of the row with 1.00×:", ""]
        lines += ["| setting | value | steps per second | time |", "|---|---|---:|---:|"]
        for path, rows in paths.items():
            for name, row in rows.items():
                lines.append(
                    f"| `{path}` | {name} | {row['steps_per_second']['median']:,.0f} | {times(row['costs'])} |"
                )
    return "\n".join(lines[1:])


def write(found: Mapping[str, Any], above: str, document: Path = DOCUMENT) -> None:
    """Put what was measured between its marks in the document, below a head; what was not measured stays."""
    if found["sizes"]:
        fill(document, "speed", f"{above}\n\n{contenders_table(found)}")
    if found["prices"]:
        fill(document, "prices", f"{above}\n\n{price_tables(found)}")


def times(spread: Mapping[str, float]) -> str:
    """A ratio with its quartiles."""
    return f"{spread['median']:.2f}× ({spread['low']:.2f} to {spread['high']:.2f})"


def shown(spread: Spread) -> str:
    """The median, and the quartiles in brackets."""
    return f"{spread.median:7.2f}x ({spread.low:.2f} to {spread.high:.2f})"


def parse_options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--only", nargs="+", metavar="WORD", help="contenders whose name has one of these words")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--stretch", type=float, default=0.15, help="seconds of one turn")
    parser.add_argument("--no-prices", action="store_true", help="compare with others only")
    parser.add_argument("--python", action="append", default=[], help="another interpreter to look for libraries in")
    parser.add_argument("--node-modules", type=Path, help="where TensorFlow.js is installed")
    parser.add_argument("--core", type=int, help="the one to run on; the last one if not given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything, each round included")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    return parser.parse_args()


def main() -> None:
    """Print the tables, and write them to a file on request."""
    options = parse_options()
    machine = {
        "core": pin(options.core),
        "processor": processor(),
        "platform": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    found: dict[str, Any] = {"gan1d": gan1d.__version__, "machine": machine, "sizes": {}, "prices": {}}
    with tempfile.TemporaryDirectory() as scratch:
        places = Places(Path(scratch), (sys.executable, *options.python), options.node_modules)
        for size in options.sizes:
            found["sizes"][size] = compare(size, places, options)
    if not options.no_prices:
        for title, config in {"S": plain(SIZES["S"]), "default": Config()}.items():
            found["prices"][title] = price_list(title, config, options)
        frame = prices.of_frame(Config(), options.rounds, options.stretch)
        found["prices"]["frame_seconds"] = asdict(frame)
        print(f"default  one frame {1e6 * frame.median:28.1f} µs ({1e6 * frame.low:.1f} to {1e6 * frame.high:.1f})")
    if options.write:
        command = " ".join(["python -m benchmarks.speed", *sys.argv[1:]])
        write(found, head(found, command, datetime.now(UTC).date().isoformat()))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
