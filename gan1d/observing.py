"""One look at a run, exactly: the density of G(z), the best D against it, and how far there is to go."""

import math
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from gan1d.against import Outside
from gan1d.engine import metrics
from gan1d.engine.histograms import histogram
from gan1d.engine.labels import shown_with_labels
from gan1d.engine.latents import Float64
from gan1d.engine.mlp import MLP
from gan1d.engine.optima import Anchor, Pair
from gan1d.engine.programs import Array, run
from gan1d.engine.reports import StepReport
from gan1d.engine.settings import Settings
from gan1d.engine.turns import noise_at
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
        seen = pairs(probe, look, noise_at(trainer.config.instance_noise, trainer.report.step))
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
            class_wasserstein1=look.class_wasserstein1,
            diagnosis=diagnosis,
            **probe.sheet.arrays(),
        )


@dataclass(slots=True)
class Look:
    """Both generators, G and its average, by the distributions they make of the prior.

    Attributes:
        samples: G of the fixed noise that is followed, the rug first.
        class_masses: G's mass below the data axis, in each bin, and above it, in each class, `(classes, 258)`.
        mode_masses: Mass in each basin of the target, `(2, modes)`.
        wasserstein1: See `metrics.wasserstein1`.
        points_wasserstein1: Wasserstein-1 of G to the fixed training points; NaN if every batch is fresh.
        class_wasserstein1: Wasserstein-1 of G under each label to that class, on average; NaN if no labels are told.
        jensen_shannon: See `metrics.jensen_shannon`.
        mean: Of G, in units of x.
        deviation: Of G, in units of x.
        outside: G's mass left and right of the axis.
        places: Mean place of each of them in each class; the end of the axis if there is none.
    """

    samples: Float64
    class_masses: Float64
    mode_masses: Float64
    wasserstein1: tuple[float, float]
    points_wasserstein1: float
    class_wasserstein1: float
    jensen_shannon: tuple[float, float]
    mean: float
    deviation: float
    outside: tuple[float, float]
    places: list[tuple[float, float]]


def look_at_generators(probe: Probe, trainer: Run) -> Look:
    """All there is to say of G and its average, from one pass through each; fills their part of the sheet."""
    noise, values, classes = probe.noise, probe.values, len(probe.classes)
    now = probe.asked(trainer.generator, probe.generator_inputs, slot=0)
    average = probe.asked(trainer.ema_generator, noise.inputs, slot=1)
    run(now.program)
    run(average.program)
    count, asked = classes * noise.count, noise.inputs.shape[1]
    values[:classes], values[classes:] = (each.outputs[:count].reshape(classes, -1) for each in (now, average))
    bounded(values)
    samples = bounded(now.outputs[asked:].astype(np.float64))
    below, areas = noise.law(values)
    masses = metrics.between(below.take(probe.at_edges, axis=1))
    far = [outside(probe, values[row], *ends) for row, ends in enumerate(masses[:, :: GRID + 1].tolist())]
    whole, whole_areas, bin_masses = (mixed(probe, rows) for rows in (below, areas, masses))
    both = mixed_outside(probe, far[:classes]), mixed_outside(probe, far[classes:])
    mode_masses = metrics.between(whole.take(probe.at_cuts, axis=1))
    fill_generators(probe, now.outputs, average.outputs, samples, bin_masses, mode_masses)
    to_points = math.nan
    if probe.fixed_reference is not None:
        to_points = probe.fixed_reference.distances(whole[:1], whole_areas[:1], both[:1])[0]
    to_classes = math.nan
    if probe.class_reference is not None:
        distances = probe.class_reference.distances(below[:classes], areas[:classes], far[:classes])
        to_classes = float(probe.weights @ distances)
    mean, deviation = moments(probe, values[:classes])
    (left, _), (right, _) = both[0]
    distance, of_average = probe.target_reference.distances(whole, whole_areas, both)
    return Look(
        samples=samples,
        class_masses=masses[:classes],
        mode_masses=mode_masses,
        wasserstein1=(distance, of_average),
        points_wasserstein1=to_points,
        class_wasserstein1=to_classes,
        jensen_shannon=tuple(metrics.jensen_shannon(probe.bin_masses, bin_masses).tolist()),
        mean=mean,
        deviation=deviation,
        outside=(left, right),
        places=[(probe.low - mean_of(*a), probe.high + mean_of(*b)) for a, b in far[:classes]],
    )


