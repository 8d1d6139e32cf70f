"""Spectra and path angles as they are sent, and the points of a run at which they are computed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gan1d.config.model import Config
from gan1d.engine.arrays import Float64
from gan1d.engine.training.spectrum import FieldProgress, field_conflict, parameters_of, path_angle, spectrum_of
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.units import Units
from gan1d.evaluation.spectrum_reading import FLAT, is_flat, read_path_angle, read_spectrum
from gan1d.formatting import format_count, round_digits
from gan1d.session import messages

MOST_PARAMETERS: Final = 2500
"""Parameters of the largest networks with a spectrum: the time grows with the cube of their number."""
NOT_IN_FIELD: Final = (
    "batch_size",
    "discriminator_steps",
    "generator_steps",
    "update_order",
    "generator.optimizer",
    "generator.rate_half_life",
    "generator.ema_decay",
    "discriminator.optimizer",
    "discriminator.rate_half_life",
)
"""Beginnings of the paths of settings that change the way of a run, and not the gradients at a point."""


@dataclass(frozen=True, eq=False)
class RunPoint:
    """A step as a point in the space of all parameters.

    Attributes:
        config: The settings in force there.
        units: The units of the run.
        parameters: Parameters of both networks, D's first.
    """

    config: Config
    units: Units
    parameters: Float64

    @classmethod
    def of(cls, trainer: Trainer, config: Config) -> "RunPoint":
        """The point of a trainer."""
        return cls(config, trainer.units, parameters_of(trainer))

    def is_same(self, other: "RunPoint") -> bool:
        """Whether both are one point of the same game."""
        is_same_game = (self.config, self.units) == (other.config, other.units)
        return is_same_game and np.array_equal(self.parameters, other.parameters)


def point_conflict(points: Sequence[RunPoint]) -> str:
    """Why nothing is computed at these points of a run; "" if something is."""
    first, *others = points
    for point in points:
        if sentence := field_conflict(point.config):
            return sentence
        if (count := len(point.parameters)) > MOST_PARAMETERS:
            most, got = format_count(MOST_PARAMETERS), format_count(count)
            return f"Expected at most {most} parameters in both networks for the spectrum, but got {got}."
    for point in others:
        if paths := field_differences(first.config, point.config):
            return (
                f"Expected two steps with the same settings for the path angle, but got others of {', '.join(paths)}."
            )
        if point.units != first.units:
            return "Expected two steps with the same units for the path angle, but the data were measured anew."
    return ""


def field_differences(config: Config, other: Config) -> list[str]:
    """Paths of the settings that differ between two configs and on which the field of the game depends."""
    return [path for path in config.differences(other) if not path.startswith(NOT_IN_FIELD)]


def spectrum_answer(
    run: int, steps: Sequence[int], points: Sequence[RunPoint], progress: FieldProgress
) -> messages.SpectrumFound | messages.PathAngleFound | None:
    """The spectrum at one step, or the path angle between two; None if `progress` has ended the computation.

    Args:
        run: Number of the run.
        steps: The steps.
        points: Their points.
        progress: Called now and then; ends the computation by returning False.

    Raises:
        ValueError: There is none; the message is for the user.
    """
    point = points[-1]
    if len(points) > 1:
        angle = path_angle(point.config, point.units, points[0].parameters, point.parameters)
        return messages.PathAngleFound(
            run=run,
            start=steps[0],
            end=steps[1],
            shares=digits(angle.shares),
            cosines=digits(angle.cosines),
            norms=digits(angle.norms),
            sentence=read_path_angle(angle),
        )
    found = spectrum_of(point.config, point.units, point.parameters, progress)
    if found is None:
        return None
    reading: dict[str, Any] = asdict(read_spectrum(found))
    return messages.SpectrumFound(
        run=run,
        step=steps[0],
        parameters=len(point.parameters),
        flat_below=FLAT,
        eigenvalues=pairs(found.eigenvalues),
        discriminator=pairs(found.discriminator),
        generator=pairs(found.generator),
        **{name: value for name, value in reading.items() if name in messages.SpectrumFound.model_fields},
    )


def pairs(values: NDArray[np.complex128]) -> list[tuple[float, float]]:
    """Real and imaginary parts of the eigenvalues that are not flat."""
    moving = values[~is_flat(values)]
    return list(zip(digits(moving.real), digits(moving.imag), strict=True))


def digits(values: Float64) -> list[float]:
    """Numbers with six digits, more than a picture shows."""
    return [round_digits(value, 6) for value in values.tolist()]
