"""The spectrum of a game: the eigenvalues of its Jacobian at some parameters, and the path angle between two of them.

The field v = (∂L_D/∂ω_D, ∂L_G/∂ω_G) of both gradients, penalties and decay left as they are in training, is what plain
gradient descent follows with −v. Its Jacobian has a block of second derivatives for each player, and the blocks with
which each feels the other. Eigenvalues with a negative real part repel, and imaginary parts turn (Mescheder et al.
2017, arXiv:1705.10461, section 3; Berard et al. 2020, arXiv:1906.04848, section 4).

The batches are replaced by quadrature: reals and latents are quantiles of their distributions in a fixed random order.
The Jacobian is computed in float64 by central differences of the gradients that training uses: 2·n evaluations for n
parameters. Its relative error is about 1e-8, that of a difference quotient with steps of 1e-5.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.datasets import training_classes
from gan1d.engine.data.translation import is_translation
from gan1d.engine.networks.discriminator_inputs import OneSample
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.networks.weight_constraints import SpectralNormalization
from gan1d.engine.objectives.codes import NoCode
from gan1d.engine.programs import run
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.trainer import AnyUpdate, Trainer, constraint_of
from gan1d.engine.units import Units

FIELD_NODES: Final = 256
"""Quantiles of reals and of latents, in place of a batch."""
DIFFERENCE_STEP: Final = 1e-5
"""Step of the differences, relative to the larger of 1 and the parameter."""
ANGLES: Final = 101
"""Points of a path."""
BEYOND: Final = 0.25
"""Length of a path before its start and beyond its end, in lengths between both."""

FieldProgress = Callable[[float], bool]
"""Called with the share of the Jacobian that is computed, from 0 to 1, and with 1 before the eigenvalues of each block,
which take longest; returns whether to go on."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The eigenvalues of a game's Jacobian.

    Attributes:
        eigenvalues: By falling absolute value, `(parameters,)`.
        discriminator: Those of D's own block, the second derivatives of L_D by ω_D: D alone against a G that stands
            still. By falling absolute value.
        generator: Those of G's own block in the same way.
        norms: Norms of ∂L_D/∂ω_D and ∂L_G/∂ω_G at the point: both are 0 at an equilibrium.
    """

    eigenvalues: NDArray[np.complex128]
    discriminator: NDArray[np.complex128]
    generator: NDArray[np.complex128]
    norms: tuple[float, float]


@dataclass(frozen=True, eq=False)
class PathAngle:
    """The angle between the field and the straight path between two points (Berard et al. 2020, section 4.1).

    A change of sign shows that the end attracts, or repels; a bump shows that the field turns around it.

    Attributes:
        shares: Places on the path, 0 at its start and 1 at its end, `(101,)`.
        cosines: cos∠(v, end − start) there, `(101,)`; NaN where v is 0.
        norms: ‖v‖ there, `(101,)`.
    """

    shares: Float64
    cosines: Float64
    norms: Float64


class FixedBatch:
    """A stream whose batches are all the same."""

    def __init__(self, values: Float64) -> None:
        self._values = values

    def fill(self, out: Array) -> None:
        """Write the batch to `out`."""
        out[...] = self._values


class GameField:
    """Both gradients of a game as a function of all parameters, D's first.

    Args:
        config: The settings of the game.
        units: The units of the run.

    Raises:
        ValueError: The field has no quadrature here, or is not that of two networks.
    """

    def __init__(self, config: TrainerSettings, units: Units) -> None:
        if sentence := field_conflict(config):
            raise ValueError(sentence)
        settings = copy(config)
        vars(settings)["batch_size"] = FIELD_NODES  # a frozen value refuses setattr; nothing else refers to this copy
        game = _QuadratureTrainer(settings, np.float64, units=units)
        self._parts = game.parts
        self.sizes = tuple(network.parameters.size for network, _ in self._parts)

    def __call__(self, parameters: Float64) -> Float64:
        """∂L_D/∂ω_D, then ∂L_G/∂ω_G, `(n,)`, at parameters of both networks, `(n,)`."""
        for (network, _), values in zip(self._parts, np.split(parameters, [self.sizes[0]]), strict=True):
            network.parameters[:] = values
        with np.errstate(over="ignore"):  # a program's exponentials may overflow to their limits
            for _, update in self._parts:
                run(update.gradient_program)
        return np.concatenate([update.gradient for _, update in self._parts])

    def jacobian(self, parameters: Float64, progress: FieldProgress | None = None) -> Float64 | None:
        """Derivatives of the field, `(n, n)`, a column for each parameter; None if `progress` has ended it."""
        found = np.empty((len(parameters), len(parameters)))
        for index, value in enumerate(parameters):
            if progress is not None and not progress(index / len(parameters)):
                return None
            step = DIFFERENCE_STEP * max(1.0, abs(value))
            moved = parameters.copy()
            moved[index] = value + step
            above = self(moved)
            moved[index] = value - step
            found[:, index] = (above - self(moved)) / (2 * step)
        return found


class _QuadratureTrainer(Trainer):
    """A trainer whose batches are quantiles, which serves for its gradients alone."""

    def _compile_updates(self) -> None:
        order, middle = np.random.default_rng(FIELD_NODES), (np.arange(FIELD_NODES) + 0.5) / FIELD_NODES
        config = self._standardized
        (reals,) = training_classes(config)
        values: Mapping[str, Float64] = {
            "data": np.asarray(reals.quantile(order.permutation(middle)), np.float64),
            "data_g": np.asarray(reals.quantile(order.permutation(middle)), np.float64),
            "latent_d": np.asarray(config.latent.quantile(order.permutation(middle)), np.float64),
            "latent_g": np.asarray(config.latent.quantile(order.permutation(middle)), np.float64),
            "mix": order.permutation(middle),
        }
        self._streams = {name: FixedBatch(batch) for name, batch in values.items()}  # type: ignore[misc]
        super()._compile_updates()

    @property
    def parts(self) -> tuple[tuple[MLP, AnyUpdate], ...]:
        """Both networks with their updates, D first."""
        return (self.discriminator, self._update_d), (self.generator, self._update_g)


def field_conflict(config: TrainerSettings) -> str:
    """Why the field of a game is not computed; "" if it is."""
    refused = {
        "a D that is a network": config.discriminator.optimal,
        "a run without labels": config.conditional,
        "one sample as D's input": not isinstance(config.discriminator.view, OneSample),
        "a z of one dimension": config.latent.dimension > 1,
        "noise as G's input": is_translation(config),
        "a G without a code": not isinstance(config.code, NoCode),
        "no instance noise": config.instance_noise.deviation > 0,
        "a D without spectral normalization": isinstance(constraint_of(config), SpectralNormalization),
    }
    found = next((wanted for wanted, is_refused in refused.items() if is_refused), "")
    return f"Expected {found} for the spectrum, but got other settings." if found else ""


def parameters_of(trainer: Trainer) -> Float64:
    """All parameters of a run, D's first, `(n,)`."""
    return np.concatenate([trainer.discriminator.parameters, trainer.generator.parameters]).astype(np.float64)


