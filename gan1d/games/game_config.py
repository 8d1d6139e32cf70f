"""The settings of a game of two numbers: the game, one update or two, the start and the number of steps."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import model_validator

from gan1d.config.sections import ConfigSection
from gan1d.config.settings_tree import SettingsTree
from gan1d.engine.games.updates import BaseUpdate, GameUpdate, SimultaneousUpdate
from gan1d.engine.games.vector_fields import Bilinear, Game
from gan1d.formatting import format_count
from gan1d.knobs import Knob

PLANE: Final = 2.5
"""Half of the height of the plane of θ and ψ: starts lie within ±this."""
MOST_MOVES: Final = 20_000
"""Largest number of moves in one run: steps, times the moves of both players in a step, over all updates."""


def coordinate(label: str, player: str) -> Knob:
    """The knob of one number at the start."""
    words = f"Number of {player} at the start."
    return Knob(label=label, low=-PLANE, high=PLANE, step=0.05, effect="restart", help=words)


class StartConfig(ConfigSection):
    """Both numbers before the first step."""

    theta: Annotated[float, coordinate("θ", "G")] = 1.0
    psi: Annotated[float, coordinate("ψ", "D")] = 1.0


@dataclass(frozen=True, kw_only=True)
class NoUpdate:
    """None: one trajectory only."""

    kind: Literal["none"] = "none"


class GameConfig(SettingsTree):
    """A game of two numbers, played by one update, or by two side by side."""

    game: Annotated[
        Game,
        Knob(essential=True, help="Losses of both players."),
    ] = Bilinear()
    update: Annotated[
        GameUpdate,
        Knob(essential=True, help="How both players follow their gradients."),
    ] = SimultaneousUpdate(learning_rate=0.1)
    second: Annotated[
        NoUpdate | GameUpdate,
        Knob(label="compared with", essential=True, help="A second update, from the same start."),
    ] = NoUpdate()
    start: Annotated[StartConfig, Knob(effect="restart")] = StartConfig()
    steps: Annotated[
        int,
        Knob(
            low=10, high=2000, scale="log", effect="restart", panel="start",
            help="Number of steps until the game pauses; Play then makes as many more.",
        ),
    ] = 200  # fmt: skip

    @model_validator(mode="after")
    def _limit_moves(self) -> Self:
        moves = self.steps * sum(len(update.turns()) for update in self.updates)
        if moves > MOST_MOVES:
            most, given = format_count(MOST_MOVES), format_count(moves)
            raise ValueError(f"Expected at most {most} moves in one run, but got {given}: take fewer steps.")
        return self

    @property
    def updates(self) -> tuple[BaseUpdate, ...]:
        """One update, or two."""
        return (self.update,) if isinstance(self.second, NoUpdate) else (self.update, self.second)
