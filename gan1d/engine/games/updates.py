"""Updates: rules by which both players of a two-number game follow its field.

An update is a frozen value. What it remembers between steps is in a `GameState`. A step is a sequence of turns; in one
turn, one or both players move along the field. `gan1d.engine.games.vector_fields` describes points and fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

import numpy as np

from gan1d.engine.games.vector_fields import BaseGame, Point
from gan1d.knobs import Knob

StepSize = Annotated[
    float,
    Knob(label="learning rate", low=1e-3, high=2.0, scale="log", essential=True, help="Size of one update, h."),
]
UpdateCount = Annotated[int, Knob(low=1, high=50, help="Number of updates of the player in one step.")]
Order = Annotated[
    Literal["simultaneous", "alternating"],
    Knob(essential=True, help="Whether both players move at once, or D answers the move of G."),
]

GENERATOR: Final = slice(0, 1)
DISCRIMINATOR: Final = slice(1, 2)
BOTH: Final = slice(0, 2)


@dataclass(frozen=True)
class GameState:
    """Point of a game and what its update remembers.

    Attributes:
        values: The point, then the arrays of the update, `(slots, 2, …)`.
        count: Number of steps made.
    """

    values: Point
    count: int = 0

    @property
    def point(self) -> Point:
        """θ and ψ, `(2, …)`."""
        return np.asarray(self.values[0])


@dataclass(frozen=True, kw_only=True)
class BaseUpdate:
    """An update of a game of two numbers."""

    slots: ClassVar[int] = 1
    """Number of arrays in the state: the point and what is remembered."""
    is_smooth_at_rest: ClassVar[bool] = True
    """Whether the update has a derivative at an equilibrium."""

    learning_rate: StepSize = 0.2

    def start(self, game: BaseGame, point: Point) -> GameState:
        """State before the first step, with an empty memory.

        Args:
            game: The game that is played.
            point: Start, `(2, …)`; it is projected if the game bounds a player.
        """
        projected = game.project(np.asarray(point))
        return GameState(np.stack([projected] + [np.zeros_like(projected)] * (self.slots - 1)))

    def step(self, game: BaseGame, state: GameState) -> GameState:
        """State after one more step: all turns, each followed by the game's projection."""
        values = state.values
        for players in self.turns():
            moved = self.moved(values, game.field(self.probe(game, values)), state.count + 1)
            values = values.copy()
            values[:, players] = moved[:, players]
            values[0] = game.project(values[0])
        return GameState(values, state.count + 1)

    def turns(self) -> Sequence[slice]:
        """Players that move in each turn of one step."""
        return [BOTH]

    def probe(self, game: BaseGame, values: Point) -> Point:
        """Point at which the field is taken, `(2, …)`."""
        return np.asarray(values[0])

    def moved(self, values: Point, field: Point, count: int) -> Point:
        """State values, `(slots, 2, …)`, after a move of both players along a field, as the `count`-th step."""
        return np.asarray(values + self.learning_rate * field)


@dataclass(frozen=True, kw_only=True)
class SimultaneousUpdate(BaseUpdate):
    """Simultaneous: both players move along the field at the same time.

    p ← p + h·v(p) (Mescheder et al. 2018, arXiv:1801.04406, algorithm 1).
    """

    kind: Literal["simultaneous"] = "simultaneous"


@dataclass(frozen=True, kw_only=True)
class AlternatingUpdate(BaseUpdate):
    """Alternating: each player answers the other's last move; D may answer with several updates.

    Mescheder et al. 2018, arXiv:1801.04406, algorithm 2.
    """

    kind: Literal["alternating"] = "alternating"
    generator_steps: UpdateCount = 1
    discriminator_steps: UpdateCount = 1
    first: Annotated[
        Literal["generator", "discriminator"], Knob(help="Player that begins each step.")
    ] = "generator"  # fmt: skip

    def turns(self) -> Sequence[slice]:
        """Each player's updates, one after the other."""
        generator, discriminator = [GENERATOR] * self.generator_steps, [DISCRIMINATOR] * self.discriminator_steps
        return generator + discriminator if self.first == "generator" else discriminator + generator


@dataclass(frozen=True, kw_only=True)
class MomentumUpdate(BaseUpdate):
    """Momentum: each player keeps a share of its last move; a negative share brakes the rotation.

    u ← β·u + v(p),  p ← p + h·u (Gidel et al. 2019, arXiv:1807.04740, eq. 3).
    """

    kind: Literal["momentum"] = "momentum"
    slots: ClassVar[int] = 2
    momentum: Annotated[
        float,
        Knob(label="β", low=-0.99, high=0.99, step=0.05, essential=True, help="Share of the last move that is kept."),
    ] = -0.5
    order: Order = "alternating"

    def turns(self) -> Sequence[slice]:
        """Both players at once, or G and then D."""
        return turns_in(self.order)

    def moved(self, values: Point, field: Point, count: int) -> Point:
        """Point and velocity."""
        velocity = self.momentum * values[1] + field
        return np.stack([values[0] + self.learning_rate * velocity, velocity])


