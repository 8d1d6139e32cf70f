"""Frames of five presets at steps 20 and 500, field by field, as an earlier version of the engine computed them.

    runs.npz   preset/step/field → values, and the fingerprint of the platform that wrote them

The same seed gives the same bits on the same kind of processor, whatever is changed in the code around the arithmetic.
`tests/test_golden_runs.py` compares. A change of the arithmetic itself is announced in CHANGELOG.md, and then these are
written again: `python -m tests.golden.runs`.
"""

import hashlib
import os
import platform
from dataclasses import fields
from pathlib import Path

import numpy as np

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


def frames(preset: str) -> dict[int, Frame]:
    """Step → frame."""
    found = find_preset(preset)
    assert found is not None
    trainer = gan1d.Trainer(found.config)
    seen = {}
    for step in STEPS:
        trainer.run(step - trainer.step_count)
        seen[step] = gan1d.observe(trainer)
    return seen


def main() -> None:
    """Write the file."""
    values = {
        f"{preset}/{step}/{field.name}": np.asarray(getattr(frame, field.name))
        for preset in PRESETS
        for step, frame in frames(preset).items()
        for field in fields(frame)
    }
    np.savez_compressed(FILE, fingerprint=np.array(fingerprint()), **values)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
