"""Short looks at a run for its diagnosis: a few numbers, cheap enough to be taken all the time.

An `Examiner` has its own noise, grids and workspaces, as a probe has, only coarser: it draws no random number of the
training's and touches none of its buffers.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine import metrics
from gan1d.engine.latents import Float64
from gan1d.engine.mlp import MLP, Workspace
from gan1d.engine.optima import Anchor, Pair
from gan1d.engine.programs import run
from gan1d.engine.settings import Scenery
from gan1d.engine.trainer import Trainer
from gan1d.engine.views import shown_items
from gan1d.observing import FARTHEST
from gan1d.probe import shown_axis

LOOK_EVERY: Final = 25
"""Steps between two looks."""
LONGEST: Final = 24
"""Looks that are remembered: no rule asks for what was more than 600 steps ago."""
SHORT: Final = 8
"""Looks that a rule goes by if it asks for a state: 200 steps."""
LONG: Final = 16
"""Looks that a rule goes by if it asks whether anything still happens: 400 steps."""

QUANTILES: Final = 128
"""Equally likely fakes, and as many reals."""
OUTERMOST: Final = 0.1 / QUANTILES
"""Probability beyond the last z on each side."""
BINS: Final = 64
"""Of the data axis, for the best D against the present G."""
TINY: Final = 1e-30
"""Keeps a curve that is as flat as can be from a division by zero."""
CORE: Final = 0.998
"""Share of a mode that its core holds: three widths to each side of a Gaussian."""


@dataclass(frozen=True, kw_only=True)
class Symptoms:
    """What one look found.

    Attributes:
        step: Steps done.
        distance: Wasserstein-1, in units of x.
        error: The same over the standard deviation of the target: all mass on the mean scores about 1.
        far: The same over the length of the data axis.
        masses: Share of the fakes in each basin of the target, left to right.
        settled: Share of the fakes inside the core of some mode.
        knowledge: How much of what can be told of real and fake D tells, (balance − L_D) / (balance − best L_D): 1 for
            the best D, 0 for one that cannot tell anything, below 0 for one that is worse than that.
        right_real: Share of the reals that D takes for real.
        right_fake: Share of the fakes that D takes for fake.
        pull: Mean |d L_G / d x| over the fakes: how hard G is pulled.
        gain: How much less G would pay if its samples were the reals and D stayed as it is.
        aim: Share of the pull that leads the fakes to where they have to go, less the share that leads away: −1 to 1.
        scores: D on an even grid over the data axis, `(64,)`.
    """

    step: int
    distance: float
    error: float
    far: float
    masses: tuple[float, ...]
    settled: float
    knowledge: float
    right_real: float
    right_fake: float
    pull: float
    gain: float
    aim: float
    scores: tuple[float, ...] = ()

    @property
    def grip(self) -> float:
        """The pull on the fakes over the mean slope of L_G on their way to the reals: about 1 on an even slope, 0 on a
        plain that the slope begins behind, infinite if it does not go down on that way."""
        return self.pull * self.distance / self.gain if self.gain > 0 else math.inf


@dataclass(frozen=True)
class Track:
    """The last looks at a run, all under the same settings, and what its modes are.

    Attributes:
        looks: Oldest first, 25 steps apart, one at least.
        centres: Where the target's modes are, left to right.
        due: Share of the reals in the basin of each.
    """

    looks: Sequence[Symptoms]
    centres: tuple[float, ...]
    due: tuple[float, ...]

    @property
    def now(self) -> Symptoms:
        """The last look."""
        return self.looks[-1]

    @property
    def grip(self) -> float:
        """The usual one of the last 200 steps."""
        return median(look.grip for look in self.looks[-SHORT:])

    @property
    def aim(self) -> float:
        """The usual one of the last 200 steps."""
        return median(look.aim for look in self.looks[-SHORT:])

    def coverage(self, look: Symptoms) -> list[float]:
        """What each mode has of what it should have: 1 is right."""
        return [mass / due for mass, due in zip(look.masses, self.due, strict=True)]

    def standstill(self, count: int) -> bool:
        """Whether the distance is no shorter in the last half of so many looks than in the half before: by a tenth."""
        errors = [look.error for look in self.looks[-count:]]
        middle = len(errors) // 2
        return median(errors[middle:]) > 0.9 * median(errors[:middle])

    def rulers(self) -> list[int]:
        """Which mode held more than four fifths of the fakes, at each look that found one, with most fakes on modes."""
        looks = [look for look in self.looks if max(look.masses) > 0.8 and look.settled > 0.5]
        return [look.masses.index(max(look.masses)) for look in looks]

    def jumps(self) -> int:
        """How often another mode came to hold nearly all fakes."""
        return sum(before != after for before, after in pairwise(self.rulers()))

    def unrest(self) -> float:
        """How much of D's curve is another one from look to look: the usual change over the spread of its scores."""
        pairs = [(np.array(before.scores), np.array(after.scores)) for before, after in pairwise(self.looks)]
        return (
            median(float(np.std(after - before) / (np.std(after) + TINY)) for before, after in pairs) if pairs else 0.0
        )

    def swings(self) -> int:
        """How often the distance went from below half its median to above one and a half of it, or back."""
        middle = median(look.error for look in self.looks)
        sides = [look.error > middle for look in self.looks if not 0.5 <= look.error / middle <= 1.5]
        return sum(before != after for before, after in pairwise(sides))