def mixed(probe: Probe, rows: Float64) -> Float64:
    """Of something for each class, of G and of its average, `(2 · classes, n)`, that of the whole, `(2, n)`."""
    if len(probe.classes) == 1:
        return rows
    return np.asarray(probe.weights @ rows.reshape(2, len(probe.classes), -1))


def mixed_outside(probe: Probe, parts: list[Outside]) -> Outside:
    """What lies outside the axis in all classes together."""
    if len(parts) == 1:
        return parts[0]
    (left, left_moment), (right, right_moment) = (probe.weights @ np.array(parts).reshape(-1, 4)).reshape(2, 2).tolist()
    return (left, left_moment), (right, right_moment)


def moments(probe: Probe, values: Float64) -> tuple[float, float]:
    """Mean and standard deviation of G over all classes, in units of x."""
    means, deviations = probe.noise.law.moments(values)
    if len(probe.classes) == 1:
        return float(means[0]), float(deviations[0])
    mean = float(probe.weights @ means)
    return mean, math.sqrt(float(probe.weights @ (deviations**2 + (means - mean) ** 2)))


def fill_generators(probe: Probe, now: Array, average: Array, samples: Float64, bins: Float64, modes: Float64) -> None:
    """Put both generators on the sheet."""
    sheet, curves = probe.sheet, probe.noise.curves.ravel()
    sheet.generators[0], sheet.generators[1] = now.take(curves), average.take(curves)
    bounded(sheet.generators)
    np.multiply(bins[:, 1:-1], probe.per_unit, sheet.densities)
    sheet.mode_masses[:] = modes
    sheet.fake_samples[:] = samples[:RUG]
    sheet.fake_histogram[0], sheet.fake_histogram[-1] = bins[0, 0], bins[0, -1]
    bins[0, 1:-1].reshape(X_BINS, -1).dot(ALIKE, sheet.fake_histogram[1:-1])


def outside(probe: Probe, values: Float64, below: float, above: float) -> Outside:
    """What a generator has left and right of the axis: its mass, and mass times mean distance; most have nothing."""
    law = probe.noise.law
    left = (below, law.beyond(-values, -probe.low)) if below > LEAST_OUTSIDE else (0.0, 0.0)
    right = (above, law.beyond(values, probe.high)) if above > LEAST_OUTSIDE else (0.0, 0.0)
    return left, right


def mean_of(mass: float, moment: float) -> float:
    """Mean distance; 0 where there is no mass."""
    return moment / mass if mass > 0 else 0.0


def pairs(probe: Probe, look: Look, deviation: float) -> list[Pair]:
    """Real and fake of each class as D sees them, under instance noise of some standard deviation."""
    if len(probe.classes) == 1:
        found = [Pair(probe.edges, probe.bin_masses, look.class_masses[0], look.jensen_shannon[0])]
    else:
        found = [Pair(probe.edges, *sides) for sides in zip(probe.real_masses, look.class_masses, strict=True)]
    return [pair.blurred(deviation) for pair in found]


@dataclass(slots=True)
class Said:
    """What D says.

    Attributes:
        scores: At a place left of the axis, on the grid, and at a place right of it, in each class, `(classes, 258)`.
        readout: The same as the page calls it.
    """

    scores: Array
    readout: Array


def look_at_discriminator(probe: Probe, trainer: Run, look: Look) -> Said:
    """All there is to say of D, from one pass through it, and a way back for the fakes that are shown.

    Fills D's part of the sheet.
    """
    classes, axis = len(probe.classes), GRID + 2
    asked = probe.asked(trainer.discriminator, probe.discriminator_inputs, slot=2)
    pushed = probe.asked(trainer.discriminator, probe.rug_inputs, slot=3, pushed=True)
    probe.sides[:, 1] = look.class_masses
    for first, ends in zip(range(0, classes * axis, axis), look.places, strict=True):
        asked.inputs[0, first], asked.inputs[0, first + axis - 1] = ends
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
    sheet, by_class = probe.sheet, readout[: classes * axis].reshape(classes, axis)
    sheet.discriminator[:] = by_class[:, 1:-1]
    sheet.readouts[:] = verdicts(probe, by_class, readout[classes * axis :])
    sheet.fake_push[:] = pushed.pulls
    bounded(np.multiply(sheet.fake_push, PER_FAKE, sheet.fake_push))
    return Said(asked.outputs[: classes * axis].reshape(classes, axis), by_class)


