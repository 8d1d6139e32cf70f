"""What the map of a sweep shows, as JSON values: axes, outcomes, numbers, runs, and the settings of each cell."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import Json, knob_at
from gan1d.diagnosis.kinds import KINDS, SUSPECTED
from gan1d.formatting import format_count
from gan1d.gallery import DEFAULT_PRESET, find_preset, presets
from gan1d.session.change_marks import shown_values
from gan1d.session.kept_runs import listed_differences
from gan1d.sweeps.axes import PRESET_AXIS, Axis
from gan1d.sweeps.grid import Sweep
from gan1d.sweeps.results import Block

LETTERS: Final = {
    "untrained": "U",
    "learning": "L",
    "converged": "C",
    "mode_collapse": "M",
    "oscillating": "O",
    "discriminator_won": "D",
    "discriminator_weak": "W",
    "diverged": "X",
    "memorization": "T",
    "plateau": "P",
    "rough_fit": "R",
}
"""Letter of each diagnosis on a tile; that of a suspicion is small."""
RANKS: Final = (
    "converged",
    "rough_fit",
    "learning",
    "plateau",
    "mode_collapse",
    "oscillating",
    "memorization",
    "discriminator_won",
    "discriminator_weak",
    "diverged",
    "untrained",
)
"""Order of the diagnoses in bars and lists: from a fit to a failure."""
RUN_FIELDS: Final = ("seed", "outcome", "steps", "fitted", "error", "distance", "jensen_shannon", "covered")
"""Fields of a run, in the order of its row; an outcome is an index into the list of outcomes."""


@dataclass(frozen=True, kw_only=True)
class MapNumber:
    """A number by which a map is coloured.

    Attributes:
        name: Field of the run.
        label: Name on the page.
        help: Meaning, for a student.
        missing: Word where a run has no such number; it counts as larger than all others.
        scale: How colours follow the number: "linear" or "log".
        is_better_high: Whether a larger number is better.
    """

    name: str
    label: str
    help: str
    missing: str = "diverged"
    scale: str = "log"
    is_better_high: bool = False


NUMBERS: Final = (
    MapNumber(
        name="error",
        label="Wasserstein-1 / σ",
        help="Distance from the fakes to the target at the last step, over the target's standard deviation.",
    ),
    MapNumber(
        name="distance", label="Wasserstein-1", help="Distance from the fakes to the target at the last step, in x."
    ),
    MapNumber(
        name="jensen_shannon",
        label="Jensen–Shannon",
        help="Divergence of the fakes from the target at the last step, on 64 bins, in nats; at most ln 2.",
        scale="linear",
    ),
    MapNumber(
        name="covered",
        label="Modes covered",
        help="Number of the target's modes that have enough of the fakes at the last step.",
        scale="linear",
        is_better_high=True,
    ),
    MapNumber(
        name="fitted",
        label="Steps until the fit",
        help="Step at which the fakes fit the target for the first time.",
        missing="never",
    ),
)


def content_of(sweep: Sweep) -> dict[str, Any]:
    """All that a map shows but the runs."""
    changes = CellChanges(sweep)
    return {
        "title": title_of(sweep),
        "axes": [axis_content(sweep, place) for place in range(len(sweep.axes))],
        "seeds": sweep.seeds,
        "first_seed": sweep.first_seed,
        "steps": sweep.steps,
        "runs": sweep.runs,
        "outcomes": outcomes(),
        "numbers": [asdict(number) for number in NUMBERS],
        "fields": list(RUN_FIELDS),
        "default_preset": DEFAULT_PRESET,
        **changes.to_json(),
    }


def outcomes() -> list[dict[str, Any]]:
    """All diagnoses by rank, each before its suspicion.

    Each has `name`, `label`, `help`, `letter`, and `of`: the name of the failure that it suspects, or "".
    """
    suspected = {kind.name: base.name for base, kind in SUSPECTED.items()}
    base_of = {kind.name: suspected.get(kind.name, kind.name) for kind in KINDS}
    ranked = sorted(KINDS, key=lambda kind: (RANKS.index(base_of[kind.name]), kind.name in suspected))
    return [
        {
            "name": kind.name,
            "label": kind.label,
            "help": kind.help,
            "letter": LETTERS[base_of[kind.name]].lower() if kind.name in suspected else LETTERS[kind.name],
            "of": suspected.get(kind.name, ""),
        }
        for kind in ranked
    ]


OUTCOME_PLACES: Final = {row["name"]: place for place, row in enumerate(outcomes())}
"""Place of each diagnosis in the list of outcomes."""


def row_of(block: Block, sweep: Sweep) -> list[Any]:
    """A block as JSON values: the number of its cell, then a list for each run, by `RUN_FIELDS`.

    Raises:
        KeyError: A run lacks a field, or has an outcome that is not known.
    """
    place = 0
    for index, count in zip(block.cell, sweep.shape, strict=True):
        place = place * count + index
    runs = [{**run, "outcome": OUTCOME_PLACES[run["outcome"]]} for run in block.runs]
    return [place, [[run[name] for name in RUN_FIELDS] for run in runs]]


def title_of(sweep: Sweep) -> str:
    """What was swept, in a sentence."""
    counts = " × ".join(map(str, sweep.shape))
    preset = nearest_preset(sweep.base)
    swept = [path for axis in sweep.axes for path in axis.paths]
    base_config = sweep.base.patched("seed", presets[preset].config.seed)
    changed = listed_differences(presets[preset].config, base_config, without=swept)
    # Where an axis has presets, they replace the base.
    is_replaced = any(map(is_preset, sweep.axes))
    base = "" if is_replaced else f" of “{presets[preset].title}”" + (f" ({changed})" if changed else "")
    seeds = f"{format_count(sweep.seeds)} seed{'s' if sweep.seeds > 1 else ''}"
    return f"{counts} settings{base}, {seeds} and {format_count(sweep.steps)} steps each"


def axis_content(sweep: Sweep, place: int) -> dict[str, Any]:
    """An axis: path, name, help, unit, scale, its values, and their words."""
    axis = sweep.axes[place]
    scale = {"path": axis.path, "scale": axis.scale, "values": list(axis.values)}
    if axis.path == PRESET_AXIS:
        titles = [preset.title for value in axis.values if (preset := find_preset(value))]
        return {**scale, "label": "preset", "help": "", "unit": "", "words": titles}
    configs = [sweep.config(tuple(index if at == place else 0 for at in range(len(sweep.axes))))
               for index in range(len(axis.values))]  # fmt: skip
    # A number is written by the page, as it writes all others.
    shown = [shown_values(config, config, axis.paths[0]) for config in configs]
    words = [None if is_plain_number(value) else words for value, (_, words, _) in zip(axis.values, shown, strict=True)]
    labels = [shown_values(configs[0], configs[0], path)[0] for path in axis.paths]
    knob = knob_at(configs[0], axis.paths[0])
    return {**scale, "label": " and ".join(labels), "help": knob.help, "unit": knob.unit, "words": told_apart(words)}


def told_apart(words: Sequence[str | None]) -> list[str | None]:
    """Words of which no two are the same: long lists are shown by their lengths, which may be equal."""
    return [
        f"{each} ({words[: place + 1].count(each)})" if each is not None and words.count(each) > 1 else each
        for place, each in enumerate(words)
    ]


def is_plain_number(value: Any) -> bool:
    """Whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def nearest_preset(config: Config) -> str:
    """Name of the preset that differs from a config in the fewest settings that a running game cannot take over as they
    are, then in the fewest settings."""

    def distance(name: str) -> tuple[int, int]:
        paths = config.differences(presets[name].config)
        return sum(knob_at(config, path).effect != "live" for path in paths), len(paths)

    return min(presets, key=distance)


