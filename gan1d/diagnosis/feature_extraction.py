"""Extraction of features from a run: one observation, cheap enough to be made all the time.

A `FeatureExtractor` has noise, grids and workspaces of its own, as a `Probe` has, only coarser. It draws none of the
training's random numbers and writes to none of its buffers.
"""

from typing import Any, Final

import numpy as np

from gan1d.diagnosis.features import EPSILON, Features, TargetModes
from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.conditioning import class_count, evaluation_items_with_labels, one_hot, repeat_for_each_class
from gan1d.engine.data.datasets import target_classes, training_classes, training_set
from gan1d.engine.data.instance_noise import instance_noise_at
from gan1d.engine.data.standardization import in_units, units_of
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.distributions.targets import Target
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution, bin_masses
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.metrics.pushforward import Pushforward
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.protocols import EvaluationSettings
from gan1d.engine.units import Units
from gan1d.evaluation.forward_pass import ForwardPasses, bounded
from gan1d.evaluation.inputs import equal_items, probe_settings_of, shown_axis
from gan1d.evaluation.observe import ObservableRun
from gan1d.evaluation.reference import from_samples, from_target

QUANTILES: Final = 128
"""Fakes at which gradients and D's outputs are evaluated, and as many reals; of all classes together."""
SMALLEST_CLASS: Final = 32
"""Fakes and reals of each class, at least: with many classes, 128 in all would be too few for the quantiles of one."""
LATTICE_POINTS, LATTICE_POINTS_OF_CLASS = 509, 127
"""Values of z for a prior of several dimensions, which has no quantiles, without and with labels: primes, as a Korobov
lattice needs them, and few enough for an observation to cost about one step."""
OUTERMOST: Final = 0.1 / QUANTILES
"""Probability beyond the outermost z on each side."""
BINS: Final = 64
"""Bins of the data axis."""
CORE_MASS: Final = 0.998
"""Share of a mode's mass inside its core, the part of the axis that counts as on the mode: three widths to each side
of a Gaussian."""


