"""Fit a network to the curve of another one: start from the other's layers, then make Levenberg-Marquardt steps.

The networks are small and a fit looks at few points at a time, so a step solves a system with J·Jᵀ, `(points, points)`,
with J the Jacobian of the outputs. J itself is never formed. Work is limited by a number of steps, not by a time, so
that the speed of a machine changes no run.
"""

import math
from collections.abc import Callable

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.morphism.layer_matching import match_layers, start_from_layers
from gan1d.engine.networks.mlp import MLP, Workspace, outputs_at, without_bias
from gan1d.engine.programs import run

WeightInitializer = Callable[[MLP], None]
"""Draws first weights for a network, in place."""

GROUP_SIZE = 96
"""Points that one step fits. The cost of a step grows with its square."""
GROUP_COUNT = 5
"""Groups into which the points are divided; the steps take them in turn. With one fixed group, the kinks of a piecewise
linear network settle between its points: largest deviations are two to four times as large (measured)."""
TOLERANCE = 0.0025
"""Largest deviation, as a share of the curve's range, at which a fit stops; a quarter of the promised 1 %."""
MIN_CURVE_RANGE = 0.01
"""Smallest range of a curve to which deviations are related, so that a nearly constant curve is not fitted too far."""

START_VARIANTS = ((1.0, 0.0), (1.0, 0.5), (1.0, 1.0), (2.0, 0.0), (4.0, 0.0), (8.0, 0.0))
"""(sharpness, stagger) of `start_from_layers`, in the order of trial: small weights first, because they learn best.
Smooth units that replace kinks must be steeper than the old ones; kinks that replace smooth units must be spread."""
MAX_STEPS, STEPS_OF_TRIAL = 80, 5
"""Largest number of steps of a fit, and of the trial of each start variant."""
LARGE_NETWORK, MIN_STEPS = 5000, 8
"""Number of parameters from which the step limit falls, in inverse proportion, and its lower bound. Large networks need
few steps."""
PATIENCE = 30
"""Steps without improvement after which a fit stops."""
INITIAL_DAMPING, DAMPING_DECREASE, DAMPING_INCREASE = 1e-3, 4.0, 5.0
"""Levenberg-Marquardt damping, relative to the mean of the diagonal of J·Jᵀ: at the start, and the factors by which it
decreases after a successful step and increases after a failed one."""
MIN_DAMPING, MAX_DAMPING = 1e-12, 1.0
"""Bounds of the damping."""
MIN_POINT_WEIGHT = 0.05
"""Weight of a point that is already fitted; the point with the largest deviation has a weight of about 1, because a
fit has to reduce the largest deviation."""


class JacobianWorkspace(Workspace):
    """A workspace that also computes J·Jᵀ, with J the Jacobian of the outputs by the parameters.

    Attributes:
        parameter_program: Program that backpropagates `output_gradient` to `gradient`, which is Jᵀ·`output_gradient`.
    """

    def __init__(self, network: MLP, batch: int) -> None:
        super().__init__(network, batch)
        self._delta_program = self.backward_program(parameters=False)
        self.parameter_program = self.backward_program()

    def gram(self) -> Array:
        """J·Jᵀ at the inputs of the last `forward`, `(batch, batch)`.

        At each point a layer's part of J is a ⊗ ds, so its part of J·Jᵀ is (aᵀa)·(dsᵀds), element by element.
        """
        self.output_gradient.fill(1.0)
        run(self._delta_program)
        total = np.zeros((self.batch, self.batch), self.network.dtype)
        for a, ds in zip(self._activations, [*map(without_bias, self._deltas), self.output_gradient], strict=True):
            part = a.T @ a
            part *= ds.T @ ds
            total += part
        return total


def fit_network(old: MLP, new: MLP, points: Float64, initialize: WeightInitializer) -> float:
    """Fit a network to the function of another one, from the best of several starts.

    Args:
        old: The network to imitate, with one output, in float64.
        new: The network to fit, with as many inputs and one output, overwritten; layers, activation and dtype are
            arbitrary.
        points: Points at which the function matters, `(inputs, n)`.
        initialize: Draws first weights for `new`, in place.

    Returns:
        Largest deviation at the fitted points, as a share of the curve's range there; infinite if no start led to
        finite numbers, and then `new` holds first weights.
    """
    chosen = select_points(old, points)
    wanted = outputs_at(old, chosen)
    steps = step_limit(new)
    matchings = match_layers(old.sizes[1:-1], new.sizes[1:-1])
    best, best_parameters = math.inf, new.parameters.copy()
    for number, (sharpness, stagger) in enumerate(START_VARIANTS):
        initialize(new)
        start_from_layers(old, new, chosen, matchings[number % len(matchings)], sharpness, stagger)
        error = fit(new, chosen, wanted, min(steps, STEPS_OF_TRIAL))
        if error < best:
            best, best_parameters = error, new.parameters.copy()
        if best <= TOLERANCE:
            break
    if math.isinf(best):
        initialize(new)
        return best
    new.parameters[:] = best_parameters
    return fit(new, chosen, wanted, steps)