@dataclass(frozen=True, kw_only=True)
class AdamUpdate(BaseUpdate):
    """Adam: each move is divided by the usual length of the field, so it does not get smaller near the equilibrium.

    Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
    """

    kind: Literal["adam"] = "adam"
    slots: ClassVar[int] = 3
    is_smooth_at_rest: ClassVar[bool] = False
    learning_rate: StepSize = 0.02
    beta1: Annotated[float, Knob(label="β₁", low=-0.9, high=0.99, help="Memory of the mean field.")] = 0.5
    beta2: Annotated[float, Knob(label="β₂", low=0.0, high=0.9999, help="Memory of the squared field.")] = 0.999
    eps: Annotated[float, Knob(label="ε", low=1e-12, high=1e-2, scale="log", help="Keeps the division safe.")] = 1e-8
    order: Order = "alternating"

    def turns(self) -> Sequence[slice]:
        """Both players at once, or G and then D."""
        return turns_in(self.order)

    def moved(self, values: Point, field: Point, count: int) -> Point:
        """Point, mean field and mean square of the field."""
        mean = self.beta1 * values[1] + (1 - self.beta1) * field
        square = self.beta2 * values[2] + (1 - self.beta2) * field**2
        direction = mean / (1 - self.beta1**count) / (np.sqrt(square / (1 - self.beta2**count)) + self.eps)
        return np.stack([values[0] + self.learning_rate * direction, mean, square])


@dataclass(frozen=True, kw_only=True)
class ExtragradientUpdate(BaseUpdate):
    """Extragradient: both players look one step ahead, and move along the field that they find there.

    p′ = p + h·v(p),  p ← p + h·v(p′) (Korpelevich 1976; Gidel et al. 2019, arXiv:1802.10551, eq. 8 and 9).
    """

    kind: Literal["extragradient"] = "extragradient"

    def probe(self, game: BaseGame, values: Point) -> Point:
        """The point one step ahead."""
        return game.project(values[0] + self.learning_rate * game.field(values[0]))


@dataclass(frozen=True, kw_only=True)
class PastExtrapolationUpdate(BaseUpdate):
    """Extrapolation from the past: extragradient that looks ahead along the field of the last step, at half the cost.

    p′ = p + h·v(last p′),  p ← p + h·v(p′) (Popov 1980; Gidel et al. 2019, arXiv:1802.10551, eq. 10 and 11).
    """

    kind: Literal["past_extrapolation"] = "past_extrapolation"
    slots: ClassVar[int] = 2

    def start(self, game: BaseGame, point: Point) -> GameState:
        """State that remembers the field at the start."""
        return start_with_field(game, point)

    def probe(self, game: BaseGame, values: Point) -> Point:
        """The point one step ahead along the last field."""
        return game.project(values[0] + self.learning_rate * values[1])

    def moved(self, values: Point, field: Point, count: int) -> Point:
        """Point and last field."""
        return np.stack([values[0] + self.learning_rate * field, field])


@dataclass(frozen=True, kw_only=True)
class OptimisticUpdate(BaseUpdate):
    """Optimistic: both players expect that the field will change again as it has just changed.

    p ← p + 2h·v(p) − h·v(last p) (Daskalakis et al. 2018, arXiv:1711.00141, eq. 7). Without bounds on the players its
    points are the p′ of extrapolation from the past.
    """

    kind: Literal["optimistic"] = "optimistic"
    slots: ClassVar[int] = 2

    def start(self, game: BaseGame, point: Point) -> GameState:
        """State that remembers the field at the start."""
        return start_with_field(game, point)

    def moved(self, values: Point, field: Point, count: int) -> Point:
        """Point and last field."""
        return np.stack([values[0] + self.learning_rate * (2 * field - values[1]), field])


def turns_in(order: str) -> Sequence[slice]:
    """Turns of one step in which each player moves once; an alternating step begins with G."""
    return [BOTH] if order == "simultaneous" else [GENERATOR, DISCRIMINATOR]


def start_with_field(game: BaseGame, point: Point) -> GameState:
    """State of a point and of the field there."""
    projected = game.project(np.asarray(point))
    return GameState(np.stack([projected, game.field(projected)]))


GameUpdate = (
    SimultaneousUpdate
    | AlternatingUpdate
    | MomentumUpdate
    | AdamUpdate
    | ExtragradientUpdate
    | PastExtrapolationUpdate
    | OptimisticUpdate
)
