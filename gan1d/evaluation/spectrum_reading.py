"""What a spectrum and a path angle say, in numbers and sentences.

Plain gradient descent on both losses at once, ω ← ω − η·v, multiplies a small distance along an eigenvector by 1 − η·λ.
So a positive real part attracts, a negative one repels, and an imaginary part turns (Mescheder et al. 2017,
arXiv:1705.10461, section 3; Berard et al. 2020, arXiv:1906.04848, sections 3 and 4).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.training.spectrum import PathAngle, Spectrum
from gan1d.formatting import format_count, format_number

FLAT: Final = 1e-4
"""Absolute value up to which an eigenvalue counts as 0, in parts of the largest one: such a direction is ten thousand
times slower."""
TURNS: Final = 1.0
"""Ratio of imaginary to real part above which the rotation is named: a turn by more than one radian while the distance
shrinks to 1/e."""
NEAR_END: Final = 0.1
"""Largest distance from the end of a path, in its lengths, at which a bump counts."""
WING: Final = 0.25
"""Largest distance from the end at which the sign of the cosine counts."""
CLEAR: Final = 0.1
"""Smallest mean cosine with a sign, and smallest height of a bump, in parts of the largest cosine on the path. All
cosines are small where there are many directions."""


@dataclass(frozen=True, kw_only=True)
class SpectrumNumbers:
    """The numbers of a spectrum that decide about stability.

    Attributes:
        attracting: Number of eigenvalues with a positive real part, flat ones left out.
        repelling: Number of those with a negative real part.
        flat: Number of those that count as 0.
        largest_real: Largest real part; NaN without eigenvalues that are not flat, like the next three.
        smallest_real: Smallest real part.
        turn: Largest absolute ratio of imaginary to real part; infinite for a pure rotation.
        largest_step: Largest η with which plain steps shrink all attracting directions, min 2·Re λ/|λ|².
        discriminator_repelling: Number of negative real parts in D's own block.
        generator_repelling: The same in G's own block.
    """

    attracting: int
    repelling: int
    flat: int
    largest_real: float
    smallest_real: float
    turn: float
    largest_step: float
    discriminator_repelling: int
    generator_repelling: int


@dataclass(frozen=True, kw_only=True)
class SpectrumReading(SpectrumNumbers):
    """A spectrum in numbers and sentences.

    Attributes:
        kind: "instability", "rotation", "attraction" or "rest".
        sentence: What the eigenvalues mean.
        own: What both own blocks mean.
        gradients: How far the point is from an equilibrium.
    """

    kind: str
    sentence: str
    own: str
    gradients: str


def read_spectrum(spectrum: Spectrum) -> SpectrumReading:
    """The reading of a spectrum."""
    numbers = measure_spectrum(spectrum)
    kind = kind_of(numbers)
    return SpectrumReading(
        **vars(numbers),
        kind=kind,
        sentence=spectrum_sentence(kind, numbers, len(spectrum.eigenvalues)),
        own=own_sentence(numbers.discriminator_repelling, numbers.generator_repelling),
        gradients=f"At an equilibrium both gradients are 0; here ‖∇L_D‖ = {_shown(spectrum.norms[0])} and "
        f"‖∇L_G‖ = {_shown(spectrum.norms[1])}.",
    )


def measure_spectrum(spectrum: Spectrum) -> SpectrumNumbers:
    """The numbers of a spectrum."""
    values = spectrum.eigenvalues[~is_flat(spectrum.eigenvalues)]
    attracting = values[values.real > 0]
    turn = largest_step = largest = smallest = float("nan")
    if len(values):
        with np.errstate(divide="ignore"):
            turn = float(np.max(np.abs(values.imag) / np.abs(values.real)))
        largest, smallest = float(values.real.max()), float(values.real.min())
    if len(attracting):
        largest_step = float(np.min(2 * attracting.real / np.abs(attracting) ** 2))
    return SpectrumNumbers(
        attracting=len(attracting),
        repelling=int(np.count_nonzero(values.real < 0)),
        flat=len(spectrum.eigenvalues) - len(values),
        largest_real=largest,
        smallest_real=smallest,
        turn=turn,
        largest_step=largest_step,
        discriminator_repelling=count_repelling(spectrum.discriminator),
        generator_repelling=count_repelling(spectrum.generator),
    )


def kind_of(numbers: SpectrumNumbers) -> str:
    """What the eigenvalues make of a small distance; the worst comes first."""
    if np.isnan(numbers.turn):
        return "rest"
    if numbers.repelling:
        return "instability"
    return "rotation" if numbers.turn > TURNS else "attraction"


def spectrum_sentence(kind: str, numbers: SpectrumNumbers, count: int) -> str:
    """What `count` eigenvalues of a kind mean."""
    step, turn = _shown(numbers.largest_step), _shown(numbers.turn)
    if kind == "rest":
        return "Rest: all eigenvalues are 0, so a small move is felt by neither player."
    if kind == "instability":
        more = f" Some turn: their imaginary part is up to {turn} times the real one." if numbers.turn > TURNS else ""
        return (
            f"Instability: plain gradient descent moves away along {format_count(numbers.repelling)} of "
            f"{format_count(count)} directions, fastest with real part {_shown(numbers.smallest_real)}.{more}"
        )
    if kind == "rotation":
        if np.isinf(numbers.turn):
            return "Rotation: nothing repels, but some directions turn without shrinking."
        return (
            f"Rotation: nothing repels, but some directions turn {turn} times faster than they shrink: steps up to "
            f"η = {step} settle."
        )
    return (
        f"Attraction: all {format_count(numbers.attracting)} directions that are not flat shrink, and none turns "
        f"faster than it shrinks; plain gradient descent with steps up to η = {step} settles."
    )


def is_flat(values: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Which eigenvalues count as 0; for those of a block, in parts of its own largest one."""
    sizes = np.abs(values)
    return np.asarray(sizes <= FLAT * sizes.max(initial=0.0))


