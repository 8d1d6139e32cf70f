"""gan1d: see how a generative adversarial network learns, in one dimension, exactly."""

import os
from importlib.metadata import version

# Before numpy is imported: products of matrices this small lose by being split among threads, four to eight times over.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from gan1d import codec  # noqa: E402
from gan1d.config import Config  # noqa: E402
from gan1d.engine.ensemble import Ensemble  # noqa: E402
from gan1d.engine.reports import StepReport  # noqa: E402
from gan1d.engine.trainer import Trainer  # noqa: E402
from gan1d.frame import Frame  # noqa: E402
from gan1d.observing import observe  # noqa: E402
from gan1d.presets import Preset, presets  # noqa: E402
from gan1d.probe import Probe  # noqa: E402
from gan1d.refusals import ConfigError  # noqa: E402

__version__ = version("gan1d")

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
