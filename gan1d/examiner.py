"""Short looks at a run for its diagnosis: a few numbers, cheap enough to be taken all the time.

An `Examiner` has its own noise, grids and workspaces, as a probe has, only coarser: it draws no random number of the
training's and touches none of its buffers.
"""

from typing import Final

import numpy as np

from gan1d.asked import bounded
from gan1d.engine import metrics
from gan1d.engine.atoms import Atoms
from gan1d.engine.labels import class_count, one_hot, shown_with_labels
from gan1d.engine.latents import Float64
from gan1d.engine.mlp import MLP, Workspace
from gan1d.engine.optima import Anchor, Pair
from gan1d.engine.places import of_each_class
from gan1d.engine.programs import run
from gan1d.engine.pushforward import Pushforward
from gan1d.engine.settings import Scenery
from gan1d.engine.trainer import Trainer
from gan1d.probe import as_one_class, of_each_item, shown_axis
from gan1d.symptoms import TINY, Symptoms

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


class Crowd:
    """Noise that stands for all of a prior, under every label if labels are told, and as many reals.

    Args:
        config: The latent, the target, and whether labels are told.
        places: Where distribution functions are asked for, increasing.

    Attributes:
        classes: What labels tell apart, or the target as a whole.
        weights: Their shares, `(classes,)`.
        noise: What G is asked, class by class, `(inputs, classes · asked)`.
        law: Turns the answers `(classes, asked)` into distribution functions at the places.
        fakes: Which of the answers are looked at one by one, as columns.
        reals: As many reals, class by class, `(n,)`.
        labels: Of both, `(classes, n)`, no rows if none are told.
        shares: Mass that each of both stands for, `(n,)`, summing to 1.
        spread: Standard deviation of the reals.
    """

    def __init__(self, config: Scenery, places: Float64) -> None:
        told, latent = class_count(config), config.latent
        self.classes = config.target.classes() if told else (as_one_class(config.target),)
        self.weights, number = np.array([each.weight for each in self.classes]), len(self.classes)
        self.law: Pushforward | Atoms
        if latent.dimension > 1:
            count = FEWER_ATOMS if told else ATOMS
            z, inner = latent.evenly(count), np.arange(count)
            self.law = Atoms(count, places, rows=number)
        else:
            count = max(QUANTILES // number, FEWEST)
            # Without the tails, what lies beyond the outermost quantiles would be said to lie between them.
            nodes = np.concatenate([[OUTERMOST], (np.arange(count) + 0.5) / count, [1 - OUTERMOST]])
            masses = np.diff(nodes)
            masses[[0, -1]] += OUTERMOST
            z, inner = latent.quantile(nodes)[None], np.arange(1, count + 1)
            self.law = Pushforward(masses, places, rows=number)
        self.noise = of_each_class(z, told)
        self.fakes = (np.arange(number)[:, None] * z.shape[1] + inner).ravel()
        self.reals = np.concatenate([each.quantile((np.arange(count) + 0.5) / count) for each in self.classes])
        of_class = np.repeat(np.arange(number), count)
        self.labels = one_hot(of_class, told)
        self.shares = self.weights[of_class] / count
        mean = float(self.shares @ self.reals)
        self.spread = float(np.sqrt(self.shares @ np.square(self.reals - mean)))
        order = np.argsort(self.reals, kind="stable")
        self._ranks, self._rising = middles(self.shares[order]), self.reals[order]

    def ways(self, values: Float64) -> Float64:
        """How far each fake has to go, right or left: in one dimension the cheapest transport keeps the order (Villani
        2003, theorem 2.18)."""
        order = np.argsort(values)
        ways = np.empty_like(values)
        ways[order] = np.interp(middles(self.shares[order]), self._ranks, self._rising) - values[order]
        return ways


def middles(shares: Float64) -> Float64:
    """Mass below the middle of each of some shares."""
    return np.asarray(np.cumsum(shares) - 0.5 * shares)


class Examiner:
    """Looks at runs of one target, prior and loss.

    A D that judges several samples at once may know more than the best D for one sample, which it is compared with.

    Args:
        config: Their target, latent and loss, what D is given to judge, and whether labels are told.

    Attributes:
        centres: Where the target's modes are, left to right.
        due: Share of the reals in the basin of each.
    """

    def __init__(self, config: Scenery) -> None:
        self._scenery = scenery_of(config)
        self._loss, self._view, target = config.loss, config.discriminator.view, config.target
        self._undecided, self._balance = config.loss.undecided, config.loss.equilibrium()["loss_d"]
        self.low, self.high = shown_axis(target)
        self._edges = np.linspace(self.low, self.high, BINS + 1)
        basins = target.basins()
        self.centres = tuple(basin.centre for basin in basins)
        cuts = np.array([basin.low for basin in basins[1:]])
        below = np.concatenate([[0.0], target.cdf(cuts), [1.0]])
        self.due = tuple(np.diff(below).tolist())
        spare = 0.5 * (1 - CORE) * np.diff(below)
        cores = target.quantile(np.concatenate([below[:-1] + spare, below[1:] - spare]))
        places = np.concatenate([self._edges, cuts, cores])
        self._rank = np.argsort(np.argsort(places, kind="stable"), kind="stable")
        self._crowd = Crowd(config, np.sort(places))
        self._real_bins = [metrics.between(each.cdf(self._edges)) for each in self._crowd.classes]
        # Neighbours in a pack have to be strangers to each other, so nobody is judged in the order of the quantiles.
        count = len(self._crowd.reals)
        self._order = np.random.default_rng(QUANTILES).permutation(count)
        self._shares = self._crowd.shares[self._order]
        self._networks: tuple[MLP, MLP] | None = None

    def fits(self, config: Scenery) -> bool:
        """Whether it was made for this target, prior and loss."""
        return self._scenery == scenery_of(config)

    def _furnish(self, generator: MLP, discriminator: MLP) -> None:
        """Room for two networks, kept while they stay the same objects."""
        if self._networks is not None and self._networks[0] is generator and self._networks[1] is discriminator:
            return
        self._networks, view, crowd = (generator, discriminator), self._view, self._crowd
        self._fakes = Workspace(generator, crowd.noise.shape[1])
        self._fakes.inputs[:-1] = crowd.noise
        grid = of_each_item(0.5 * (self._edges[1:] + self._edges[:-1]), view, len(crowd.labels))
        self._judged = Workspace(discriminator, grid.shape[1] + len(crowd.reals))
        rows = self._judged.inputs[:-1]
        rows[:, : grid.shape[1]] = grid
        rows[:, grid.shape[1] :] = shown_with_labels(view, crowd.reals[self._order], crowd.labels[:, self._order])
        rows[view.samples : view.rows, : grid.shape[1]] = rows[view.samples : view.rows, -1:]
        self._pulled = Workspace(discriminator, len(crowd.reals))
        self._pull = [
            *self._loss.generator_gradient(self._pulled.outputs, self._pulled.output_gradient),
            *self._pulled.backward_program(parameters=False, inputs=True),
        ]

    def examine(self, trainer: Trainer) -> Symptoms:
        """Look at a run; it stays as it is to the last bit."""
        self._furnish(trainer.generator, trainer.discriminator)
        crowd, shares = self._crowd, self._shares
        with np.errstate(over="ignore", invalid="ignore"):
            answers = bounded(self._fakes.forward()[0].astype(np.float64))
            values = answers[crowd.fakes]
            self._pulled.inputs[:-1] = shown_with_labels(self._view, values[self._order], crowd.labels[:, self._order])
            of_fakes = bounded(self._pulled.forward()[0].astype(np.float64))
            run(self._pull)
            # The gradient is that of a plain mean.
            push = -bounded(self._pulled.input_gradient[0].astype(np.float64)) * (shares * len(shares))
            pull = float(np.abs(push).sum())
            on_grid, of_reals = np.split(bounded(self._judged.forward()[0].astype(np.float64)), [-len(shares)])
            steps = np.abs(np.diff(on_grid.reshape(len(crowd.classes), BINS)))
            anchor = Anchor(
                centre=0.5 * float(shares @ (of_reals + of_fakes)),
                steepness=float(steps.max() / (self._edges[1] - self._edges[0])),
            )
            below = crowd.law(answers.reshape(len(crowd.classes), -1))[0][:, self._rank]
            modes, whole = len(self.due), crowd.weights @ below
            ahead = crowd.ways(values)
            distance = float(crowd.shares @ np.abs(ahead))
            return Symptoms(
                step=trainer.step_count,
                distance=distance,
                error=distance / crowd.spread,
                far=distance / (self.high - self.low),
                masses=tuple(metrics.between(whole[BINS + 1 : BINS + modes]).tolist()),
                settled=float(whole[-modes:].sum() - whole[-2 * modes : -modes].sum()),
                knowledge=self._knowledge(of_reals, of_fakes, below[:, : BINS + 1], anchor),
                right_real=float(shares @ (self._loss.shown(of_reals, anchor) > self._undecided)),
                right_fake=float(shares @ (self._loss.shown(of_fakes, anchor) < self._undecided)),
                pull=pull,
                gain=float(shares @ (self._loss.generator_cost(of_fakes) - self._loss.generator_cost(of_reals))),
                aim=float(push @ np.sign(ahead[self._order])) / (pull + TINY),
                scores=tuple(on_grid.tolist()),
            )

    def _knowledge(self, of_reals: Float64, of_fakes: Float64, below: Float64, anchor: Anchor) -> float:
        """See `Symptoms`; 1 where there is nothing to tell. The best D knows the labels, if they are told."""
        pairs = [
            Pair(self._edges, real, metrics.between(fake)) for real, fake in zip(self._real_bins, below, strict=True)
        ]
        best = float(self._crowd.weights @ [self._loss.reachable_loss(pair, anchor) for pair in pairs])
        at_stake = self._balance - best
        paid = float(self._shares @ (self._loss.real_cost(of_reals) + self._loss.fake_cost(of_fakes)))
        return (self._balance - paid) / at_stake if at_stake > 0 else 1.0


def scenery_of(config: Scenery) -> tuple[object, ...]:
    """What an examiner depends on."""
    return config.target, config.conditional, config.latent, config.loss, config.discriminator.view
