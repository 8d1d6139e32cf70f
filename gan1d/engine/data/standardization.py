"""Standardization: the place and scale of a target, measured when a run starts, and anew when a changed target is far.

With `standardize` both networks work in standardized coordinates, u = (x − location)/scale: D receives u, and a fake is
location + scale·G(z). A target with other place and scale is then the same game, number for number up to rounding. What
is computed inside of a run is in units of u: scores, gradients with respect to a sample, slopes of D and penalties on
them, and instance noise. All that is shown on the data axis is in units of x.
"""

from copy import copy
from typing import TypeVar

import numpy as np

from gan1d.engine.distributions.targets import Target
from gan1d.engine.protocols import EvaluationSettings
from gan1d.engine.units import IDENTITY, Units

MEASURED_QUANTILES = 1000
"""Number of quantiles, at (i + ½)/1000, from which place and scale are measured; they are finite for any target."""

FAR = 10.0
"""A changed target keeps the units of a run if its location lies within so many of them, and its scale is at most so
many times larger or smaller. Beyond, G would need thousands of steps to get there, or its noise would hide the target.
"""

Settings = TypeVar("Settings", bound=EvaluationSettings)


def units_of(config: EvaluationSettings) -> Units:
    """The units of a run that starts with these settings."""
    return measured_units(config.target, *config.latent.data) if config.standardize else IDENTITY


def units_after(units: Units, config: EvaluationSettings) -> Units:
    """The units in which a run goes on after a change of its target.

    Where they are new, both networks keep their parameters, so that the fakes move with the target and the game stays
    as it was in units of u. Other parameters would keep both functions of x, but as far from the target as they are.

    Args:
        units: The present units.
        config: Settings with the new target.
    """
    own = units_of(config)
    distance, ratio = abs(units.standardize(own.location)), own.scale / units.scale
    return units if distance <= FAR and 1 / FAR <= ratio <= FAR else own


def measured_units(*targets: Target) -> Units:
    """Place and scale of a target, or of several together: mean and standard deviation of their quantiles."""
    ends = [target.support() for target in targets]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    # The numerical inverse of a CDF is made for widths of about 1.
    rough = Units(low, high - low)
    u = (np.arange(MEASURED_QUANTILES) + 0.5) / MEASURED_QUANTILES
    quantiles = np.concatenate([target.in_units(rough).quantile(u) for target in targets])
    return rough.after(Units(float(quantiles.mean()), float(quantiles.std())))


def in_units(config: Settings, units: Units) -> Settings:
    """The settings with the target, and a source, of u = (x − location)/scale."""
    if units == IDENTITY:
        return config
    standardized = copy(config)
    # A frozen value refuses setattr; nothing else refers to this copy yet.
    vars(standardized).update(target=config.target.in_units(units), latent=config.latent.in_units(units))
    return standardized
