"""Extraction of features from a run: one observation, cheap enough to be made all the time.

A `FeatureExtractor` has noise, grids and workspaces of its own, as a `Probe` has, only coarser. It draws none of the
training's random numbers and writes to none of its buffers.

All features stand in one class, because they share the samples, the grid and the passes of both networks.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any, Final

import numpy as np

from gan1d.diagnosis.evaluation_samples import QUANTILES, EvaluationSamples
from gan1d.diagnosis.features import EPSILON, Features, TargetModes, TranslationFeatures
from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.conditioning import evaluation_items_with_labels
from gan1d.engine.data.datasets import training_set
from gan1d.engine.data.instance_noise import instance_noise_at
from gan1d.engine.data.standardization import in_units, units_of
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.distributions.shown_axis import shown_axis
from gan1d.engine.distributions.targets import Target
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution, bin_masses
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.objectives.base_loss import WeightedScores
from gan1d.engine.objectives.codes import CategoricalCode, ContinuousCode
from gan1d.engine.protocols import EvaluationSettings
from gan1d.engine.units import Units
from gan1d.evaluation.forward_pass import ForwardPasses, bounded
from gan1d.evaluation.inputs import equal_items, probe_settings_of
from gan1d.evaluation.observe import ObservableRun
from gan1d.evaluation.reference import from_samples, from_target
from gan1d.evaluation.translation import order_kept

BINS: Final = 64
"""Bins of the data axis."""
CORE_MASS: Final = 0.998
"""Share of a mode's mass inside its core, the part of the axis that counts as on the mode: three widths to each side
of a Gaussian."""


class FeatureExtractor:
    """Observes runs of one target, prior, loss and discriminator view.

    All features of D are about samples as D sees them: reals are the training samples, if these are fixed, and instance
    noise blurs both sides. D is compared with the optimal D for one sample; if it sees several samples at once it may
    be better than that.

    Args:
        config: Its settings that an observation depends on; see `probe_settings_of`.
        units: Units of the runs, in which they are observed; by default those of a run that starts with `config`.

    Attributes:
        modes: The target's modes, in units of x.
        units: Units of the runs.
    """

    def __init__(self, config: EvaluationSettings, units: Units | None = None) -> None:
        self._settings, intervals = probe_settings_of(config), config.target.mode_intervals()
        self.units = units_of(config) if units is None else units
        low, high = map(self.units.standardize, shown_axis(config.target))
        centres, config = tuple(interval.centre for interval in intervals), in_units(config, self.units)
        target, intervals = config.target, config.target.mode_intervals()
        self._loss, self._view, self._is_optimal = config.loss, config.discriminator.view, config.discriminator.optimal
        self._code = config.code
        self._equilibrium_loss = config.loss.equilibrium()["loss_d"]
        cuts = np.array([interval.low for interval in intervals[1:]])
        self._grid = grid = Grid(np.linspace(low, high, BINS + 1), cuts, core_ends(target, cuts).clip(low, high))
        self._samples, fixed = EvaluationSamples(config, grid), training_set(config)
        self._target = from_target(target, grid)
        self._training = self._target if fixed is None else from_samples(np.sort(fixed.samples), grid)
        self._real_masses = [bin_masses(each.cdf(grid.edges)) for each in self._samples.classes]
        self.modes = TargetModes(
            centres=centres,
            due_masses=tuple(self._target.mode_masses()[0].tolist()),
            training_masses=tuple(self._training.mode_masses()[0].tolist()),
            training_samples=config.training_points,
            axis_length=(high - low) / self._samples.deviation,
            seen_mean=self._samples.mean,
            seen_deviation=self._samples.deviation,
        )
        # The samples of a pack have to be independent, so they are not in the order of the quantiles.
        rng, count = np.random.default_rng(QUANTILES), len(self._samples.reals)
        self._order = rng.permutation(count)
        self._shares = self._samples.shares[self._order]
        # Instance noise on reals and on fakes: quantiles in random order.
        quantiles = NormalPrior().quantile((np.arange(count) + 0.5) / count)
        self._noise = rng.permutation(quantiles), rng.permutation(quantiles)
        # Inputs of D: the axis, as items of equal samples, and the reals.
        axis = equal_items(grid.centres, self._view, len(self._samples.labels))
        self._discriminator_inputs = np.concatenate([axis, np.zeros((len(axis), count))], axis=1)
        self._write_reals(0.0)
        self._paired_reals = WeightedScores(np.zeros(count), self._shares)
        self._passes = ForwardPasses()

    def fits(self, config: EvaluationSettings, units: Units | None = None) -> bool:
        """Whether runs of these settings can be observed; `units` as for the constructor."""
        is_same = self._settings == probe_settings_of(config)
        return is_same and self.units == (units_of(config) if units is None else units)

    def fits_all(self, runs: Sequence[ObservableRun]) -> bool:
        """Whether runs can be observed by `extract_all`: all of them fit, and G's gradient of one fake does not depend
        on the scores of the reals, of which there are others in each run."""
        return not self._loss.is_paired and all(self.fits(each.config, each.units) for each in runs)

    def extract(self, trainer: ObservableRun) -> Features:
        """Observe a run, which stays the same to the last bit."""
        return self.extract_all([trainer], trainer.generator, trainer.discriminator)[0]

    def extract_all(self, runs: Sequence[ObservableRun], generator: MLP, discriminator: MLP) -> list[Features]:
        """Observe several runs at the same step, in less time than one by one; they stay the same to the last bit.

        Args:
            runs: The runs, at least one; see `fits_all`.
            generator: Their generators, as a stack.
            discriminator: Their discriminators, as a stack.

        Returns:
            What `extract` returns for each run, up to rounding.
        """
        samples = self._samples
        forward_pass = self._passes.get("generator", generator, samples.latents)
        # A run that has diverged stays behind the others.
        deviation = instance_noise_at(runs[0].config.instance_noise, max(each.report.step for each in runs))
        with np.errstate(over="ignore", invalid="ignore"):
            forward_pass.run()
            outputs = bounded(forward_pass.outputs.astype(np.float64)).reshape(len(runs), -1)
            classes = samples.distributions(outputs)
            of_generators = self._generator_features(classes.mixture(samples.weights))
            of_discriminators = self._discriminator_features(
                discriminator, outputs[:, samples.fakes], classes, deviation
            )
            return [
                Features(
                    step=run.report.step,
                    code_masses=self._code_masses(row),
                    code_order=self._code_order(row),
                    translation=self._translation_features(run, row[samples.fakes]),
                    **ours,
                    **theirs,
                )
                for run, row, ours, theirs in zip(runs, outputs, of_generators, of_discriminators, strict=True)
            ]

    def _translation_features(self, run: ObservableRun, there: Float64) -> TranslationFeatures | None:
        """How the translations of the source's quantiles, `(samples,)`, are ordered and how F leads back; None without
        a source."""
        if run.way_back is None:
            return None
        samples = self._samples
        x = np.asarray(samples.latents[0, samples.fakes], np.float64)
        forward_pass = self._passes.get("way back", run.way_back[0], np.zeros((1, 2 * len(x))))
        forward_pass.inputs[0] = np.concatenate([there, samples.reals])
        forward_pass.run()
        round_trip, of_target = np.split(bounded(forward_pass.outputs.astype(np.float64)), 2)
        return TranslationFeatures(
            order_kept=order_kept(there),
            cycle_error=float(np.abs(round_trip - x).mean() / x.std()),
            back_error=float(np.abs(np.sort(of_target) - x).mean() / x.std()),
        )

    def _code_masses(self, outputs: Float64) -> tuple[tuple[float, ...], ...]:
        """`Features.code_masses`, from the fakes of all latents, `(n,)`."""
        if not isinstance(self._code, CategoricalCode):
            return ()
        rows, basins = self._samples.latents[-self._code.rows :], self._grid.cuts.searchsorted(outputs)
        counts = rows @ (basins[:, None] == np.arange(len(self._grid.cuts) + 1))
        return tuple(map(tuple, (counts / rows.sum(axis=1)[:, None]).tolist()))

    def _code_order(self, outputs: Float64) -> float:
        """`Features.code_order`, from the fakes of all latents, `(n,)`: Spearman's rank correlation."""
        if not isinstance(self._code, ContinuousCode):
            return 0.0
        code, fakes = np.argsort(np.argsort([self._samples.latents[-1], outputs]))
        return float(np.asarray(np.corrcoef(code, fakes))[0, 1])

    def _write_reals(self, deviation: float) -> None:
        """Write the reals as D sees them, under instance noise of this standard deviation, into D's inputs."""
        view, inputs, count = self._view, self._discriminator_inputs, len(self._order)
        inputs[:, -count:] = self._items(self._samples.reals, deviation * self._noise[0])
        inputs[view.samples : view.rows, :-count] = inputs[view.samples : view.rows, -1:]
        self._deviation = deviation

    def _items(self, samples: Float64, noise: Float64) -> Array:
        """D's inputs, `(…, rows, n)`, for samples, `(…, n)`, with noise added, in the fixed random order."""
        labels = self._samples.labels[:, self._order]
        return evaluation_items_with_labels(self._view, samples[..., self._order] + noise, labels)

    def _generator_features(self, fakes: GridDistribution) -> Iterator[dict[str, Any]]:
        """Where the fakes of each run are."""
        grid, deviation, unit = self._grid, self._samples.deviation, self.units.scale
        distances = fakes.wasserstein1(self._training)
        to_target = distances if self._target is self._training else fakes.wasserstein1(self._target)
        lower, upper = fakes.cdf.take(grid.at_others, axis=1).reshape(len(distances), 2, -1).swapaxes(0, 1)
        rows = zip(
            distances,
            to_target,
            fakes.jensen_shannon(self._target),
            fakes.mode_masses().tolist(),
            (upper - lower).sum(axis=1).tolist(),
            fakes.cdf.take(grid.at_edges, axis=1).tolist(),
            strict=True,
        )
        for distance, target_distance, jensen_shannon, masses, mass_on_modes, cdf in rows:
            yield {
                "distance": unit * distance,
                "error": distance / deviation,
                "target_distance": unit * target_distance,
                "target_error": target_distance / deviation,
                "axis_distance": distance / (grid.high - grid.low),
                "jensen_shannon": jensen_shannon,
                "masses": tuple(masses),
                "mass_on_modes": mass_on_modes,
                "fake_cdf": tuple(cdf),
            }

    def _discriminator_features(
        self, discriminator: MLP, fakes: Float64, classes: GridDistribution, deviation: float
    ) -> Iterator[dict[str, Any]]:
        """D's outputs on fakes, `(runs, samples)`, and reals, and the gradient that the fakes get, of each run."""
        pairs, classes_count = self._pairs(classes, deviation), len(self._samples.classes)
        if self._is_optimal:
            curves, real_scores, fake_scores, descent = self._judged_by_optimal(pairs[0], fakes[0])
        else:
            curves, real_scores = self._evaluate_at_reals(discriminator, len(fakes), deviation)
            self._paired_reals.scores[:] = real_scores[0]
            fake_scores, descent = self._evaluate_at_fakes(discriminator, fakes, deviation)
        loss, shares = self._loss, self._shares
        calibrations = self._calibrations(curves, real_scores, fake_scores)
        are_right = self._decisions(real_scores, calibrations) > 0, self._decisions(fake_scores, calibrations) < 0
        zero = calibrations[0].centre if loss.is_paired else 0.0
        gaps = loss.generator_cost(fake_scores - zero) - loss.generator_cost(real_scores - zero)
        signs = np.sign(self._samples.transport(fakes)[:, self._order])
        # Under noise every sample is spread over the bins, which 128 samples represent too coarsely.
        is_binned = deviation > 0 and self._view.rows == 1
        for run, calibration in enumerate(calibrations):
            ours = pairs[run * classes_count : (run + 1) * classes_count]
            loss_d = (
                self._binned_loss(curves[run], ours)
                if is_binned
                else self._sampled_loss(real_scores[run], fake_scores[run])
            )
            mean_gradient = float(np.abs(descent[run]).sum())
            overlap = float(self._samples.weights @ [pair.overlap() for pair in ours])
            yield {
                "optimal_accuracy": 1.0 - 0.5 * overlap,
                "optimality": self._optimality(ours, loss_d, calibration),
                "right_real": float(shares @ are_right[0][run]),
                "right_fake": float(shares @ are_right[1][run]),
                "mean_gradient": mean_gradient / self.units.scale,
                "loss_gap": float(shares @ gaps[run]),
                "gradient_alignment": float(descent[run] @ signs[run]) / (mean_gradient + EPSILON),
                "scores": tuple(curves[run].ravel().tolist()),
            }

    def _calibrations(self, curves: Float64, real_scores: Float64, fake_scores: Float64) -> list[ScoreCalibration]:
        """Where D's scores of each run lie, from those on the axis, `(runs, classes, 64)`, of reals and of fakes."""
        readout, shares, none = self._loss.readout, self._shares, np.zeros_like(self._shares)
        steepness = np.abs(np.diff(curves)).max(axis=(1, 2)) / self._grid.bin_width
        centres = [0.0] * len(curves)
        if readout.needs_calibration:
            real, fake = np.append(shares, none), np.append(none, shares)
            centres = [
                readout.centre(np.append(*each), real, fake) for each in zip(real_scores, fake_scores, strict=True)
            ]
        return [ScoreCalibration(*each) for each in zip(centres, steepness.tolist(), strict=True)]

    def _decisions(self, scores: Float64, calibrations: list[ScoreCalibration]) -> Float64:
        """How far D's outputs are on the side of the reals, or below 0 on that of the fakes, for scores `(runs, n)`."""
        readout = self._loss.readout
        if readout.needs_calibration:
            outputs = np.array([readout.transform(*each) for each in zip(scores, calibrations, strict=True)])
        else:
            outputs = readout.transform(scores, calibrations[0])
        return readout.direction * (outputs - readout.threshold)

    def _judged_by_optimal(self, pair: RealFakeMasses, fakes: Float64) -> tuple[Float64, Float64, Float64, Float64]:
        """D*'s scores of a single run on the axis, `(1, 1, 64)`, of the reals and of the fakes, and −d L_G / d x of
        each fake times its share, all `(1, samples)`."""
        centres, scores = self._grid.centres, self._loss.optimal_scores(pair)
        slopes = np.gradient(self._loss.costs_against_optimal(pair), self._grid.bin_width)
        reals, fakes = self._samples.reals[self._order], fakes[self._order]
        descent = -self._shares * np.interp(fakes, centres, slopes)
        real_scores, fake_scores = np.interp(reals, centres, scores), np.interp(fakes, centres, scores)
        return scores[None, None], real_scores[None], fake_scores[None], descent[None]

    def _evaluate_at_fakes(self, discriminator: MLP, fakes: Float64, deviation: float) -> tuple[Float64, Float64]:
        """D's scores of the fakes, and −d L_G / d x of each times its share, both `(runs, samples)`."""
        items = self._items(fakes, deviation * self._noise[1])
        gradient_of = self._loss.gradient_against(self._paired_reals)
        forward_pass = self._passes.get("fakes", discriminator, items[0], gradient_of)
        forward_pass.inputs[:] = items.reshape(forward_pass.inputs.shape)
        forward_pass.run()
        # The program differentiates a plain mean over the fakes, here they have shares.
        gradient = bounded(forward_pass.input_gradient.astype(np.float64)) * (self._shares * len(self._shares))
        scores = bounded(forward_pass.outputs.astype(np.float64))
        return scores.reshape(fakes.shape), -gradient.reshape(fakes.shape)

    def _evaluate_at_reals(self, discriminator: MLP, runs: int, deviation: float) -> tuple[Float64, Float64]:
        """D's scores on the axis, `(runs, classes, 64)`, and of the reals, `(runs, samples)`."""
        if deviation != self._deviation:
            self._write_reals(deviation)
        forward_pass = self._passes.get("axis and reals", discriminator, self._discriminator_inputs)
        forward_pass.inputs[:] = self._discriminator_inputs
        forward_pass.run()
        scores, count = bounded(forward_pass.outputs.astype(np.float64)).reshape(runs, -1), len(self._shares)
        return scores[:, :-count].reshape(runs, -1, BINS), scores[:, -count:]

    def _pairs(self, classes: GridDistribution, deviation: float) -> list[RealFakeMasses]:
        """Real and fake masses of each class of each run as D sees them, under instance noise of this standard
        deviation."""
        reals = cycle(self._real_masses)
        return [
            RealFakeMasses(self._grid.edges, real, fake, overflow_distances=overflow.distances()).blurred(deviation)
            for real, fake, overflow in zip(reals, classes.masses, classes.overflow, strict=False)
        ]

    def _optimality(self, pairs: list[RealFakeMasses], loss_d: float, calibration: ScoreCalibration) -> float:
        """`Features.optimality`, or 1 if even the optimal D has no advantage; it sees the labels, if there are any."""
        best = float(self._samples.weights @ [self._loss.reachable_loss(pair, calibration) for pair in pairs])
        advantage = self._equilibrium_loss - best
        return (self._equilibrium_loss - loss_d) / advantage if advantage > 0 else 1.0

    def _sampled_loss(self, real_scores: Float64, fake_scores: Float64) -> float:
        """L_D from D's scores of reals and fakes, both `(samples,)`."""
        reals, fakes = (WeightedScores(scores, self._shares) for scores in (real_scores, fake_scores))
        return self._loss.weighted_loss(reals, fakes)

    def _binned_loss(self, curves: Float64, pairs: list[RealFakeMasses]) -> float:
        """L_D from D's scores on the axis, `(classes, 64)`, and the masses there."""
        scores = np.pad(curves, ((0, 0), (1, 1)), mode="edge")
        parts = [self._loss.expected_loss(*each) for each in zip(scores, pairs, strict=True)]
        return float(self._samples.weights @ parts)


def core_ends(target: Target, cuts: Float64) -> Float64:
    """Ends of the modes' cores, first all left ends, then all right ends, `(2 · modes,)`; `cuts` part the modes."""
    below = np.concatenate([[0.0], target.cdf(cuts), [1.0]])
    margin = 0.5 * (1 - CORE_MASS) * np.diff(below)
    return np.asarray(target.quantile(np.concatenate([below[:-1] + margin, below[1:] - margin])))
