"""Rows of the Dirac-GAN: the formulas of Mescheder et al., and the outputs of their notebook."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.published.row import Row, formula, published, statement
from benchmarks.published.variants import NotebookConsensus
from gan1d.engine.games import closed_forms
from gan1d.engine.games.dynamics import eigenvalues, field_jacobian, spectral_radius, trajectory
from gan1d.engine.games.updates import (
    AlternatingUpdate,
    BaseUpdate,
    SimultaneousUpdate,
)
from gan1d.engine.games.vector_fields import (
    BaseGame,
    DiracConsensus,
    DiracInstanceNoise,
    DiracMinimax,
    DiracNonSaturating,
    DiracWasserstein,
    DiracWassersteinGP,
)

MESCHEDER = "Mescheder et al. 2018, [1801.04406](https://arxiv.org/abs/1801.04406)"
NOTEBOOK = "Mescheder et al. 2018, notebook [DiracGAN](https://github.com/LMescheder/GAN_stability)"

SCHEDULES: dict[str, BaseUpdate] = {
    "simultaneous": SimultaneousUpdate(),
    "alternating": AlternatingUpdate(),
    "5 D-updates": AlternatingUpdate(discriminator_steps=5),
}
"""The authors' three schedules, h = .2."""


def final_distance(game: BaseGame, update: BaseUpdate, start: Any, steps: int) -> float:
    """Distance to the nearest equilibrium after some steps."""
    return float(game.distance(trajectory(game, update, start, steps)[-1]))


def dirac_formulas() -> Iterator[Row]:
    """Lemmas of Mescheder et al."""
    upper = eigenvalues(field_jacobian(DiracMinimax(), [0, 0]))
    yield formula(MESCHEDER, "lemma 2.2: |Im λ| of the field, unregularized", 0.5, float(abs(upper[0].imag)))
    yield formula(
        MESCHEDER, "lemma 2.4: rate √(1 + h²/4) of simultaneous steps, h = .2",
        math.sqrt(1.01), spectral_radius(DiracMinimax(), SimultaneousUpdate()),
    )  # fmt: skip
    for generator, discriminator in ((1, 1), (1, 5), (3, 5)):
        update = AlternatingUpdate(generator_steps=generator, discriminator_steps=discriminator)
        yield formula(
            MESCHEDER, f"lemma 2.5: rate of alternating steps, n_g = {generator}, n_d = {discriminator}, h = .2",
            1.0, spectral_radius(DiracMinimax(), update),
        )  # fmt: skip
    for gamma in (0.3, 2.0):
        found = eigenvalues(field_jacobian(DiracMinimax(gamma=gamma), [0, 0]))
        expected = closed_forms.dirac_flow_eigenvalues(gamma)
        yield formula(
            MESCHEDER, f"lemma 3.3: largest |λ| of the field, γ = {gamma:g}",
            max(map(abs, expected)), float(abs(found[0])),
        )  # fmt: skip
    found = eigenvalues(field_jacobian(DiracInstanceNoise(), [0, 0]))
    yield formula(
        MESCHEDER, "lemma 3.2: Re λ of the field, instance noise σ = .7", -(0.7**2) / 4, float(found[0].real)
    )  # fmt: skip


