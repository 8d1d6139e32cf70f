"""The range of the data axis that is shown of a distribution."""

import math

import numpy as np

from gan1d.engine.distributions.targets import Target

CENTRAL = np.array([0.05, 0.95])
"""Probabilities of the ends of the central part, which fills half of the axis or more."""
LONGEST_TAIL = 0.15
"""Largest part of a tail that is shown beyond the central part, in lengths of it."""


def bulk(target: Target) -> tuple[float, float]:
    """Interval of the shown mass: the support, but of a long tail only the part next to the central 90 % and to the
    modes."""
    low, high = target.support()
    if not target.has_tails:
        return low, high
    centres = [mode.centre for mode in target.mode_intervals()]
    first, last = target.quantile(CENTRAL).tolist()
    first, last = min(first, *centres), max(last, *centres)
    longest = LONGEST_TAIL * (last - first)
    return max(low, first - longest), min(high, last + longest)


def shown_axis(target: Target) -> tuple[float, float]:
    """Ends of the data axis: the bulk of the target with a margin of one eighth on each side, rounded outwards."""
    low, high = bulk(target)
    margin = 0.125 * (high - low)
    unit = 10.0 ** math.floor(math.log10(high - low))
    step = next(unit * k for k in (0.1, 0.2, 0.5, 1.0) if (high - low) / (unit * k) <= 20)
    return step * math.floor((low - margin) / step + 1e-9), step * math.ceil((high + margin) / step - 1e-9)
