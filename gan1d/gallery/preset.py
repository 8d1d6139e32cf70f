"""Presets: experiments of the gallery, each with its settings, its text and the claims of its text.

They are read from two files in this folder. `presets.toml` is written by hand. `measured.json` has what became of the
claims on seeds that were not used to find the settings; `benchmarks/gallery.py` writes it. Every number of steps and
every share in a text is a field such as `{fit.median}`, a property of the measured `SuccessRate` of the claim `fit`.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self, get_args

from gan1d.config.model import Config
from gan1d.gallery.criteria import Claim, Criterion
from gan1d.gallery.rates import SuccessRate

PRESETS: Final = Path(__file__).with_name("presets.toml")
MEASURED: Final = Path(__file__).with_name("measured.json")

CRITERIA: Final = {criterion.__name__.lower(): criterion for criterion in get_args(Criterion)}
"""Criteria by their names in `presets.toml`."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One experiment.

    Attributes:
        name: Name in commands and links.
        group: Heading in the menu.
        title: Title in the menu.
        text: A few sentences that guide a student through the run, with fields for measured numbers.
        claims: What the run shows, by names that the text uses; the first is what the preset is for.
        rates: How often, and how soon, each of the claims was met.
        diagnosis: Diagnoses expected at the end of the run, as names of `gan1d.diagnosis.rules.KINDS`.
        changes: Path → value, applied in order to the config of `based_on`.
        based_on: The preset that this one changes; None for the default config.
        former_names: Earlier values of `name`, which links and commands may still contain.
    """

    name: str
    group: str
    title: str
    text: str
    claims: Mapping[str, Claim]
    rates: Mapping[str, SuccessRate]
    diagnosis: tuple[str, ...]
    changes: Mapping[str, Any] = field(default_factory=dict)
    based_on: Self | None = None
    former_names: tuple[str, ...] = ()

    @property
    def claim(self) -> Claim:
        """What the preset is for: the criterion that it meets, and by which step."""
        return next(iter(self.claims.values()))

    @cached_property
    def config(self) -> Config:
        """The settings of the experiment."""
        base = Config() if self.based_on is None else self.based_on.config
        return base.with_changes(self.changes.items())

    @property
    def watch(self) -> str:
        """The text with the measured numbers."""
        return self.text.format(**self.rates)

    def row(self) -> dict[str, Any]:
        """The preset as JSON, for the page and for `gan1d presets --json`."""
        texts = {name: getattr(self, name) for name in ("name", "group", "title", "watch")}
        return {**texts, "former_names": [*self.former_names], "config": self.config.model_dump(mode="json")}


def read_presets() -> dict[str, Preset]:
    """All presets by name, in the order of the menu."""
    measured = json.loads(MEASURED.read_text("utf-8"))
    presets: dict[str, Preset] = {}
    for name, row in tomllib.loads(PRESETS.read_text("utf-8")).items():
        presets[name] = Preset(
            name=name,
            group=row["group"],
            title=row["title"],
            text=row["watch"],
            claims={key: read_claim(claim, row["steps"]) for key, claim in row["claims"].items()},
            rates=read_rates(measured[name]) if name in measured else {},
            diagnosis=tuple(row["diagnosis"]),
            changes=row.get("changes", {}),
            based_on=presets[row["based_on"]] if "based_on" in row else None,
            former_names=tuple(row.get("former_names", ())),
        )
    return presets


def read_claim(row: Mapping[str, Any], steps: int) -> Claim:
    """A claim from its row: the name of the criterion, its thresholds, and the fields of `Claim`."""
    row = {"steps": steps, "by": row.get("steps", steps), **row}
    of_claim = {key: row[key] for key in ("steps", "by", "least") if key in row}
    thresholds = {key: value for key, value in row.items() if key not in (*of_claim, "shows")}
    return Claim(shows=CRITERIA[row["shows"]](**thresholds), **of_claim)


def read_rates(row: Mapping[str, Any]) -> dict[str, SuccessRate]:
    """The rates of a preset's claims: steps for consecutive seeds, null where a run did not meet the claim."""
    first = row["first_seed"]
    return {
        key: SuccessRate(seeds=range(first, first + len(claim["found"])), found=claim["found"])
        for key, claim in row["claims"].items()
    }
