"""Instance noise: Gaussian noise on D's inputs that fades over the run."""

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array
from gan1d.engine.data.batches import AnyBatchStream
from gan1d.engine.programs import Program
from gan1d.engine.protocols import NoiseSettings, TrainerSettings


class InstanceNoise:
    """Gaussian noise on all inputs of D, real and fake; its deviation is set before each step.

    It gives two distributions that do not overlap a common support, so that D cannot tell them apart with certainty
    (Sønderby et al. 2017, arXiv:1610.04490, section 3; Arjovsky & Bottou 2017, arXiv:1701.04862, section 3).
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._deviation = np.zeros((), dtype)

    def set(self, noise: NoiseSettings, step: int) -> None:
        """Set the deviation for the step that follows `step` finished steps."""
        self._deviation.fill(instance_noise_at(noise, step))

    def add_to(self, samples: Array, stream: AnyBatchStream) -> Program:
        """Add noise to `samples`, `(…, n)`, in place."""
        drawn = np.empty_like(samples)
        return [
            (stream.fill, (drawn,)),
            (np.multiply, (drawn, self._deviation, drawn)),
            (np.add, (samples, drawn, samples)),
        ]


def instance_noise_at(noise: NoiseSettings, step: int) -> float:
    """Deviation of the instance noise after `step` steps, in units of x; it halves every `half_life` steps."""
    return float(noise.deviation * 0.5 ** (step / noise.half_life)) if noise.deviation else 0.0


def has_instance_noise(config: TrainerSettings) -> bool:
    """Whether these settings have instance noise."""
    return config.instance_noise.deviation > 0