def derived_rates() -> Iterator[Row]:
    """Rates of the Dirac-GAN that follow from its eigenvalues."""
    yield formula(
        "derived from lemma 3.2", "rate of simultaneous steps with instance noise σ = .7, h = .2",
        math.hypot(1 - 0.2 * 0.49 / 4, 0.2 * math.sqrt(0.25 - 0.49**2 / 16)),
        spectral_radius(DiracInstanceNoise(), SimultaneousUpdate()),
    )  # fmt: skip
    yield formula(
        "derived from lemma 3.3", "rate √(1 − hγ + h²/4) of simultaneous steps, complex λ, h = .2, γ = .3",
        math.sqrt(1 - 0.06 + 0.01), spectral_radius(DiracMinimax(gamma=0.3), SimultaneousUpdate()),
    )  # fmt: skip
    yield formula(
        "derived from lemma 3.3", "rate of simultaneous steps, real λ, h = .2, γ = 2: 1 − h(1 − √¾)",
        1 - 0.2 * (1 - math.sqrt(0.75)), spectral_radius(DiracMinimax(gamma=2.0), SimultaneousUpdate()),
    )  # fmt: skip
    for gamma in (0.3, 0.9):
        yield formula(
            "derived from lemma 3.3", f"rate √(1 − hγ) of alternating steps, complex λ, h = .2, γ = {gamma:g}",
            math.sqrt(1 - 0.2 * gamma), spectral_radius(DiracMinimax(gamma=gamma), AlternatingUpdate()),
        )  # fmt: skip
    yield formula(
        MESCHEDER, "consensus: rate √((1 − hγ/4)² + h²/4) of simultaneous steps, h = .2, γ = 1",
        math.hypot(0.95, 0.1), spectral_radius(DiracConsensus(), SimultaneousUpdate()),
    )  # fmt: skip


def dirac_notebook() -> Iterator[Row]:
    """Distances after 500 steps of h = .2 from (1, 1), as the authors' program computes them."""
    games: dict[str, tuple[BaseGame, tuple[str, str, str]]] = {
        "GAN": (DiracMinimax(), ("3.09695", "1.42102", "1.84527")),
        "non-saturating": (DiracNonSaturating(), (".640207", ".283923", ".138877")),
        "WGAN, clip 1": (DiracWasserstein(), ("1.00215", "1.02412", ".916885")),
        "WGAN-GP": (DiracWassersteinGP(), ("1.80179", "1.22107", ".716301")),
        "penalty γ = .3": (DiracMinimax(gamma=0.3), ("2.643e-6", "2.301e-7", "9.2e-34")),
        "penalty γ = 1": (DiracMinimax(gamma=1.0), ("9.53e-22", "7.48e-17", "5.1e-12")),
        "non-saturating, γ = .3": (DiracNonSaturating(gamma=0.3), ("2.212e-6", "1.499e-7", "4.0e-34")),
        "consensus γ = 1, half of the second term": (NotebookConsensus(), ("2.081e-10", "1.332e-11", "4.6e-33")),
    }
    for name, (game, expected) in games.items():
        for (schedule, update), theirs in zip(SCHEDULES.items(), expected, strict=True):
            ours = final_distance(game, update, [1, 1], 500)
            yield published(NOTEBOOK, f"{name}, {schedule}", theirs, ours)


def limit_circles() -> Iterator[Row]:
    """Circles on which the non-saturating Dirac-GAN ends."""
    game = DiracNonSaturating()
    for h, steps, start in ((0.2, 4000, 1.0), (0.05, 20_000, 1.0)):
        points = trajectory(game, SimultaneousUpdate(learning_rate=h), [start, start], steps)
        radii = game.distance(points[-500:].T)
        radius = closed_forms.non_saturating_limit_radius(h)
        within = bool(np.all(np.abs(radii / radius - 1) < 0.1 * h))
        yield statement(
            "first order in h (derived)", f"limit circle √(2h) of simultaneous non-saturating steps, h = {h:g}",
            f"{radius:.4f}", f"{radii.min():.4f} to {radii.max():.4f}", "less than h/10 of it", within,
        )  # fmt: skip
    expected = closed_forms.non_saturating_alternating_radius(0.2, math.sqrt(2), 1000)
    found = final_distance(game, AlternatingUpdate(), [1.0, 1.0], 1000)
    yield statement(
        "first order in h (derived)", "distance (1/r₀² + nh/8)^(−½) after n = 1,000 alternating steps, h = 0.2",
        f"{expected:.3f}", f"{found:.4f}", "less than h/5 of it", abs(found / expected - 1) < 0.2 * 0.2,
    )  # fmt: skip
