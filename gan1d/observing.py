"""One look at a run, exactly: the density of G(z), the best D against it, and how far there is to go."""

import math
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from gan1d.engine import metrics
from gan1d.engine.histograms import histogram
from gan1d.engine.latents import Float64
from gan1d.engine.mlp import MLP
from gan1d.engine.optima import Anchor, Pair
from gan1d.engine.programs import Array, run
from gan1d.engine.reports import StepReport
from gan1d.engine.settings import Settings
from gan1d.engine.turns import noise_at
from gan1d.engine.views import shown_items
from gan1d.frame import Frame
from gan1d.probe import GRID, READOUT_BINS, RUG, SAMPLES, X_BINS, Probe

FARTHEST = 1e30
"""Where a generator that has run away is drawn; beyond it sums would leave the range of a float32."""

NEAREST_END, FARTHEST_END = np.array(-FARTHEST), np.array(FARTHEST)
PER_FAKE = np.array(-float(RUG))
ALIKE = np.ones(GRID // X_BINS)
"""As arrays, which numpy takes in half the time that it needs for numbers; the last adds up neighbouring bins."""

LEAST_OUTSIDE = 1e-9
"""Mass outside the axis that is more than rounding."""


class Run(Protocol):
    """What can be looked at: a `Trainer`, or a member of an `Ensemble`."""

    @property
    def config(self) -> Settings: ...
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
        look = look_at_generators(probe, trainer)
        pair = Pair(probe.edges, probe.bin_masses, look.bin_masses[0], look.jensen_shannon[0])
        seen = pair.blurred(noise_at(trainer.config.instance_noise, trainer.report.step))
        said = look_at_discriminator(probe, trainer, look)
        game = look_at_game(probe, said, seen)
        fill_best(probe, seen)
        return Frame(
            **vars(trainer.report),
            wasserstein1=look.wasserstein1[0],
            jensen_shannon=look.jensen_shannon[0],
            ema_wasserstein1=look.wasserstein1[1],
            ema_jensen_shannon=look.jensen_shannon[1],
            frechet=metrics.frechet(look.mean, look.deviation, probe.target_mean, probe.target_deviation),
            mode_coverage=metrics.mode_coverage(look.mode_masses[0], probe.target_mode_masses),
            accuracy_real=game.accuracy_real,
            accuracy_fake=game.accuracy_fake,
            value=game.value,
            best_value=game.best_value,
            fake_below=look.outside[0],
            fake_above=look.outside[1],
            points_wasserstein1=look.points_wasserstein1,
            diagnosis=diagnosis,
            **probe.sheet.arrays(),
        )


@dataclass(slots=True)
class Look:
    """Both generators, G and its average, by the distributions they make of the prior.

    Attributes:
        samples: G of the fixed noise that is followed, the rug first.
        bin_masses: Mass below the data axis, in each bin, and above it, `(2, 258)`.
        mode_masses: Mass in each basin of the target, `(2, modes)`.
        wasserstein1: See `metrics.wasserstein1`.
        points_wasserstein1: Wasserstein-1 of G to the fixed training points; NaN if every batch is fresh.
        jensen_shannon: See `metrics.jensen_shannon`.
        mean: Of G, in units of x.
        deviation: Of G, in units of x.
        outside: G's mass left and right of the axis.
        places: Mean place of each of them; the end of the axis if there is none.
    """

    samples: Float64
    bin_masses: Float64
    mode_masses: Float64
    wasserstein1: tuple[float, float]
    points_wasserstein1: float
    jensen_shannon: tuple[float, float]
    mean: float
    deviation: float
    outside: tuple[float, float]
    places: tuple[float, float]


def look_at_generators(probe: Probe, trainer: Run) -> Look:
    """All there is to say of G and its average, from one pass through each; fills their part of the sheet."""
    now = probe.asked(trainer.generator, probe.generator_inputs, slot=0)
    average = probe.asked(trainer.ema_generator, probe.z, slot=1)
    run(now.program)
    run(average.program)
    count, values = len(probe.z), probe.values
    values[0], values[1] = now.outputs[:count], average.outputs
    bounded(values)
    samples = bounded(now.outputs[count:].astype(np.float64))
    below, areas = probe.pushforward(values)
    bin_masses = metrics.between(below.take(probe.at_edges, axis=1))
    mode_masses = metrics.between(below.take(probe.at_cuts, axis=1))
    fill_generators(probe, values, samples, bin_masses, mode_masses)
    distances = metrics.wasserstein1(below, areas, probe.target_below, probe.target_areas, probe.gaps).tolist()
    divergences = metrics.jensen_shannon(probe.bin_masses, bin_masses).tolist()
    means, deviations = probe.pushforward.moments(values[:1])
    outer = bin_masses[:, :: GRID + 1].tolist()
    (left, right), average_outside = (outside(probe, values[row], *outer[row]) for row in (0, 1))
    distances[0] += apart((left, right), probe.target_outside)
    distances[1] += apart(average_outside, probe.target_outside)
    to_points = math.nan
    if probe.fixed is not None:
        costs = metrics.wasserstein1(below[:1], areas[:1], probe.fixed_below, probe.fixed_areas, probe.gaps[:1])
        to_points = float(costs[0]) + apart((left, right), probe.fixed_outside)
    return Look(
        samples=samples,
        bin_masses=bin_masses,
        mode_masses=mode_masses,
        wasserstein1=tuple(distances),
        points_wasserstein1=to_points,
        jensen_shannon=tuple(divergences),
        mean=float(means[0]),
        deviation=float(deviations[0]),
        outside=(left[0], right[0]),
        places=(probe.low - mean_of(*left), probe.high + mean_of(*right)),
    )


def fill_generators(probe: Probe, values: Float64, samples: Float64, bins: Float64, modes: Float64) -> None:
    """Put both generators on the sheet."""
    sheet = probe.sheet
    sheet.generators[:] = values[:, probe.curve]
    np.multiply(bins[:, 1:-1], probe.per_unit, sheet.densities)
    sheet.mode_masses[:] = modes
    sheet.fake_samples[:] = samples[:RUG]
    sheet.fake_histogram[0], sheet.fake_histogram[-1] = bins[0, 0], bins[0, -1]
    bins[0, 1:-1].reshape(X_BINS, -1).dot(ALIKE, sheet.fake_histogram[1:-1])


Outside = tuple[tuple[float, float], tuple[float, float]]


def outside(probe: Probe, values: Float64, below: float, above: float) -> Outside:
    """What a generator has left and right of the axis: its mass, and mass times mean distance; most have nothing."""
    left = (below, probe.pushforward.beyond(-values, -probe.low)) if below > LEAST_OUTSIDE else (0.0, 0.0)
    right = (above, probe.pushforward.beyond(values, probe.high)) if above > LEAST_OUTSIDE else (0.0, 0.0)
    return left, right


def apart(ours: Outside, theirs: tuple[float, float]) -> float:
    """Wasserstein-1 left and right of the axis, between mass times mean distance on either side."""
    return abs(ours[0][1] - theirs[0]) + abs(ours[1][1] - theirs[1])


def mean_of(mass: float, moment: float) -> float:
    """Mean distance; 0 where there is no mass."""
    return moment / mass if mass > 0 else 0.0


@dataclass(slots=True)
class Said:
    """What D says.

    Attributes:
        scores: At a place left of the axis, on the grid, and at a place right of it, `(258,)`.
        readout: The same as the page calls it.
    """

    scores: Array
    readout: Array


def look_at_discriminator(probe: Probe, trainer: Run, look: Look) -> Said:
    """All there is to say of D, from one pass through it, and a way back for the fakes that are shown.

    Fills D's part of the sheet.
    """
    asked = probe.asked(trainer.discriminator, probe.discriminator_inputs, slot=2)
    pushed = probe.asked(trainer.discriminator, probe.noise[:RUG], slot=3, pushed=True)
    probe.sides[1] = look.bin_masses[0]
    asked.inputs[0, 0], asked.inputs[0, GRID + 1] = look.places
    if probe.view.rows == 1:
        pushed.inputs[0] = look.samples
    else:
        fill_items(probe, asked.inputs, look)
        pushed.inputs[:] = asked.inputs[:, -SAMPLES : RUG - SAMPLES]
    run(asked.program)
    run(pushed.program)
    readout = probe.loss.shown(asked.outputs, anchored(probe, asked.outputs))
    if not math.isfinite(readout.sum()):
        readout = np.nan_to_num(readout, nan=probe.loss.undecided)
    sheet, axis = probe.sheet, slice(GRID + 2)
    sheet.discriminator[:] = readout[1 : GRID + 1]
    sheet.readouts[:] = verdicts(probe, readout)
    sheet.fake_push[:] = pushed.pulls
    bounded(np.multiply(sheet.fake_push, PER_FAKE, sheet.fake_push))
    return Said(asked.outputs[axis], readout[axis])


def fill_items(probe: Probe, rows: Array, look: Look) -> None:
    """What a D is given that judges several at once: every x of the grid and beyond as a batch of its own kind, the
    fixed reals, and the fakes."""
    view, axis = probe.view, GRID + 2
    rows[:, axis : axis + SAMPLES] = shown_items(view, probe.real)
    rows[:, -SAMPLES:] = shown_items(view, look.samples)
    # All samples of an item at the same x; whatever else D is told is as for today's fakes.
    rows[1 : view.samples, :axis] = rows[0, :axis]
    rows[view.samples :, :axis] = rows[view.samples :, -1:]


def verdicts(probe: Probe, readout: Array) -> Array:
    """How D's verdicts are distributed, on reals and on fakes, `(2, 22)`: exactly, or by fixed items if there is no
    density of them on the axis."""
    if probe.view.rows == 1:
        return probe.verdicts(readout, probe.sides)
    judged = readout[GRID + 2 :].reshape(2, SAMPLES)
    return histogram(judged, *probe.readout_span, READOUT_BINS) / SAMPLES


def fill_best(probe: Probe, seen: Pair) -> None:
    """Put the best D on the sheet: NaN where next to nothing lies that it could be asked about."""
    optimal = probe.sheet.optimal_discriminator
    optimal[:] = probe.loss.optimal(probe.view.raised(seen)) if probe.view.has_optimum else math.nan
    np.putmask(optimal, seen.real[1:-1] + seen.fake[1:-1] < probe.faint, math.nan)


class Game(NamedTuple):
    """The numbers of a frame that say how D plays."""

    accuracy_real: float
    accuracy_fake: float
    value: float
    best_value: float


def look_at_game(probe: Probe, said: Said, seen: Pair) -> Game:
    """How the game stands over whole distributions: D's accuracies, its value, and the best it could be.

    NaN where D judges more than single samples: those have no density on the axis.
    """
    if probe.view.rows > 1:
        return Game(math.nan, math.nan, math.nan, math.nan)
    loss = probe.loss
    leaning = metrics.leanings(said.readout, loss.undecided)
    on_real, on_fake = metrics.accuracies(leaning, seen.real, seen.fake)
    value = loss.value_factor * loss.expected_loss(said.scores.astype(np.float64), seen)
    return Game(on_real, on_fake, value, loss.value_factor * loss.best_loss(seen))


def anchored(probe: Probe, scores: Array) -> Anchor:
    """Where scores stand, from those on the grid and the mean over reals and fakes; a probability stands by itself."""
    if probe.loss.readout == "probability":
        return Anchor()
    on_axis = scores[: GRID + 2].astype(np.float64)
    if probe.view.rows == 1:
        centre = 0.5 * float((probe.sides @ on_axis).sum())
    else:
        centre = float(scores[GRID + 2 :].mean(dtype=np.float64))
    steps = np.abs(on_axis[2:-1] - on_axis[1:-2])
    return Anchor(centre=centre, steepness=float(steps.max()) / probe.bin_width)


def bounded(values: Float64) -> Float64:
    """Values that can be summed, in place: what is farther than any picture stays far, as does no number."""
    # fmax and fmin pass over what is not a number, so it ends up at the bound.
    return np.asarray(np.fmin(np.fmax(values, NEAREST_END, values), FARTHEST_END, values))
