"""The same seed gives the same run as in earlier versions: bit for bit on the same platform, else to rounding."""

import numpy as np
import pytest

from tests.golden.runs import FILE, PRESETS, STEPS, fingerprint, frames
from tests.tools import slow_but

GOLDEN = np.load(FILE)
IS_SAME_PLATFORM = str(GOLDEN["fingerprint"]) == fingerprint()

CHANGED = {"mode_coverage"}
"""Fields whose definition has changed since."""


@pytest.mark.parametrize("preset", slow_but(PRESETS[:2], PRESETS))
def test_a_preset_runs_as_before(preset: str) -> None:
    for step, frame in frames(preset).items():
        for key in (key for key in GOLDEN.files if key.startswith(f"{preset}/{step}/")):
            name = key.rpartition("/")[2]
            if name in CHANGED:
                continue
            found = np.asarray(getattr(frame, name))
            if IS_SAME_PLATFORM:
                np.testing.assert_array_equal(found, GOLDEN[key], err_msg=key)
            elif step == STEPS[0]:
                # Rounding grows with every step, so that other processors agree on the first ones only.
                np.testing.assert_allclose(found, GOLDEN[key], rtol=0.02, atol=1e-3, err_msg=key)


def test_a_difference_is_found() -> None:
    frame = frames("default")[STEPS[0]]
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(
            frame.generator * 1.05, GOLDEN[f"default/{STEPS[0]}/generator"], rtol=0.02, atol=1e-3
        )
