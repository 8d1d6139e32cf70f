"""How far the same runs come apart with the matrix products of two kinds of processor.

    python -m benchmarks.kernels --write

OpenBLAS, NumPy's library of matrix products on x86, has a kernel for each kind of processor, and its variable
`OPENBLAS_CORETYPE` chooses one. Each run is made in a process of its own with each kernel of `KERNELS`; the row states
the largest distance between the two curves of G on the shown part of the latent axis at each step of `STEPS`, in units
of x. The processor needs the instructions of both kernels.
"""

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import gan1d
from benchmarks.document_tables import fill, line
from gan1d.engine.arrays import Float64
from gan1d.fingerprint import fingerprint

DOCUMENT = Path(__file__).parents[1] / "docs" / "exactness.md"
KERNELS = ("Haswell", "Sandybridge")
STEPS = (100, 300, 1000, 1200)
PRESETS = ("default", "mode_hopping")
PRECISIONS = {"single": np.float32, "double": np.float64}
HEAD = ("preset", "precision", *(f"step {step:,}" for step in STEPS))


def curves(name: str, precision: str) -> Float64:
    """G of a preset on 241 even values of z, one row for each of `STEPS`."""
    config = gan1d.presets[name].config
    trainer, z, found = gan1d.Trainer(config, PRECISIONS[precision]), np.linspace(-3.0, 3.0, 241), []
    for step in STEPS:
        trainer.run(step - trainer.step_count)
        found.append(np.asarray(trainer.generator.apply(z), np.float64))
    return np.array(found)


def curves_with(kernel: str, name: str, precision: str) -> Float64:
    """The same, in a process of its own with a kernel."""
    command = [sys.executable, "-m", "benchmarks.kernels", "--run", name, precision]
    found = subprocess.run(
        command, env=os.environ | {"OPENBLAS_CORETYPE": kernel}, check=True, capture_output=True, text=True
    )
    report = json.loads(found.stdout)
    if report["kernel"].lower() != kernel.lower():
        raise SystemExit(f"Expected the kernel {kernel}, but got {report['kernel']}.")
    return np.array(report["curves"])


def report() -> str:
    """The table, with date, command and versions."""
    known, rows = fingerprint(), []
    for name in PRESETS:
        for precision in PRECISIONS:
            one, other = (curves_with(kernel, name, precision) for kernel in KERNELS)
            distances = np.abs(one - other).max(axis=1)
            rows.append(line([f"`{name}`", precision, *(f"{distance:.1g}" for distance in distances)]))
            print(rows[-1], flush=True)
    said = f"{datetime.now(UTC):%Y-%m-%d}, by `python -m benchmarks.kernels --write`, with NumPy {known['numpy']} and "
    said += f"{known['blas']['name']} {known['blas']['version']}."
    return "\n".join([said, "", line(HEAD), f"|{'---|' * len(HEAD)}", *rows])


def main() -> None:
    """Measure all rows, or make one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", nargs=2, metavar=("PRESET", "PRECISION"), help="print the curves of one run as JSON")
    parser.add_argument("--write", action="store_true", help="replace the table in docs/exactness.md")
    given = parser.parse_args()
    if given.run:
        print(json.dumps({"kernel": fingerprint()["blas"]["kernel"], "curves": curves(*given.run).tolist()}))
        return
    text = report()
    if given.write:
        fill(DOCUMENT, "kernels", text)


if __name__ == "__main__":
    main()
