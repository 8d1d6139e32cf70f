"""Comparison in rounds: all programs run in short stretches, one after the other, so that a machine that slows down
slows all of them. Ratios are taken within a round; the result is the median of the rounds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import quantiles
from typing import Self

from benchmarks.game import DRAWN_AT_ONCE

Turn = Callable[[int], float]
"""Count → the seconds of processor time that many steps take."""

Times = dict[str, list[float]]
"""Seconds per step, one for each round, by name."""


@dataclass(frozen=True)
class Spread:
    """Quartiles of the measurements of all rounds."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Self:
        """Of one value or more."""
        return cls(*quantiles(values, n=4, method="inclusive")) if len(values) > 1 else cls(*3 * values)


WARM_UP = 1.5
"""Seconds that each one runs before it counts: a compiler that works while the program runs needs as long."""


def steps_for(turn: Turn, stretch: float, warm_up: float) -> int:
    """How many steps take `stretch` seconds once the contender is warm; whole blocks if many."""
    count, taken, spent = 1, 0.0, 0.0
    while spent < warm_up or taken < stretch / 4:
        taken = turn(count)
        spent += taken
        if taken < stretch / 4:
            count *= 2
    count = max(1, round(count * stretch / taken))
    return round(count / DRAWN_AT_ONCE) * DRAWN_AT_ONCE if count > DRAWN_AT_ONCE else count


def play(turns: Mapping[str, Turn], rounds: int, stretch: float, warm_up: float = WARM_UP) -> Times:
    """Every one gets a turn in every round, and a different one begins each time.

    Args:
        turns: By name; anything that makes steps.
        rounds: At least 1.
        stretch: Seconds of one turn.
        warm_up: Seconds that each one runs before it counts.
    """
    counts = {name: steps_for(turn, stretch, warm_up) for name, turn in turns.items()}
    names, times = list(turns), {name: list[float]() for name in turns}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(turns[name](counts[name]) / counts[name])
    return times


def ratio(times: Times, name: str, unit: str) -> Spread:
    """How many times as long a step of `name` takes as one of `unit`."""
    return Spread.of([mine / theirs for mine, theirs in zip(times[name], times[unit], strict=True)])


def rate(times: Times, name: str) -> Spread:
    """Steps per second."""
    return Spread.of([1 / seconds for seconds in times[name]])
