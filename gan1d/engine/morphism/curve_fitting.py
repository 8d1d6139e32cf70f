"""Fitting a network to the curve of another one: a start from the other's layers, then Levenberg-Marquardt steps.

Networks are small and curves are long, so J Jᵀ, as wide as there are places, is what gets solved, and J is never made.
Work is counted in steps and never in seconds: the same run gives the same bits on every machine.
"""

import math
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.networks.mlp import MLP, Workspace, outputs_at, without_bias
from gan1d.engine.programs import run

WeightInitializer = Callable[[MLP], None]
"""Draws a network's first weights, in place."""

GROUP_SIZE = 96
"""Places that one step looks at. Its cost grows with the square of this."""
GROUP_COUNT = 5
"""Groups that the places are dealt into, a step each in turn: with always the same ones, the kinks of a network of
straight pieces lock in between them (largest deviations two to four times as large, measured)."""
TOLERANCE = 0.0025
"""Largest deviation, as a share of the curve's range, at which a fit is done; a quarter of what is promised."""
MIN_CURVE_RANGE = 0.01
"""A curve flatter than this counts as this high, so that nobody chases a share of nothing."""

START_VARIANTS = ((1.0, 0.0), (1.0, 0.5), (1.0, 1.0), (2.0, 0.0), (4.0, 0.0), (8.0, 0.0))
"""(sharpness, stagger) of `start_from_layers`, the gentlest first, because small weights learn most evenly.
A smooth unit in place of a kink must be steeper than the old one; kinks in place of smooth units must lie apart."""
MAX_MATCHINGS = 3
"""Ways to match old and new layers that starts are made with, in turn."""
MAX_STEPS, TRIAL_STEPS = 80, 5
"""Steps of a fit, and of each start before the best one is chosen."""
LARGE_NETWORK, MIN_STEPS = 5000, 8
"""Parameters from which a fit gets fewer steps, in proportion, but not fewer than this. Large networks need few."""
PATIENCE = 30
"""Steps without a new best after which a fit has got as far as it can."""
INITIAL_DAMPING, DAMPING_DECREASE, DAMPING_INCREASE, MAX_DAMPING, MIN_DAMPING = 1e-3, 4.0, 5.0, 1.0, 1e-12
"""Levenberg-Marquardt damping, relative to the mean of the diagonal: first, after good and bad steps, and its ends."""
MIN_POINT_WEIGHT = 0.05
"""Weight of a place that fits already; those that fit worst weigh about 1: it is the largest deviation that counts."""
RIDGE = 1e-6
"""Of least squares, relative to the features' mean square: it keeps near-copies from huge opposite weights."""


class JacobianWorkspace(Workspace):
    """A workspace that also knows how the outputs at all places move together when the parameters move.

    Attributes:
        pull_program: Pulls `output_gradient` back to `gradient`.
    """

    def __init__(self, network: MLP, batch: int) -> None:
        super().__init__(network, batch)
        self._spread_program = self.backward_program(parameters=False)
        self.pull_program = self.backward_program()

    def gram(self) -> Array:
        """J Jᵀ at the last `forward`, `(batch, batch)`, for J the derivative of each output by every parameter.

        A layer's part of J is a ⊗ ds in each place, so its part of J Jᵀ is (aᵀa)·(dsᵀds), element by element.
        """
        self.output_gradient.fill(1.0)
        run(self._spread_program)
        total = np.zeros((self.batch, self.batch), self.network.dtype)
        for a, ds in zip(self._activations, [*map(without_bias, self._deltas), self.output_gradient], strict=True):
            part = a.T @ a
            part *= ds.T @ ds
            total += part
        return total

    def hidden(self) -> list[tuple[Array, Array]]:
        """Pre-activations s and outputs h of each hidden layer, `(units, batch)`, as of the last `forward`."""
        return [(without_bias(s), without_bias(h)) for s, h in zip(self._layer_s, self._layer_h, strict=True)]


def fit_network(old: MLP, new: MLP, points: Float64, first: WeightInitializer) -> float:
    """Give a network the function of another one as nearly as it can hold it.

    Args:
        old: One output; in float64.
        new: As many inputs, one output, any layers and activation, any precision. Overwritten.
        points: Where the function matters, `(inputs, n)`.
        first: Draws first weights for `new` in place.

    Returns:
        The largest deviation at the points it was fitted at, as a share of the curve's range there; infinite if no
        start led to finite numbers, and then `new` holds first weights.
    """
    chosen = select_points(old, points)
    wanted = outputs_at(old, chosen)
    steps = step_limit(new)
    matchings = match_layers(old.sizes[1:-1], new.sizes[1:-1])
    best, held = math.inf, new.parameters.copy()
    for number, (sharpness, stagger) in enumerate(START_VARIANTS):
        first(new)
        start_from_layers(old, new, chosen, matchings[number % len(matchings)], sharpness, stagger)
        error = fit(new, chosen, wanted, min(steps, TRIAL_STEPS))
        if error < best:
            best, held = error, new.parameters.copy()
        if best <= TOLERANCE:
            break
    if math.isinf(best):
        first(new)
        return best
    new.parameters[:] = held
    return fit(new, chosen, wanted, steps)