def fit(network: MLP, points: Array, wanted: Array, steps: int) -> float:
    """Fit a network to given outputs by Levenberg-Marquardt steps (Marquardt 1963), each on one group of points.

    A step is δ = Jᵀ (J Jᵀ + λI)⁻¹ r with residuals r: among all changes of the parameters that reduce the residuals as
    much, the smallest one.

    Args:
        network: A network with one output, overwritten by the best one found. Its dtype is that of the computation;
            float32 fits as well as float64 and is twice as fast.
        points: Inputs, `(inputs, n)`.
        wanted: Outputs to fit, `(n,)`.
        steps: Largest number of steps.

    Returns:
        Largest deviation, as a share of the range of `wanted`; infinite if outputs are not finite.
    """
    points, wanted = points.astype(network.dtype), wanted.astype(network.dtype)
    scale = max(float(np.ptp(wanted)), MIN_CURVE_RANGE)
    whole = Workspace(network, points.shape[1])
    whole.inputs[:-1] = points
    groups = max(1, points.shape[1] // GROUP_SIZE)
    works = [JacobianWorkspace(network, len(wanted[start::groups])) for start in range(groups)]
    for start, work in enumerate(works):
        work.inputs[:-1] = points[:, start::groups]
    best, best_parameters = largest_deviation(whole, wanted), network.parameters.copy()
    stalled, damping = 0, INITIAL_DAMPING
    for step in range(steps):
        if best <= TOLERANCE * scale or stalled == PATIENCE:
            break
        stalled += 1
        # Neighbouring groups have nearly the same points, so every other group comes next.
        start = 2 * step % groups
        if not _levenberg_marquardt_step(works[start], wanted[start::groups], damping):
            damping = min(damping * DAMPING_INCREASE, MAX_DAMPING)
            continue
        damping = max(damping / DAMPING_DECREASE, MIN_DAMPING)
        error = largest_deviation(whole, wanted)
        if error < best:
            best, best_parameters, stalled = error, network.parameters.copy(), 0
    network.parameters[:] = best_parameters
    return best / scale


def _levenberg_marquardt_step(work: JacobianWorkspace, wanted: Array, damping: float) -> bool:
    """Make one step and undo it if the weighted squared residuals grow; returns whether it was kept."""
    network = work.network
    residuals = wanted - work.forward()[0]
    weights = MIN_POINT_WEIGHT + np.abs(residuals) / max(
        float(np.abs(residuals).max()), float(np.finfo(network.dtype).tiny)
    )
    cost, roots = float((weights * residuals) @ residuals), np.sqrt(weights)
    system = work.gram()
    unit = damping * float(np.trace(system)) / len(system)
    system *= roots * roots[:, None]
    system[np.diag_indices_from(system)] += unit
    before = network.parameters.copy()
    try:
        work.output_gradient[0] = roots * np.linalg.solve(system, roots * residuals)
    except np.linalg.LinAlgError:  # entries so large that the damping is lost in rounding
        return False
    run(work.parameter_program)
    network.parameters += work.gradient
    residuals = wanted - work.forward()[0]
    if float((weights * residuals) @ residuals) < cost:
        return True
    network.parameters[:] = before
    return False


def largest_deviation(work: Workspace, wanted: Array) -> float:
    """Largest distance of a network's outputs from `wanted`; infinite if the outputs are not finite."""
    largest = float(np.abs(work.forward()[0] - wanted).max())
    return largest if math.isfinite(largest) else math.inf


def curve_change(old: MLP, new: MLP, points: Float64) -> float:
    """Largest deviation between two networks' outputs, as a share of the old one's range; infinite if not finite.

    It is measured at the given points `(inputs, n)` and at those that a fit uses, between which it can be larger.
    """
    chosen = np.concatenate([points, select_points(old, points)], axis=1)
    before = outputs_at(old, chosen)
    share = float(np.abs(outputs_at(new, chosen) - before).max()) / max(float(np.ptp(before)), MIN_CURVE_RANGE)
    return share if math.isfinite(share) else math.inf


def step_limit(network: MLP) -> int:
    """Largest number of steps for a fit of this network."""
    return max(MIN_STEPS, min(MAX_STEPS, MAX_STEPS * LARGE_NETWORK // network.parameters.size))


def select_points(network: MLP, points: Float64) -> Float64:
    """Points to fit at, `(inputs, GROUP_COUNT · GROUP_SIZE)` or fewer.

    With one input, points are evenly spaced along the arc length of the curve, so that steep parts are covered. With
    several inputs, every n-th point is used.
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
