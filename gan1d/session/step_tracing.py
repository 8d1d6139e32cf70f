"""Steps taken apart for single viewers: the step that follows any step of a run, and one sample of it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from gan1d.config.model import Config
from gan1d.engine.arrays import Array
from gan1d.engine.data.conditioning import class_count
from gan1d.engine.data.translation import is_translation
from gan1d.engine.metrics.optimal_discriminator import ScoreCalibration
from gan1d.engine.networks.mlp import MLP, split
from gan1d.engine.training.step_trace import PassTrace, StepTrace, UpdateTrace, trace_step
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.units import Units
from gan1d.formatting import format_count, round_digits
from gan1d.session import messages
from gan1d.session.flow_control import Subscriber
from gan1d.session.look_back import LookBack, LookRequest, StepFinder, ViewerRequests
from gan1d.session.messages import encode_event
from gan1d.session.run import Run
from gan1d.session.run_record import NOT_KEPT, RunRecord

SHOWN_SAMPLES: Final = 256
"""Samples of a batch that are sent; all of the default."""
SHOWN_UNITS: Final = 16
"""Units of a layer that are sent with a sample; more have no room in a picture."""
KEPT_TRACES: Final = 2
"""Traces that are kept for viewers who go through the samples of a step. One of the default takes 1 MB."""

Matrices = list[list[list[float]]]
"""Numbers in the shape of the weights of a network."""


@dataclass(frozen=True)
class TracedStep:
    """A step taken apart.

    Attributes:
        record: The run.
        config: The settings in force.
        trace: Its numbers, or why there are none, in a sentence for the user.
    """

    record: RunRecord
    config: Config
    trace: StepTrace | str


@dataclass(frozen=True)
class TraceRequest:
    """What a viewer has requested.

    Attributes:
        command: The command.
        record: The run.
        step: The step before the one that is taken apart.
    """

    command: messages.GetStepTrace
    record: RunRecord
    step: int


class StepTracing(ViewerRequests[TraceRequest]):
    """The viewers that take a step apart.

    Args:
        timer: Seconds, to measure how long a slice took.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        super().__init__(LookBack(timer, _trace_found, KEPT_TRACES))

    @property
    def is_busy(self) -> bool:
        """Whether a step is to be taken apart."""
        return bool(self._requests)

    def want(self, command: messages.GetStepTrace, record: RunRecord, step: int, viewer: Subscriber) -> None:
        """Take the step that follows a step apart for a viewer, in place of one that still waits."""
        self._requests[viewer] = TraceRequest(command, record, step)
        if record.recording is not None:
            self._look_back.want(viewer, LookRequest(record, step, look=0))

    def advance(self, seconds: float, run: Run) -> None:
        """Work for about so many seconds, and send what was found."""
        for viewer, request in list(self._requests.items()):
            if request.record is run.record and request.step == run.step:
                self._send(viewer, TracedStep(run.record, run.config, _trace(run.trainer, "both")))
            elif request.record.recording is None:
                self._refuse(viewer, NOT_KEPT)
        for viewer, _, found in self._look_back.advance(seconds):
            self._send(viewer, found)

    def _send(self, viewer: Subscriber, found: TracedStep) -> None:
        try:
            event = traced_event(found, self._requests[viewer].command)
        except ValueError as error:
            self._refuse(viewer, str(error))
            return
        self.drop(viewer)
        viewer.send_text(encode_event(event))


def _trace(trainer: Trainer, player: str) -> StepTrace | str:
    """The next step, taken apart, or why there is nothing to take apart."""
    if trainer.diverged is not None:
        return "The run has diverged, so no step follows."
    if trainer.config.discriminator.optimal:
        return "G plays against the optimal D, which is a formula and no network, so there is nothing to take apart."
    if is_translation(trainer.config):
        return "A step of two networks is taken apart, and a translation has four."
    return trace_step(trainer, discriminator=player != "generator", generator=player != "discriminator")


def _trace_found(finder: StepFinder, record: RunRecord, step: int) -> TracedStep:
    """The step after one that was found, with the players that were updated in it."""
    run, recording = finder.run, record.recording
    assert run is not None
    assert recording is not None
    player, _ = recording.log.player_at(step, step + 1)
    return TracedStep(record, run.config, _trace(run.trainer, player))


def traced_event(step: TracedStep, command: messages.GetStepTrace) -> messages.StepTraced:
    """A step as it is sent.

    Raises:
        ValueError: No step follows, or the step has no such update or sample; the message is for the user.
    """
    trace, config = step.trace, step.config
    if isinstance(trace, str):
        raise ValueError(trace)
    sample = None if command.update is None else traced_sample(trace, command.update, command.sample)
    return messages.StepTraced(
        run=step.record.number,
        step=trace.step,
        formulas=asdict(config.loss.formulas),
        updates=[traced_update(update, config, trace.units) for update in trace.updates],
        sample=sample,
    )


