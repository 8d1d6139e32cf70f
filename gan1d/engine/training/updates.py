"""One update of each player, compiled to two programs: compute the gradient, then apply it.

The trainer checks the norm of the gradient in between, so that a gradient that is not finite never reaches a parameter.

Buffers depend on the networks and on the batch settings only. All other settings may change in a running game:
`configure` keeps the buffers, and writes anew only the parts of the programs that read a changed setting.

Stacks of networks are updated like single networks: their arrays and batches have a leading axis.
"""

from functools import cached_property

import numpy as np

from gan1d.engine.arrays import Array, ones, zeros_like
from gan1d.engine.data.batches import AnyBatchStream, BatchStreams
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator, write_labels
from gan1d.engine.data.instance_noise import InstanceNoise
from gan1d.engine.networks.input_gradients import InputGradientWorkspace
from gan1d.engine.networks.mlp import MLP, Workspace, hidden_size, without_bias
from gan1d.engine.networks.optimizers import update_average
from gan1d.engine.objectives.gradient_penalties import NoPenalty, Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.objectives.unrolling import NoUnrolling, Unrolled, UnrolledDiscriminator, Unrolling
from gan1d.engine.programs import Program, constant
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.live_programs import LivePart, LiveProgram
from gan1d.engine.training.player import Player


