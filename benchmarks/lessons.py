"""What becomes of the lessons' experiments on fresh seeds, for the numbers of their texts.

    python -m benchmarks.lessons
    python -m benchmarks.lessons --only 06-mode-collapse --seeds 24

For each page it measures at which step a run meets what the page waits for, the same for its task with the solution,
and the features of the table `values`; then it writes `measured.json` in the lesson's folder. Pages whose settings have
not changed are left out. Afterwards `python -m docs.lessons` puts the numbers into the texts.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from docs.lessons import read_measured, read_source
from gan1d.config.model import Config
from gan1d.diagnosis.trajectory import Trajectory, record_runs
from gan1d.gallery.goal import met_at, read_goal
from gan1d.games.game_config import GameConfig
from gan1d.games.game_run import run_game
from gan1d.lessons.lesson import GameGoal, PageGame, PageRun
from gan1d.lessons.library import lesson_folders

FIRST_SEED: Final = 7_000_000
"""The experiments were not chosen with seeds from here on."""
SEEDS: Final = 20
TOGETHER: Final = 10
"""Runs that are trained together, if their settings allow it."""


def configs_of(experiment: PageRun, changes: Mapping[str, Any], seeds: Iterable[int]) -> list[Config]:
    """The experiment of a page with changes, for each of some seeds."""
    config = experiment.config
    for path, value in changes.items():
        config = config.patched(path, value)
    return [config.patched("seed", seed) for seed in seeds]


def runs_of(configs: Sequence[Config], steps: int) -> list[Trajectory]:
    """Their trajectories."""
    blocks = [configs[start : start + TOGETHER] for start in range(0, len(configs), TOGETHER)]
    return [run for block in blocks for run in record_runs(block, steps)]


def found_by(waiting: Mapping[str, Any], runs: Sequence[Trajectory]) -> list[int | None]:
    """The step at which each run meets what a page waits for; None if it does not in time."""
    steps = [met_at(read_goal(waiting["goal"]), run.until(waiting["by"])) for run in runs]
    return [step if step is not None and step <= waiting["by"] else None for step in steps]


def feature_at(run: Trajectory, step: int, name: str) -> float:
    """A feature of the last observation up to a step: the path of a field or property of `Features`, as `error`,
    `masses.0` or `translation.order_kept`."""
    value: Any = [each for each in run.observations if each.step <= step][-1]
    for part in name.split("."):
        value = value[int(part)] if part.isdecimal() else getattr(value, part)
    return round(float(value), 6)


def measure_game(head: Mapping[str, Any], config: GameConfig) -> dict[str, Any]:
    """The outcomes of a page's game, which has no random numbers."""
    row: dict[str, Any] = {"config": config.model_dump(mode="json")}
    task = head.get("task", {})
    for key, waiting, changes in (
        ("waiting", head.get("waiting"), {}),
        ("task", task.get("waiting"), task.get("solution")),
    ):
        if waiting:
            played = run_game(config.with_changes([*changes.items(), ("steps", waiting["by"])]))
            found = GameGoal.model_validate(waiting["goal"]).met_at(played["tracks"][0]["distances"])
            row[key] = {**waiting, "found": [found]}
    tracks = run_game(config)["tracks"]
    values = head.get("values", {})
    if values:
        row["values"] = {
            name: [value_of_game(tracks[value.get("track", 1) - 1], value)] for name, value in values.items()
        }
    return row


def value_of_game(track: Mapping[str, Any], value: Mapping[str, Any]) -> float:
    """The rate near the equilibrium, or the distance to it at the step `at`, of an update of a game."""
    return float(track["rate"] if value["of"] == "rate" else track["distances"][value["at"]])


