"""How a run is looked at: all that stays fixed while it learns.

A `Probe` has the grids, its own fixed noise and its own workspaces, and everything that is known of the target. So
looking draws no random number of the training's and touches none of its buffers.
"""

import math
from typing import Any

import numpy as np

from gan1d.engine import metrics
from gan1d.engine.datasets import training_points
from gan1d.engine.latents import Float64
from gan1d.engine.mlp import MLP, Workspace
from gan1d.engine.settings import Scenery
from gan1d.engine.targets import Target
from gan1d.frame import described, finite

GRID = 256
"""Bins of the data axis, and points of every curve on it."""
LATENT_GRID = 201
"""Points of every curve on the noise axis."""
QUANTILES = 1024
"""Equally likely values of z that densities, masses and distances are computed from."""
TAIL = 12
"""Values of z beyond the outermost quantile on each side, down to a probability of 1e-9."""
SAMPLES = 256
"""Fixed noise draws that are followed through the whole run, and as many fixed real samples."""
RUG = 64
"""How many of them are shown one by one."""
X_BINS, Z_BINS, READOUT_BINS = 50, 35, 20

PROBE_SEED = 20140610
"""Of the probes' own noise: the day arXiv:1406.2661 appeared. Any number would do, as long as it stays."""

FAINTEST = 1e-2
"""Where p_data + p_g is below this share of the highest data density, no optimal D is claimed."""


