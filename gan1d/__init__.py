"""gan1d: see how a generative adversarial network learns, in one dimension, exactly."""

import os

from gan1d.interrupts import exit_quietly_on_interrupt

# Before numpy is imported: products of matrices this small lose by being split among threads, four to eight times over.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

with exit_quietly_on_interrupt():
    from importlib.metadata import version

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
