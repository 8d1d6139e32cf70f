"""Rows of the bilinear, linear and quadratic games: the authors' own settings and outputs, and their formulas."""

import math
from collections.abc import Iterator

import numpy as np

from benchmarks.published.dirac import NOTEBOOK, SCHEDULES, final_distance
from benchmarks.published.row import Row, formula, published, statement
from benchmarks.published.variants import LinearWGAN, UnprojectedExtragradient
from gan1d.engine.arrays import Float64
from gan1d.engine.games import closed_forms
from gan1d.engine.games.dynamics import eigenvalues, field_jacobian, spectral_radius, trajectory
from gan1d.engine.games.updates import (
    AlternatingUpdate,
    BaseUpdate,
    ExtragradientUpdate,
    GameState,
    MomentumUpdate,
    OptimisticUpdate,
    PastExtrapolationUpdate,
    SimultaneousUpdate,
)
from gan1d.engine.games.vector_fields import (
    BaseGame,
    Bilinear,
    DiracConsensus,
    DiracMinimax,
    DiracWasserstein,
    QuadraticGAN,
    QuadraticWGAN,
)

GIDEL = "Gidel et al. 2019, [1802.10551](https://arxiv.org/abs/1802.10551)"
MOMENTUM = "Gidel et al. 2019, [1807.04740](https://arxiv.org/abs/1807.04740)"
DASKALAKIS = (
    "Daskalakis et al. 2018, [notebook](https://github.com/vsyrgkanis/optimistic_GAN_training) of "
    "[1711.00141](https://arxiv.org/abs/1711.00141)"
)
NAGARAJAN = "Nagarajan & Kolter 2017, [1706.04156](https://arxiv.org/abs/1706.04156)"
D2L = "Dive into Deep Learning, [GAN convergence](https://d2l.ai)"


def bilinear() -> Iterator[Row]:
    """The bilinear game: rates, and the curves of figure 1 of Gidel et al."""
    game = Bilinear()
    for h in (0.1, 0.5):
        yield formula(
            GIDEL, f"√(1 + h²), simultaneous, h = {h:g}",
            math.sqrt(1 + h**2), spectral_radius(game, SimultaneousUpdate(learning_rate=h)),
        )  # fmt: skip
        yield formula(
            GIDEL, f"√(1 − h² + h⁴), extragradient, h = {h:g}",
            math.sqrt(1 - h**2 + h**4), spectral_radius(game, ExtragradientUpdate(learning_rate=h)),
        )  # fmt: skip
        points = trajectory(game, AlternatingUpdate(learning_rate=h), [2.0, 0.5], 1000)
        kept = closed_forms.bilinear_alternating_invariant(points.T, h)
        yield formula(
            GIDEL, f"θ² + ψ² − hθψ after 1,000 alternating steps from (2, ½), h = {h:g}",
            float(kept[0]), float(kept[-1]),
        )  # fmt: skip
    for h in (0.1, 0.4):  # at h = ½ both eigenvalues are equal, and known to half of the digits only
        yield formula(
            GIDEL, f"√((1 + √(1 − 4h²))/2), optimism, h = {h:g}",
            math.sqrt((1 + math.sqrt(1 - 4 * h**2)) / 2), spectral_radius(game, OptimisticUpdate(learning_rate=h)),
        )  # fmt: skip
    yield formula(
        GIDEL, "extrapolation from the past is on the edge at h = 1/√3",
        1.0, spectral_radius(game, PastExtrapolationUpdate(learning_rate=1 / math.sqrt(3))),
    )  # fmt: skip
    for order, power in (("alternating", 3), ("simultaneous", 2)):
        for beta in (-0.5, 0.5):
            update = MomentumUpdate(learning_rate=0.1, momentum=beta, order=order)  # type: ignore[arg-type]
            yield formula(
                MOMENTUM, f"root of (λ − 1)²(λ − β)² + h²λ{'⁰¹²³'[power]}, momentum β = {beta:g}, {order}, h = .1",
                momentum_rate(0.1, beta, power), spectral_radius(game, update),
            )  # fmt: skip
    yield from clipped_bilinear()


