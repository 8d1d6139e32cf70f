"""The same seed gives the same run as in earlier versions: bit for bit on the same platform, else in float64."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gan1d.evaluation.frame import Frame
from tests.golden.runs import FILE, PRESETS, STEPS, fingerprint, frames
from tests.tools import slow_but

GOLDEN = np.load(FILE)
IS_SAME_PLATFORM = str(GOLDEN["fingerprint"]) == fingerprint()


@pytest.mark.parametrize("preset", slow_but(PRESETS[:2], PRESETS))
def test_a_preset_runs_as_before(preset: str) -> None:
    if IS_SAME_PLATFORM:
        for key, found in values(preset, frames(preset)):
            np.testing.assert_array_equal(found, GOLDEN[key], err_msg=key)
    for key, found in values(f"float64/{preset}", frames(preset, np.float64, STEPS[:1])):
        np.testing.assert_allclose(found, GOLDEN[key], rtol=1e-5, atol=1e-6, err_msg=key)


def values(run: str, seen: dict[int, Frame]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Key of the golden file, and what was found now, for each field that is in both."""
    for step, frame in seen.items():
        for key in (key for key in GOLDEN.files if key.startswith(f"{run}/{step}/")):
            yield key, np.asarray(getattr(frame, key.rpartition("/")[2]))


def test_a_difference_is_found() -> None:
    frame, key = frames("default", np.float64, STEPS[:1])[STEPS[0]], f"float64/default/{STEPS[0]}/generator"
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(frame.generator * 1.0001, GOLDEN[key], rtol=1e-5, atol=1e-6)
