"""Frames of five presets at steps 20 and 500, field by field, as an earlier version of the engine computed them.

    runs.npz   preset/step/field → values, and the fingerprint of the platform that wrote them;
               float64/preset/20/field → values of the same run in float64

The same seed gives the same bits on the same kind of processor, whatever is changed in the code around the arithmetic.
Other processors round otherwise, and the difference grows: they compare the runs in float64.
`tests/test_golden_runs.py` compares. A change of the arithmetic itself is announced in CHANGELOG.md, and then these are
written again: `python -m tests.golden.runs`.
"""

import hashlib
import os
import platform
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

import gan1d
from gan1d.evaluation.frame import Frame
from gan1d.gallery import find_preset

FILE = Path(__file__).parent / "runs.npz"
PRESETS = ("default", "mode_collapse", "wgan_gp", "labelled_modes", "learned_by_heart")
STEPS = (20, 500)


def fingerprint() -> str:
    """What the bits depend on besides the code: processor, vector units, numpy, kernels and threads of BLAS."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    model = next((line for line in lines if line.startswith("model name")), platform.processor())
    flags = next((line for line in lines if line.startswith("flags")), "")
    settings = [os.environ.get(f"OPENBLAS_{name}", "") for name in ("CORETYPE", "NUM_THREADS")]
    parts = (platform.machine(), model, flags, np.__version__, *settings)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def frames(preset: str, dtype: DTypeLike = np.float32, steps: Sequence[int] = STEPS) -> dict[int, Frame]:
    """Step → frame."""
    found = find_preset(preset)
    assert found is not None
    trainer = gan1d.Trainer(found.config, dtype)
    seen = {}
    for step in steps:
        trainer.run(step - trainer.step_count)
        seen[step] = gan1d.observe(trainer)
    return seen


def main() -> None:
    """Write the file."""
    runs = {preset: frames(preset) for preset in PRESETS}
    runs |= {f"float64/{preset}": frames(preset, np.float64, STEPS[:1]) for preset in PRESETS}
    values = {
        f"{run}/{step}/{field.name}": np.asarray(getattr(frame, field.name))
        for run, seen in runs.items()
        for step, frame in seen.items()
        for field in fields(frame)
    }
    np.savez_compressed(FILE, fingerprint=np.array(fingerprint()), **values)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
