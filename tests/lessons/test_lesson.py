"""Each part of a lesson is checked when it is read, and a mistake is named."""

from typing import Any

import pytest
from pydantic import ValidationError

from gan1d.lessons.lesson import GameGoal, Page, PageGame, PageRun, Question, Task, Waiting


def test_an_experiment_is_a_config() -> None:
    config = PageRun(preset="mode_collapse", changes={"penalty": "r1"}, seed=4).config
    assert config.seed == 4
    assert config.penalty.kind == "r1"


QUESTION = {"name": "one", "text": "?", "answers": ["a", "b"], "right": 0, "reveal": ""}
GOAL = {"words": "both", "goal": {"shows": "reached"}, "by": 100}


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        (PageRun, {"preset": "no_such"}, "Expected a preset of default"),
        (PageRun, {"changes": {"no.such": 1}}, "no.such"),
        (PageRun, {"changes": {"batch_size": -1}}, "batch_size"),
        (PageRun, {"sed": 3}, "Extra inputs"),
        (Waiting, {**GOAL, "goal": {"shows": "no_such"}}, "Expected shows to be one of"),
        (Waiting, {**GOAL, "words": ""}, "words"),
        (Question, {**QUESTION, "right": 2}, "Expected the right answer to be one of 2, but got 2"),
        (Question, {**QUESTION, "answers": ["a"]}, "answers"),
        (Task, {"text": "", "waiting": GOAL}, "Expected a task with a goal to have a solution"),
        (PageGame, {"preset": "chess"}, "Expected a game's preset of spiral_out"),
        (PageGame, {"changes": {"game.gamma": 1}}, "game.gamma"),
        (Waiting, {**GOAL, "goal": {"nearer": 1.0, "farther": 2.0}}, "either nearer or farther"),
        (Page, {"title": "One", "text": "", "task": {"text": "", "knobs": ["no.such"]}}, "no.such"),
        (Page, {"title": "One", "text": "", "experiment": {}, "game": {}}, "a run or a game, but got both"),
        (Page, {"title": "One", "text": "", "game": {}, "task": {"text": "", "knobs": ["loss"]}}, "loss"),
        (Page, {"title": "", "text": ""}, "title"),
        (Page, {"title": "One", "text": "", "lit": ["moon"]}, "lit"),
    ],
)
def test_a_mistake_is_named(kind: Any, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises((ValidationError, ValueError), match=sentence):
        kind(**fields)


def test_a_page_may_show_a_game_with_its_own_controls() -> None:
    game = {"preset": "r1_spirals_in", "changes": {"game.gamma": 0.5}}
    page = Page.model_validate({"title": "R1", "text": "", "game": game, "task": {"text": "", "knobs": ["game.gamma"]}})
    assert page.game is not None
    assert page.game.config.value_at("game.gamma") == 0.5


@pytest.mark.parametrize(
    ("goal", "step"), [({"nearer": 0.5}, 2), ({"nearer": 0.1}, None), ({"farther": 1.5}, 4), ({"farther": 3.0}, None)]
)
def test_a_game_meets_a_goal_at_the_first_step_beyond_its_bound(goal: dict[str, float], step: int | None) -> None:
    assert GameGoal.model_validate(goal).met_at([1.0, 0.5, 0.4, None, 2.0]) == step