def clipped_bilinear() -> Iterator[Row]:
    """The curves of figure 1 of Gidel et al.: the bilinear game with D's weight clipped."""
    clipped = DiracWasserstein(clip=1.0)
    curves: dict[str, tuple[BaseUpdate, str]] = {
        "SimSGD, η = .1": (SimultaneousUpdate(learning_rate=0.1), "1.077589"),
        "AltSGD, η = .1": (AlternatingUpdate(learning_rate=0.1, first="discriminator"), ".995872"),
        "extragradient, η = .6, look ahead not clipped": (UnprojectedExtragradient(learning_rate=0.6), "2.674e-6"),
        "extrapolation from the past, η = .5": (PastExtrapolationUpdate(learning_rate=0.5), "1.23e-13"),
    }
    for name, (update, theirs) in curves.items():
        ours = final_distance(clipped, update, [2.0, 0.5], 100)
        yield published(GIDEL + ", figure 1", f"distance after 100 steps: {name}", theirs, ours)


def momentum_rate(h: float, beta: float, power: int) -> float:
    """Largest modulus of the roots of (λ − 1)²(λ − β)² + h²·λ^power."""
    polynomial = np.poly([1.0, 1.0, beta, beta])
    polynomial[4 - power] += h**2
    return float(np.abs(np.roots(polynomial)).max())


def linear_wgan() -> Iterator[Row]:
    """The stored outputs of the notebook of Daskalakis et al., h = .1, 1,000 iterates from θ = 1.7 and w = 1.4."""
    runs: dict[str, tuple[BaseGame, BaseUpdate, tuple[str, str, str, str]]] = {
        "optimism": (
            LinearWGAN(), OptimisticUpdate(learning_rate=0.1),
            ("3.01131623", "4.00931959", "2.99125639", "3.98489638"),
        ),
        "clip 1": (
            LinearWGAN(clip=1.0), SimultaneousUpdate(learning_rate=0.1),
            ("3.01224287", "3.98588748", "3.48000545", "5.07760794"),
        ),
        "penalty .1": (
            LinearWGAN(penalty=0.1), SimultaneousUpdate(learning_rate=0.1),
            ("2.99631726", "4.02111631", "1.77182765", "2.26763725"),
        ),
    }  # fmt: skip
    for name, (game, update, expected) in runs.items():
        iterates = notebook_iterates(game, update)
        found = [*iterates.mean(axis=0), *iterates[-1]]
        for quantity, theirs, ours in zip(
            ("mean of θ₁", "mean of θ₂", "last θ₁", "last θ₂"), expected, found, strict=True
        ):
            yield published(DASKALAKIS, f"{name}: {quantity}", theirs, float(ours))


def notebook_iterates(game: BaseGame, update: BaseUpdate) -> Float64:
    """θ of 1,000 iterates, `(1000, 2)`: the start is not clipped, and for optimism it counts as the first two."""
    start = np.array([[1.7, 1.7], [1.4, 1.4]])
    remembered = [start, game.field(start)] if isinstance(update, OptimisticUpdate) else [start]
    state, thetas = GameState(np.stack(remembered)), [start[0]] * len(remembered)
    while len(thetas) < 1000:
        state = update.step(game, state)
        thetas.append(state.point[0])
    return np.array(thetas)


