"""One update of each player, compiled to two programs: compute the gradient, then apply it.

The trainer checks the norm of the gradient in between, so that a gradient that is not finite never reaches a parameter.

Buffers depend on the networks and on the batch settings only, and they make nine tenths of what a new update costs.
All other settings may change in a running game: `configure` writes anew only the program that reads them.

Stacks of networks are updated like single networks: their arrays and batches have a leading axis.
"""

from functools import cached_property
from typing import Any

import numpy as np

from gan1d.engine.arrays import Array, ones, zeros_like
from gan1d.engine.data.batches import AnyBatchStream, BatchStreams
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator, write_labels
from gan1d.engine.data.instance_noise import InstanceNoise
from gan1d.engine.networks.input_gradients import InputGradientWorkspace
from gan1d.engine.networks.mlp import MLP, Workspace, hidden_size, without_bias
from gan1d.engine.networks.optimizers import update_average
from gan1d.engine.objectives.gradient_penalties import NoPenalty, Penalty
from gan1d.engine.objectives.unrolling import NoUnrolling, Unrolled, UnrolledDiscriminator
from gan1d.engine.programs import Program, constant
from gan1d.engine.protocols import TrainerSettings
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
        self._sample_program: Program = [
            (streams["latent_d"].fill, (fakes.inputs[..., : config.latent.dimension, :],)),
            *self._real_batch_program(self._samples[..., :count], fakes),
            *fakes.forward_program,
        ]
        self._forward_program: Program = [
            *arrange,
            *(
                call
                for half in (self._real, self._fake)
                for call in self._view.fill_derived_rows(without_bias(work.inputs)[..., half])
            ),
            *work.forward_program,
        ]
        self._backward_program = work.backward_program()
        self._gradient_settings: Any = None
        self._update_settings: Any = None
        self.configure(config)

    def configure(self, config: TrainerSettings) -> None:
        """Write anew the programs whose settings have changed; networks and batches must be those of before."""
        gradient_settings = config.loss, config.penalty, config.instance_noise.deviation > 0
        if gradient_settings != self._gradient_settings:
            self._gradient_settings = gradient_settings
            is_noisy = config.instance_noise.deviation > 0
            self.gradient_program: Program = [
                *self._sample_program,
                *(self._noise.add_to(self._samples, self._streams["noise_d"]) if is_noisy else ()),
                *self._forward_program,
                *config.loss.discriminator_gradient(self.scores, self._score_gradient),
                *self._backward_program,
                *self._penalty_program(config.penalty),
                *self._penalty_program(config.loss.penalty),
            ]
        if self._player.update_settings != self._update_settings:
            self._update_settings = self._player.update_settings
            self.update_program = self._player.update_program(self._work.gradient_powers)

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

    def _penalty_program(self, penalty: Penalty) -> Program:
        """Add the gradient of a penalty on D's slopes to D's gradient."""
        if isinstance(penalty, NoPenalty):
            return []
        view, work, inputs = self._view, self._slope_work, self._work.inputs
        real, fake = (inputs[..., : view.samples, half] for half in (self._real, self._fake))
        share = np.empty_like(real[..., :1, :])
        # One copy of the points for each direction in which a slope is taken.
        first, *others = np.split(without_bias(work.inputs), view.samples, axis=-1)
        place = penalty.points_program(real, fake, share, first[..., : view.samples, :])
        labels = without_bias(inputs)[..., view.rows :, self._real]
        by_direction = (*self._player.network.stack, view.samples, self._items)
        return [
            *([(self._streams["mix"].fill, (share[..., 0, :],))] if penalty.needs_mixing else ()),
            *place,
            *view.fill_derived_rows(first),
            *([(np.copyto, (first[..., view.rows :, :], labels))] if self._classes else ()),
            *((np.copyto, (other, first)) for other in others),
            *work.hidden_program,
            *work.slope_program(),
            *penalty.gradient(work.slopes.reshape(by_direction), work.slope_gradient.reshape(by_direction)),
            *work.backward_slope_program(),
            (np.add, (self.gradient, work.gradient, self.gradient)),
        ]


