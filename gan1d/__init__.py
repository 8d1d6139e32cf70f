"""gan1d: train a generative adversarial network (GAN) on one-dimensional data, and measure it exactly.

Programs use the names in `__all__`. To read the code, begin with `engine.reference`, the training step as a textbook
writes it. Each package imports only packages above it:

- `number_file`: numbers in text files.
- `engine`: networks, losses, metrics and training, with NumPy alone.
- `config`: the settings of an experiment. `knobs` has the bounds and help texts of settings.
- `evaluation`: all measurements of a run at one step, a `Frame`.
- `diagnosis`: rules that name the state of a run, such as mode collapse.
- `gallery`: presets and the criteria of their claims.
- `session`: one run and its viewers, and the messages between page and server.
- `server`: the web server. The page itself is in `static/`.
- `cli`: the command line.
"""

import os

# Before numpy is imported: products of small matrices are four to eight times slower when split among threads.
for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from importlib.metadata import PackageNotFoundError, version

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.engine.training.ensemble import Ensemble
from gan1d.engine.training.reports import StepReport
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation import codec
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.gallery import Preset, presets

try:
    __version__ = version("gan1d")
except PackageNotFoundError:  # a checkout that is not installed
    __version__ = "0+unknown"

__all__ = [
    "Config",
    "ConfigError",
    "Ensemble",
    "Frame",
    "Preset",
    "Probe",
    "StepReport",
    "Trainer",
    "codec",
    "observe",
    "presets",
]
