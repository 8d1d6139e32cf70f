"""How a run is looked at: all that stays fixed while it learns.

A `Probe` has the grids, its own fixed noise and its own workspaces, and everything that is known of the target. So
looking draws no random number of the training's and touches none of its buffers.
"""

from typing import Any

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.conditioning import balanced_labels, class_count, one_hot
from gan1d.engine.data.datasets import target_classes, training_classes, training_set
from gan1d.engine.metrics import divergences
from gan1d.engine.metrics.histograms import CurveHistogram
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.protocols import EvaluationSettings
from gan1d.evaluation.forward_pass import ForwardPass
from gan1d.evaluation.frame import finite
from gan1d.evaluation.frame_buffer import FrameBuffer
from gan1d.evaluation.inputs import equal_items, pick_evenly, probe_settings_of, shown_axis
from gan1d.evaluation.latent_grid import LatentGrid
from gan1d.evaluation.metric_descriptions import describe_metrics
from gan1d.evaluation.reference import moments, of_points, of_target
from gan1d.formatting import format_reference

GRID = 256
"""Bins of the data axis, and points of every curve on it."""
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

    Where labels are told, each class is looked at by itself, and the whole is their mixture. A run without labels is
    one of a single class.

    Args:
        config: Its target, latent and loss, its training points if they are fixed, and whether labels are told.

    Attributes:
        low: Left end of the data axis.
        high: Right end of the data axis.
        grid: Bin centres of the data axis, `(256,)`.
        per_unit: Turns the mass of a bin into a density.
        faint: Mass of a bin below which no optimal D is claimed.
        modes: Basins of the target's modes, left to right.
        classes: What labels tell apart, or the target as a whole.
        weights: Their shares of what D is given as real, `(classes,)`.
        fixed: The fixed training points, rising, `(n,)`, or None if every batch is fresh.
        cuts: Where one basin ends and the next begins, `(modes − 1,)`.
        readout_span: Shown range of what D says.
        noise: What generators are asked about.
        points: Where distribution functions are asked for: bin edges and cuts, increasing.
        at_edges: Where among the points the bin edges are.
        at_cuts: Where the cuts are.
        target_reference: What the distribution of G and that of its average are compared with.
        class_reference: What the distribution under each label is compared with, if labels are told.
        fixed_reference: The same of the fixed training points, if there are any.
        target_mean: In units of x.
        target_deviation: Standard deviation, in units of x.
        values: Room for what both generators make of the noise, `(2 · classes, count)`.
        followed: Fixed noise whose way is followed one by one, the rug first, `(inputs, n)`.
        labels: Its labels, as D is told them, `(classes, n)`, no rows if none are.
        generator_inputs: The noise grid and the noise that is followed, `(inputs, n)`.
        discriminator_inputs: All that D is asked about, `(inputs, n)`: class by class a place left of the axis, the
            grid, a place right of it; and reals and fakes, if it judges several at once. The outer two and the fakes
            are filled at each look.
        rug_inputs: Room for the fakes of the rug as D is given them, with their labels, `(inputs, 64)`.
        sides: Mass below the axis, in each bin and above, of what D is given as real, and as fake, in each class,
            `(classes, 2, bins + 2)`; the fakes' is filled at each look.
        real: Fixed reals, `(256,)`.
        real_labels: Theirs, as `labels`.
        rug: Those of them that are shown.
        real_masses: Mass of the target below the axis, in each bin and above, in each class, `(classes, bins + 2)`.
        given_masses: The same of what D is given as real: the target, or the fixed points.
        bin_masses: The same of the target as a whole, `(bins + 2,)`.
        verdicts: Collects masses by what D says.
        sheet: Room for the arrays of a frame.
    """

    def __init__(self, config: EvaluationSettings) -> None:
        self.target, self.latent, self.loss = config.target, config.latent, config.loss
        self.view, self.conditional = config.discriminator.view, config.conditional
        self._seen = probe_settings_of(config)
        self.classes, given = target_classes(config), training_classes(config)
        self.weights = np.array([each.weight for each in given])
        self.low, self.high = shown_axis(self.target)
        self.edges = np.linspace(self.low, self.high, GRID + 1)
        self.bin_width = (self.high - self.low) / GRID
        self.grid = 0.5 * (self.edges[:-1] + self.edges[1:])
        self.modes = self.target.mode_intervals()
        # A fake may lie anywhere: the outer bins reach to infinity, and their mass is said, not lost.
        self.cuts = np.array([mode.low for mode in self.modes[1:]])
        self.points = np.sort(np.concatenate([self.edges, self.cuts]))
        self.at_edges = np.searchsorted(self.points, self.edges)
        self.at_cuts = np.searchsorted(self.points, self.cuts)
        self.readout_span = self.loss.readout.output_range(self.high - self.low)
        self.noise = LatentGrid(config, self.points)
        self._measure_target(config)
        self.given_masses = np.array([divergences.bin_masses(each.cdf(self.edges)) for each in given])
        self._draw_samples(config)
        self._ask()
        self._forward_passes: dict[int, ForwardPass] = {}

    def _measure_target(self, config: EvaluationSettings) -> None:
        """What the generated distribution is compared with."""
        gaps = self.noise.pushforward.gaps
        self.real_masses = np.array([divergences.bin_masses(each.cdf(self.edges)) for each in self.classes])
        self.bin_masses = divergences.bin_masses(self.target.cdf(self.edges))
        self.target_density = self.bin_masses[1:-1] / self.bin_width
        self.per_unit = np.array(1 / self.bin_width)
        self.faint = np.array(FAINTEST * float(self.target_density.max()) * self.bin_width)
        self.target_mode_masses = divergences.bin_masses(self.target.cdf(self.cuts))
        self.target_mean, self.target_deviation = moments(self.target, self.edges)
        self.target_reference = of_target([self.target], self.points, gaps, copies=2)
        self.class_reference = of_target(self.classes, self.points, gaps) if config.conditional else None
        self._set = training_set(config)
        self.fixed = None if self._set is None else np.sort(self._set.samples)
        self.fixed_reference = None if self.fixed is None else of_points(self.fixed, self.points, gaps)

    def _draw_samples(self, config: EvaluationSettings) -> None:
        """Fixed noise and fixed reals, so that what moves on the page is learning and not luck.

        Where the training points are fixed, they are the reals.
        """
        noise_rng, real_rng = (np.random.default_rng(s) for s in np.random.SeedSequence(PROBE_SEED).spawn(2))
        count = SAMPLES if self.view.rows > 1 else RUG
        noise = self.latent.draw(noise_rng, SAMPLES)[:, :count]
        classes = class_count(config)
        self.labels = one_hot(balanced_labels(self.weights.tolist(), count), classes)
        self.followed = np.concatenate([noise, self.labels])
        if self._set is None:
            self.real, labels = self.target.labelled_samples(real_rng, SAMPLES)
            self.rug = self.real[:RUG]
        else:
            order = np.argsort(self._set.samples, kind="stable")
            chosen = pick_evenly(order, SAMPLES)
            self.real, labels = self._set.samples[chosen], self._set.labels[chosen]
            self.rug = self._set.samples[pick_evenly(order, min(RUG, len(order)))]
        self.real_labels = one_hot(labels, classes)

    def _ask(self) -> None:
        """What the networks are asked about, and room for what is made of their answers."""
        classes, noise = len(self.classes), self.noise
        self.values = np.empty((2 * classes, noise.count))
        self.generator_inputs = np.concatenate([noise.inputs, self.followed], axis=1)
        axis = np.concatenate([[self.low], self.grid, [self.high]])
        self.discriminator_inputs = equal_items(axis, self.view, len(self.labels))
        if self.view.rows > 1:
            items = np.zeros((len(self.discriminator_inputs), 2 * SAMPLES))
            self.discriminator_inputs = np.concatenate([self.discriminator_inputs, items], axis=1)
        self.rug_inputs = np.zeros((len(self.discriminator_inputs), RUG))
        if self.view.rows == 1:
            self.rug_inputs[1:] = self.labels
        self.sides = np.zeros((classes, 2, GRID + 2))
        self.sides[:, 0] = self.given_masses
        self.verdicts = CurveHistogram(*self.readout_span, READOUT_BINS, GRID + 2)
        self.buffer = FrameBuffer(
            generator_curves=noise.curves.shape, discriminator_curves=(classes, GRID), grid=(GRID,),
            modes=(len(self.modes),), rug=(RUG,), x_bins=(X_BINS + 2,), readout_bins=(READOUT_BINS + 2,),
        )  # fmt: skip

    def _real_histogram(self) -> Float64:
        """Mass below the axis, in each of its bins on the page, and above, of all that D is given as real, `(66,)`."""
        below, *bins, above = self.weights @ self.given_masses
        return np.concatenate([[below], np.reshape(bins, (X_BINS, -1)).sum(axis=1), [above]])

    def fits(self, config: EvaluationSettings) -> bool:
        """Whether it shows what `config` is about; if not, a new probe is needed."""
        return self._seen == probe_settings_of(config)

    def forward_pass(self, network: MLP, inputs: Array, slot: int, *, pushed: bool = False) -> ForwardPass:
        """The probe's own room for a network, filled with inputs, and kept while the network stays the same object.

        Args:
            network: Who is asked.
            inputs: What, `(inputs, n)`.
            slot: Whose room it is.
            pushed: Whether the way back from the generator's loss is asked for as well.
        """
        known = self._forward_passes.get(slot)
        if known is None or known.network is not network:
            known = ForwardPass(network, inputs, self.loss.generator_gradient if pushed else None)
            self._forward_passes[slot] = known
        return known

    def scene(self) -> dict[str, Any]:
        """All of it as plain JSON values, for the page."""
        loss, noise, span = self.loss, self.noise, self.latent.span
        return {
            "grid": self.grid.tolist(),
            "latent_grid": noise.grid.tolist(),
            "x_axis": {"low": self.low, "high": self.high},
            "z_axis": {"low": span[0], "high": span[1]},
            "target_density": self.target_density.tolist(),
            "latent_density": self.latent.pdf(noise.grid).tolist(),
            "latent_dimension": self.latent.dimension,
            "atoms": noise.classes * noise.count if noise.is_sampled else 0,
            "curves": list(noise.names),
            "classes": [
                {"name": name, "centre": each.centre, "weight": float(weight)}
                for name, each, weight in zip(noise.names, self.classes, self.weights, strict=True)
            ] if self.conditional else [],
            **self._optimal_maps(),
            "density_high": 1.6 * float(self.target_density.max()),
            "modes": [
                {"centre": mode.centre, "mass": float(mass), "low": finite(mode.low), "high": finite(mode.high)}
                for mode, mass in zip(self.modes, self.target_mode_masses, strict=True)
            ],
            "real_samples": self.rug.tolist(),
            "training_points": 0 if self.fixed is None else len(self.fixed),
            "latent_histogram": divergences.bin_masses(self.latent.cdf(np.linspace(*span, Z_BINS + 1))).tolist(),
            "real_histogram": self._real_histogram().tolist(),
            "x_bins": X_BINS,
            "z_bins": Z_BINS,
            "readout_bins": READOUT_BINS,
            "readout": {
                "kind": loss.readout.kind,
                "low": self.readout_span[0],
                "high": self.readout_span[1],
                "undecided": loss.readout.threshold,
                "label": "D(x)",
            },
            "loss_axis": {"low": loss.readout.loss_axis[0], "high": loss.readout.loss_axis[1]},
            "references": [
                {"series": series, "value": value, "label": format_reference(value)}
                for series, value in loss.equilibrium().items()
            ],
            "metrics": describe_metrics(loss),
        }  # fmt: skip

    def _optimal_maps(self) -> dict[str, list[list[float]]]:
        """For each curve of G the one that would be perfect, F⁻¹(Φ(z)), and its mirror image: none where z has several
        numbers, for then there are too many ways to be perfect."""
        if self.noise.is_sampled:
            return {"optimal_maps": [], "optimal_maps_mirrored": []}
        u = np.clip(self.latent.cdf(self.noise.grid), 1e-9, 1 - 1e-9)
        return {
            "optimal_maps": [each.quantile(u).tolist() for each in self.classes],
            "optimal_maps_mirrored": [each.quantile(1 - u).tolist() for each in self.classes],
        }
