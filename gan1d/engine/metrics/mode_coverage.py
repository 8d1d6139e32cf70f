"""Which modes of the target a generator covers: the one definition for scoreboard, charts, criteria and diagnosis."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

COVERED_SHARE = 0.2
"""A mode is covered if it holds at least this share of its due mass.

The number of modes that a generator finds is counted by Srivastava et al. (2017, arXiv:1705.07761) and Lin et al.
(2018, arXiv:1712.04086), who draw samples and count a mode as found if some of them lie near it. Here masses are exact,
and any G with overlapping tails leaves a little mass everywhere, so a threshold takes the place of a sample. One fifth
of the due mass is our choice, not from these papers: high enough that the fakes between two modes do not count as
covering either, low enough that a mode which is only too light counts as covered.
"""


def covered(mode_masses: ArrayLike, due_masses: ArrayLike) -> NDArray[np.bool_]:
    """For each mode, whether the generator covers it.

    Args:
        mode_masses: Generated mass of each mode, `(…, modes)`.
        due_masses: The target's mass of each mode, `(modes,)`.

    Returns:
        Whether the generated mass is at least `COVERED_SHARE` of the due mass, `(…, modes)`.
    """
    return np.asarray(mode_masses, np.float64) >= COVERED_SHARE * np.asarray(due_masses, np.float64)


def mode_coverage(mode_masses: ArrayLike, due_masses: ArrayLike) -> float:
    """Share of the target's modes that the generator covers.

    Args:
        mode_masses: Generated mass of each mode, `(modes,)`.
        due_masses: The target's mass of each mode, `(modes,)`.

    Returns:
        From 0 to 1, in steps of 1/modes.
    """
    is_covered = covered(mode_masses, due_masses)
    return float(np.count_nonzero(is_covered) / len(is_covered))