def count_repelling(values: NDArray[np.complex128]) -> int:
    """Number of eigenvalues with a negative real part, flat ones left out."""
    return int(np.count_nonzero(values[~is_flat(values)].real < 0))


def own_sentence(of_d: int, of_g: int) -> str:
    """What the own blocks of D and G mean."""
    if not of_d and not of_g:
        return "Each player alone, against the other at rest, has no direction that repels, as at a Nash equilibrium."
    parts = [f"in {format_count(count)} of {name}'s directions" for name, count in (("D", of_d), ("G", of_g)) if count]
    where = " and ".join(parts)
    return f"Each player's own loss, with the other at rest, curves down {where}; at a Nash equilibrium in none."


def read_path_angle(path: PathAngle) -> str:
    """What a path angle says about its end, in a sentence (Berard et al. 2020, section 4.1)."""
    away = path.shares - 1
    places = (away > -WING) & (away < -NEAR_END), np.abs(away) <= NEAR_END, away > NEAR_END
    before, near, after = (path.cosines[place & np.isfinite(path.cosines)] for place in places)
    if not len(before) or not len(near) or not len(after):
        return "The gradients are 0 along the path, so there is no angle."
    clear = CLEAR * float(np.nanmax(np.abs(path.cosines)))
    left, right = float(before.mean()), float(after.mean())
    wings = np.concatenate([before, after])
    has_bump = near.max() > wings.max() + clear or near.min() < wings.min() - clear
    turns = " A bump there: the gradients also turn around it." if has_bump else ""
    if left < -clear and right > clear:
        return f"The cosine changes from − to + at the end: along this line the end attracts.{turns}"
    if left > clear and right < -clear:
        return f"The cosine changes from + to − at the end: along this line the end repels.{turns}"
    if has_bump:
        return "The cosine keeps its sign at the end but has a bump there: the gradients turn around the end."
    return "The cosine neither changes its sign nor has a bump at the end: no sign of rest or of rotation there."


def _shown(value: float) -> str:
    """A number with three digits."""
    return format_number(value, 3)
