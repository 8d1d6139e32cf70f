"""How a run is looked at: all that stays fixed while it learns.

A `Probe` has the grids, its own fixed noise and its own workspaces, and everything that is known of the target. So
looking draws no random number of the training's and touches none of its buffers.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gan1d.asked import Asked
from gan1d.engine import metrics
from gan1d.engine.datasets import training_points
from gan1d.engine.histograms import CurveHistogram
from gan1d.engine.latents import Float64
from gan1d.engine.mlp import MLP
from gan1d.engine.programs import Array
from gan1d.engine.settings import Scenery
from gan1d.engine.targets import Target
from gan1d.frame import Sheet, finite
from gan1d.naming import named, numbers

GRID = 256
"""Bins of the data axis, and points of every curve on it."""
LATENT_GRID = 241
"""Points of every curve on the noise axis, and with the tails all that densities, masses and distances are computed
from. The ends of a uniform prior lie on it."""
TAIL = 8
"""Values of z beyond the shown noise axis on each side, down to a probability of 1e-9."""
FINENESS = 8
"""Places between two neighbouring points at which the target's distribution function is integrated."""
RUG = 64
"""Fixed noise draws that are followed one by one through the whole run, and as many fixed real samples."""
SAMPLES = 256
"""How many of each a D judges that is given several samples at once: of these there is no density on the axis."""
X_BINS, Z_BINS, READOUT_BINS = 64, 35, 20
"""Of the histograms. Those of x are every fourth edge of the grid."""

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
        per_unit: Turns the mass of a bin into a density.
        faint: Mass of a bin below which no optimal D is claimed.
        latent_grid: Even grid over the shown part of the noise axis, `(201,)`.
        modes: Basins of the target's modes, left to right.
        fixed: The fixed training points, rising, `(n,)`, or None if every batch is fresh.
        cuts: Where one basin ends and the next begins, `(modes − 1,)`.
        readout_span: Shown range of what D says.
        z: What both generators are asked about: latent grid and tails, increasing.
        curve: Where in `z` the latent grid lies.
        pushforward: Turns G and its average at `z` into distributions.
        points: Where their distribution functions are asked for: bin edges and cuts, increasing.
        at_edges: Where among the points the bin edges are.
        at_cuts: Where the cuts are.
        gaps: Distance of each point to the one before, a row for each generator, `(2, points)`.
        target_below: The target's distribution function at the points, likewise.
        target_areas: Its integral since the point before, likewise.
        target_outside: Mass times mean distance of what the target has beyond either end of the data axis.
        values: Room for what both generators make of `z`, `(2, z)`.
        followed: Fixed noise whose way is followed one by one, the rug first.
        generator_inputs: `z` and the noise that is followed, `(rows, n)`.
        discriminator_inputs: Every x that D is asked about: a place left of the axis, the grid, a place right of it;
            and reals and fakes, if it judges several at once. The outer two and the fakes are filled at each look.
        sides: Mass below the axis, in each bin and above, of what D is given as real, and as fake, `(2, bins + 2)`;
            the fakes' is filled at each look.
        verdicts: Collects both by what D says.
        sheet: Room for the arrays of a frame.
        fixed_below, fixed_areas, fixed_outside: The same three of the fixed training points, if there are any.
        target_mean: In units of x.
        target_deviation: Standard deviation, in units of x.
    """

    def __init__(self, config: Scenery) -> None:
        self.target, self.latent, self.loss = config.target, config.latent, config.loss
        self.view = config.discriminator.view
        self._seen = seen_of(config)
        fixed = training_points(config)
        self.fixed = None if fixed is None else np.sort(fixed)
        self.low, self.high = shown_axis(self.target)
        self.edges = np.linspace(self.low, self.high, GRID + 1)
        self.bin_width = (self.high - self.low) / GRID
        self.grid = 0.5 * (self.edges[:-1] + self.edges[1:])
        self.latent_grid = np.linspace(*self.latent.span, LATENT_GRID)
        self.modes = self.target.basins()
        # A fake may lie anywhere: the outer bins reach to infinity, and their mass is said, not lost.
        self.cuts = np.array([mode.low for mode in self.modes[1:]])
        self.bin_masses = metrics.between(self.target.cdf(self.edges))
        self.target_density = self.bin_masses[1:-1] / self.bin_width
        self.per_unit = np.array(1 / self.bin_width)
        self.faint = np.array(FAINTEST * float(self.target_density.max()) * self.bin_width)
        self.target_mode_masses = metrics.between(self.target.cdf(self.cuts))
        self.readout_span = self.loss.span(self.high - self.low)
        self._divide_noise()
        self._measure_target()
        self._measure_points()
        self._draw_samples()
        self._asked: dict[int, Asked] = {}
        self.values = np.empty((2, len(self.z)))
        self._ask()

    def _divide_noise(self) -> None:
        """The latent grid with a few z beyond either end, and the mass between neighbours.

        Without the tails, all that lies beyond the grid would be spread evenly to its end, and the best D would be
        told of mass where there is next to none.
        """
        below, above = (float(self.latent.cdf(np.array(end))) for end in self.latent.span)
        left = self.latent.quantile(np.geomspace(1e-9, below, TAIL, endpoint=False)) if below > 0 else np.empty(0)
        right = self.latent.quantile(1 - np.geomspace(1 - above, 1e-9, TAIL + 1)[1:]) if above < 1 else np.empty(0)
        self.z = np.concatenate([left, self.latent_grid, right])
        self.curve = slice(len(left), len(left) + LATENT_GRID)
        self.points = np.sort(np.concatenate([self.edges, self.cuts]))
        self.at_edges = np.searchsorted(self.points, self.edges)
        self.at_cuts = np.searchsorted(self.points, self.cuts)
        # What lies beyond the outermost z belongs to the outermost pieces.
        masses = metrics.between(self.latent.cdf(self.z))
        masses[1] += masses[0]
        masses[-2] += masses[-1]
        self.pushforward = metrics.Pushforward(masses[1:-1], self.points, rows=2)

    def _measure_target(self) -> None:
        """What the generated distribution is compared with."""
        self.gaps = np.tile(self.pushforward.gaps, (2, 1))
        self.target_below = np.tile(self.target.cdf(self.points), (2, 1))
        self.target_areas = np.tile(np.append(0.0, integral(self.target.cdf, self.points)), (2, 1))
        ends = self.target.quantile(np.array([1e-12, 1 - 1e-12]))
        left, right = min(float(ends[0]), self.low), max(float(ends[1]), self.high)
        far = np.concatenate(
            [np.linspace(left, self.low, 513)[:-1], self.edges, np.linspace(self.high, right, 513)[1:]]
        )
        below, above = far <= self.low, far >= self.high
        self.target_outside = (
            float(integral(self.target.cdf, far[below]).sum()),
            float(integral(lambda x: 1 - self.target.cdf(x), far[above]).sum()),
        )
        # E x = end − ∫F, and E (end − x)² = 2·∫∫F: by parts, from the right end.
        areas = integral(self.target.cdf, far)
        twice = integral(lambda x: (far[-1] - x) * self.target.cdf(x), far)
        self.target_mean = float(far[-1] - areas.sum())
        self.target_deviation = math.sqrt(max(2 * float(twice.sum()) - float(areas.sum()) ** 2, 0.0))

    def _measure_points(self) -> None:
        """The same of the fixed training points, which are a distribution of their own, an atom each."""
        if self.fixed is None:
            return
        # Σ max(0, p − xᵢ) = p·(how many are left of p) − (their sum).
        count = np.searchsorted(self.fixed, self.points, side="right")
        sums = np.append(0.0, self.fixed.cumsum())[count]
        self.fixed_below = (count / len(self.fixed))[None]
        self.fixed_areas = np.diff((self.points * count - sums) / len(self.fixed), prepend=np.nan)[None]
        self.fixed_areas[0, 0] = 0.0
        beyond = np.fmax(self.low - self.fixed, 0.0), np.fmax(self.fixed - self.high, 0.0)
        self.fixed_outside = float(beyond[0].mean()), float(beyond[1].mean())

    def _ask(self) -> None:
        """What the networks are asked about, and room for what is made of their answers."""
        several = self.view.rows > 1
        self.followed = self.noise if several else self.noise[:RUG]
        self.generator_inputs = np.concatenate([self.z, self.followed])[None]
        axis = np.concatenate([[self.low], self.grid, [self.high]])
        self.discriminator_inputs = np.concatenate([axis, self.real, np.zeros(SAMPLES)]) if several else axis
        self.sides = np.stack([self._real_masses(self.edges), np.zeros(GRID + 2)])
        self.verdicts = CurveHistogram(*self.readout_span, READOUT_BINS, GRID + 2)
        self.sheet = Sheet(
            latent_grid=LATENT_GRID, grid=GRID, modes=len(self.modes), rug=RUG, x_bins=X_BINS + 2,
            readout_bins=READOUT_BINS + 2,
        )  # fmt: skip

    def _real_masses(self, edges: Float64) -> Float64:
        """Mass below, between and above some edges of all that D is given as real: the target's, or the points'."""
        if self.fixed is None:
            return metrics.between(self.target.cdf(edges))
        return metrics.between(np.searchsorted(self.fixed, edges, side="right") / len(self.fixed))

    def fits(self, config: Scenery) -> bool:
        """Whether it shows what `config` is about; if not, a new probe is needed."""
        return self._seen == seen_of(config)

    def _draw_samples(self) -> None:
        """Fixed noise and fixed reals, so that what moves on the page is learning and not luck.

        Where the training points are fixed, they are the reals.
        """
        noise_rng, real_rng = (np.random.default_rng(s) for s in np.random.SeedSequence(PROBE_SEED).spawn(2))
        self.noise = self.latent.sample(noise_rng, SAMPLES)
        fixed = self.fixed
        self.real = self.target.sample(real_rng, SAMPLES) if fixed is None else evenly(fixed, SAMPLES)
        self.rug = self.real[:RUG] if fixed is None else evenly(fixed, min(RUG, len(fixed)))

    def asked(self, network: MLP, inputs: Array, slot: int, *, pushed: bool = False) -> Asked:
        """The probe's own room for a network, filled with inputs, and kept while the network stays the same object.

        Args:
            network: Who is asked.
            inputs: What, `(n,)` or `(rows, n)`; a D of several inputs has the rows of its view, all with these to
                begin with.
            slot: Whose room it is.
            pushed: Whether the way back from the generator's loss is asked for as well.
        """
        known = self._asked.get(slot)
        if known is None or known.network is not network:
            known = Asked(network, inputs, self.loss.generator_gradient if pushed else None)
            self._asked[slot] = known
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
            "training_points": 0 if self.fixed is None else len(self.fixed),
            "latent_histogram": metrics.between(self.latent.cdf(np.linspace(*span, Z_BINS + 1))).tolist(),
            "real_histogram": self._real_masses(self.edges[:: GRID // X_BINS]).tolist(),
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
            "metrics": numbers(loss),
        }


def integral(function: Callable[[Float64], Float64], points: Float64) -> Float64:
    """Integrals between neighbouring points, `(m,)` → `(m − 1,)`, by Simpson's rule on `FINENESS` parts of each."""
    parts = np.linspace(points[:-1], points[1:], FINENESS + 1, axis=1)
    weights = np.full(FINENESS + 1, 2.0)
    weights[1::2], weights[[0, -1]] = 4.0, 1.0
    heights = function(parts.ravel()).reshape(parts.shape)
    return np.asarray(heights @ weights * np.diff(points) / (3 * FINENESS))


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
