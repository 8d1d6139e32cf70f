"""Limits of the numbers that a user may give as a target."""

import math
from functools import lru_cache

from gan1d.config.model import Config
from gan1d.config.paths import knob_at
from gan1d.engine.distributions.custom import LARGEST_NUMBER, Samples
from gan1d.number_file import Bounds


@lru_cache(maxsize=1)
def sample_limits() -> tuple[Bounds, Bounds]:
    """Allowed values of a number, and the allowed count of numbers, as the knobs of `Samples` state them."""
    count = knob_at(Config().patched("target", Samples.kind), "target.values")
    return (-LARGEST_NUMBER, LARGEST_NUMBER), (count.low or 0, count.high or math.inf)