class DiscriminatorUpdate:
    """One update of the discriminator; the generator is only read.

    Args:
        config: The settings in force.
        discriminator: The player that is updated.
        generator: The network that makes the fakes.
        streams: Batch streams by name: data, latent_d, mix, noise_d.
        noise: Instance noise on D's inputs.

    Attributes:
        scores: D's scores in the last update, `(…, 2, batch)`, reals first.
        gradient: d loss / d parameters in the last update, `(…, parameters)`, penalties included.
        gradient_program: Computes `scores` and `gradient`.
        update_program: Applies `gradient` to the parameters.
    """

    def __init__(
        self,
        config: TrainerSettings,
        discriminator: Player,
        generator: MLP,
        streams: BatchStreams,
        noise: InstanceNoise,
    ) -> None:
        self._player, self._streams, self._noise = discriminator, streams, noise
        inputs, network, batch = inputs_of_discriminator(config), discriminator.network, config.batch_size
        self._view, self._classes = inputs.view, inputs.classes
        # Reals and fakes lie side by side in one batch.
        self._items, self._real, self._fake = batch, slice(None, batch), slice(batch, None)
        work = self._work = Workspace(network, 2 * batch)
        self.scores, self.gradient = work.outputs.reshape(*network.stack, 2, batch), work.gradient
        self._score_gradient = work.output_gradient.reshape(*network.stack, 2, batch)
        self._samples, arrange = self._sample_buffer()
        count = batch * self._view.samples
        fakes = Workspace(generator, count, outputs=self._samples[..., None, count:])
        sample_program: Program = [
            (streams["latent_d"].fill, (fakes.inputs[..., : config.latent.dimension, :],)),
            *self._real_batch_program(self._samples[..., :count], fakes),
            *fakes.forward_program,
        ]
        forward_program: Program = [
            *arrange,
            *(
                call
                for half in (self._real, self._fake)
                for call in self._view.fill_derived_rows(without_bias(work.inputs)[..., half])
            ),
            *work.forward_program,
        ]
        self.gradient_program = LiveProgram(
            config,
            [
                sample_program,
                LivePart(is_noisy, self._noise_program),
                forward_program,
                LivePart(lambda config: config.loss, self._loss_program),
                work.backward_program(),
                LivePart(lambda config: config.penalty, self._penalty_program),
                LivePart(lambda config: config.loss.penalty, self._penalty_program),
            ],
        )
        self.update_program = LiveProgram(config, discriminator.update_parts(work.gradient_powers))

    def configure(self, config: TrainerSettings) -> None:
        """Follow other settings; networks and batches must be those of before."""
        self.gradient_program.configure(config)
        self.update_program.configure(config)

    def _noise_program(self, is_noisy: bool) -> Program:
        return self._noise.add_to(self._samples, self._streams["noise_d"]) if is_noisy else []

    def _loss_program(self, loss: Loss) -> Program:
        return loss.discriminator_gradient(self.scores, self._score_gradient)

    def _sample_buffer(self) -> tuple[Array, Program]:
        """A buffer for the samples of both halves, `(…, 2 · batch · samples)`, and the program that arranges them as
        items in D's inputs. With one sample to an item the buffer is that row of the inputs, and the program empty."""
        inputs, stack, size = self._work.inputs, self._player.network.stack, self._view.samples
        if size == 1:
            return inputs[..., 0, :], []
        samples = np.empty((*stack, 2 * size * self._items), inputs.dtype)
        parts = zip((self._real, self._fake), np.split(samples, 2, axis=-1), strict=True)
        rows = (*stack, size, self._items)
        return samples, [(np.copyto, (inputs[..., :size, half], part.reshape(rows))) for half, part in parts]

    def _real_batch_program(self, samples: Array, fakes: Workspace) -> Program:
        """Fill `samples` with a batch of reals, and write its labels to G's inputs and to both halves of D's inputs."""
        program, labels = fill_real_batch(self._streams["data"], samples, self._classes)
        if self._classes:
            program.append((np.copyto, (without_bias(fakes.inputs)[..., -self._classes :, :], labels)))
            for half in (self._real, self._fake):
                program += write_labels(self._view, labels, without_bias(self._work.inputs)[..., half])
        return program

    @cached_property
    def _slope_work(self) -> InputGradientWorkspace:
        """Buffers for D's slopes along every sample of an item; without a penalty there are none."""
        return InputGradientWorkspace(self._player.network, self._items, self._view.samples)

    @cached_property
    def _slope_program(self) -> Program:
        """Compute the slopes at points of which the first rows are in place."""
        view, work, size = self._view, self._slope_work, self._items
        rows = without_bias(work.inputs)
        points, labels = rows[..., :size], without_bias(self._work.inputs)[..., view.rows :, self._real]
        # The points are repeated for every direction in which a slope is taken.
        starts = range(size, size * view.samples, size)
        return [
            *view.fill_derived_rows(points),
            *([(np.copyto, (points[..., view.rows :, :], labels))] if self._classes else ()),
            *((np.copyto, (rows[..., start : start + size], points)) for start in starts),
            *work.hidden_program,
            *work.slope_program(),
        ]

    @cached_property
    def _backward_slope_program(self) -> Program:
        """Add the gradient of a loss of the slopes to D's gradient."""
        work = self._slope_work
        return [*work.backward_slope_program(), (np.add, (self.gradient, work.gradient, self.gradient))]

    def _penalty_program(self, penalty: Penalty) -> Program:
        """Add the gradient of a penalty on D's slopes to D's gradient."""
        if isinstance(penalty, NoPenalty):
            return []
        work, inputs, size = self._slope_work, self._work.inputs, self._view.samples
        real, fake = inputs[..., :size, self._real], inputs[..., :size, self._fake]
        share, by_direction = np.empty_like(real[..., :1, :]), (*self._player.network.stack, size, self._items)
        return [
            *([(self._streams["mix"].fill, (share[..., 0, :],))] if penalty.needs_mixing else ()),
            *penalty.points_program(real, fake, share, work.inputs[..., :size, : self._items]),
            *self._slope_program,
            *penalty.gradient(work.slopes.reshape(by_direction), work.slope_gradient.reshape(by_direction)),
            *self._backward_slope_program,
        ]


