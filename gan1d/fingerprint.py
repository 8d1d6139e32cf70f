"""What the bits of a run depend on besides its settings: the machine, NumPy, and the versions of Python and gan1d.

The same settings and seed give the same bits wherever the arithmetic is the same: with the same version of gan1d and of
NumPy, and on processors for which NumPy and its BLAS library choose the same kernels. Elsewhere the last bits differ
from the first step on, and training lets the difference grow.
"""

import hashlib
import json
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from gan1d.engine import blas


@cache
def fingerprint() -> dict[str, Any]:
    """Description of this machine and its software, as JSON values.

    Runs with the same settings under equal fingerprints are equal in every bit.

    Returns:
        Always the same keys, with "" for what cannot be found out:

        - "gan1d", "python", "numpy": versions; that of Python with its implementation.
        - "blas": name, version and kernel of NumPy's library of matrix products.
        - "simd": names of the vector instructions that NumPy uses, in its order.
        - "processor", "machine", "system": model of the processor, its architecture, and the operating system.
    """
    name, blas_version = blas.build()
    settings: Any = np.show_config(mode="dicts")
    simd = settings.get("SIMD Extensions", {})
    return {
        "gan1d": package_version(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "numpy": np.__version__,
        "blas": {"name": name, "version": blas_version, "kernel": blas.kernel()},
        "simd": [*simd.get("baseline", ()), *simd.get("found", ())],
        "processor": processor_model(),
        "machine": platform.machine(),
        "system": platform.platform(),
    }


@cache
def arithmetic() -> str:
    """Eight characters that are equal where the same settings and seed give the same bits, and nearly nowhere else."""
    return arithmetic_of(fingerprint())


def arithmetic_of(known: Mapping[str, Any]) -> str:
    """`arithmetic` of another machine, by its fingerprint."""
    text = json.dumps([known.get(name) for name in ("gan1d", "numpy", "blas", "simd", "machine")])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def package_version() -> str:
    """Version of the installed package."""
    try:
        return metadata.version("gan1d")
    except metadata.PackageNotFoundError:  # a checkout that is not installed
        return "0+unknown"


def processor_model(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Model of the processor as its maker names it, where the system says so."""
    lines = cpuinfo.read_text("utf-8", "replace").splitlines() if cpuinfo.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())
