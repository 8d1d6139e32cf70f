"""The two turns of a step, each as a program: what is drawn, pushed forward and pulled back, and then the update.

A turn stops between its two programs, so that a gradient that is out of all bounds never reaches a parameter.

Stacks of networks take turns like single ones: their arrays, and what the feeds pour, have a leading axis.
"""

import numpy as np

from gan1d.engine.arrays import Array, ones, zeros_like
from gan1d.engine.data.batches import AnyBatchStream, BatchStreams
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator, write_labels
from gan1d.engine.data.instance_noise import InstanceNoise
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.networks.input_gradients import InputGradientWorkspace
from gan1d.engine.networks.mlp import MLP, Workspace, hidden_size, without_bias
from gan1d.engine.networks.optimizers import update_average
from gan1d.engine.objectives.gradient_penalties import Penalty
from gan1d.engine.objectives.unrolling import NoLookahead, Unroller
from gan1d.engine.programs import Program, constant
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.player import Player


def spare_columns(columns: int, item_size: int) -> int:
    """Columns to add to a batch whose rows would all begin at the same place of a memory page.

    The processor keeps such rows in the same few lines of its cache: at 1,024 columns of single precision, a product
    takes a tenth longer than at 1,040.
    """
    return 16 if columns * item_size % 4096 == 0 else 0


def fill_real_batch(feed: AnyBatchStream, samples: Array, classes: int) -> tuple[Program, Array]:
    """Pours a batch of reals to `samples`, `(…, n)`; and where its labels stand then, `(…, classes, n)`."""
    drawn = np.empty((*samples.shape[:-1], 1 + classes, samples.shape[-1]), samples.dtype)
    labels = drawn[..., 1:, :]
    if classes == 0:
        return [(feed.fill, (samples,))], labels
    return [(feed.fill, (drawn,)), (np.copyto, (samples, drawn[..., 0, :]))], labels


class DiscriminatorUpdate:
    """One update of D against G as it stands.

    Args:
        config: The settings in force.
        discriminator: Who moves.
        generator: Read, never written.
        feeds: By name: data, latent_d, mix, noise_d.
        noise: On what D sees.

    Attributes:
        scores: Of the last turn, `(…, 2, batch)`, reals first.
        gradient: d loss / d parameters of the last turn, penalties included.
        compute: Everything up to the gradient.
        update: What the gradient does.
    """

    def __init__(
        self, config: TrainerSettings, discriminator: Player, generator: MLP, feeds: BatchStreams, noise: InstanceNoise
    ) -> None:
        self._given, self._network = inputs_of_discriminator(config), discriminator.network
        self._view = self._given.view
        batch, width = config.batch_size, config.batch_size * self._view.samples
        stack = self._network.stack
        # Reals and fakes lie side by side in one batch, and unused columns behind them keep rows off one another's way.
        self._items, items = batch, 2 * batch
        pair = Workspace(self._network, items + spare_columns(items, self._network.dtype.itemsize))
        self._pair = pair
        if self._view.samples == 1:
            # G writes straight into the fakes' half.
            samples, moved = pair.inputs[..., 0, :items], []
        else:
            samples, rows = np.empty((*stack, 2 * width), self._network.dtype), (*stack, self._view.samples, batch)
            moved = [
                (np.copyto, (pair.inputs[..., : self._view.samples, half], part.reshape(rows)))
                for half, part in zip(self._halves(), np.split(samples, 2, axis=-1), strict=True)
            ]
        fakes = Workspace(generator, width, outputs=samples[..., None, width:])
        by_half = (*stack, 2, batch)
        self.scores, self.gradient = pair.outputs[..., 0, :items].reshape(by_half), pair.gradient
        score_gradient = pair.output_gradient[..., 0, :items].reshape(by_half)
        self.compute: Program = [
            (feeds["latent_d"].fill, (fakes.inputs[..., : config.latent.dimension, :],)),
            *self._pour_reals(feeds["data"], samples[..., :width], fakes),
            *fakes.forward_program,
            *(noise.on(samples, feeds["noise_d"]) if config.instance_noise.deviation else ()),
            *moved,
            *(
                call
                for half in self._halves()
                for call in self._view.fill_derived_rows(without_bias(pair.inputs)[..., half])
            ),
            *pair.forward_program,
            *config.loss.discriminator_gradient(self.scores, score_gradient),
            *pair.backward_program(),
        ]
        for penalty in (config.penalty, config.loss.penalty):
            self._penalise(penalty, feeds["mix"])
        self.update = discriminator.update(pair.gradient_powers)

    def _halves(self) -> tuple[slice, slice]:
        """Columns of the reals and of the fakes."""
        return slice(None, self._items), slice(self._items, 2 * self._items)

    def _pour_reals(self, feed: AnyBatchStream, samples: Array, fakes: Workspace) -> Program:
        """A batch of reals to `samples`, and its labels to D's inputs, and to the fakes and D's inputs for them."""
        classes = self._given.classes
        program, labels = fill_real_batch(feed, samples, classes)
        if classes == 0:
            return program
        return [
            *program,
            (np.copyto, (without_bias(fakes.inputs)[..., -classes:, :], labels)),
            *(
                call
                for half in self._halves()
                for call in write_labels(self._view, labels, without_bias(self._pair.inputs)[..., half])
            ),
        ]

    def _penalise(self, penalty: Penalty, mix: AnyBatchStream) -> None:
        """Add the gradient of a penalty on D's slopes, along every sample of an item, to D's gradient."""
        view, items = self._view, self._items
        real, fake = (self._pair.inputs[..., : view.samples, half] for half in self._halves())
        room, share = InputGradientWorkspace(self._network, items, view.samples), np.empty_like(real[..., :1, :])
        first, *others = np.split(without_bias(room.inputs), view.samples, axis=-1)
        place = penalty.place(real, fake, share, first[..., : view.samples, :])
        if place is None:
            return
        by_direction = (*self._network.stack, view.samples, items)
        labels = without_bias(self._pair.inputs)[..., view.rows :, self._halves()[0]]
        self.compute += [
            *([(mix.fill, (share[..., 0, :],))] if penalty.mixes else ()),
            *place,
            *view.fill_derived_rows(first),
            *([(np.copyto, (first[..., view.rows :, :], labels))] if self._given.classes else ()),
            *((np.copyto, (other, first)) for other in others),
            *room.hidden_program,
            *room.slope_program(),
            *penalty.gradient(room.slopes.reshape(by_direction), room.slope_gradient.reshape(by_direction)),
            *room.backward_slope_program(),
            (np.add, (self.gradient, room.gradient, self.gradient)),
        ]


