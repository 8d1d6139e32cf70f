"""Lessons as data: a lesson is a folder of pages, and a page is a text beside the live picture of a run.

The texts of a folder are Markdown with formulas in LaTeX. `docs/lessons.py` writes them, with the numbers that were
measured, as HTML and MathML into the file `lesson.json` of the folder, which is all that the program reads.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from gan1d.config.model import Config
from gan1d.gallery import presets
from gan1d.gallery.goal import Goal, read_goal
from gan1d.games.game_config import GameConfig
from gan1d.games.game_presets import DEFAULT_GAME, game_presets

LitPart = Literal[
    "noise", "generator", "real", "fake", "gradient", "discriminator", "optimal", "losses", "distances", "diagnosis",
    "plane", "eigenvalues",
]  # fmt: skip
"""A part of the picture that a page can light; the last two are those of a game of two numbers."""

Html = str
"""HTML and MathML without scripts, as `docs/lessons.py` writes them."""
Text = Annotated[str, Field(min_length=1)]


class LessonPart(BaseModel):
    """Base of all parts of a lesson: frozen, and unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageRun(LessonPart):
    """The run that a page begins with."""

    preset: str = Field(default="default", description="Name of the preset.")
    changes: dict[str, JsonValue] = Field(default={}, description="Config path → value, applied in order.")
    seed: int = Field(default=0, description="The seed.")
    step: int = Field(default=0, ge=0, le=5000, description="Step to which the run is trained before it is shown.")
    speed: float | Literal["frame", "max"] = Field(default="frame", description="Speed with which Play begins.")

    @property
    def config(self) -> Config:
        """The settings.

        Raises:
            ValueError: There is no such preset, or a change is not possible.
        """
        if self.preset not in presets:
            raise ValueError(f"Expected a preset of {', '.join(presets)}, but got {self.preset!r}.")
        return presets[self.preset].config.with_changes(self.changes.items()).patched("seed", self.seed)

    @model_validator(mode="after")
    def _check(self) -> Self:
        _ = self.config
        return self


class PageGame(LessonPart):
    """The game of two numbers that a page shows in the place of a run."""

    preset: str = Field(default=DEFAULT_GAME, description="Name of the game's preset.")
    changes: dict[str, JsonValue] = Field(default={}, description="Path → value, applied in order.")

    @property
    def config(self) -> GameConfig:
        """The settings.

        Raises:
            ValueError: There is no such preset, or a change is not possible.
        """
        if self.preset not in game_presets:
            raise ValueError(f"Expected a game's preset of {', '.join(game_presets)}, but got {self.preset!r}.")
        return game_presets[self.preset].config.with_changes(self.changes.items())

    @model_validator(mode="after")
    def _check(self) -> Self:
        _ = self.config
        return self


class GameGoal(LessonPart):
    """What a game is to show: its first update gets this near to the equilibrium, or this far from it."""

    nearer: float | None = Field(default=None, gt=0, description="Upper bound of the distance.")
    farther: float | None = Field(default=None, gt=0, description="Lower bound of the distance.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.nearer is None) == (self.farther is None):
            raise ValueError("Expected a game's goal to have either nearer or farther.")
        return self

    def met_at(self, distances: Sequence[float | None]) -> int | None:
        """The first step at which it is met; None if there is none."""
        known = ((step, distance) for step, distance in enumerate(distances) if distance is not None)
        if self.nearer is not None:
            return next((step for step, distance in known if distance < self.nearer), None)
        return next((step for step, distance in known if self.farther is not None and distance > self.farther), None)


class Waiting(LessonPart):
    """What a page waits for: a criterion that the run is to meet.

    Reading on is possible at any time; the page only says what it waits for and at which step that was seen.
    """

    words: Text = Field(description="What it waits for, after “Waiting for:”.")
    goal: dict[str, Any] = Field(
        description="The criterion: `shows`, `hold`, and its thresholds; of a game `nearer` or `farther`, a distance."
    )
    by: int = Field(gt=0, le=20_000, description="Steps within which every run that was measured meets it.")

    @field_validator("goal")
    @classmethod
    def _check(cls, row: dict[str, Any]) -> dict[str, Any]:
        read_page_goal(row)
        return row

    def read(self) -> Goal | GameGoal:
        """The goal."""
        return read_page_goal(self.goal)


def read_page_goal(row: Mapping[str, Any]) -> Goal | GameGoal:
    """The goal of a run, or of a game.

    Raises:
        ValueError: The row is neither.
    """
    return GameGoal.model_validate(row) if {"nearer", "farther"} & set(row) else read_goal(row)


class Question(LessonPart):
    """A question that readers commit to before they press Play."""

    name: Text = Field(description="Its name in the answers that a browser keeps.", pattern=r"^[a-z0-9-]+$")
    text: Html = Field(description="The question.")
    answers: list[Html] = Field(min_length=2, max_length=5, description="The answers to choose from.")
    right: int = Field(ge=0, description="Which one is right, from 0 on.")
    reveal: Html = Field(description="What is shown afterwards: the right answer, and why.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.right >= len(self.answers):
            raise ValueError(f"Expected the right answer to be one of {len(self.answers)}, but got {self.right}.")
        return self


class Task(LessonPart):
    """Something to try, which the page judges if it has a goal."""

    text: Html = Field(description="The task.")
    waiting: Waiting | None = Field(default=None, description="The goal of the task; null if it is not judged.")
    knobs: list[str] = Field(default=[], description="Config paths whose controls are shown for it.")
    solution: dict[str, JsonValue] = Field(default={}, description="Changes with which the goal is met: path → value.")
    solution_text: Html = Field(default="", description="The solution in words.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.waiting is not None and not self.solution:
            raise ValueError("Expected a task with a goal to have a solution, but got none.")
        return self


class Page(LessonPart):
    """One page of a lesson."""

    title: Text = Field(description="Its title.")
    text: Html = Field(description="What stands before the question.")
    lit: list[LitPart] = Field(default=[], description="Parts of the picture that are lit; empty for all of them.")
    experiment: PageRun | None = Field(default=None, description="Its run; null for that of the page before.")
    game: PageGame | None = Field(default=None, description="Its game, if it has one in the place of a run.")
    question: Question | None = Field(default=None, description="The question before Play.")
    waiting: Waiting | None = Field(default=None, description="What it waits for after Play.")
    reveal: Html = Field(default="", description="What is shown when it was seen, or when readers ask for it.")
    task: Task | None = Field(default=None, description="Something to try.")
    language: str = Field(default="", description='Its language, such as "en"; empty for that which was chosen.')
    inventory: Literal["before", "after"] | None = Field(
        default=None, description="Whether the page has the six questions before or after all lessons."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.game and self.experiment:
            raise ValueError("Expected a page to have a run or a game, but got both.")
        if self.task:
            settings = (self.game or self.experiment or PageRun()).config.with_changes(self.task.solution.items())
            for path in self.task.knobs:
                settings.value_at(path)
        return self


class Lesson(LessonPart):
    """One lesson.

    Attributes:
        name: Its name in links, such as "mode-collapse".
    """

    name: str = Field(pattern=r"^[a-z0-9-]+$", description="Its name in links.")
    title: Text = Field(description="Its title.")
    minutes: int = Field(gt=0, le=60, description="Time that it takes, about.")
    pages: list[Page] = Field(min_length=1, description="Its pages in order.")