class EvaluationSamples:
    """Latent inputs that represent a prior, under every label if conditional, and as many reals.

    Args:
        config: The prior, the target and its fixed training samples, if any, and whether labels are given.
        grid: Points at which CDFs are computed.

    Attributes:
        classes: The training distribution, by label or as a whole.
        weights: Share of each class, `(classes,)`.
        latents: Inputs of G, class by class, `(inputs, classes · n)`.
        pushforward: Computes the distributions of G's outputs, `(classes, n)`.
        fakes: Indices, among G's outputs, of the fakes that are evaluated one by one, `(samples,)`.
        reals: As many reals, class by class, `(samples,)`.
        labels: One-hot labels of fakes and of reals, `(classes, samples)`, no rows if not conditional.
        shares: Mass of each fake and of each real, `(samples,)`, summing to 1.
        mean: Mean of the target, in units of x.
        deviation: Standard deviation of the target, in units of x, from its quantiles: tails that are so heavy that
            they decide it alone are cut off.
    """

    def __init__(self, config: EvaluationSettings, grid: Grid) -> None:
        labels, latent = class_count(config), config.latent
        self.classes = training_classes(config)
        self.weights, classes = np.array([each.weight for each in self.classes]), len(self.classes)
        self.pushforward: Pushforward | EmpiricalPushforward
        if latent.dimension > 1:
            count = LATTICE_POINTS_OF_CLASS if labels else LATTICE_POINTS
            z, inner = latent.lattice(count), np.arange(count)
            self.pushforward = EmpiricalPushforward(count, grid, rows=classes)
        else:
            count = max(QUANTILES // classes, SMALLEST_CLASS)
            # Without the tails, the mass beyond the outermost quantiles would count as between them.
            nodes = np.concatenate([[OUTERMOST], (np.arange(count) + 0.5) / count, [1 - OUTERMOST]])
            masses = np.diff(nodes)
            masses[[0, -1]] += OUTERMOST
            z, inner = latent.quantile(nodes)[None], np.arange(1, count + 1)
            self.pushforward = Pushforward(masses, grid, rows=classes)
        self.latents = repeat_for_each_class(z, labels)
        self.fakes = (np.arange(classes)[:, None] * z.shape[1] + inner).ravel()
        evenly = (np.arange(count) + 0.5) / count
        sides = self.classes, target_classes(config)
        self.reals, ideal = (np.concatenate([part.quantile(evenly) for part in parts]) for parts in sides)
        class_of = np.repeat(np.arange(classes), count)
        self.labels = one_hot(class_of, labels)
        self.shares = self.weights[class_of] / count
        self.mean = float(self.shares @ ideal)
        self.deviation = float(np.sqrt(self.shares @ np.square(ideal - self.mean)))
        order = np.argsort(self.reals, kind="stable")
        self._real_ranks, self._rising_reals = mid_ranks(self.shares[order]), self.reals[order]

    def transport(self, fakes: Float64) -> Float64:
        """The way of each fake to its real, to the right if positive, in units of x, `(samples,)`: in one dimension the
        cheapest transport keeps the order (Villani 2003, theorem 2.18)."""
        order = np.argsort(fakes)
        ways = np.empty_like(fakes)
        ways[order] = np.interp(mid_ranks(self.shares[order]), self._real_ranks, self._rising_reals) - fakes[order]
        return ways


def mid_ranks(shares: Float64) -> Float64:
    """Mass below the middle of each share, `(n,)`."""
    return np.asarray(np.cumsum(shares) - 0.5 * shares)


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
        self._loss, self._view = config.loss, config.discriminator.view
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
        self._passes = ForwardPasses()

    def fits(self, config: EvaluationSettings, units: Units | None = None) -> bool:
        """Whether runs of these settings can be observed; `units` as for the constructor."""
        is_same = self._settings == probe_settings_of(config)
        return is_same and self.units == (units_of(config) if units is None else units)

    def extract(self, trainer: ObservableRun) -> Features:
        """Observe a run, which stays the same to the last bit."""
        samples = self._samples
        generator = self._passes.get("generator", trainer.generator, samples.latents)
        with np.errstate(over="ignore", invalid="ignore"):
            generator.run()
            outputs = bounded(generator.outputs.astype(np.float64))
            classes = samples.pushforward(outputs.reshape(len(samples.classes), -1))
            return Features(
                step=trainer.report.step,
                **self._generator_features(classes.mixture(samples.weights)),
                **self._discriminator_features(trainer, outputs[samples.fakes], classes),
            )

    def _write_reals(self, deviation: float) -> None:
        """Write the reals as D sees them, under instance noise of this standard deviation, into D's inputs."""
        view, inputs, count = self._view, self._discriminator_inputs, len(self._order)
        inputs[:, -count:] = self._items(self._samples.reals, deviation * self._noise[0])
        inputs[view.samples : view.rows, :-count] = inputs[view.samples : view.rows, -1:]
        self._deviation = deviation

    def _items(self, samples: Float64, noise: Float64) -> Array:
        """D's inputs for samples with noise added, in the fixed random order."""
        labels = self._samples.labels[:, self._order]
        return evaluation_items_with_labels(self._view, samples[self._order] + noise, labels)

    def _generator_features(self, fakes: GridDistribution) -> dict[str, Any]:
        """Where the fakes are."""
        grid, deviation, unit = self._grid, self._samples.deviation, self.units.scale
        distance, to_target = (fakes.wasserstein1(each)[0] for each in (self._training, self._target))
        lower, upper = fakes.cdf[0].take(grid.at_others).reshape(2, -1)
        return {
            "distance": unit * distance,
            "error": distance / deviation,
            "target_distance": unit * to_target,
            "target_error": to_target / deviation,
            "axis_distance": distance / (grid.high - grid.low),
            "jensen_shannon": fakes.jensen_shannon(self._target)[0],
            "masses": tuple(fakes.mode_masses()[0].tolist()),
            "mass_on_modes": float((upper - lower).sum()),
            "fake_cdf": tuple(fakes.cdf[0].take(grid.at_edges).tolist()),
        }

    def _discriminator_features(
        self, trainer: ObservableRun, fakes: Float64, classes: GridDistribution
    ) -> dict[str, Any]:
        """D's outputs on fakes and reals, and the gradient that the fakes get from them."""
        loss, readout, shares = self._loss, self._loss.readout, self._shares
        deviation = instance_noise_at(trainer.config.instance_noise, trainer.report.step)
        fake_scores, descent = self._evaluate_at_fakes(trainer.discriminator, fakes, deviation)
        curves, real_scores = self._evaluate_at_reals(trainer.discriminator, deviation)
        calibration = ScoreCalibration(
            centre=0.5 * float(shares @ (real_scores + fake_scores)),
            steepness=float(np.abs(np.diff(curves)).max()) / self._grid.bin_width,
        )
        pairs = self._pairs(classes, deviation)
        # Under noise every sample is spread over the bins, which 128 samples represent too coarsely.
        is_binned = deviation > 0 and self._view.rows == 1
        loss_d = self._binned_loss(curves, pairs) if is_binned else self._sampled_loss(real_scores, fake_scores)
        decisions = [
            readout.direction * (readout.transform(scores, calibration) - readout.threshold)
            for scores in (real_scores, fake_scores)
        ]
        mean_gradient = float(np.abs(descent).sum())
        ways = self._samples.transport(fakes)[self._order]
        overlap = float(self._samples.weights @ [pair.overlap() for pair in pairs])
        return {
            "best_accuracy": 1.0 - 0.5 * overlap,
            "optimality": self._optimality(pairs, loss_d, calibration),
            "right_real": float(shares @ (decisions[0] > 0)),
            "right_fake": float(shares @ (decisions[1] < 0)),
            "mean_gradient": mean_gradient / self.units.scale,
            "loss_gap": float(shares @ (loss.generator_cost(fake_scores) - loss.generator_cost(real_scores))),
            "gradient_alignment": float(descent @ np.sign(ways)) / (mean_gradient + EPSILON),
            "scores": tuple(curves.ravel().tolist()),
        }

    def _evaluate_at_fakes(self, discriminator: MLP, fakes: Float64, deviation: float) -> tuple[Float64, Float64]:
        """D's scores of the fakes, and −d L_G / d x of each times its share, both `(samples,)`."""
        items = self._items(fakes, deviation * self._noise[1])
        forward_pass = self._passes.get("fakes", discriminator, items, self._loss.generator_gradient)
        forward_pass.inputs[:] = items
        forward_pass.run()
        # The program differentiates a plain mean over the fakes, here they have shares.
        gradient = bounded(forward_pass.input_gradient.astype(np.float64)) * (self._shares * len(self._shares))
        return bounded(forward_pass.outputs.astype(np.float64)), -gradient

    def _evaluate_at_reals(self, discriminator: MLP, deviation: float) -> tuple[Float64, Float64]:
        """D's scores on the axis, `(classes, 64)`, and of the reals, `(samples,)`."""
        if deviation != self._deviation:
            self._write_reals(deviation)
        forward_pass = self._passes.get("axis and reals", discriminator, self._discriminator_inputs)
        forward_pass.inputs[:] = self._discriminator_inputs
        forward_pass.run()
        on_axis, real_scores = np.split(bounded(forward_pass.outputs.astype(np.float64)), [-len(self._shares)])
        return on_axis.reshape(-1, BINS), real_scores

    def _pairs(self, classes: GridDistribution, deviation: float) -> list[RealFakeMasses]:
        """Real and fake masses of each class as D sees them, under instance noise of this standard deviation."""
        return [
            RealFakeMasses(self._grid.edges, real, fake, overflow_distances=overflow.distances()).blurred(deviation)
            for real, fake, overflow in zip(self._real_masses, classes.masses, classes.overflow, strict=True)
        ]

    def _optimality(self, pairs: list[RealFakeMasses], loss_d: float, calibration: ScoreCalibration) -> float:
        """`Features.optimality`, or 1 if even the optimal D has no advantage; it sees the labels, if there are any."""
        best = float(self._samples.weights @ [self._loss.reachable_loss(pair, calibration) for pair in pairs])
        advantage = self._equilibrium_loss - best
        return (self._equilibrium_loss - loss_d) / advantage if advantage > 0 else 1.0

    def _sampled_loss(self, real_scores: Float64, fake_scores: Float64) -> float:
        """L_D from D's scores of reals and fakes, both `(samples,)`."""
        return float(self._shares @ (self._loss.real_cost(real_scores) + self._loss.fake_cost(fake_scores)))

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
