"""Success rates: how often, and how soon, runs with fresh seeds met a claim."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SuccessRate:
    """Outcome of a claim for each of some seeds.

    Attributes:
        seeds: Seeds of the runs, rising.
        found: Step at which each run met the claim; None if it did not.
    """

    seeds: Sequence[int]
    found: Sequence[int | None]

    @property
    def hits(self) -> int:
        """Number of runs that met the claim."""
        return sum(step is not None for step in self.found)

    @property
    def missed(self) -> list[int]:
        """Seeds of the runs that did not meet the claim."""
        return [seed for seed, step in zip(self.seeds, self.found, strict=True) if step is None]

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval of the rate."""
        return wilson(self.hits, len(self.seeds))

    def by(self, percent: int) -> int | None:
        """Step by which a percentage of all runs had met the claim; None if fewer ever did."""
        times = sorted(math.inf if step is None else step for step in self.found)
        time = times[max(0, math.ceil(percent / 100 * len(times)) - 1)]
        return None if time == math.inf else int(time)

    @property
    def median(self) -> int:
        """Step by which half of all runs had met the claim, rounded for a text."""
        step = self._step_by(50)
        return math.floor(step / text_unit(step) + 0.5) * text_unit(step)

    @property
    def most(self) -> int:
        """Step by which 95 % of all runs had met the claim, rounded up for a text."""
        step = self._step_by(95)
        return math.ceil(step / text_unit(step)) * text_unit(step)

    def _step_by(self, percent: int) -> int:
        step = self.by(percent)
        if step is None:
            raise ValueError(
                f"Expected {percent} % of the runs to meet the claim, but {self.hits} of {len(self.seeds)} did."
            )
        return step


def text_unit(step: int) -> int:
    """The unit of a step in a text: the larger the step, the coarser."""
    return 5 if step < 25 else 25 if step <= 200 else 50 if step <= 1000 else 100


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % confidence interval of a rate of `hits` in `n`, n ≥ 1 (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    z, p = 1.959964, hits / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))