def fit(network: MLP, points: Array, wanted: Array, steps: int) -> float:
    """Move a network towards wanted outputs by Levenberg-Marquardt steps (Marquardt 1963), one group of places each.

    A step is δ = Jᵀ (J Jᵀ + λI)⁻¹ r, with r what is missing: of all steps that help as much, the one that moves the
    parameters least.

    Args:
        network: One output; overwritten by the best that was seen. Its precision is that of the work: float32 is as
            good here, and twice as fast.
        points: `(inputs, n)`.
        wanted: `(n,)`.
        steps: At most so many.

    Returns:
        The largest deviation, as a share of the range of `wanted`; infinite where outputs are no numbers.
    """
    points, wanted = points.astype(network.dtype), wanted.astype(network.dtype)
    scale = max(float(np.ptp(wanted)), MIN_CURVE_RANGE)
    whole = Workspace(network, points.shape[1])
    whole.inputs[:-1] = points
    groups = max(1, points.shape[1] // GROUP_SIZE)
    works = [JacobianWorkspace(network, len(wanted[start::groups])) for start in range(groups)]
    for start, work in enumerate(works):
        work.inputs[:-1] = points[:, start::groups]
    best, held, since, damping = largest_deviation(whole, wanted), network.parameters.copy(), 0, INITIAL_DAMPING
    for turn in range(steps):
        if best <= TOLERANCE * scale or since == PATIENCE:
            break
        since += 1
        # Neighbouring groups are nearly the same places, so take every other one.
        start = 2 * turn % groups
        if not _levenberg_marquardt_step(works[start], wanted[start::groups], damping):
            damping = min(damping * DAMPING_INCREASE, MAX_DAMPING)
            continue
        damping = max(damping / DAMPING_DECREASE, MIN_DAMPING)
        error = largest_deviation(whole, wanted)
        if error < best:
            best, held, since = error, network.parameters.copy(), 0
    network.parameters[:] = held
    return best / scale


def _levenberg_marquardt_step(work: JacobianWorkspace, wanted: Array, damping: float) -> bool:
    """One step, taken back if it makes things worse; whether it was kept."""
    network = work.network
    missing = wanted - work.forward()[0]
    weights = MIN_POINT_WEIGHT + np.abs(missing) / max(
        float(np.abs(missing).max()), float(np.finfo(network.dtype).tiny)
    )
    cost, roots = float((weights * missing) @ missing), np.sqrt(weights)
    system = work.gram()
    unit = damping * float(np.trace(system)) / len(system)
    system *= roots * roots[:, None]
    system[np.diag_indices_from(system)] += unit
    before = network.parameters.copy()
    try:
        work.output_gradient[0] = roots * np.linalg.solve(system, roots * missing)
    except np.linalg.LinAlgError:  # so far out that the damping is lost in rounding
        return False
    run(work.pull_program)
    network.parameters += work.gradient
    missing = wanted - work.forward()[0]
    if float((weights * missing) @ missing) < cost:
        return True
    network.parameters[:] = before
    return False


def largest_deviation(work: Workspace, wanted: Array) -> float:
    """Largest distance of a network's outputs from those wanted; infinite where they are no numbers."""
    largest = float(np.abs(work.forward()[0] - wanted).max())
    return largest if math.isfinite(largest) else math.inf


def curve_change(old: MLP, new: MLP, points: Float64) -> float:
    """Largest deviation between two networks' outputs, as a share of the old one's range; infinite if no number is."""
    chosen = select_points(old, points)
    before = outputs_at(old, chosen)
    share = float(np.abs(outputs_at(new, chosen) - before).max()) / max(float(np.ptp(before)), MIN_CURVE_RANGE)
    return share if math.isfinite(share) else math.inf


def step_limit(network: MLP) -> int:
    """How many steps a fit of this network may take."""
    return max(MIN_STEPS, min(MAX_STEPS, MAX_STEPS * LARGE_NETWORK // network.parameters.size))


def select_points(network: MLP, points: Float64) -> Float64:
    """The places to fit at, `(inputs, GROUPS · GROUP)` or fewer.

    On a line they are spread evenly over the arc of the drawn curve, so that a steep stretch gets its share; among
    points of more inputs, every so many-th is taken.
    """
    count = GROUP_COUNT * GROUP_SIZE
    if len(points) > 1:
        chosen = np.linspace(0, points.shape[1] - 1, min(count, points.shape[1])).astype(int)
        return points[:, chosen]
    x = np.linspace(points.min(), points.max(), 4 * count)
    y = outputs_at(network, x[None])
    run, rise = np.diff(x) / max(np.ptp(x), np.finfo(float).tiny), np.diff(y) / max(np.ptp(y), MIN_CURVE_RANGE)
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(run, rise))])
    return np.interp(np.linspace(0.0, arc[-1], count), arc, x)[None]


