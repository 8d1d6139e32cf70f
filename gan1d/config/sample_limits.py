"""Limits of the numbers that a user may give as a target."""

import math
from functools import lru_cache

from gan1d.config.model import Config
from gan1d.config.paths import knob_at
from gan1d.engine.distributions.custom import LARGEST_NUMBER, Samples
from gan1d.number_file.reading import Limits


@lru_cache(maxsize=1)
def sample_limits() -> Limits:
    """Allowed numbers and their count, as the knobs of `Samples` state them."""
    count = knob_at(Config().patched("target", Samples.kind), "target.values")
    return Limits(low=-LARGEST_NUMBER, high=LARGEST_NUMBER, fewest=count.low or 0, most=count.high or math.inf)
