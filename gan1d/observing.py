"""One look at a run, exactly: the density of G(z), the best D against it, and how far there is to go."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine import metrics
from gan1d.engine.latents import Float64
from gan1d.engine.mlp import MLP, Workspace
from gan1d.engine.optima import Anchor, Pair
from gan1d.engine.programs import run
from gan1d.engine.reports import StepReport
from gan1d.engine.settings import Scenery
from gan1d.engine.views import shown_items
from gan1d.frame import Frame, single
from gan1d.probe import FAINTEST, GRID, LATENT_GRID, READOUT_BINS, RUG, SAMPLES, TAIL, X_BINS, Probe

FARTHEST = 1e30
"""Where a generator that has run away is drawn; beyond it sums would leave the range of a float32."""


class Run(Protocol):
    """What can be looked at: a `Trainer`, or a member of an `Ensemble`."""

    @property
    def config(self) -> Scenery: ...
    @property
    def generator(self) -> MLP: ...
    @property
    def ema_generator(self) -> MLP: ...
    @property
    def discriminator(self) -> MLP: ...
    @property
    def report(self) -> StepReport: ...


def observe(trainer: Run, probe: Probe | None = None, diagnosis: float = math.nan) -> Frame:
    """Look at a run; it stays as it is to the last bit.

    Args:
        trainer: The run.
        probe: How to look; one that fits the trainer's config is made if none is given.
        diagnosis: What whoever keeps watch says of the run (see `gan1d.diagnosis`); one look cannot tell.

    Returns:
        A frame of the present step.
    """
    probe = Probe(trainer.config) if probe is None else probe
    with np.errstate(over="ignore", invalid="ignore"):
        now = look_at_generator(probe, trainer.generator, slot=0)
        average = look_at_generator(probe, trainer.ema_generator, slot=1)
        scores, push = look_at_discriminator(probe, trainer.discriminator, now.samples)
        anchor = anchored(probe, scores)
        readout = np.nan_to_num(probe.loss.shown(scores, anchor), nan=probe.loss.undecided)
        optimal = probe.loss.optimal(probe.view.raised(Pair(probe.edges, probe.bin_masses, now.bin_masses)))
        if not probe.view.has_optimum:
            optimal[:] = np.nan
    optimal[probe.target_density + now.density < FAINTEST * probe.target_density.max()] = np.nan
    return Frame(
        **vars(trainer.report),
        wasserstein1=now.wasserstein1,
        jensen_shannon=now.jensen_shannon,
        ema_wasserstein1=average.wasserstein1,
        ema_jensen_shannon=average.jensen_shannon,
        fake_below=float(now.bin_masses[0]),
        fake_above=float(now.bin_masses[-1]),
        points_wasserstein1=now.points_wasserstein1,
        diagnosis=diagnosis,
        generator=single(now.curve),
        ema_generator=single(average.curve),
        discriminator=single(readout[:GRID]),
        optimal_discriminator=single(optimal),
        fake_density=single(now.density),
        ema_density=single(average.density),
        mode_masses=single(now.mode_masses),
        ema_mode_masses=single(average.mode_masses),
        fake_samples=single(now.samples[:RUG]),
        fake_push=single(push[:RUG]),
        fake_histogram=single(metrics.histogram(now.samples, probe.low, probe.high, X_BINS)),
        real_readout=single(metrics.histogram(readout[GRID : GRID + SAMPLES], *probe.readout_span, READOUT_BINS)),
        fake_readout=single(metrics.histogram(readout[GRID + SAMPLES :], *probe.readout_span, READOUT_BINS)),
    )


@dataclass(frozen=True)
class Look:
    """A generator as a curve, and the distribution it makes of the prior.

    Attributes:
        curve: G on the probe's latent grid, `(201,)`.
        samples: G of the probe's fixed noise, `(256,)`.
        bin_masses: Mass below the data axis, in each bin, and above it, `(258,)`.
        density: Mass per unit of x in each bin, `(256,)`.
        mode_masses: Mass in each basin of the target, `(modes,)`.
        wasserstein1: See `metrics.wasserstein1`.
        points_wasserstein1: The same to the fixed training points; NaN if every batch is fresh.
        jensen_shannon: See `metrics.jensen_shannon`.
    """

    curve: Float64
    samples: Float64
    bin_masses: Float64
    density: Float64
    mode_masses: Float64
    wasserstein1: float
    points_wasserstein1: float
    jensen_shannon: float


def look_at_generator(probe: Probe, network: MLP, *, slot: int) -> Look:
    """All there is to say of a generator, from one pass through it."""
    outputs = bounded(probe.workspace(network, probe.generator_inputs, slot).forward()[0])
    curve, values, samples = np.split(outputs, [LATENT_GRID, LATENT_GRID + len(probe.quantile_z)])
    inner, fixed = values[TAIL:-TAIL], probe.point_quantiles
    below = metrics.pushforward_cdf(values, probe.quantile_masses, probe.places)
    bin_masses = metrics.between(below[: GRID + 1])
    return Look(
        curve=curve,
        samples=samples,
        bin_masses=bin_masses,
        density=bin_masses[1:-1] / (probe.edges[1] - probe.edges[0]),
        mode_masses=metrics.between(below[GRID + 1 :]),
        wasserstein1=metrics.wasserstein1(inner, probe.target_quantiles),
        points_wasserstein1=metrics.wasserstein1(inner, fixed) if fixed is not None else math.nan,
        jensen_shannon=metrics.jensen_shannon(bin_masses, probe.bin_masses),
    )


def anchored(probe: Probe, scores: Float64) -> Anchor:
    """Where scores stand, from those on the grid, of the fixed reals and of the fakes."""
    on_grid, judged = scores[:GRID], scores[GRID:]
    steepness = float(np.abs(np.diff(on_grid)).max() / (probe.edges[1] - probe.edges[0]))
    return Anchor(centre=float(judged.mean()), steepness=steepness)


def look_at_discriminator(probe: Probe, network: MLP, fakes: Float64) -> tuple[Float64, Float64]:
    """What D scores on the grid, of the fixed reals and of the fakes, and where G's loss pushes each fake.

    Returns:
        The scores, `(grid + samples + samples,)`, and −d L_G / d x of each fake on its own, `(samples,)`.
    """
    workspace = probe.workspace(network, probe.discriminator_inputs, slot=2)
    fill_items(probe, workspace, fakes)
    scores = workspace.forward()
    gradient = np.zeros_like(scores)
    run(probe.loss.generator_gradient(scores[:, -SAMPLES:], gradient[:, -SAMPLES:]))
    workspace.backward(gradient, parameters=False, inputs=True)
    push = bounded(workspace.input_gradient[0, -SAMPLES:]) * -SAMPLES
    return np.asarray(scores[0], np.float64), push


def fill_items(probe: Probe, workspace: Workspace, fakes: Float64) -> None:
    """What D is given: every x of the grid as a batch of its own kind, the fixed reals, and the fakes."""
    view, rows = probe.view, workspace.inputs[:-1]
    if view.rows == 1:
        rows[0, -SAMPLES:] = fakes
        return
    rows[:, GRID : GRID + SAMPLES] = shown_items(view, probe.real)
    rows[:, -SAMPLES:] = shown_items(view, fakes)
    # All samples of an item at the same x; whatever else D is told is as for today's fakes.
    rows[: view.samples, :GRID] = probe.grid
    rows[view.samples :, :GRID] = rows[view.samples :, -1:]


def bounded(values: ArrayLike) -> Float64:
    """Values that can be summed: what is farther than any picture stays far, and so does what is not even a number."""
    # fmax and fmin pass over what is not a number, so it ends up at the bound.
    return np.fmin(np.fmax(np.asarray(values, np.float64), -FARTHEST), FARTHEST)
