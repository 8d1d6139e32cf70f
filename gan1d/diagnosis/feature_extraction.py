"""Short looks at a run for its diagnosis: a few numbers, cheap enough to be taken all the time.

An `FeatureExtractor` has its own noise, grids and workspaces, as a probe has, only coarser: it draws no random number
of the training's and touches none of its buffers.
"""

from typing import Any, Final

import numpy as np

from gan1d.diagnosis.features import TINY, Features
from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.conditioning import class_count, evaluation_items_with_labels, one_hot, repeat_for_each_class
from gan1d.engine.data.datasets import target_classes, training_classes
from gan1d.engine.data.instance_noise import instance_noise_at
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid_distribution import Grid, bin_masses
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.metrics.pushforward import Pushforward
from gan1d.engine.networks.mlp import MLP, Workspace
from gan1d.engine.programs import run
from gan1d.engine.protocols import EvaluationSettings
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.forward_pass import bounded
from gan1d.evaluation.inputs import equal_items, probe_settings_of, shown_axis

QUANTILES: Final = 128
"""Fakes that are looked at, and as many reals; with labels, of all classes together."""
FEWEST: Final = 32
"""Of each class."""
ATOMS, FEWER_ATOMS = 509, 127
"""Fakes from a latent of several dimensions, which knows no quantiles, and of each class of it; both are primes."""
OUTERMOST: Final = 0.1 / QUANTILES
"""Probability beyond the last z on each side."""
BINS: Final = 64
"""Of the data axis, for the best D against the present G."""
CORE: Final = 0.998
"""Share of a mode that its core holds: three widths to each side of a Gaussian."""


