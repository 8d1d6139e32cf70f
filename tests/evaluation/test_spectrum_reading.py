"""Readings of spectra and path angles that are known by arithmetic."""

from math import inf, isnan

import numpy as np
import pytest

from gan1d.engine.training.spectrum import PathAngle, Spectrum
from gan1d.evaluation.spectrum_reading import read_path_angle, read_spectrum


def spectrum(
    *values: complex, discriminator: tuple[complex, ...] = (), generator: tuple[complex, ...] = ()
) -> Spectrum:
    parts = (np.array(part, np.complex128) for part in (values, discriminator, generator))
    both, of_d, of_g = parts
    return Spectrum(both, of_d, of_g, (0.5, 0.25))


def test_attraction_and_its_largest_step() -> None:
    # |1 − η·λ| < 1 for λ = 4 while η < 2/4, and for λ = 1 ± i/2 while η < 2·1/(1 + 1/4) = 1.6.
    found = read_spectrum(spectrum(4, 1 + 0.5j, 1 - 0.5j, 1e-5))
    assert (found.kind, found.attracting, found.repelling, found.flat) == ("attraction", 3, 0, 1)
    assert (found.largest_real, found.smallest_real, found.turn, found.largest_step) == (4.0, 1.0, 0.5, 0.5)
    assert found.sentence.startswith("Attraction: all 3 directions")
    assert "up to η = 0.5 settles" in found.sentence


def test_rotation_with_and_without_shrinking() -> None:
    # 2·0.5/(0.25 + 4) = 0.235…
    turning = read_spectrum(spectrum(0.5 + 2j, 0.5 - 2j))
    assert (turning.kind, turning.turn) == ("rotation", 4.0)
    assert "turn 4 times faster than they shrink: steps up to η = 0.235 settle" in turning.sentence
    pure = read_spectrum(spectrum(1j, -1j))
    assert (pure.kind, pure.turn, isnan(pure.largest_step)) == ("rotation", inf, True)
    assert pure.sentence == "Rotation: nothing repels, but some directions turn without shrinking."


def test_instability_comes_first() -> None:
    found = read_spectrum(spectrum(0.5 + 2j, 0.5 - 2j, -0.25, discriminator=(1, -1), generator=(0, 0)))
    assert (found.kind, found.repelling, found.smallest_real) == ("instability", 1, -0.25)
    assert (found.discriminator_repelling, found.generator_repelling) == (1, 0)
    assert "moves away along 1 of 3 directions, fastest with real part −0.25. Some turn" in found.sentence
    assert "along 1 of 4 directions" in read_spectrum(spectrum(2j, -2j, -0.25, 0)).sentence
    assert "curves down in 1 of D's directions; at a Nash" in found.own
    assert found.gradients == "At an equilibrium both gradients are 0; here ‖∇L_D‖ = 0.5 and ‖∇L_G‖ = 0.25."


def test_rest() -> None:
    found = read_spectrum(spectrum(0, 0, discriminator=(0,), generator=(0,)))
    assert (found.kind, found.flat, isnan(found.turn), isnan(found.largest_real)) == ("rest", 2, True, True)
    assert "as at a Nash equilibrium" in found.own


SHARES = np.linspace(-0.25, 1.25, 101)
SIDES = np.sign(np.round(SHARES - 1, 9))


@pytest.mark.parametrize(
    ("cosines", "words"),
    [
        (SIDES, "from − to + at the end: along this line the end attracts."),  # v = ω − end
        (-SIDES, "from + to − at the end: along this line the end repels."),
        # v turns around a point beside the end: the cosine is ε/√(ε² + distance²), 1 at the end and small away from it.
        (0.03 / np.hypot(0.03, SHARES - 1), "keeps its sign at the end but has a bump there"),
        # Both: v = (ω − end) + 2·(a quarter turn of ω − end), of a path beside the end by ε.
        ((SHARES - 1 + 2 * 0.03) / (np.sqrt(5) * np.hypot(0.03, SHARES - 1)), "attracts. A bump there"),
        (np.full(101, 0.2), "neither changes its sign nor has a bump"),
        (np.full(101, np.nan), "no angle"),
    ],
)
def test_path_angles(cosines: np.ndarray, words: str) -> None:
    cosines = np.where(SIDES == 0, np.nan, cosines) if abs(cosines[0]) == 1 else cosines
    assert words in read_path_angle(PathAngle(SHARES, cosines, np.ones(101)))