def game_spectrum(trainer: Trainer, progress: FieldProgress | None = None) -> Spectrum | None:
    """The spectrum of a run at its present parameters; the run stays as it is.

    Args:
        trainer: The run.
        progress: Called now and then; ends the computation by returning False.

    Returns:
        None if `progress` has ended the computation.

    Raises:
        ValueError: The settings have no such field (see `field_conflict`), or its derivatives are not finite here.
    """
    return spectrum_of(trainer.config, trainer.units, parameters_of(trainer), progress)


def spectrum_of(
    config: TrainerSettings, units: Units, parameters: Float64, progress: FieldProgress | None = None
) -> Spectrum | None:
    """The spectrum of a game at a point.

    Args:
        config: The settings of the run.
        units: The units of the run.
        parameters: Parameters of both networks, D's first, `(n,)`; see `parameters_of`.
        progress: Called now and then; ends the computation by returning False.

    Returns:
        None if `progress` has ended the computation.

    Raises:
        ValueError: The settings have no such field (see `field_conflict`), or its derivatives are not finite here.
    """
    field = GameField(config, units)
    norm_d, norm_g = (float(np.linalg.norm(part)) for part in np.split(field(parameters), [field.sizes[0]]))
    jacobian = field.jacobian(parameters, progress)
    if jacobian is None:
        return None
    if not np.isfinite(jacobian).all():
        raise ValueError("The derivatives of the gradients are not finite here, so there are no eigenvalues.")
    found = []
    for block in (slice(None), slice(field.sizes[0]), slice(field.sizes[0], None)):
        if progress is not None and not progress(1.0):
            return None
        found.append(eigenvalues_of(jacobian[block, block]))
    both, only_d, only_g = found
    return Spectrum(both, only_d, only_g, (norm_d, norm_g))


def eigenvalues_of(matrix: Float64) -> NDArray[np.complex128]:
    """The eigenvalues of a square matrix, by falling absolute value."""
    values = np.linalg.eigvals(matrix).astype(np.complex128)
    return values[np.argsort(-np.abs(values), kind="stable")]


def path_angle(config: TrainerSettings, units: Units, start: Float64, end: Float64) -> PathAngle:
    """The path angle between two points of a run.

    Args:
        config: The settings of the run at both points.
        units: The units of the run.
        start: Parameters of both networks, D's first, `(n,)`; see `parameters_of`.
        end: The same at the end of the path.

    Raises:
        ValueError: Both points are equal, their networks have other sizes, or the settings have no such field.
    """
    field = GameField(config, units)
    for point in (start, end):
        if len(point) != sum(field.sizes):
            raise ValueError(f"Expected {sum(field.sizes)} parameters, but got {len(point)}.")
    way = end - start
    if not way.any():
        raise ValueError("Expected two different points of a run, but got the same twice.")
    shares = np.linspace(-BEYOND, 1 + BEYOND, ANGLES)
    fields = np.array([field(start + share * way) for share in shares])
    norms = np.linalg.norm(fields, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosines = fields @ way / (norms * np.linalg.norm(way))
    return PathAngle(shares, cosines, norms)