class Probe:
    """All that stays fixed while a run learns: how it is looked at.

    Args:
        config: Its target, latent and loss, and its training points if they are fixed.

    Attributes:
        low: Left end of the data axis.
        high: Right end of the data axis.
        grid: Bin centres of the data axis, `(256,)`.
        latent_grid: Even grid over the shown part of the noise axis, `(201,)`.
        modes: Basins of the target's modes, left to right.
        points: The fixed training points, rising, `(n,)`, or None if every batch is fresh.
        cuts: Where one basin ends and the next begins, `(modes − 1,)`.
        readout_span: Shown range of what D says.
        places: Where the generated distribution function is asked for: bin edges, then cuts.
        generator_inputs: Every z that a generator is asked about: latent grid, quantiles, noise.
        discriminator_inputs: Every x that a discriminator is asked about: grid, reals, fakes.
    """

    def __init__(self, config: Scenery) -> None:
        self.target, self.latent, self.loss = config.target, config.latent, config.loss
        self.view = config.discriminator.view
        self._seen = seen_of(config)
        points = training_points(config)
        self.points = None if points is None else np.sort(points)
        self.low, self.high = shown_axis(self.target)
        self.edges = np.linspace(self.low, self.high, GRID + 1)
        self.grid = 0.5 * (self.edges[:-1] + self.edges[1:])
        self.latent_grid = np.linspace(*self.latent.span, LATENT_GRID)
        self.modes = self.target.basins()
        # A fake may lie anywhere: the outer bins reach to infinity, and their mass is said, not lost.
        self.cuts = np.array([mode.low for mode in self.modes[1:]])
        target_cdf = self.target.cdf(self.edges)
        self.bin_masses = metrics.between(target_cdf)
        self.target_density = self.bin_masses[1:-1] / np.diff(self.edges)
        self.target_mode_masses = metrics.between(self.target.cdf(self.cuts))
        self.readout_span = self.loss.span(self.high - self.low)
        self._place_quantiles()
        self._draw_samples()
        self.places = np.concatenate([self.edges, self.cuts])
        self.generator_inputs = np.concatenate([self.latent_grid, self.quantile_z, self.noise])
        # The fakes' places at the end are filled at each look.
        self.discriminator_inputs = np.concatenate([self.grid, self.real, np.zeros(SAMPLES)])
        self._workspaces: dict[int, Workspace] = {}

    def _place_quantiles(self) -> None:
        """Equally likely z, further ones into both tails, and the mass between neighbours.

        Without the tails, all that lies beyond the outermost quantile would be spread evenly to its end, and the best D
        would be told of mass where there is next to none.
        """
        u = (np.arange(QUANTILES) + 0.5) / QUANTILES
        tail = np.geomspace(1e-9, u[0], TAIL, endpoint=False)
        nodes = np.concatenate([tail, u, 1 - tail[::-1]])
        self.quantile_z = self.latent.quantile(nodes)
        self.quantile_masses = np.diff(nodes)
        self.quantile_masses[[0, -1]] += nodes[0]
        self.target_quantiles = self.target.quantile(u)
        self.point_quantiles = None if self.points is None else evenly(self.points, QUANTILES)

    def fits(self, config: Scenery) -> bool:
        """Whether it shows what `config` is about; if not, a new probe is needed."""
        return self._seen == seen_of(config)

    def _draw_samples(self) -> None:
        """Fixed noise and fixed reals, so that what moves on the page is learning and not luck.

        Where the training points are fixed, they are the reals.
        """
        noise_rng, real_rng = (np.random.default_rng(s) for s in np.random.SeedSequence(PROBE_SEED).spawn(2))
        self.noise = self.latent.sample(noise_rng, SAMPLES)
        fixed = self.points
        self.real = self.target.sample(real_rng, SAMPLES) if fixed is None else evenly(fixed, SAMPLES)
        self.rug = self.real[:RUG] if fixed is None else evenly(fixed, min(RUG, len(fixed)))

    def workspace(self, network: MLP, inputs: Float64, slot: int) -> Workspace:
        """The probe's own room for a network, filled with inputs, and kept while the network stays the same object."""
        known = self._workspaces.get(slot)
        if known is None or known.network is not network:
            known = Workspace(network, len(inputs))
            known.inputs[0] = inputs
            self._workspaces[slot] = known
        return known

    def scene(self) -> dict[str, Any]:
        """All of it as plain JSON values, for the page."""
        loss, span = self.loss, self.latent.span
        u = np.clip(self.latent.cdf(self.latent_grid), 1e-9, 1 - 1e-9)
        return {
            "grid": self.grid.tolist(),
            "latent_grid": self.latent_grid.tolist(),
            "x_axis": {"low": self.low, "high": self.high},
            "z_axis": {"low": span[0], "high": span[1]},
            "target_density": self.target_density.tolist(),
            "latent_density": self.latent.pdf(self.latent_grid).tolist(),
            "optimal_map": self.target.quantile(u).tolist(),
            "optimal_map_mirror": self.target.quantile(1 - u).tolist(),
            "density_high": 1.6 * float(self.target_density.max()),
            "modes": [
                {"centre": mode.centre, "mass": float(mass), "low": finite(mode.low), "high": finite(mode.high)}
                for mode, mass in zip(self.modes, self.target_mode_masses, strict=True)
            ],
            "real_samples": self.rug.tolist(),
            "training_points": 0 if self.points is None else len(self.points),
            "latent_histogram": metrics.histogram(self.noise, *span, Z_BINS).tolist(),
            "real_histogram": metrics.histogram(self.real, self.low, self.high, X_BINS).tolist(),
            "sample_count": SAMPLES,
            "x_bins": X_BINS,
            "z_bins": Z_BINS,
            "readout_bins": READOUT_BINS,
            "readout": {
                "kind": loss.readout,
                "low": self.readout_span[0],
                "high": self.readout_span[1],
                "undecided": loss.undecided,
                "label": "D(x)",
            },
            "loss_axis": {"low": loss.axis[0], "high": loss.axis[1]},
            "references": [
                {"series": series, "value": value, "label": named(value)}
                for series, value in loss.equilibrium().items()
            ],
            "metrics": described(),
        }


def seen_of(config: Scenery) -> tuple[Any, ...]:
    """All of a config that a look depends on."""
    fixed = (config.training_points, config.seed) if config.training_points else None
    return config.target, config.latent, config.loss, config.discriminator.view, fixed


def evenly(points: Float64, count: int) -> Float64:
    """`count` of some rising points, `(count,)`, at equal distances in rank: their quantiles at (i + ½)/count."""
    return points[((np.arange(count) + 0.5) / count * len(points)).astype(np.intp)]


def shown_axis(target: Target) -> tuple[float, float]:
    """Ends of the data axis: the target's support with an eighth to spare on each side, rounded outwards."""
    low, high = target.support()
    margin = 0.125 * (high - low)
    unit = 10.0 ** math.floor(math.log10(high - low))
    step = next(unit * k for k in (0.1, 0.2, 0.5, 1.0) if (high - low) / (unit * k) <= 20)
    return step * math.floor((low - margin) / step + 1e-9), step * math.ceil((high + margin) / step - 1e-9)


def named(value: float) -> str:
    """A reference value as a person writes it."""
    for known, name in ((math.log(2), "ln 2"), (-math.log(2), "−ln 2")):
        if abs(value - known) < 1e-9:
            return name
    return f"{value:.3f}".replace("-", "−")