def measure_page(head: Mapping[str, Any], experiment: PageRun | PageGame, seeds: Sequence[int]) -> dict[str, Any]:
    """The outcomes of a page's experiment."""
    if isinstance(experiment, PageGame):
        return measure_game(head, experiment.config)
    waiting, task, values = head.get("waiting"), head.get("task", {}), head.get("values", {})
    row: dict[str, Any] = {"config": experiment.config.model_dump(mode="json"), "first_seed": seeds[0]}
    steps = max([waiting["by"] if waiting else 0, *(value["at"] for value in values.values())])
    if steps:
        runs = runs_of(configs_of(experiment, {}, seeds), steps)
        if waiting:
            row["waiting"] = {**waiting, "found": found_by(waiting, runs)}
        if values:
            row["values"] = {
                name: [feature_at(run, value["at"], value["feature"]) for run in runs] for name, value in values.items()
            }
    if "waiting" in task:
        runs = runs_of(configs_of(experiment, task["solution"], seeds), task["waiting"]["by"])
        row["task"] = {**task["waiting"], "solution": task["solution"], "found": found_by(task["waiting"], runs)}
    return row


def request_of(head: Mapping[str, Any], experiment: PageRun | PageGame) -> dict[str, Any]:
    """What is measured of a page; as long as it stays the same, the outcomes stay true."""
    task = head.get("task", {})
    return {
        "config": experiment.config.model_dump(mode="json"),
        "waiting": head.get("waiting"),
        "task": {key: task[key] for key in ("waiting", "solution") if "waiting" in task},
        "values": head.get("values", {}),
    }


def is_current(row: Mapping[str, Any], head: Mapping[str, Any], experiment: PageRun | PageGame) -> bool:
    """Whether a row of `measured.json` is about this page; settings that are new since then have their defaults."""
    kind = type(experiment.config)
    if ("game" in row["request"]["config"]) != (kind is GameConfig):
        return False
    config = kind.parsed(row["request"]["config"]).model_dump(mode="json")
    wanted: Any = json.loads(json.dumps(request_of(head, experiment)))
    return {**row["request"], "config": config} == wanted


def experiments_of(folder: Path) -> dict[str, tuple[dict[str, Any], PageRun | PageGame]]:
    """The head and the run or game of each page of a lesson; a page without one goes on with that before it."""
    found: dict[str, tuple[dict[str, Any], PageRun | PageGame]] = {}
    experiment: PageRun | PageGame = PageRun()
    for file in sorted(folder.glob("*.md")):
        head, _ = read_source(file)
        if "game" in head:
            experiment = PageGame(**head["game"])
        elif "experiment" in head:
            experiment = PageRun(**head["experiment"])
        found[file.stem] = head, experiment
    return found


def measure_lesson(folder: Path, seeds: Sequence[int]) -> None:
    """Measure the pages of a lesson that have changed, and write what was found."""
    before, after = read_measured(folder), dict[str, Any]()
    for name, (head, experiment) in experiments_of(folder).items():
        kept = before.get(name)
        if kept is None or not is_current(kept, head, experiment) or len(seeds) > kept["seeds"]:
            kept = {
                "request": request_of(head, experiment),
                "seeds": len(seeds),
                **measure_page(head, experiment, seeds),
            }
            report(f"{folder.name} {name}", kept)
        after[name] = kept
        (folder / "measured.json").write_text(json.dumps({**before, **after}) + "\n", "utf-8")
    lines = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in after.items()]
    (folder / "measured.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def report(name: str, row: Mapping[str, Any]) -> None:
    """Print the outcomes of a page."""
    for key in ("waiting", "task"):
        if key in row:
            found = row[key]["found"]
            late = sorted(step for step in found if step is not None)
            print(f"{name} {key}: {len(late)}/{len(found)}, steps {late[:1]} to {late[-1:]}", flush=True)
    for key, values in row.get("values", {}).items():
        print(f"{name} {key}: {min(values):.4g} to {max(values):.4g}", flush=True)


def main() -> None:
    """Measure the chosen lessons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [folder.name for folder in lesson_folders()]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    given = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + given.seeds)
    for folder in lesson_folders():
        if folder.name in (given.only or names):
            measure_lesson(folder, seeds)


if __name__ == "__main__":
    main()
