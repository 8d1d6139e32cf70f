"""gan1d: train a generative adversarial network (GAN) on one-dimensional data, and measure it exactly.

Programs use the names in `__all__`. To read the code, begin with `engine.reference`, the training step as a textbook
writes it. Each package imports only packages above it:

- `number_file`: numbers in text files.
- `engine`: networks, losses, metrics and training, with NumPy alone.
- `config`: the settings of an experiment. `knobs` has the bounds and help texts of settings.
- `evaluation`: all measurements of a run at one step, a `Frame`.
- `diagnosis`: rules that name the state of a run, such as mode collapse.
- `gallery`: presets and the criteria of their claims.
- `games`: games of two numbers, apart from the GAN.
- `lessons`: pages of text beside a run, as data.
- `words`: the page's words in other languages, as data.
- `sweeps`: many runs over a grid of settings and seeds.
- `recording`: the log of a run, and the way back to any of its steps.
- `exports`: an experiment as a file: settings, programs, a notebook.
- `session`: one run and its viewers, and the messages between page and server.
- `replay`: a run as one HTML file.
- `maps`: the map of a sweep, as a page or as one HTML file.
- `server`: the web server. The page itself is in `static/`.
- `cli`: the command line, which `__main__` starts. `notebook` shows the page in a notebook.

All of them use `formatting` (numbers and quotes in sentences), `output_files`, `fingerprint` (the machine and versions
of a run) and `glossary` (the words of the page).
"""

import os
import sys
import warnings

# One thread for products of small matrices (see `engine.blas`). These variables work until NumPy is loaded.
_loaded = "numpy" in sys.modules
_variables = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "OMP_NUM_THREADS",
)
if not _loaded:
    for _variable in _variables:
        os.environ.setdefault(_variable, "1")

from gan1d.engine import blas as _blas

if _loaded and not _blas.use_one_thread():
    warnings.warn(
        "NumPy was imported before gan1d, and its BLAS library cannot be set to one thread any more. Import gan1d "
        "first, or training may be several times slower.",
        RuntimeWarning,
        stacklevel=2,
    )

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.engine.training.ensemble import Ensemble
from gan1d.engine.training.reports import StepReport
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.exports.export import export
from gan1d.fingerprint import package_version
from gan1d.gallery import Preset, presets
from gan1d.notebook import NotebookPage, show
from gan1d.replay.record import record
from gan1d.sweeps.sweep import sweep

__version__ = package_version()

__all__ = [
    "Config",
    "ConfigError",
    "Ensemble",
    "Frame",
    "NotebookPage",
    "Preset",
    "Probe",
    "StepReport",
    "Trainer",
    "codec",
    "export",
    "observe",
    "presets",
    "record",
    "show",
    "sweep",
]