class GeneratorUpdate:
    """One update of the generator on new noise, against the discriminator as it is or after its lookahead.

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
        self._sample_program: Program = [
            (streams["latent_g"].fill, (work_g.inputs[..., : inputs.dimension, :],)),
            *(self._label_program() if self._classes else ()),
            *work_g.forward_program,
        ]
        self._gradient_settings: Any = None
        self._update_settings: Any = None
        self.configure(config)

    def configure(self, config: TrainerSettings) -> None:
        """Write anew the programs whose settings have changed; networks and batches must be those of before."""
        player, is_noisy = config.generator, config.instance_noise.deviation > 0
        gradient_settings = config.loss, player.lookahead, player.feature_matching, is_noisy
        if gradient_settings != self._gradient_settings:
            self._gradient_settings = gradient_settings
            self.gradient_program = self._gradient_program(config)
        if self._player.update_settings != self._update_settings:
            self._update_settings = self._player.update_settings
            gain, network = constant(1 - player.ema_decay, self._average.dtype), self._player.network
            self.update_program: Program = [
                *self._player.update_program(self._work_g.gradient_powers),
                *update_average(self._average.parameters, network.parameters, gain, zeros_like(network.parameters)),
            ]

    def _gradient_program(self, config: TrainerSettings) -> Program:
        """Sample fakes, score them, and pull the gradient of G's loss back to G's parameters."""
        work_d, network_g, network_d = self._work_d, self._player.network, self._work_d.network
        is_noisy, player = config.instance_noise.deviation > 0, config.generator
        if isinstance(player.lookahead, NoUnrolling):
            # One call for φ′ of both networks, where they have the same activation, saves 2 % of a small step.
            is_shared = network_d.activation == network_g.activation
            slopes = network_g.activation.derivative(*self._hidden) if is_shared else work_d.derivative_program()
            score_program = [
                *work_d.forward_program,
                *config.loss.generator_gradient(work_d.outputs, work_d.output_gradient),
                *slopes,
                *work_d.backward_program(parameters=False, inputs=True, derivatives=False),
            ]
            self.scores = work_d.outputs[..., 0, :]
        else:
            is_shared, score_program = False, self._lookahead_program(config, player.lookahead)
        return [
            *self._sample_program,
            *(self._noise.add_to(self._samples[..., 0, :], self._streams["noise_g"]) if is_noisy else ()),
            *self._view.fill_derived_rows(without_bias(work_d.inputs)),
            *score_program,
            *(self._feature_matching_program(config) if player.feature_matching else ()),
            *self._view.pull_back_derived_rows(without_bias(work_d.inputs), work_d.input_gradient),
            *self._work_g.backward_program(derivatives=not is_shared),
        ]

    def _label_program(self) -> Program:
        """Draw labels for the fakes, and write them to the inputs of both networks."""
        labels = without_bias(self._work_g.inputs)[..., -self._classes :, :]
        return [
            (self._streams["label_g"].fill, (labels,)),
            *write_labels(self._view, labels, without_bias(self._work_d.inputs)),
        ]

    def _lookahead_program(self, config: TrainerSettings, lookahead: Unrolled) -> Program:
        """Score the fakes with D after its lookahead, and write the gradient of G's loss to D's input gradient."""
        fakes = self._work_d
        reals, fill_reals = self._real_items(config)
        pair = np.ones((len(fakes.inputs), 2 * fakes.batch), fakes.inputs.dtype)
        unroller = UnrolledDiscriminator(lookahead, config.loss, fakes.network, pair)
        self.scores = unroller.scores
        return [
            *fill_reals,
            (np.copyto, (pair[:, : fakes.batch], reals)),
            (np.copyto, (pair[:, fakes.batch :], fakes.inputs)),
            *unroller.program,
            (np.copyto, (fakes.input_gradient, unroller.fake_gradient)),
        ]

    def _real_items(self, config: TrainerSettings) -> tuple[Array, Program]:
        """A buffer for a batch of reals as inputs of D, `(inputs + 1, batch)`, and the program that fills it."""
        view, reals = self._view, np.ones_like(self._work_d.inputs)
        samples = reals[..., : view.samples, :].reshape(*self._player.network.stack, -1)
        program, labels = fill_real_batch(self._streams["data_g"], samples, self._classes)
        if self._classes:
            program += write_labels(view, labels, without_bias(reals))
        if config.instance_noise.deviation:
            program += self._noise.add_to(samples, self._streams["noise_data_g"])
        return reals, [*program, *view.fill_derived_rows(without_bias(reals))]

    def _feature_matching_program(self, config: TrainerSettings) -> Program:
        """Add the gradient of weight·‖mean f(x) − mean f(G(z))‖² to D's input gradient, where f is D's last hidden
        layer: feature matching (Salimans et al. 2016, arXiv:1606.03498, section 3.1)."""
        work_d = self._work_d
        reals, fill_reals = self._real_items(config)
        of_reals = Workspace(work_d.network, work_d.batch, inputs=reals)
        of_fakes = Workspace(work_d.network, work_d.batch, inputs=work_d.inputs)
        gradient = np.empty_like(of_fakes.features)
        factor = -2 * config.generator.feature_matching / work_d.batch

        def write_gradient() -> None:
            gap = of_reals.features.mean(axis=-1, keepdims=True) - of_fakes.features.mean(axis=-1, keepdims=True)
            gradient[:] = factor * gap

        return [
            *fill_reals,
            *of_reals.hidden_program,
            *of_fakes.hidden_program,
            (write_gradient, ()),
            *of_fakes.backward_features_program(gradient),
            (np.add, (work_d.input_gradient, of_fakes.input_gradient, work_d.input_gradient)),
        ]


def fill_real_batch(stream: AnyBatchStream, samples: Array, classes: int) -> tuple[Program, Array]:
    """The program that fills `samples`, `(…, n)`, with a batch of reals, and the array that then holds their labels,
    `(…, classes, n)`."""
    drawn = np.empty((*samples.shape[:-1], 1 + classes, samples.shape[-1]), samples.dtype)
    labels = drawn[..., 1:, :]
    if classes == 0:
        return [(stream.fill, (samples,))], labels
    return [(stream.fill, (drawn,)), (np.copyto, (samples, drawn[..., 0, :]))], labels