class GeneratorUpdate:
    """One update of G, on new noise, against D as it stands or as it would answer.

    Args:
        config: The settings in force.
        generator: Who moves.
        average: The network that follows it.
        discriminator: Read, never written.
        feeds: By name: latent_g, label_g, noise_g, data_g, noise_data_g.
        noise: On what D sees.

    Attributes:
        scores: Of the last turn, `(…, batch)`.
        gradient: d loss / d parameters of the last turn.
        compute: Everything up to the gradient.
        update: What the gradient does.
    """

    def __init__(
        self,
        config: TrainerSettings,
        generator: Player,
        average: MLP,
        discriminator: MLP,
        feeds: BatchStreams,
        noise: InstanceNoise,
    ) -> None:
        view, batch, network = config.discriminator.view, config.batch_size, generator.network
        given = inputs_of_generator(config)
        self._classes, self._noise = given.classes, noise
        width = batch * view.samples
        of_d, of_g = hidden_size(discriminator, batch), hidden_size(network, width)
        hidden = ones((3, of_d + of_g), network.dtype)
        judged = Workspace(discriminator, batch, hidden=hidden[:, :of_d])
        # One buffer for what G gives and D takes, and one for what comes back.
        flat = (*network.stack, 1, batch * view.samples)
        samples = judged.inputs[..., : view.samples, :].reshape(flat)
        fakes = Workspace(network, width, outputs=samples, hidden=hidden[:, of_d:])
        fakes.output_gradient = judged.input_gradient[..., : view.samples, :].reshape(flat)
        self.gradient = fakes.gradient
        # Where both have the same activation, φ′ of both is found in one go: 2 % of a small step.
        looks_ahead = not isinstance(config.generator.lookahead, NoLookahead)
        together = not looks_ahead and discriminator.activation == network.activation
        slopes = network.activation.derivative(*hidden) if together else judged.derivative_program()
        verdict, self.scores = self._verdict(config, judged, feeds, slopes)
        self.compute: Program = [
            (feeds["latent_g"].fill, (fakes.inputs[..., : given.dimension, :],)),
            *(self._labelled(feeds["label_g"], view, fakes, judged) if self._classes else ()),
            *fakes.forward_program,
            *(noise.on(samples[..., 0, :], feeds["noise_g"]) if config.instance_noise.deviation else ()),
            *view.fill_derived_rows(without_bias(judged.inputs)),
            *verdict,
            *(self._matched(config, judged, feeds) if config.generator.feature_matching else ()),
            *view.pull_back_derived_rows(without_bias(judged.inputs), judged.input_gradient),
            *fakes.backward_program(slopes=not together),
        ]
        gain = constant(1 - config.generator.ema_decay, network.dtype)
        self.update = [
            *generator.update(fakes.gradient_powers),
            *update_average(average.parameters, network.parameters, gain, zeros_like(network.parameters)),
        ]

    def _labelled(self, feed: AnyBatchStream, view: DiscriminatorView, fakes: Workspace, judged: Workspace) -> Program:
        """New labels for the fakes, which D is told as well."""
        labels = without_bias(fakes.inputs)[..., -self._classes :, :]
        return [(feed.fill, (labels,)), *write_labels(view, labels, without_bias(judged.inputs))]

    def _verdict(
        self, config: TrainerSettings, judged: Workspace, feeds: BatchStreams, slopes: Program
    ) -> tuple[Program, Array]:
        """What D, or its answer, says of the fakes and how that goes back to D's inputs; and where its scores stand."""
        lookahead = config.generator.lookahead
        if isinstance(lookahead, NoLookahead):
            program = [
                *judged.forward_program,
                *config.loss.generator_gradient(judged.outputs, judged.output_gradient),
                *slopes,
                *judged.backward_program(parameters=False, inputs=True, slopes=False),
            ]
            return program, judged.outputs[..., 0, :]
        reals, fill = self._reals(config, judged, feeds)
        pair = np.ones((len(judged.inputs), 2 * judged.batch), judged.inputs.dtype)
        unroller = Unroller(lookahead, config.loss, judged.network, pair)
        program = [
            *fill,
            (np.copyto, (pair[:, : judged.batch], reals)),
            (np.copyto, (pair[:, judged.batch :], judged.inputs)),
            *unroller.program,
            (np.copyto, (judged.input_gradient, unroller.fake_gradient)),
        ]
        return program, unroller.scores

    def _reals(self, config: TrainerSettings, judged: Workspace, feeds: BatchStreams) -> tuple[Array, Program]:
        """Room for a batch of reals as D sees them, `(inputs + 1, batch)`, and how it is filled."""
        view, reals = config.discriminator.view, np.ones_like(judged.inputs)
        samples = reals[..., : view.samples, :].reshape(*judged.network.stack, -1)
        program, labels = fill_real_batch(feeds["data_g"], samples, self._classes)
        if self._classes:
            program += write_labels(view, labels, without_bias(reals))
        if config.instance_noise.deviation:
            program += self._noise.on(samples, feeds["noise_data_g"])
        return reals, [*program, *view.fill_derived_rows(without_bias(reals))]

    def _matched(self, config: TrainerSettings, judged: Workspace, feeds: BatchStreams) -> Program:
        """Feature matching: adds weight·‖mean f(x) − mean f(G(z))‖² to what G wants, f being D's last hidden layer
        (Salimans et al. 2016, arXiv:1606.03498, section 3.1)."""
        reals, fill = self._reals(config, judged, feeds)
        of_reals = Workspace(judged.network, judged.batch, inputs=reals)
        of_fakes = Workspace(judged.network, judged.batch, inputs=judged.inputs)
        gradient = np.empty_like(of_fakes.features)
        factor = -2 * config.generator.feature_matching / judged.batch

        def differ() -> None:
            gap = of_reals.features.mean(axis=-1, keepdims=True) - of_fakes.features.mean(axis=-1, keepdims=True)
            gradient[:] = factor * gap

        return [
            *fill,
            *of_reals.hidden_program,
            *of_fakes.hidden_program,
            (differ, ()),
            *of_fakes.backward_features_program(gradient),
            (np.add, (judged.input_gradient, of_fakes.input_gradient, judged.input_gradient)),
        ]