class GeneratorUpdate:
    """One update of the generator on new latents, against the discriminator as it is or after its lookahead.

    Args:
        config: The settings in force.
        generator: The player that is updated.
        average: The running average of G's parameters, updated after G.
        discriminator: The network that scores the fakes; only read.
        streams: Batch streams by name: latent_g, label_g, noise_g, data_g, noise_data_g.
        noise: Instance noise on D's inputs.

    Attributes:
        scores: D's scores of the fakes in the last update, `(…, batch)`.
        gradient: d loss / d parameters in the last update, `(…, parameters)`.
        gradient_program: Computes `scores` and `gradient`.
        update_program: Applies `gradient` to the parameters, then updates the average.
    """

    def __init__(
        self,
        config: TrainerSettings,
        generator: Player,
        average: MLP,
        discriminator: MLP,
        streams: BatchStreams,
        noise: InstanceNoise,
    ) -> None:
        self._player, self._average, self._streams, self._noise = generator, average, streams, noise
        self._scratch = zeros_like(average.parameters)
        inputs, network, batch = inputs_of_generator(config), generator.network, config.batch_size
        view = self._view = config.discriminator.view
        self._classes, count = inputs.classes, batch * view.samples
        # The hidden layers of both networks share one block, so that one call can compute φ′ of both.
        size_d = hidden_size(discriminator, batch)
        self._hidden = ones((3, size_d + hidden_size(network, count)), network.dtype)
        work_d = self._work_d = Workspace(discriminator, batch, hidden=self._hidden[:, :size_d])
        # G writes its samples straight to D's inputs, and reads their gradient from D's input gradient.
        row = (*network.stack, 1, count)
        self._samples = work_d.inputs[..., : view.samples, :].reshape(row)
        work_g = self._work_g = Workspace(network, count, outputs=self._samples, hidden=self._hidden[:, size_d:])
        work_g.output_gradient = work_d.input_gradient[..., : view.samples, :].reshape(row)
        self.gradient = work_g.gradient
        self.scores = work_d.outputs[..., 0, :]
        self.gradient_program = LiveProgram(
            config,
            [
                [(streams["latent_g"].fill, (work_g.inputs[..., : inputs.dimension, :],))],
                self._label_program(),
                work_g.forward_program,
                LivePart(is_noisy, self._noise_program),
                view.fill_derived_rows(without_bias(work_d.inputs)),
                LivePart(
                    lambda config: (config.generator.lookahead, config.loss, is_noisy(config)), self._score_program
                ),
                LivePart(
                    lambda config: (config.generator.feature_matching, is_noisy(config)), self._feature_matching_program
                ),
                view.pull_back_derived_rows(without_bias(work_d.inputs), work_d.input_gradient),
                LivePart(lambda config: self._shares_derivative(config.generator.lookahead), self._backward_program),
            ],
        )
        ema_part = LivePart(lambda config: config.generator.ema_decay, self._ema_program)
        self.update_program = LiveProgram(config, [*generator.update_parts(work_g.gradient_powers), ema_part])

    def configure(self, config: TrainerSettings) -> None:
        """Follow other settings; networks and batches must be those of before."""
        self.gradient_program.configure(config)
        self.update_program.configure(config)

    def _label_program(self) -> Program:
        """Draw labels for the fakes, and write them to the inputs of both networks."""
        if self._classes == 0:
            return []
        labels = without_bias(self._work_g.inputs)[..., -self._classes :, :]
        return [
            (self._streams["label_g"].fill, (labels,)),
            *write_labels(self._view, labels, without_bias(self._work_d.inputs)),
        ]

    def _noise_program(self, is_noisy: bool) -> Program:
        return self._noise.add_to(self._samples[..., 0, :], self._streams["noise_g"]) if is_noisy else []

    def _ema_program(self, decay: float) -> Program:
        gain, parameters = constant(1 - decay, self._average.dtype), self._player.network.parameters
        return update_average(self._average.parameters, parameters, gain, self._scratch)

    def _shares_derivative(self, lookahead: Unrolling) -> bool:
        """Whether φ′ of both networks is computed in one call, which saves 2 % of a small step."""
        has_same = self._work_d.network.activation == self._player.network.activation
        return isinstance(lookahead, NoUnrolling) and has_same

    def _backward_program(self, shares_derivative: bool) -> Program:
        return self._work_g.backward_program(derivatives=not shares_derivative)

    def _score_program(self, settings: tuple[Unrolling, Loss, bool]) -> Program:
        """Score the fakes, and pull the gradient of G's loss back to D's inputs."""
        lookahead, loss, is_noisy = settings
        if not isinstance(lookahead, NoUnrolling):
            return self._lookahead_program(lookahead, loss, is_noisy)
        work = self._work_d
        self.scores = work.outputs[..., 0, :]
        shares = self._shares_derivative(lookahead)
        return [
            *work.forward_program,
            *loss.generator_gradient(work.outputs, work.output_gradient),
            *(work.network.activation.derivative(*self._hidden) if shares else work.derivative_program()),
            *self._backward_score_program,
        ]

    @cached_property
    def _backward_score_program(self) -> Program:
        return self._work_d.backward_program(parameters=False, inputs=True, derivatives=False)

    def _lookahead_program(self, lookahead: Unrolled, loss: Loss, is_noisy: bool) -> Program:
        """Score the fakes with D after its lookahead, and write the gradient of G's loss to D's input gradient."""
        fakes, reals = self._work_d, np.ones_like(self._work_d.inputs)
        pair = np.ones((len(fakes.inputs), 2 * fakes.batch), fakes.inputs.dtype)
        unrolled = UnrolledDiscriminator(lookahead, loss, fakes.network, pair)
        self.scores = unrolled.scores
        return [
            *self._real_program(reals, is_noisy),
            (np.copyto, (pair[:, : fakes.batch], reals)),
            (np.copyto, (pair[:, fakes.batch :], fakes.inputs)),
            *unrolled.program,
            (np.copyto, (fakes.input_gradient, unrolled.fake_gradient)),
        ]

    def _real_program(self, inputs: Array, is_noisy: bool) -> Program:
        """Fill inputs of D, `(inputs + 1, batch)`, with a batch of reals."""
        samples = inputs[..., : self._view.samples, :].reshape(*self._player.network.stack, -1)
        program, labels = fill_real_batch(self._streams["data_g"], samples, self._classes)
        if self._classes:
            program += write_labels(self._view, labels, without_bias(inputs))
        if is_noisy:
            program += self._noise.add_to(samples, self._streams["noise_data_g"])
        return [*program, *self._view.fill_derived_rows(without_bias(inputs))]

    @cached_property
    def _feature_work(self) -> tuple[Workspace, Workspace]:
        """Buffers for the features of reals and of fakes; without feature matching there are none."""
        work = self._work_d
        of_reals = Workspace(work.network, work.batch, inputs=np.ones_like(work.inputs))
        return of_reals, Workspace(work.network, work.batch, inputs=work.inputs)

    def _feature_matching_program(self, settings: tuple[float, bool]) -> Program:
        """Add the gradient of weight·‖mean f(x) − mean f(G(z))‖² to D's input gradient, where f is D's last hidden
        layer: feature matching (Salimans et al. 2016, arXiv:1606.03498, section 3.1)."""
        weight, is_noisy = settings
        if weight == 0:
            return []
        input_gradient, (of_reals, of_fakes) = self._work_d.input_gradient, self._feature_work
        gradient, factor = np.empty_like(of_fakes.features), -2 * weight / of_fakes.batch

        def write_gradient() -> None:
            gap = of_reals.features.mean(axis=-1, keepdims=True) - of_fakes.features.mean(axis=-1, keepdims=True)
            gradient[:] = factor * gap

        return [
            *self._real_program(of_reals.inputs, is_noisy),
            *of_reals.hidden_program,
            *of_fakes.hidden_program,
            (write_gradient, ()),
            *of_fakes.backward_features_program(gradient),
            (np.add, (input_gradient, of_fakes.input_gradient, input_gradient)),
        ]


def is_noisy(config: TrainerSettings) -> bool:
    """Whether there is instance noise."""
    return config.instance_noise.deviation > 0


def fill_real_batch(stream: AnyBatchStream, samples: Array, classes: int) -> tuple[Program, Array]:
    """The program that fills `samples`, `(…, n)`, with a batch of reals, and the array that then holds their labels,
    `(…, classes, n)`."""
    drawn = np.empty((*samples.shape[:-1], 1 + classes, samples.shape[-1]), samples.dtype)
    labels = drawn[..., 1:, :]
    if classes == 0:
        return [(stream.fill, (samples,))], labels
    return [(stream.fill, (drawn,)), (np.copyto, (samples, drawn[..., 0, :]))], labels