# The start ---------------------------------------------------------------------------------------------------------


def start_from_layers(
    old: MLP, new: MLP, points: Float64, matching: Sequence[int | None], sharpness: float, stagger: float
) -> None:
    """Write into `new`, layer by layer, weights that make its units do what the old ones did.

    A layer's pre-activations are (s ± stagger) · sharpness, with s those of its counterpart, as nearly as least squares
    can make them of the layer below. A narrower layer keeps the units from which the others can best be made; a wider
    one keeps the first weights of what is over; one without a counterpart passes on what comes in.

    Args:
        old: In float64.
        new: Holds first weights.
        points: `(inputs, n)`.
        matching: One of `match_layers`.
        sharpness: How many times as steep the units are.
        stagger: By how much every other unit's pre-activations are raised, and the others' lowered.
    """
    seen = JacobianWorkspace(old, points.shape[1])
    seen.inputs[:-1] = points
    wanted = seen.forward().copy()
    hidden = seen.hidden()
    features = append_ones(points * new.input_scale)
    for source, layer in zip(matching, new.layers[:-1], strict=True):
        if source is None:
            _write_identity_units(new, layer, features[:-1])
        else:
            s, h = hidden[source]
            units = np.arange(len(s))
            if layer.shape[1] < len(s):
                importance = np.linalg.norm(old.layers[source + 1][:-1], axis=1)
                units = gram_schmidt_selection(h * importance[:, None], layer.shape[1])
            apart = stagger * (-1.0) ** np.arange(len(units))[:, None]
            layer[:, : len(units)] = least_squares(features, sharpness * (s[units] + apart))
        s = layer.T @ features
        h = np.empty_like(s)
        run(new.activation.apply(s, h))
        features = append_ones(h)
    new.layers[-1][:] = least_squares(features, wanted)


def _write_identity_units(network: MLP, layer: Array, h: Array) -> None:
    """Let a layer's first units repeat the `(units, n)` outputs of the layer below on a straight stretch of φ.

    A stretch that goes on for ever takes them as they are, only moved; a short one takes them shrunk.
    """
    low, high = network.activation.straight
    units = gram_schmidt_selection(h, min(layer.shape[1], len(h)))
    bottom, top = h[units].min(axis=1), h[units].max(axis=1)
    gain = np.ones(len(units))
    shift = low - bottom
    if math.isfinite(high):
        gain = np.minimum(1.0, (high - low) / np.maximum(top - bottom, np.finfo(float).tiny))
        shift = 0.5 * (low + high) - gain * 0.5 * (bottom + top)
    columns = np.arange(len(units))
    layer[:, columns] = 0.0
    layer[units, columns] = gain
    layer[-1, columns] = shift


def least_squares(features: Float64, wanted: Array) -> Float64:
    """Weights `(features, outputs)` that make `wanted`, `(outputs, n)`, of features `(features, n)`."""
    system = features @ features.T
    system[np.diag_indices_from(system)] += RIDGE * np.trace(system) / len(system)
    return np.asarray(np.linalg.solve(system, features @ wanted.T))


def gram_schmidt_selection(features: Array, count: int) -> NDArray[np.intp]:
    """The `count` rows from which the others can best be made, ascending: Gram-Schmidt, the longest remainder first."""
    rest = features - features.mean(axis=1, keepdims=True)
    chosen: list[int] = []
    for _ in range(count):
        lengths = np.einsum("un,un->u", rest, rest)
        lengths[chosen] = -1.0
        pick = int(lengths.argmax())
        chosen.append(pick)
        if lengths[pick] > 0:
            direction = rest[pick] / math.sqrt(lengths[pick])
            rest = rest - np.outer(rest @ direction, direction)
    return np.sort(np.array(chosen, np.intp))


def match_layers(old: Sequence[int], new: Sequence[int]) -> list[list[int | None]]:
    """For each new hidden layer the old one it goes on from, in order, None for one that is inserted: the best ways.

    Best are those in which fewest layers get narrower, then those in which widths change least, then those in which it
    is the last layers that come or go.

    Returns:
        At most `MAX_MATCHINGS`, the best first.
    """

    def cost(pairs: list[tuple[int, int]]) -> tuple[int, float]:
        ratios = [new[there] / old[here] for here, there in pairs]
        return sum(ratio < 1 for ratio in ratios), sum(abs(math.log(ratio)) for ratio in ratios)

    few, many = sorted((len(old), len(new)))
    ways = [list(zip(range(few), some, strict=True)) for some in combinations(range(many), few)]
    if len(old) > len(new):
        ways = [[(here, there) for there, here in way] for way in ways]
    chosen = [{there: here for here, there in way} for way in sorted(ways, key=cost)[:MAX_MATCHINGS]]
    return [[way.get(there) for there in range(len(new))] for way in chosen]


def append_ones(features: Array) -> Float64:
    """Features with a last row of ones."""
    return np.vstack([features, np.ones(features.shape[1])]).astype(np.float64)