def fill_items(probe: Probe, rows: Array, look: Look) -> None:
    """What a D is given that judges several at once: every x of the grid and beyond as a batch of its own kind, the
    fixed reals, and the fakes."""
    view, axis = probe.view, rows.shape[1] - 2 * SAMPLES
    rows[:, axis : axis + SAMPLES] = shown_with_labels(view, probe.real, probe.real_labels)
    rows[:, -SAMPLES:] = shown_with_labels(view, look.samples, probe.labels)
    # All samples of an item at the same x; whatever else D is told is as for today's fakes.
    rows[1 : view.samples, :axis] = rows[0, :axis]
    rows[view.samples : view.rows, :axis] = rows[view.samples : view.rows, -1:]


def verdicts(probe: Probe, readout: Array, judged: Array) -> Array:
    """How D's verdicts are distributed, on reals and on fakes, `(2, 22)`: exactly, or by fixed items if there is no
    density of them on the axis."""
    if probe.view.rows > 1:
        return histogram(judged.reshape(2, SAMPLES), *probe.readout_span, READOUT_BINS) / SAMPLES
    if len(probe.classes) == 1:
        return probe.verdicts(readout[0], probe.sides[0])
    parts = [probe.verdicts(row, sides) for row, sides in zip(readout, probe.sides, strict=True)]
    return np.tensordot(probe.weights, parts, axes=1)


def fill_best(probe: Probe, seen: list[Pair]) -> None:
    """Put the best D on the sheet: NaN where next to nothing lies that it could be asked about."""
    for row, pair in zip(probe.sheet.optimal_discriminator, seen, strict=True):
        row[:] = probe.loss.optimal(probe.view.raised(pair)) if probe.view.has_optimum else math.nan
        np.putmask(row, pair.real[1:-1] + pair.fake[1:-1] < probe.faint, math.nan)


class Game(NamedTuple):
    """The numbers of a frame that say how D plays."""

    accuracy_real: float
    accuracy_fake: float
    value: float
    best_value: float


def look_at_game(probe: Probe, said: Said, seen: list[Pair]) -> Game:
    """How the game stands over whole distributions: D's accuracies, its value, and the best it could be.

    NaN where D judges more than single samples: those have no density on the axis.
    """
    if probe.view.rows > 1:
        return Game(math.nan, math.nan, math.nan, math.nan)
    games = [
        look_at_class(probe, scores, readout, pair)
        for scores, readout, pair in zip(said.scores, said.readout, seen, strict=True)
    ]
    return games[0] if len(games) == 1 else Game(*(probe.weights @ np.array(games)).tolist())


def look_at_class(probe: Probe, scores: Array, readout: Array, seen: Pair) -> Game:
    """The game over the samples of one class."""
    loss = probe.loss
    leaning = metrics.leanings(readout, loss.undecided)
    on_real, on_fake = metrics.accuracies(leaning, seen.real, seen.fake)
    value = loss.value_factor * loss.expected_loss(scores.astype(np.float64), seen)
    return Game(on_real, on_fake, value, loss.value_factor * loss.best_loss(seen))


def anchored(probe: Probe, scores: Array) -> Anchor:
    """Where scores stand, from those on the grid and the mean over reals and fakes; a probability stands by itself."""
    if probe.loss.readout == "probability":
        return Anchor()
    classes, axis = len(probe.classes), GRID + 2
    on_axis = scores[: classes * axis].astype(np.float64).reshape(classes, axis)
    if probe.view.rows == 1:
        centre = 0.5 * float(np.einsum("c,csx,cx->", probe.weights, probe.sides, on_axis))
    else:
        centre = float(scores[classes * axis :].mean(dtype=np.float64))
    steps = np.abs(on_axis[:, 2:-1] - on_axis[:, 1:-2])
    return Anchor(centre=centre, steepness=float(steps.max()) / probe.bin_width)


def bounded(values: Float64) -> Float64:
    """Values that can be summed, in place: what is farther than any picture stays far, as does no number."""
    # fmax and fmin pass over what is not a number, so it ends up at the bound.
    return np.asarray(np.fmin(np.fmax(values, NEAREST_END, values), FARTHEST_END, values))
