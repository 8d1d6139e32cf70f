"""The fixed side of an evaluation: inputs of the networks, and the distributions that they are compared with.

Everything here follows from the config and stays the same while a run learns. A `Probe` draws from its own random
streams and has its own workspaces, so an evaluation changes nothing in training.

The scene that describes a probe to the page stands in the same class, because it is computed once for each probe, too.
"""

from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.datasets import target_classes, training_classes
from gan1d.engine.data.standardization import in_units, units_of
from gan1d.engine.data.translation import is_translation, mirrored
from gan1d.engine.distributions.base import ConditionalDistribution
from gan1d.engine.distributions.modes import ModeInterval
from gan1d.engine.distributions.shown_axis import shown_axis
from gan1d.engine.metrics.curve_pushforward import CurvePushforward
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution, bin_masses
from gan1d.engine.metrics.histograms import CurveHistogram
from gan1d.engine.objectives.base_loss import WeightedScores
from gan1d.engine.objectives.codes import ContinuousCode, NoCode
from gan1d.engine.protocols import EvaluationSettings
from gan1d.engine.units import Units
from gan1d.evaluation import reference
from gan1d.evaluation.code import NodeDistributions, shown_codes
from gan1d.evaluation.fixed_samples import RUG, SAMPLES, FixedSamples
from gan1d.evaluation.forward_pass import ForwardPasses
from gan1d.evaluation.frame import finite
from gan1d.evaluation.inputs import equal_items, probe_settings_of
from gan1d.evaluation.latent_grid import LatentGrid
from gan1d.evaluation.metric_descriptions import describe_metrics
from gan1d.formatting import format_reference

GRID = 256
"""Bins of the data axis, and points of every curve on it."""
X_BINS, Z_BINS, READOUT_BINS = 64, 35, 20
"""Bins of the histograms. The edges of those of x are every fourth edge of the grid."""

FAINTEST = 1e-2
"""Share of the target's highest density below which p_data + p_g is too low for an optimal D to be shown."""

SOURCE_QUANTILES = 256
"""Quantiles of a source over which expectations are taken."""
BACK_SCENE = (
    "grid", "latent_grid", "x_axis", "z_axis", "target_density", "density_high", "latent_density", "optimal_maps",
    "optimal_maps_mirrored",
)  # fmt: skip
"""Parts of the scene of the way back."""


