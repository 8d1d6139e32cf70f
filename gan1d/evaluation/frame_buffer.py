"""Preallocated arrays of a frame."""

import math
from dataclasses import fields
from itertools import accumulate
from typing import Any

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.evaluation.frame import Frame


class FrameBuffer:
    """Room for the arrays of a frame while it is made: one vector, so that one conversion makes the frame's own copy.

    Args:
        shapes: Values on each axis, by its name: `(points,)`, or `(curves, points)`.

    Attributes:
        generators: G and its average, `(2, curves · points)`.
        discriminator: `(curves, points)`.
        optimal_discriminator: Likewise.
        densities: Of both generators, `(2, n)`.
        mode_masses: Likewise.
        fake_samples: `(n,)`.
        fake_push: `(n,)`.
        fake_histogram: `(n,)`.
        readouts: On reals and on fakes, `(2, n)`.
    """

    def __init__(self, **shapes: tuple[int, ...]) -> None:
        axes = {f.name: f.metadata["axis"] for f in fields(Frame)[1:] if f.metadata["axis"] is not None}
        ends = list(accumulate(math.prod(shapes[axis]) for axis in axes.values()))
        self._places = dict(zip(axes, map(slice, [0, *ends], ends), strict=False))
        # One curve needs no axis of curves.
        self._shapes = {name: shapes[axis][shapes[axis][0] == 1 < len(shapes[axis]) :] for name, axis in axes.items()}
        self._values = np.zeros(ends[-1])
        self.generators = self._room("generator", "ema_generator")
        self.discriminator = self._room("discriminator").reshape(shapes["discriminator_curves"])
        self.optimal_discriminator = self._room("optimal_discriminator").reshape(shapes["discriminator_curves"])
        self.densities = self._room("fake_density", "ema_density")
        self.mode_masses = self._room("mode_masses", "ema_mode_masses")
        self.fake_samples, self.fake_push = self._room("fake_samples", "fake_push")
        self.fake_histogram = self._room("fake_histogram")[0]
        self.readouts = self._room("real_readout", "fake_readout")

    def _room(self, *names: str) -> Float64:
        """Room for fields that follow one another and are of the same length, `(names, n)`."""
        first, last = self._places[names[0]], self._places[names[-1]]
        return self._values[first.start : last.stop].reshape(len(names), -1)

    def arrays(self) -> dict[str, Any]:
        """All fields as they go over the wire, on memory of their own."""
        values = self._values.astype(np.float32)
        return {name: values[place].reshape(self._shapes[name]) for name, place in self._places.items()}