class CellChanges:
    """The settings of each cell, as changes of a preset, which a link to the page has.

    Values that occur often, such as a sample of thousands of numbers, are kept once.

    Args:
        sweep: The sweep.
    """

    def __init__(self, sweep: Sweep) -> None:
        self._places: dict[str, int] = {}
        self._cells: list[dict[str, Any]] = []
        self._usual: dict[str, dict[str, int]] = {}
        nearest = nearest_preset(sweep.base)
        for cell in sweep.cells():
            chosen = [axis.values[index] for axis, index in zip(sweep.axes, cell, strict=True) if is_preset(axis)]
            found = find_preset(chosen[0]) if chosen else presets[nearest]
            preset = found or presets[nearest]
            changes = sweep.config(cell).patched("seed", preset.config.seed).differences(preset.config)
            self._cells.append({"preset": preset.name, "changes": self._kept(changes)})
            usual = self._usual.setdefault(preset.name, {})
            for path in changes.keys() - usual.keys():
                value = value_in(preset.config, path)
                if value is not None:
                    usual[path] = self._place(value)

    def _kept(self, values: dict[str, Json]) -> dict[str, int]:
        return {path: self._place(value) for path, value in values.items()}

    def _place(self, value: Json) -> int:
        return self._places.setdefault(json.dumps(value, allow_nan=False), len(self._places))

    def to_json(self) -> dict[str, Any]:
        """The values; for each cell its preset and its changes, and for each preset what it has there: path → value's
        place in the list."""
        return {"values": [json.loads(text) for text in self._places], "cells": self._cells, "usual": self._usual}


def is_preset(axis: Axis) -> bool:
    """Whether an axis has presets."""
    return axis.path == PRESET_AXIS


def value_in(config: Config, path: str) -> Json:
    """The value at a path; None if the config has no such setting."""
    try:
        return config.value_at(path)
    except ConfigError:
        return None
