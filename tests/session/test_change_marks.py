"""Marks of changes in a person's words, and drags that are one mark."""

import math
from functools import partial

import pytest

from gan1d import Config
from gan1d.engine.units import IDENTITY, Units
from gan1d.session.change_marks import KEPT_SHARE, MARKS_LENGTH, ChangeMarks, change_label, transfer_label

ADAM = {"kind": "adam", "learning_rate": 0.002}
PLAYER = {
    "hidden": [16, 16],
    "activation": {"kind": "sine"},
    "optimizer": ADAM,
    "initialization": {"random_biases": False},
}
BASE = Config.parsed(
    {
        "batch_size": 64,
        "discriminator_steps": 2,
        "target": {"kind": "gaussian_mixture", "modes": [{"position": -2.0}, {"position": 2.0}]},
        "penalty": {"kind": "r1"},
        "generator": PLAYER,
        "discriminator": PLAYER,
    }
)
"""Says all that the words below are about, because defaults may change."""


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("generator.optimizer.learning_rate", 0.008, "G learning rate 0.002 → 0.008"),
        ("discriminator.hidden", [32, 32, 8], "D layers 16-16 → 32-32-8"),
        ("discriminator.activation", "tanh", "D activation sine → tanh"),
        ("generator.optimizer.kind", "sgd", "G optimizer adam → sgd"),
        ("loss", "minimax", "loss non saturating → minimax"),
        ("batch_size", 128, "batch size 64 → 128"),
        ("seed", 3, "seed 0 → 3"),
        ("target.modes.1.position", 3.0, "mode 2 position 2 → 3"),
        ("generator.hidden.1", 8, "G hidden 2 16 → 8"),
        ("target.modes", [{"position": 1.0}], "modes 2 → 1"),
        ("penalty", "none", "penalty r1 → none"),
        ("generator.initialization.random_biases", True, "G random biases off → on"),
    ],
)
def test_a_change_in_words(path: str, value: object, words: str) -> None:
    assert change_label(BASE, BASE.patched(path, value), path) == words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, ""),
        (0.0, ", kept"),
        (0.999 * KEPT_SHARE, ", kept"),
        (0.0101, ", kept to 2 %"),
        (0.07, ", kept to 7 %"),
        (0.4263, ", kept to 43 %"),
        (math.inf, ", reinitialized"),
    ],
)
def test_what_became_of_a_network_in_words(error: float | None, words: str) -> None:
    assert transfer_label(error) == words


def changed(config: Config, size: int) -> Config:
    return config.patched("batch_size", size)


def test_a_drag_is_one_mark() -> None:
    marks, config = ChangeMarks(), BASE
    for n in range(60):
        new = changed(config, 65 + n)
        mark = marks.add(config, new, "batch_size", step=10 + n, now=5 + n / 60)
        config = new
    assert mark.label == "batch size 64 → 124"
    assert mark.step == 10
    assert marks.all == [mark]


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([0.002] * 3, "kept"),
        ([0.008] * 3, "kept to 3 %"),
        ([0.0, math.inf, 0.0], "reinitialized"),
        ([math.inf, 0.1], "reinitialized"),
    ],
)
def test_a_drag_keeps_as_much_as_all_its_turns_together(errors: list[float], words: str) -> None:
    marks, config = ChangeMarks(), BASE
    for n, error in enumerate(errors):
        new = config.patched("generator.hidden.0", 17 + n)
        mark = marks.add(config, new, "generator.hidden.0", step=10, now=5 + n / 60, error=error)
        config = new
    assert mark.label == f"G hidden 1 16 → {16 + len(errors)}, {words}"
    later = marks.add(config, config.patched("generator.hidden.0", 8), "generator.hidden.0", step=99, now=90, error=0.0)
    assert later.label.endswith("→ 8, kept")


def test_a_mark_says_that_place_and_scale_are_measured_anew() -> None:
    marks, new = ChangeMarks(), BASE.patched("target.modes.0.width", 4.0)
    add = partial(marks.add, BASE, new, "target.modes.0.width")
    assert add(step=10, now=5.0, units=IDENTITY).label == "mode 1 width 0.5 → 4"
    # The rest of the drag has new units, and all of it is one mark.
    for n in range(3):
        label = add(step=11 + n, now=5.1 + n / 60, units=Units(0.0, 30.0)).label
        assert label.endswith("0.5 → 4, place and scale measured anew")
    assert add(step=900, now=9.0, units=Units(0.0, 30.0)).label == "mode 1 width 0.5 → 4"


def test_changes_apart_are_marks_of_their_own() -> None:
    marks, config = ChangeMarks(), BASE
    marks.add(config, changed(config, 65), "batch_size", step=10, now=5.0)
    marks.add(changed(config, 65), changed(config, 66), "batch_size", step=900, now=8.0)
    marks.add(config, config.patched("discriminator_steps", 3), "discriminator_steps", step=900, now=8.1)
    assert [mark.label for mark in marks.all] == ["batch size 64 → 65", "batch size 65 → 66", "D updates 2 → 3"]


def test_changes_at_one_step_are_one_mark() -> None:
    marks, config = ChangeMarks(), BASE
    marks.add(config, changed(config, 65), "batch_size", step=10, now=5.0)
    marks.add(changed(config, 65), changed(config, 99), "batch_size", step=10, now=50.0)
    assert [mark.label for mark in marks.all] == ["batch size 64 → 99"]


def test_marks_are_bounded() -> None:
    marks, config = ChangeMarks(), BASE
    for n in range(MARKS_LENGTH + 50):
        marks.add(config, changed(config, 65), "batch_size", step=n, now=10.0 * n)
    assert len(marks.all) == MARKS_LENGTH
    assert marks.all[-1].step == MARKS_LENGTH + 49
