"""gan1d: see how a generative adversarial network learns, in one dimension, exactly."""

import os

# Before numpy is imported: products of small matrices are four to eight times slower when split among threads.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

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