def quadratic() -> Iterator[Row]:
    """The one-dimensional games of Nagarajan & Kolter."""
    found = eigenvalues(field_jacobian(QuadraticGAN(), [1, 0]))[0]
    yield formula(NAGARAJAN, "GAN: Re λ at the equilibrium, −1/20", -0.05, float(found.real))
    yield formula(
        NAGARAJAN, "GAN: |Im λ| at the equilibrium, √(1/9 − 1/400)", math.sqrt(1 / 9 - 1 / 400), float(abs(found.imag))
    )  # fmt: skip
    found = eigenvalues(field_jacobian(QuadraticWGAN(), [1, 0]))[0]
    yield formula(NAGARAJAN, "WGAN: |Im λ| at the equilibrium, ⅔", 2 / 3, float(abs(found.imag)))
    for weight in (0.25, 1.0):
        found = eigenvalues(field_jacobian(QuadraticWGAN(regularizer=weight), [1, 0]))[0]
        yield formula(NAGARAJAN, f"WGAN, η = {weight:g}: Re λ = −4η/9", -4 * weight / 9, float(found.real))
        yield formula(
            NAGARAJAN, f"WGAN, η = {weight:g}: |Im λ| = ⅔√(1 − 4η²/9)",
            2 / 3 * math.sqrt(1 - 4 * weight**2 / 9), float(abs(found.imag)),
        )  # fmt: skip
    orbit = trajectory(QuadraticWGAN(), AlternatingUpdate(learning_rate=1e-3), [1.2, 0.1], 10_000)
    theta, psi = orbit.T
    kept = psi**2 + theta**2 / 2 - np.log(theta)
    yield statement(
        "derived", "WGAN: ψ² + θ²/2 − ln θ on the way round, 10,000 alternating steps of h = .001", "stays the same",
        f"{kept.min():.5f} to {kept.max():.5f}", "less than h", float(np.ptp(kept)) < 1e-3,
    )  # fmt: skip
    start = [1.2, 0.1]
    settings: tuple[tuple[str, BaseGame, BaseUpdate, str], ...] = (
        ("GAN, simultaneous", QuadraticGAN(), SimultaneousUpdate(learning_rate=0.1), "converges"),
        ("WGAN, alternating", QuadraticWGAN(), AlternatingUpdate(learning_rate=0.1), "cycles"),
        ("WGAN, simultaneous", QuadraticWGAN(), SimultaneousUpdate(learning_rate=0.1), "does not converge"),
    )
    for name, game, update, theirs in settings:
        distances = game.distance(trajectory(game, update, start, 2000).T)
        ratio = float(distances[-500:].max() / distances[0])
        known = {"converges": ratio < 1e-2, "cycles": 0.5 < ratio < 2, "does not converge": ratio > 2}
        yield statement(
            NAGARAJAN, f"{name}, h = .1, from (1.2, .1): largest distance in steps 1,500 to 2,000 over the first",
            theirs, f"{ratio:.2g}", "as stated", known[theirs],
        )  # fmt: skip


def differing() -> Iterator[Row]:
    """Numbers that are not ours, and why."""
    game = DiracMinimax()
    start, end = math.sqrt(2), final_distance(game, SimultaneousUpdate(), [1, 1], 300)
    yield statement(
        D2L, "Dirac-GAN, simultaneous, h = .2: distance after 300 steps over that at the start", "twice",
        f"{end / start:.4f}", "a rounded word: 1.8792 exactly", None,
    )  # fmt: skip
    for (name, update), theirs in zip(SCHEDULES.items(), ("2.081e-10", "1.332e-11", "4.6e-33"), strict=True):
        ours = final_distance(DiracConsensus(), update, [1, 1], 500)
        meaning = (
            "drifts away along ψ, where the field vanishes"
            if ours > 1
            else "the whole gradient of ½‖v‖²; the notebook halves its second term"
        )
        yield statement(NOTEBOOK, f"consensus γ = 1, {name}", theirs, f"{ours:.4g}", meaning, None)
    projected = final_distance(DiracWasserstein(), ExtragradientUpdate(learning_rate=0.6), [2.0, 0.5], 100)
    yield statement(
        GIDEL + ", figure 1", "extragradient, η = .6, look ahead clipped as in eq. 8", "2.674e-6",
        f"{projected:.3e}", "the notebook clips the second half of a step only", None,
    )  # fmt: skip
