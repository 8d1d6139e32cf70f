"""Rows of the games of two numbers: the authors' own settings and outputs, and their formulas."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.published.row import Row, formula, published, statement
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
    DiracInstanceNoise,
    DiracMinimax,
    DiracNonSaturating,
    DiracWasserstein,
    DiracWassersteinGP,
    Point,
    QuadraticGAN,
    QuadraticWGAN,
    curvature,
    slope,
)

MESCHEDER = "Mescheder et al. 2018, [1801.04406](https://arxiv.org/abs/1801.04406)"
NOTEBOOK = "Mescheder et al. 2018, notebook [DiracGAN](https://github.com/LMescheder/GAN_stability)"
GIDEL = "Gidel et al. 2019, [1802.10551](https://arxiv.org/abs/1802.10551)"
MOMENTUM = "Gidel et al. 2019, [1807.04740](https://arxiv.org/abs/1807.04740)"
DASKALAKIS = (
    "Daskalakis et al. 2018, [notebook](https://github.com/vsyrgkanis/optimistic_GAN_training) of "
    "[1711.00141](https://arxiv.org/abs/1711.00141)"
)
NAGARAJAN = "Nagarajan & Kolter 2017, [1706.04156](https://arxiv.org/abs/1706.04156)"
D2L = "Dive into Deep Learning, [GAN convergence](https://d2l.ai)"

SCHEDULES: dict[str, BaseUpdate] = {
    "simultaneous": SimultaneousUpdate(),
    "alternating": AlternatingUpdate(),
    "5 D-updates": AlternatingUpdate(discriminator_steps=5),
}
"""The authors' three schedules, h = .2."""


# What the sources do otherwise than the definitions -------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NotebookConsensus(DiracConsensus):
    """Consensus as in the notebook of Mescheder et al., where the second term of the gradient has a factor ½."""

    def field(self, point: Point) -> Point:
        """v − γ·∇(½‖v‖²), with half of the second term."""
        theta, psi = point
        pull = slope(psi * theta)
        shared = 0.5 * (theta**2 + psi**2) * pull * curvature(psi * theta)
        return np.stack([
            -psi * pull - self.gamma * (theta * pull**2 + psi * shared),
            theta * pull - self.gamma * (psi * pull**2 + theta * shared),
        ])  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class UnprojectedExtragradient(ExtragradientUpdate):
    """Extragradient as in the notebook of Gidel et al., where the look ahead is not clipped."""

    def probe(self, game: BaseGame, values: Point) -> Point:
        """The point one step ahead, wherever it is."""
        return np.asarray(values[0] + self.learning_rate * game.field(values[0]))


@dataclass(frozen=True, kw_only=True)
class LinearWGAN(BaseGame):
    """Linear WGAN of Daskalakis et al.: D's score is w·x in the plane, G moves a normal distribution to θ.

    The values of a point are `(2, 2)`: two coordinates of θ, and two of w.
    """

    mean: tuple[float, float] = (3.0, 4.0)
    clip: float = math.inf
    penalty: float = 0.0

    def field(self, point: Point) -> Point:
        """(w, v − θ − 2λ·w·(1 − 1/‖w‖))."""
        theta, w = point
        excess = 1 - 1 / np.linalg.norm(w)
        return np.stack([w, np.array(self.mean) - theta - 2 * self.penalty * w * excess])

    def project(self, point: Point) -> Point:
        """The point with each coordinate of w clipped."""
        return np.stack([point[0], np.clip(point[1], -self.clip, self.clip)])


class SampledInstanceNoise(DiracInstanceNoise):
    """Instance noise by 1,000 draws in each step, as in the notebook of Mescheder et al."""

    def __init__(self, seed: int) -> None:
        super().__init__(deviation=0.7)
        object.__setattr__(self, "rng", np.random.default_rng(seed))

    def field(self, point: Point) -> Point:
        """The field, in the mean over the draws."""
        theta, psi = point
        rng: np.random.Generator = self.rng  # type: ignore[attr-defined]
        fake, real = theta + 0.7 * rng.standard_normal(1000), 0.7 * rng.standard_normal(1000)
        pull = slope(psi * fake)
        return np.array([-psi * pull.mean(), (fake * pull - real * slope(-psi * real)).mean()])


# Rows -----------------------------------------------------------------------------------------------------------------


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