def median(values: Iterable[float]) -> float:
    """The middle one, of an even number the upper of both: quicker than numpy for so few."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


class Examiner:
    """Looks at runs of one target, prior and loss.

    A D that judges several samples at once may know more than the best D for one sample, which it is compared with.

    Args:
        config: Their target, latent and loss, and what D is given to judge.

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
        self._real_bins = metrics.between(target.cdf(self._edges))
        u = (np.arange(QUANTILES) + 0.5) / QUANTILES
        self._real = target.quantile(u)
        # Neighbours in a pack have to be strangers to each other, so nobody is judged in the order of the quantiles.
        self._order = np.random.default_rng(QUANTILES).permutation(QUANTILES)
        self._spread = float(self._real.std())
        # Without the tails, what lies beyond the outermost quantiles would be said to lie between them.
        nodes = np.concatenate([[OUTERMOST], u, [1 - OUTERMOST]])
        self._z = config.latent.quantile(nodes)
        self._piece_masses = np.diff(nodes)
        self._piece_masses[[0, -1]] += OUTERMOST
        basins = target.basins()
        self.centres = tuple(basin.centre for basin in basins)
        cuts = np.array([basin.low for basin in basins[1:]])
        below = np.concatenate([[0.0], target.cdf(cuts), [1.0]])
        self.due = tuple(np.diff(below).tolist())
        spare = 0.5 * (1 - CORE) * np.diff(below)
        cores = target.quantile(np.concatenate([below[:-1] + spare, below[1:] - spare]))
        places = np.concatenate([self._edges, cuts, cores])
        self._rank = np.argsort(np.argsort(places, kind="stable"), kind="stable")
        self._pushforward = metrics.Pushforward(self._piece_masses, np.sort(places))
        self._networks: tuple[MLP, MLP] | None = None

    def fits(self, config: Scenery) -> bool:
        """Whether it was made for this target, prior and loss."""
        return self._scenery == scenery_of(config)

    def _furnish(self, generator: MLP, discriminator: MLP) -> None:
        """Room for two networks, kept while they stay the same objects."""
        if self._networks is not None and self._networks[0] is generator and self._networks[1] is discriminator:
            return
        self._networks = generator, discriminator
        self._fakes = Workspace(generator, len(self._z))
        self._fakes.inputs[0] = self._z
        self._judged = Workspace(discriminator, BINS + QUANTILES)
        rows = self._judged.inputs[:-1]
        rows[:, BINS:] = shown_items(self._view, self._real[self._order])
        rows[:, :BINS] = rows[:, -1:]
        rows[: self._view.samples, :BINS] = 0.5 * (self._edges[1:] + self._edges[:-1])
        self._pulled = Workspace(discriminator, QUANTILES)
        self._pull = [
            *self._loss.generator_gradient(self._pulled.outputs, self._pulled.output_gradient),
            *self._pulled.backward_program(parameters=False, inputs=True),
        ]

    def examine(self, trainer: Trainer) -> Symptoms:
        """Look at a run; it stays as it is to the last bit."""
        self._furnish(trainer.generator, trainer.discriminator)
        with np.errstate(over="ignore", invalid="ignore"):
            values = bounded(self._fakes.forward()[0])
            self._pulled.inputs[:-1] = shown_items(self._view, values[1:-1][self._order])
            of_fakes = bounded(self._pulled.forward()[0])
            run(self._pull)
            push = -bounded(self._pulled.input_gradient[0])
            pull = float(np.abs(push).sum())
            on_grid, of_reals = np.split(bounded(self._judged.forward()[0]), [BINS])
            anchor = Anchor(
                centre=0.5 * float(of_reals.mean() + of_fakes.mean()),
                steepness=float(np.abs(np.diff(on_grid)).max() / (self._edges[1] - self._edges[0])),
            )
            below = self._pushforward(values[None])[0][0][self._rank]
            pair = Pair(self._edges, self._real_bins, metrics.between(below[: BINS + 1]))
            modes = len(self.due)
            masses = metrics.between(below[BINS + 1 : BINS + modes])
            ahead = self._ways(values[1:-1])
            distance = float(np.abs(ahead).mean())
            return Symptoms(
                step=trainer.step_count,
                distance=distance,
                error=distance / self._spread,
                far=distance / (self.high - self.low),
                masses=tuple(masses.tolist()),
                settled=float(below[-modes:].sum() - below[-2 * modes : -modes].sum()),
                knowledge=self._knowledge(of_reals, of_fakes, pair, anchor),
                right_real=float(np.mean(self._loss.shown(of_reals, anchor) > self._undecided)),
                right_fake=float(np.mean(self._loss.shown(of_fakes, anchor) < self._undecided)),
                pull=pull,
                gain=float(self._loss.generator_cost(of_fakes).mean() - self._loss.generator_cost(of_reals).mean()),
                aim=float(push @ np.sign(ahead[self._order])) / (pull + TINY),
                scores=tuple(on_grid.tolist()),
            )

    def _ways(self, values: Float64) -> Float64:
        """How far each fake has to go, right or left: in one dimension the cheapest transport keeps the order (Villani
        2003, theorem 2.18)."""
        order = np.argsort(values)
        ways = np.empty_like(values)
        ways[order] = self._real - values[order]
        return ways

    def _knowledge(self, of_reals: Float64, of_fakes: Float64, pair: Pair, anchor: Anchor) -> float:
        """See `Symptoms`; 1 where there is nothing to tell."""
        at_stake = self._balance - self._loss.reachable_loss(pair, anchor)
        paid = float(self._loss.real_cost(of_reals).mean() + self._loss.fake_cost(of_fakes).mean())
        return (self._balance - paid) / at_stake if at_stake > 0 else 1.0


def bounded(values: ArrayLike) -> Float64:
    """Values that can be summed: what is farther than any picture stays far, and so does what is not even a number."""
    return np.fmin(np.fmax(np.asarray(values, np.float64), -FARTHEST), FARTHEST)


def scenery_of(config: Scenery) -> tuple[object, ...]:
    """What an examiner depends on."""
    return config.target, config.latent, config.loss, config.discriminator.view
