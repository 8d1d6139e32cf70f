"""The grid of a sweep: a base experiment, up to three axes, and the seeds of each cell."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.diagnosis.features import OBSERVE_EVERY
from gan1d.formatting import format_count
from gan1d.gallery import find_preset, presets
from gan1d.sweeps.axes import PRESET_AXIS, Axis, AxisError, axis_of

MOST_AXES: Final = 3
"""Largest number of axes: across, upwards and a slider of the map."""
LARGEST_GRID: Final = 10_000
MOST_SEEDS: Final = 10_000
"""Largest numbers of cells, and of seeds in each; 10⁸ runs of a second take years."""
LAST_SEED: Final = 2**32 - 1
"""Largest seed of a run."""
MOST_MEASUREMENTS: Final = 5000
"""Largest number of measurements that are kept of a run; those of a block have to fit into a line of the results."""

Cell = tuple[int, ...]
"""Index of the value on each axis."""


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Runs to be made.

    Attributes:
        base: Settings that the axes change; its own seed is not used.
        axes: One to three, with different paths.
        first_seed: Seed of the first run of each cell.
        seeds: Number of runs of each cell, with seeds in a row.
        steps: Steps of each run.
        every: Steps between two measurements that are kept of each run, a multiple of 25; 0 for the last only.
    """

    base: Config
    axes: tuple[Axis, ...]
    first_seed: int = 1_000_000
    seeds: int = 16
    steps: int = 1500
    every: int = 0

    def __post_init__(self) -> None:
        """Check the grid and every value on its axes, before any work is done.

        Raises:
            AxisError: The number of axes, cells, seeds, steps or measurements is out of bounds.
            ConfigError: A path or a value is not allowed.
        """
        paths = [path for axis in self.axes for path in axis.paths]
        if not 1 <= len(self.axes) <= MOST_AXES or len(set(paths)) < len(paths):
            raise AxisError(
                f"Expected 1 to {MOST_AXES} axes with different paths, but got {', '.join(paths) or 'none'}."
            )
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise AxisError(f"Expected 1 to {format_count(MOST_SEEDS)} seeds, but got {format_count(self.seeds)}.")
        if self.steps < 1 or self.every < 0:
            raise AxisError(f"Expected 1 step or more, but got {self.steps}, measured every {self.every}.")
        if self.every % OBSERVE_EVERY:
            raise AxisError(f"Expected measurements every {OBSERVE_EVERY} steps or a multiple, but got {self.every}.")
        if self.every and self.steps // self.every > MOST_MEASUREMENTS:
            raise AxisError(
                f"Expected at most {format_count(MOST_MEASUREMENTS)} measurements of a run, but got "
                f"{format_count(self.steps // self.every)}: measure less often than every {self.every} steps."
            )
        if math.prod(self.shape) > LARGEST_GRID:
            raise AxisError(
                f"Expected at most {format_count(LARGEST_GRID)} cells, but got {format_count(math.prod(self.shape))}: "
                f"{' × '.join(map(str, self.shape))}."
            )
        if not 0 <= self.first_seed <= LAST_SEED + 1 - self.seeds:
            raise AxisError(f"Expected seeds from 0 to {LAST_SEED}, but got {self.first_seed} as the first.")
        # Every value is checked when the settings are made.
        _ = self._configs

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values on each axis."""
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def runs(self) -> int:
        """Number of all runs."""
        return math.prod(self.shape) * self.seeds

    def cells(self) -> Iterator[Cell]:
        """All cells, the last axis fastest."""
        return itertools.product(*(range(count) for count in self.shape))

    def config(self, cell: Cell) -> Config:
        """The settings of a cell, with the first seed."""
        return self._configs[cell]

    @cached_property
    def _configs(self) -> dict[Cell, Config]:
        return {cell: self._config(cell) for cell in self.cells()}

    def _config(self, cell: Cell) -> Config:
        values = [axis.values[index] for axis, index in zip(self.axes, cell, strict=True)]
        chosen = [(path, value) for axis, value in zip(self.axes, values, strict=True) for path in axis.paths]
        config = self.base
        # A preset replaces all settings, so it comes first.
        for path, value in sorted(chosen, key=lambda each: each[0] != PRESET_AXIS):
            config = preset_config(value) if path == PRESET_AXIS else config.patched(path, value)
        return config.patched("seed", self.first_seed)

    def to_json(self) -> dict[str, Any]:
        """All that is needed to repeat the sweep, as JSON values."""
        return {
            "base": self.base.model_dump(mode="json"),
            "axes": [{"path": axis.path, "values": list(axis.values), "scale": axis.scale} for axis in self.axes],
            "first_seed": self.first_seed,
            "seeds": self.seeds,
            "steps": self.steps,
            "every": self.every,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Sweep":
        """The sweep that `to_json` has described.

        Raises:
            AxisError: The values describe no sweep.
            ConfigError: A setting is not allowed.
        """
        try:
            axes = tuple(Axis(str(each["path"]), tuple(each["values"]), str(each["scale"])) for each in values["axes"])
            numbers = {name: int(values[name]) for name in ("first_seed", "seeds", "steps", "every")}
            base = Config.parsed(values["base"])
        except (AxisError, ConfigError):
            raise
        except KeyError as error:
            raise AxisError(f"Expected a description of a sweep, but it has no {error}.") from None
        except (TypeError, ValueError, OverflowError):
            raise AxisError("Expected a description of a sweep, but a value in it is of another type.") from None
        return cls(base=base, axes=axes, **numbers)


def preset_config(name: Any) -> Config:
    """The settings of a preset.

    Raises:
        ConfigError: There is no such preset.
    """
    preset = find_preset(name) if isinstance(name, str) else None
    if preset is None:
        raise ConfigError(PRESET_AXIS, f"Expected a preset ({', '.join(presets)}), but got {name!r}.")
    return preset.config


def sweep_of(base: Config, axes: dict[str, Any], **numbers: int) -> Sweep:
    """A sweep over lists of values by path.

    Raises:
        AxisError: See `Sweep`.
        ConfigError: See `Sweep`.
    """
    return Sweep(base=base, axes=tuple(axis_of(path, list(values)) for path, values in axes.items()), **numbers)
