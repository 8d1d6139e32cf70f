"""The library of matrix products behind NumPy (BLAS): the kernel that it chose, and its number of threads.

Products of matrices as small as these take three to eight times longer when they are split among threads, and the
results then differ in the last bits. So one thread is used. Environment variables set that before NumPy is loaded; once
it is loaded, only a call of the library itself does.
"""

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

THREAD_VARIABLES = {
    "openblas": "OPENBLAS_NUM_THREADS",
    "mkl": "MKL_NUM_THREADS",
    "blis": "BLIS_NUM_THREADS",
    "accelerate": "VECLIB_MAXIMUM_THREADS",
}
"""Environment variable with the number of threads, by a part of the library's name."""

THREAD_SETTERS = (
    *(f"{prefix}openblas_set_num_threads{suffix}" for prefix in ("scipy_", "") for suffix in ("64_", "")),
    "MKL_Set_Num_Threads",
    "bli_thread_set_num_threads",
)
"""Functions that set the number of threads, by their names in the libraries and builds that NumPy is linked with."""

KERNEL_GETTERS = tuple(f"{prefix}openblas_get_corename{suffix}" for prefix in ("scipy_", "") for suffix in ("64_", ""))
"""Functions that return the name of the kernel that OpenBLAS chose for this processor."""


def build() -> tuple[str, str]:
    """Name and version of the library that NumPy was built with, "" for what is unknown."""
    settings: Any = np.show_config(mode="dicts")
    found = settings.get("Build Dependencies", {}).get("blas", {})
    return str(found.get("name", "")), str(found.get("version", ""))


def kernel() -> str:
    """Name of the kernel that OpenBLAS chose for this processor, such as "Haswell"; "" for other libraries."""
    function = _function(KERNEL_GETTERS)
    if function is None:
        return ""
    function.restype = ctypes.c_char_p
    return str(function().decode())


def use_one_thread() -> bool:
    """Set the number of threads of the loaded library to 1, for the whole process.

    A number that the library's environment variable states is kept.

    Returns:
        False if the library uses several threads and has no function that changes this.
    """
    name = build()[0].lower()
    variables = [variable for part, variable in THREAD_VARIABLES.items() if part in name]
    if any(variable in os.environ for variable in variables):
        return True
    function = _function(THREAD_SETTERS)
    if function is None:
        return not variables
    function(1)
    return True


def _function(names: tuple[str, ...]) -> Any:
    """The first of these functions that a loaded library has, or None."""
    for library in _libraries():
        for name in names:
            if hasattr(library, name):
                return getattr(library, name)
    return None


@cache
def _libraries() -> list[ctypes.CDLL]:
    """NumPy's linear algebra, which gives access to what it is linked with (not on Windows), and BLAS in its wheel."""
    package = Path(np.__file__).parent
    module: Any = np.linalg
    files = [
        Path(module._umath_linalg.__file__),
        *sorted((package.parent / "numpy.libs").glob("*openblas*")),
        *sorted((package / ".dylibs").glob("*openblas*")),
    ]
    return [ctypes.CDLL(str(file)) for file in files]
