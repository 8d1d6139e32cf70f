"""One update of the discriminator, compiled to two programs: compute the gradient, then apply it.

The trainer checks the norm of the gradient in between, so that a gradient that is not finite never reaches a parameter.

Buffers depend on the networks and on the batch settings only. All other settings may change in a running game:
`configure` keeps the buffers, and writes anew only the parts of the programs that read a changed setting.

A stack of networks is updated like a single network: its arrays and batches have a leading axis.
"""

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.data.batches import BatchStreams
from gan1d.engine.data.conditioning import inputs_of_discriminator, real_batch_program, write_labels
from gan1d.engine.data.instance_noise import InstanceNoise, has_instance_noise
from gan1d.engine.networks.input_gradients import InputGradientWorkspace
from gan1d.engine.networks.mlp import MLP, Workspace, without_bias
from gan1d.engine.objectives.gradient_penalties import NoPenalty, Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.programs import Program
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.live_programs import LivePart, LiveProgram
from gan1d.engine.training.player import Player


class DiscriminatorUpdate:
    """One update of the discriminator; the generator is only read.

    Args:
        config: The settings in force.
        discriminator: The player that is updated.
        generator: The network that makes the fakes.
        streams: Batch streams by name: data, latent_d, code_d, mix, noise_d.
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
        self._samples, self._arrange_program = self._sample_buffer()
        self._slope_works: dict[int, InputGradientWorkspace] = {}
        count = batch * self._view.samples
        self._fakes = Workspace(generator, count, outputs=self._samples[..., None, count:])
        self._latents = self._fakes.inputs[..., : config.latent.dimension, :]
        self._code_rows = config.code.rows
        self.gradient_program = LiveProgram(config, self._gradient_parts())
        self.update_program = LiveProgram(config, discriminator.update_parts(work.gradient_powers))

    @property
    def workspaces(self) -> tuple[Workspace, Workspace]:
        """Passes of G and of D in the last update."""
        return self._fakes, self._work

    def configure(self, config: TrainerSettings) -> None:
        """Apply new settings; the networks and the settings of batches must be unchanged."""
        self.gradient_program.configure(config)
        self.update_program.configure(config)

    def _gradient_parts(self) -> list[Program | LivePart]:
        """Sample reals and fakes, score them, and pull the gradient of D's objective back to D's parameters."""
        work = self._work
        return [
            [(self._streams["latent_d"].fill, (self._latents,))],
            self._code_program(),
            self._real_batch_program(),
            self._fakes.forward_program,
            LivePart(has_instance_noise, self._noise_program),
            self._arrange_program,
            self._view.fill_derived_rows(without_bias(work.inputs)[..., self._real]),
            self._view.fill_derived_rows(without_bias(work.inputs)[..., self._fake]),
            work.forward_program,
            LivePart(lambda config: config.loss, self._loss_program),
            work.backward_program(),
            LivePart(lambda config: config.penalty, self._penalty_program),
            LivePart(lambda config: config.loss.penalty, self._penalty_program),
        ]

    def _code_program(self) -> Program:
        """Draw codes for the fakes; without a code there are none."""
        rows = without_bias(self._fakes.inputs)[..., -self._code_rows :, :]
        return [(self._streams["code_d"].fill, (rows,))] if self._code_rows else []

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

    def _real_batch_program(self) -> Program:
        """Fill the first half of the samples with reals, and write their labels to the inputs of G and of D."""
        samples = self._samples[..., : self._samples.shape[-1] // 2]
        program, labels = real_batch_program(self._streams["data"], samples, self._classes)
        if self._classes:
            program.append((np.copyto, (without_bias(self._fakes.inputs)[..., -self._classes :, :], labels)))
            for half in (self._real, self._fake):
                program += write_labels(self._view, labels, without_bias(self._work.inputs)[..., half])
        return program

    def _slope_work(self, points: int) -> InputGradientWorkspace:
        """Buffers for D's slopes along every sample of an item at some points; without a penalty there are none."""
        if points not in self._slope_works:
            view = self._view
            self._slope_works[points] = InputGradientWorkspace(self._player.network, points, view.samples)
        return self._slope_works[points]

    def _slope_program(self, work: InputGradientWorkspace, size: int) -> Program:
        """Compute the slopes at `size` points of which the first rows are in place."""
        view, batch = self._view, self._items
        rows = without_bias(work.inputs)
        points, labels = rows[..., :size], without_bias(self._work.inputs)[..., view.rows :, :size]
        # Points at reals and points at fakes have the derived rows of their own batch.
        derived = [view.fill_derived_rows(points[..., start : start + batch]) for start in range(0, size, batch)]
        # The points are repeated for every direction in which a slope is taken.
        starts = range(size, size * view.samples, size)
        return [
            *(call for program in derived for call in program),
            *([(np.copyto, (points[..., view.rows :, :], labels))] if self._classes else ()),
            *((np.copyto, (rows[..., start : start + size], points)) for start in starts),
            *work.hidden_program,
            *work.slope_program(),
        ]

    def _penalty_program(self, penalty: Penalty) -> Program:
        """Add the gradient of a penalty on D's slopes to D's gradient."""
        if isinstance(penalty, NoPenalty):
            return []
        points = penalty.points_per_pair * self._items
        work, inputs, size = self._slope_work(points), self._work.inputs, self._view.samples
        real, fake = inputs[..., :size, self._real], inputs[..., :size, self._fake]
        share, by_direction = np.empty_like(real[..., :1, :]), (*self._player.network.stack, size, points)
        return [
            *([(self._streams["mix"].fill, (share[..., 0, :],))] if penalty.needs_mixing else ()),
            *penalty.points_program(real, fake, share, work.inputs[..., :size, :points]),
            *self._slope_program(work, points),
            *penalty.gradient(work.slopes.reshape(by_direction), work.slope_gradient.reshape(by_direction)),
            *work.backward_slope_program(),
            (np.add, (self.gradient, work.gradient, self.gradient)),
        ]