def traced_update(update: UpdateTrace, config: Config, units: Units) -> messages.TracedUpdate:
    """One update, with the numbers of its first samples; positions and ∂L/∂x are in units of x."""
    scored, made, samples = update.discriminator, update.generator, config.discriminator.view.samples
    batch = len(made.outputs) // samples
    shown = min(batch, SHOWN_SAMPLES)
    columns = np.arange(shown)
    if update.player == "discriminator":
        columns = np.concatenate([columns, batch + columns])
    dimension, classes = config.latent.dimension, class_count(config)
    readout, slopes, weights = config.loss.readout, scored.input_gradient, update.weights
    scores, outputs_after, samples_after = update.scores[columns], np.empty(0), np.empty((0, 0))
    if weights is not None and update.player == "discriminator":
        outputs_after = weights.outputs_after[columns].astype(np.float64)
    elif weights is not None:
        moved = weights.outputs_after.reshape(samples, batch)[:, :shown]
        samples_after = np.asarray(units.to_x(moved.astype(np.float64)))

    def outputs(scores: Array) -> list[float]:
        return [] if readout.needs_calibration else numbers(readout.transform(scores, ScoreCalibration()))

    return messages.TracedUpdate(
        player=update.player,
        is_trial=update.is_trial,
        batch=batch,
        latents=rows_of(made.inputs[:dimension, :shown]),
        labels=made.inputs[dimension : dimension + classes, :shown].argmax(axis=0).tolist() if classes else [],
        samples=rows_of(units.to_x(scored.inputs[:samples, columns].astype(np.float64))),
        scores=numbers(scores),
        outputs=outputs(scores),
        costs=numbers(update.costs[columns]),
        score_gradients=[] if scored.output_gradient is None else numbers(scored.output_gradient[columns]),
        sample_gradients=[] if slopes is None else rows_of(slopes[:samples, columns] / units.scale),
        outputs_after=outputs(outputs_after),
        samples_after=rows_of(samples_after),
        loss=update.loss,
        norm=update.norm,
        change=np.nan if weights is None else float(np.linalg.norm(weights.after - weights.before)),
    )


def traced_sample(trace: StepTrace, index: int, sample: int) -> messages.TracedSample:
    """One sample of an update on its way through both networks.

    Raises:
        ValueError: The step has no such update, or the update no such sample.
    """
    if index >= len(trace.updates):
        last = format_count(len(trace.updates) - 1)
        raise ValueError(f"Expected the number of an update from 0 to {last}, but got {format_count(index)}.")
    update = trace.updates[index]
    made, scored, count = update.generator, update.discriminator, len(update.scores)
    if sample >= count:
        last = format_count(count - 1)
        raise ValueError(f"Expected the number of a sample from 0 to {last}, but got {format_count(sample)}.")
    reals = count // 2 if update.player == "discriminator" else 0
    updated = made.network if update.player == "generator" else scored.network
    return messages.TracedSample(
        update=index,
        sample=sample,
        units=SHOWN_UNITS,
        generator=None if sample < reals else traced_pass(made, sample - reals),
        discriminator=traced_pass(scored, sample),
        parameters=None if update.weights is None else traced_parameters(update, updated),
    )


def traced_pass(one: PassTrace, column: int) -> messages.TracedPass:
    """One sample of a pass."""
    gradient = one.output_gradient
    return messages.TracedPass(
        sizes=list(one.network.sizes),
        input_scale=one.network.input_scale,
        inputs=numbers(one.inputs[:, column]),
        layers=[
            messages.TracedLayer(
                s=numbers(layer.s[:SHOWN_UNITS, column]),
                h=numbers(layer.h[:SHOWN_UNITS, column]),
                gradient=[] if layer.gradient is None else numbers(layer.gradient[:SHOWN_UNITS, column]),
            )
            for layer in one.layers
        ],
        output=numbers(one.outputs)[column],
        output_gradient=np.nan if gradient is None else numbers(gradient)[column],
        weights=matrices(one.network.parameters, one.network),
    )


def traced_parameters(update: UpdateTrace, network: MLP) -> messages.TracedParameters:
    """What an update does to each parameter."""
    weights = update.weights
    assert weights is not None

    def by_name(averages: Mapping[str, Array]) -> dict[str, Matrices]:
        return {name: matrices(average, network) for name, average in averages.items()}

    return messages.TracedParameters(
        gradient=matrices(update.gradient, network),
        before=matrices(weights.before, network),
        after=matrices(weights.after, network),
        averages_before=by_name(weights.averages_before),
        averages_after=by_name(weights.averages_after),
    )


def matrices(flat: Array, network: MLP) -> Matrices:
    """A vector in the shape of a network's weights, with the first units of each layer and the row of biases."""
    return [
        rows_of(np.concatenate([layer[:-1][:SHOWN_UNITS], layer[-1:]])[:, :SHOWN_UNITS])
        for layer in split(flat, [layer.shape for layer in network.layers])
    ]


def numbers(values: ArrayLike) -> list[float]:
    """Numbers with nine digits, which single precision determines; a longer text would say no more."""
    return [round_digits(value, 9) for value in np.asarray(values).tolist()]


def rows_of(matrix: Any) -> list[list[float]]:
    """The rows of a matrix as numbers."""
    return [numbers(row) for row in matrix]