@dataclass(frozen=True, eq=False)
class Probe:
    """Inputs and reference distributions for evaluating the runs of one config.

    With labels, each class is evaluated by itself, and the whole is their mixture. A run without labels has one class.
    Evaluation is in the units of the run, as training is; `observe` and `scene` convert to units of x.

    Args:
        config: The settings of the runs.
        run_units: Units of the runs; by default those of a run that starts with `config`.

    Attributes:
        config: The target, latent, code and loss, the number of training samples, D's view, and whether labels are
            used.
        units: Units of the runs.
    """

    config: EvaluationSettings
    run_units: InitVar[Units | None] = None
    units: Units = field(init=False)

    def __post_init__(self, run_units: Units | None) -> None:
        object.__setattr__(self, "units", units_of(self.config) if run_units is None else run_units)

    def fits(self, config: EvaluationSettings, units: Units | None = None) -> bool:
        """Whether this probe evaluates runs of `config` in `units`, by default those of a run that starts with it."""
        is_same = self._settings == probe_settings_of(config)
        return is_same and self.units == (units_of(config) if units is None else units)

    @cached_property
    def _settings(self) -> tuple[Any, ...]:
        return probe_settings_of(self.config)

    @cached_property
    def _standardized(self) -> EvaluationSettings:
        """The settings with the target in units of the run."""
        return in_units(self.config, self.units)

    # The data axis ---------------------------------------------------------------------------------------------------

    @cached_property
    def modes(self) -> tuple[ModeInterval, ...]:
        """Intervals of the target's modes, left to right: those of x, as rounding to other units can merge two."""
        return tuple(mode.in_units(self.units) for mode in self.config.target.mode_intervals())

    @cached_property
    def axis(self) -> tuple[float, float]:
        """Ends of the shown data axis, in units of x."""
        return shown_axis(self.config.target)

    @cached_property
    def grid(self) -> Grid:
        """Bins of the shown data axis, and the cuts between modes."""
        low, high = map(self.units.standardize, self.axis)
        return Grid(np.linspace(low, high, GRID + 1), np.array([mode.low for mode in self.modes[1:]]))

    @cached_property
    def output_range(self) -> tuple[float, float]:
        """Shown range of D's outputs."""
        return self.config.loss.readout.output_range(self.grid.high - self.grid.low)

    # Reference distributions -----------------------------------------------------------------------------------------

    @cached_property
    def classes(self) -> tuple[ConditionalDistribution, ...]:
        """Classes of the target, one without labels."""
        return target_classes(self._standardized)

    @cached_property
    def _training_classes(self) -> tuple[ConditionalDistribution, ...]:
        return training_classes(self._standardized)

    @cached_property
    def weights(self) -> Float64:
        """Share of each class among D's real inputs, `(classes,)`."""
        return np.array([each.weight for each in self._training_classes])

    @cached_property
    def condition_weights(self) -> Float64:
        """Share of each label or value of the code among the fakes, `(n,)`."""
        count = self.latent_grid.classes
        return self.weights if len(self.weights) == count else np.full(count, 1 / count)

    @cached_property
    def target(self) -> GridDistribution:
        """The target."""
        return reference.from_target(self._standardized.target, self.grid)

    @cached_property
    def target_classes(self) -> GridDistribution:
        """The target's classes, a row each."""
        if not self.config.conditional:
            return self.target
        return GridDistribution.stack([reference.from_target(each, self.grid) for each in self.classes])

    @cached_property
    def training_masses(self) -> Float64:
        """Bin masses of D's real inputs in each class, the target's or the training samples', `(classes, 258)`."""
        return np.array([bin_masses(each.cdf(self.grid.edges)) for each in self._training_classes])

    @cached_property
    def training_samples(self) -> GridDistribution | None:
        """The fixed training samples, or None if every batch is fresh."""
        data = self.samples.data
        return None if data is None else reference.from_samples(np.sort(data.samples), self.grid)

    @cached_property
    def target_mode_masses(self) -> Float64:
        """The target's mass of each mode, `(modes,)`."""
        return bin_masses(self._standardized.target.cdf(self.grid.cuts))

    @cached_property
    def target_density(self) -> Float64:
        """The target's mean density in each bin, `(256,)`."""
        return self.target.masses[0, 1:-1] / self.grid.bin_width

    @cached_property
    def target_moments(self) -> tuple[float, float]:
        """Mean and standard deviation of the target."""
        return reference.moments(self._standardized.target, self.grid)

    @property
    def target_deviation(self) -> float:
        """Standard deviation of the target, in units of x."""
        return self.units.scale * self.target_moments[1]

    @cached_property
    def faint_mass(self) -> float:
        """Mass of a bin, real and fake, below which no optimal D is shown."""
        return FAINTEST * float(self.target_density.max()) * self.grid.bin_width

    @cached_property
    def samples(self) -> FixedSamples:
        """Fixed latent inputs and real samples: the page shows learning, and not the luck of a draw."""
        count = SAMPLES if self.config.discriminator.view.rows > 1 else RUG
        return FixedSamples(self._standardized, self.weights.tolist(), count)

    # Inputs of the networks ------------------------------------------------------------------------------------------

    @cached_property
    def latent_grid(self) -> LatentGrid:
        """Latent inputs from which distributions and curves are computed."""
        return LatentGrid(self.config, self._standardized.latent)

    @cached_property
    def back(self) -> "Probe":
        """The probe of the way back of a translation."""
        return Probe(mirrored(self.config), self.units)

    @cached_property
    def source_quantiles(self) -> Float64:
        """Quantiles of the source at (i + ½)/256, `(256,)`."""
        return np.asarray(self._standardized.latent.lattice(SOURCE_QUANTILES)[0])

    @cached_property
    def generator_inputs(self) -> Array:
        """The latent grid and the fixed latent inputs, `(inputs, n)`."""
        return np.concatenate([self.latent_grid.inputs, self.samples.latent], axis=1)

    @cached_property
    def discriminator_inputs(self) -> Array:
        """Inputs of D along the data axis, `(inputs, n)`.

        Class by class a point left of the axis, the bin centres, and a point right of it; then room for the fixed real
        samples and for their fakes, if D judges several at once.
        """
        view, axis = (
            self.config.discriminator.view,
            np.concatenate([[self.grid.low], self.grid.centres, [self.grid.high]]),
        )
        inputs = equal_items(axis, view, len(self.samples.labels))
        return np.pad(inputs, ((0, 0), (0, 2 * SAMPLES if view.rows > 1 else 0)))

    @cached_property
    def rug_inputs(self) -> Array:
        """Inputs of D for the 64 shown fakes, with their labels, `(inputs, 64)`; the fakes are left at 0."""
        inputs = np.zeros((len(self.discriminator_inputs), RUG))
        if self.config.discriminator.view.rows == 1:
            inputs[1:] = self.samples.labels
        return inputs

    @cached_property
    def paired_reals(self) -> WeightedScores:
        """Buffers for D's scores of the reals, on the axis or at fixed samples, with which a loss pairs the fakes."""
        is_sampled = self.config.discriminator.view.rows > 1
        count = SAMPLES if is_sampled else len(self.classes) * (GRID + 2)
        return WeightedScores(np.zeros(count), np.zeros(count))

    # Operators with buffers of their own -----------------------------------------------------------------------------

    @cached_property
    def pushforward(self) -> CurvePushforward | EmpiricalPushforward:
        """Map from G and its average, with a row for each class, to their distributions."""
        return self.latent_grid.pushforward(self.grid)

    @cached_property
    def node_distributions(self) -> NodeDistributions | None:
        """Map from G to its distributions at all nodes of a continuous code; None without one."""
        code = self.config.code
        return NodeDistributions(self.config.latent, code, self.grid) if isinstance(code, ContinuousCode) else None

    @cached_property
    def output_histogram(self) -> CurveHistogram:
        """Histograms of D's outputs from its curve and the mass of each bin of the data axis."""
        return CurveHistogram(*self.output_range, READOUT_BINS, GRID + 2)

    @cached_property
    def forward_passes(self) -> ForwardPasses:
        """Workspaces of the networks."""
        return ForwardPasses()

    # The scene -------------------------------------------------------------------------------------------------------

    def scene(self) -> dict[str, Any]:
        """Everything about the runs that stays fixed, as plain JSON values, for the page."""
        return dict(self._scene)

    @cached_property
    def _scene(self) -> dict[str, Any]:
        back = {"back": self._back_scene() if is_translation(self.config) else None}
        return self._axes() | self._latent_scene() | self._target_scene() | self._loss_scene() | back

    def _back_scene(self) -> dict[str, Any]:
        """The part of the scene of the way back that differs from the way there."""
        scene = self.back._axes() | self.back._latent_scene() | self.back._target_scene()
        return {name: scene[name] for name in BACK_SCENE}

    def _axes(self) -> dict[str, Any]:
        low, high = self.config.latent.span
        return {
            "grid": self.units.to_x(self.grid.centres).tolist(),
            "latent_grid": self._latent_points.tolist(),
            "x_axis": dict(zip(("low", "high"), self.axis, strict=True)),
            "z_axis": {"low": low, "high": high},
            "x_bins": X_BINS,
            "z_bins": Z_BINS,
            "readout_bins": READOUT_BINS,
        }

    @property
    def _latent_points(self) -> Float64:
        """The latent grid as it is shown: a source in units of x."""
        grid = self.latent_grid.grid
        return np.asarray(self.units.to_x(grid)) if is_translation(self.config) else grid

    def _latent_scene(self) -> dict[str, Any]:
        """The prior, the curves of G, and the optimal generators: none where G has several inputs that are drawn, as
        there are too many."""
        latent, latent_grid = self.config.latent, self.latent_grid
        z = self._latent_points
        u = np.clip(latent.cdf(z), 1e-9, 1 - 1e-9)
        names, code = shown_codes(self.config.code)[1], self.config.code
        has_optimal_maps = () if latent_grid.is_sampled or names else self.classes
        return {
            "latent_density": latent.pdf(z).tolist(),
            "latent_histogram": bin_masses(latent.cdf(np.linspace(*latent.span, Z_BINS + 1))).tolist(),
            "latent_dimension": latent.dimension,
            "atoms": latent_grid.classes * latent_grid.count if latent_grid.is_sampled else 0,
            "curves": list(latent_grid.names),
            "codes": list(names),
            "code_entropy": None if isinstance(code, NoCode) else code.entropy,
            # F⁻¹(Φ(z)) and its mirror image.
            "optimal_maps": [self.units.to_x(each.quantile(u)).tolist() for each in has_optimal_maps],
            "optimal_maps_mirrored": [self.units.to_x(each.quantile(1 - u)).tolist() for each in has_optimal_maps],
        }

    def _target_scene(self) -> dict[str, Any]:
        """The target, its modes and classes, and D's real inputs."""
        below, *bins, above = self.weights @ self.training_masses
        names = self.latent_grid.names if self.config.conditional else ()
        modes, classes = self.config.target.mode_intervals(), target_classes(self.config)
        return {
            "target_density": (self.target_density / self.units.scale).tolist(),
            "density_high": 1.6 * float(self.target_density.max()) / self.units.scale,
            "modes": [
                {"centre": mode.centre, "mass": float(mass), "low": finite(mode.low), "high": finite(mode.high)}
                for mode, mass in zip(modes, self.target_mode_masses, strict=True)
            ],
            "classes": [
                {"name": name, "centre": each.centre, "weight": float(weight)}
                for name, each, weight in zip(names, classes, self.weights, strict=False)
            ],
            "real_samples": self.units.to_x(self.samples.shown).tolist(),
            "real_histogram": [below, *np.reshape(bins, (X_BINS, -1)).sum(axis=1).tolist(), above],
            "training_points": 0 if self.samples.data is None else len(self.samples.data.samples),
        }

    def _loss_scene(self) -> dict[str, Any]:
        """The axes of losses and of D's outputs, the equilibrium, and the descriptions of all metrics."""
        loss, readout = self.config.loss, self.config.loss.readout
        return {
            "readout": {
                "kind": readout.kind,
                "low": self.output_range[0],
                "high": self.output_range[1],
                "threshold": readout.threshold,
                "label": "D(x)",
            },
            "loss_axis": {"low": readout.loss_axis[0], "high": readout.loss_axis[1]},
            "references": [
                {"series": series, "value": value, "label": format_reference(value)}
                for series, value in loss.equilibrium().items()
            ],
            "metrics": describe_metrics(loss, self.config.code),
        }
