"""Sentences on what becomes of a game: each from a case that is known exactly."""

import numpy as np
import pytest

from gan1d.engine.games.updates import (
    AdamUpdate,
    AlternatingUpdate,
    BaseUpdate,
    ExtragradientUpdate,
    MomentumUpdate,
    SimultaneousUpdate,
)
from gan1d.engine.games.vector_fields import BaseGame, Bilinear, DiracMinimax, DiracWassersteinGP
from gan1d.games.fate import format_rate, from_the_start, near_the_equilibrium, spectrum, update_label


@pytest.mark.parametrize(
    ("rate", "text"),
    # The difference from 1 has two digits: 0.004988 → 4 decimals, 0.1 → 2, 0.02 → 3, 0.0015 → 4.
    [(1.0049876, "1.0050"), (0.9, "0.90"), (0.98, "0.980"), (0.9985, "0.9985"), (1 + 1e-12, "1"), (2.2, "2.20")],
)
def test_a_rate_has_the_digits_by_which_it_differs_from_one(rate: float, text: str) -> None:
    assert format_rate(rate) == text


@pytest.mark.parametrize(
    ("game", "update", "words"),
    [
        # √(1 + 0.1²) = 1.00499
        (Bilinear(), SimultaneousUpdate(learning_rate=0.1), "spirals out: each step multiplies the distance by 1.0050"),
        (Bilinear(), AlternatingUpdate(learning_rate=0.1), "goes round: the eigenvalues lie on the unit circle"),
        # √(1 − 0.3² + 0.3⁴) = 0.95828
        (
            Bilinear(),
            ExtragradientUpdate(learning_rate=0.3),
            "spirals in: each step multiplies the distance by 0.958",
        ),
        # 1 + 0.2·(−2 + √(4 − ¼)) = 0.98730, a real number
        (
            DiracMinimax(gamma=4.0),
            SimultaneousUpdate(learning_rate=0.2),
            "comes in without circling near the equilibrium: each step multiplies the distance by 0.987",
        ),
        (DiracWassersteinGP(), SimultaneousUpdate(), "has no rate: the field jumps"),
        (Bilinear(), AdamUpdate(), "has no rate: its steps do not shrink"),
    ],
)
def test_the_motion_near_the_equilibrium_in_words(game: BaseGame, update: BaseUpdate, words: str) -> None:
    assert near_the_equilibrium(spectrum(game, update), game, update) == words


@pytest.mark.parametrize(
    ("distances", "rate", "words"),
    [
        (2.0 * 0.5 ** np.arange(11), 0.5, "Distance 2 at the start, 0.00195 after 10 steps."),
        (np.linspace(1, 3, 11), 1.1, "Distance 1 at the start, 3 after 10 steps."),
        (np.concatenate([[2.0], np.tile([0.50, 0.51], 8)]), 1.01, "the distance stays at 0.51."),
        (np.tile([1.0, 1.2], 20), 1.0, "In the last 9 steps the distance is between 1 and 1.2."),
        (np.array([1.0, 2.0]), 1.0, ""),
    ],
)
def test_what_distances_show_in_words(distances: np.ndarray, rate: float, words: str) -> None:
    assert from_the_start(distances, rate).endswith(words)


def test_a_run_that_goes_on_is_told_from_here() -> None:
    assert from_the_start(np.linspace(1, 3, 11), 1.1, goes_on=True) == "Distance 1 here, 3 after 10 steps."


def test_the_label_has_the_setting_that_matters() -> None:
    assert update_label(MomentumUpdate(momentum=-0.5)) == "Momentum β = −0.5"
    assert update_label(AlternatingUpdate(discriminator_steps=5)) == "Alternating 1:5"
    assert update_label(SimultaneousUpdate()) == "Simultaneous"