class EvaluationSamples:
    """Noise that stands for all of a prior, under every label if labels are told, and as many reals.

    Args:
        config: The latent, the target and its fixed points, if there are any, and whether labels are told.
        grid: Points at which CDFs are evaluated.

    Attributes:
        classes: What D is shown as real, by label or as a whole.
        weights: Their shares, `(classes,)`.
        noise: What G is asked, class by class, `(inputs, classes · asked)`.
        law: Turns the answers `(classes, asked)` into distribution functions at the places.
        fakes: Which of the answers are looked at one by one, as columns.
        reals: As many reals, class by class, `(n,)`.
        labels: Of both, `(classes, n)`, no rows if none are told.
        shares: Mass that each of both stands for, `(n,)`, summing to 1.
        spread: Standard deviation of the target.
    """

    def __init__(self, config: EvaluationSettings, grid: Grid) -> None:
        told, latent = class_count(config), config.latent
        self.classes = training_classes(config)
        self.weights, number = np.array([each.weight for each in self.classes]), len(self.classes)
        self.pushforward: Pushforward | EmpiricalPushforward
        if latent.dimension > 1:
            count = FEWER_ATOMS if told else ATOMS
            z, inner = latent.lattice(count), np.arange(count)
            self.pushforward = EmpiricalPushforward(count, grid, rows=number)
        else:
            count = max(QUANTILES // number, FEWEST)
            # Without the tails, what lies beyond the outermost quantiles would be said to lie between them.
            nodes = np.concatenate([[OUTERMOST], (np.arange(count) + 0.5) / count, [1 - OUTERMOST]])
            masses = np.diff(nodes)
            masses[[0, -1]] += OUTERMOST
            z, inner = latent.quantile(nodes)[None], np.arange(1, count + 1)
            self.pushforward = Pushforward(masses, grid, rows=number)
        self.noise = repeat_for_each_class(z, told)
        self.fakes = (np.arange(number)[:, None] * z.shape[1] + inner).ravel()
        evenly = (np.arange(count) + 0.5) / count
        self.reals, ideal = (
            np.concatenate([each.quantile(evenly) for each in of]) for of in (self.classes, target_classes(config))
        )
        of_class = np.repeat(np.arange(number), count)
        self.labels = one_hot(of_class, told)
        self.shares = self.weights[of_class] / count
        mean = float(self.shares @ ideal)
        self.spread = float(np.sqrt(self.shares @ np.square(ideal - mean)))
        self._goal, self._ideal = (self._by_rank(places) for places in (self.reals, ideal))

    def _by_rank(self, places: Float64) -> tuple[Float64, Float64]:
        """Mass below the middle of each place's share, and the places, both rising."""
        order = np.argsort(places, kind="stable")
        return middles(self.shares[order]), places[order]

    def ways(self, values: Float64) -> Float64:
        """How far each fake has to go, right or left: in one dimension the cheapest transport keeps the order (Villani
        2003, theorem 2.18)."""
        return self._ways(values, self._goal)

    def ways_to_target(self, values: Float64) -> Float64:
        """The same to the target itself, of which the reals may be a few points."""
        return self._ways(values, self._ideal)

    def _ways(self, values: Float64, goal: tuple[Float64, Float64]) -> Float64:
        order = np.argsort(values)
        ways = np.empty_like(values)
        ways[order] = np.interp(middles(self.shares[order]), *goal) - values[order]
        return ways


def middles(shares: Float64) -> Float64:
    """Mass below the middle of each of some shares."""
    return np.asarray(np.cumsum(shares) - 0.5 * shares)


class FeatureExtractor:
    """Looks at runs of one target, prior and loss.

    All that is said of D is about what D sees: real are the training points, if they are fixed, and instance noise
    blurs both sides. A D that judges several samples at once may know more than the best D for one sample, which it is
    compared with.

    Args:
        config: Their target and training points, latent and loss, what D is given to judge, and whether labels are
            told.

    Attributes:
        centres: Where the target's modes are, left to right.
        due: Share of the reals in the basin of each.
        points: Training points, 0 if every batch is fresh.
    """

    def __init__(self, config: EvaluationSettings) -> None:
        self._seen = probe_settings_of(config)
        self._loss, self._view, target = config.loss, config.discriminator.view, config.target
        self._balance = config.loss.equilibrium()["loss_d"]
        self.low, self.high = shown_axis(target)
        self._edges = np.linspace(self.low, self.high, BINS + 1)
        mode_intervals = target.mode_intervals()
        self.centres = tuple(basin.centre for basin in mode_intervals)
        cuts = np.array([basin.low for basin in mode_intervals[1:]])
        below = np.concatenate([[0.0], target.cdf(cuts), [1.0]])
        spare = 0.5 * (1 - CORE) * np.diff(below)
        cores = target.quantile(np.concatenate([below[:-1] + spare, below[1:] - spare]))
        grid = Grid(self._edges, cuts, cores)
        self._rank = np.concatenate([grid.at_edges, grid.at_cuts, grid.at_others])
        self._samples = EvaluationSamples(config, grid)
        given, self.points = self._samples.classes, config.training_points
        self.due = tuple((self._samples.weights @ [bin_masses(each.cdf(cuts)) for each in given]).tolist())
        self._real_bins = [bin_masses(each.cdf(self._edges)) for each in given]
        # Neighbours in a pack have to be strangers to each other, so nobody is judged in the order of the quantiles.
        rng, count = np.random.default_rng(QUANTILES), len(self._samples.reals)
        self._order = rng.permutation(count)
        self._shares = self._samples.shares[self._order]
        # Of instance noise, for reals and for fakes: its quantiles in no order.
        quantiles = NormalPrior().quantile((np.arange(count) + 0.5) / count)
        self._noise = rng.permutation(quantiles), rng.permutation(quantiles)
        self._networks: tuple[MLP, MLP] | None = None

    def fits(self, config: EvaluationSettings) -> bool:
        """Whether it was made for this target, prior and loss."""
        return self._seen == probe_settings_of(config)

    def _allocate_workspaces(self, generator: MLP, discriminator: MLP) -> None:
        """Room for two networks, kept while they stay the same objects."""
        if self._networks is not None and self._networks[0] is generator and self._networks[1] is discriminator:
            return
        self._networks, view, crowd = (generator, discriminator), self._view, self._samples
        self._fakes = Workspace(generator, crowd.noise.shape[1])
        self._fakes.inputs[:-1] = crowd.noise
        grid = equal_items(0.5 * (self._edges[1:] + self._edges[:-1]), view, len(crowd.labels))
        self._judged = Workspace(discriminator, grid.shape[1] + len(crowd.reals))
        rows = self._judged.inputs[:-1]
        rows[:, : grid.shape[1]] = grid
        self._show_reals(0.0)
        self._pulled = Workspace(discriminator, len(crowd.reals))
        self._pull = [
            *self._loss.generator_gradient(self._pulled.outputs, self._pulled.output_gradient),
            *self._pulled.backward_program(parameters=False, inputs=True),
        ]

    def _show_reals(self, deviation: float) -> None:
        """Fill in the reals as D sees them, under instance noise of some standard deviation."""
        view, rows = self._view, self._judged.inputs[:-1]
        rows[:, -len(self._order) :] = self._items(self._samples.reals, deviation * self._noise[0])
        rows[view.samples : view.rows, : -len(self._order)] = rows[view.samples : view.rows, -1:]
        self._shown_deviation = deviation

    def _items(self, samples: Float64, noise: Float64) -> Array:
        """Samples with noise on them as D is given them, in the order in which they are judged."""
        return evaluation_items_with_labels(
            self._view, samples[self._order] + noise, self._samples.labels[:, self._order]
        )

    def extract(self, trainer: Trainer) -> Features:
        """Look at a run; it stays as it is to the last bit."""
        self._allocate_workspaces(trainer.generator, trainer.discriminator)
        deviation, crowd = instance_noise_at(trainer.config.instance_noise, trainer.step_count), self._samples
        if deviation != self._shown_deviation:
            self._show_reals(deviation)
        with np.errstate(over="ignore", invalid="ignore"):
            answers = bounded(self._fakes.forward()[0].astype(np.float64)).reshape(len(crowd.classes), -1)
            values, below = answers.ravel()[crowd.fakes], crowd.pushforward(answers).cdf[:, self._rank]
            ahead = crowd.ways(values)
            pairs = [
                RealFakeMasses(self._edges, real, bin_masses(fake), overflow_distances=self._ends(row)).blurred(
                    deviation
                )
                for real, fake, row in zip(self._real_bins, below[:, : BINS + 1], answers, strict=True)
            ]
            return Features(
                step=trainer.step_count,
                **self._places(values, ahead, crowd.weights @ below),
                **self._verdicts(values, ahead, pairs, deviation),
            )

    def _places(self, values: Float64, ahead: Float64, below: Float64) -> dict[str, Any]:
        """Where the fakes are: from their values, their ways, and their distribution function at all places."""
        crowd, modes = self._samples, len(self.due)
        beyond = crowd.ways_to_target(values) if self.points else ahead
        distance, to_target = (float(crowd.shares @ np.abs(ways)) for ways in (ahead, beyond))
        return {
            "distance": distance,
            "error": distance / crowd.spread,
            "target_distance": to_target,
            "target_error": to_target / crowd.spread,
            "far": distance / (self.high - self.low),
            "masses": tuple(bin_masses(below[BINS + 1 : BINS + modes]).tolist()),
            "mass_on_modes": float(below[-modes:].sum() - below[-2 * modes : -modes].sum()),
        }

    def _verdicts(
        self, values: Float64, ahead: Float64, pairs: list[RealFakeMasses], deviation: float
    ) -> dict[str, Any]:
        """What D says of them and of the reals, and how that pulls them."""
        loss, readout, shares = self._loss, self._loss.readout, self._shares
        self._pulled.inputs[:-1] = self._items(values, deviation * self._noise[1])
        of_fakes = bounded(self._pulled.forward()[0].astype(np.float64))
        run(self._pull)
        # The gradient is that of a plain mean.
        push = -bounded(self._pulled.input_gradient[0].astype(np.float64)) * (shares * len(shares))
        mean_gradient = float(np.abs(push).sum())
        on_grid, of_reals = np.split(bounded(self._judged.forward()[0].astype(np.float64)), [-len(shares)])
        grid = on_grid.reshape(len(pairs), BINS)
        anchor = ScoreCalibration(
            centre=0.5 * float(shares @ (of_reals + of_fakes)),
            steepness=float(np.abs(np.diff(grid)).max() / (self._edges[1] - self._edges[0])),
        )
        # Under noise every sample is spread over the bins, of which 128 would say too little.
        is_spread = deviation > 0 and self._view.rows == 1
        paid = self._paid_on(grid, pairs) if is_spread else self._paid(of_reals, of_fakes)
        decisions = [
            readout.direction * (readout.transform(scores, anchor) - readout.threshold)
            for scores in (of_reals, of_fakes)
        ]
        return {
            "optimality": self._optimality(pairs, paid, anchor),
            "right_real": float(shares @ (decisions[0] > 0)),
            "right_fake": float(shares @ (decisions[1] < 0)),
            "mean_gradient": mean_gradient,
            "loss_gap": float(shares @ (loss.generator_cost(of_fakes) - loss.generator_cost(of_reals))),
            "gradient_alignment": float(push @ np.sign(ahead[self._order])) / (mean_gradient + TINY),
            "scores": tuple(on_grid.tolist()),
        }

    def _ends(self, values: Float64) -> tuple[float, float]:
        """How far beyond the axis the fakes lie that are there, on average, left and right."""
        left, right = (side[side > 0] for side in (self.low - values, values - self.high))
        return float(left.mean()) if len(left) else 0.0, float(right.mean()) if len(right) else 0.0

    def _optimality(self, pairs: list[RealFakeMasses], paid: float, anchor: ScoreCalibration) -> float:
        """See `Features`; 1 where there is nothing to tell. The best D knows the labels, if they are told."""
        best = float(self._samples.weights @ [self._loss.reachable_loss(pair, anchor) for pair in pairs])
        at_stake = self._balance - best
        return (self._balance - paid) / at_stake if at_stake > 0 else 1.0

    def _paid(self, of_reals: Float64, of_fakes: Float64) -> float:
        """L_D as D stands, from its scores of reals and fakes."""
        return float(self._shares @ (self._loss.real_cost(of_reals) + self._loss.fake_cost(of_fakes)))

    def _paid_on(self, grid: Float64, pairs: list[RealFakeMasses]) -> float:
        """The same from its scores on the grid, `(classes, 64)`, and what lies there."""
        scores = np.pad(grid, ((0, 0), (1, 1)), mode="edge")
        parts = [self._loss.expected_loss(*each) for each in zip(scores, pairs, strict=True)]
        return float(self._samples.weights @ parts)
