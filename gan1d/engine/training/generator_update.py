"""One update of the generator, compiled to two programs: compute the gradient, then apply it.

The trainer checks the norm of the gradient in between. `configure` applies new settings to a running game; the networks
and the batch settings stay the same (see `discriminator_update`).
"""

from functools import cached_property

import numpy as np

from gan1d.engine.arrays import Array, ones, zeros_like
from gan1d.engine.data.batches import BatchStreams
from gan1d.engine.data.conditioning import inputs_of_generator, real_batch_program, write_labels
from gan1d.engine.data.instance_noise import InstanceNoise, has_instance_noise
from gan1d.engine.networks.mlp import MLP, Workspace, hidden_size, without_bias
from gan1d.engine.networks.parameter_updates import update_average
from gan1d.engine.objectives.codes import Code, NoCode
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.objectives.unrolling import NoUnrolling, Unrolled, UnrolledDiscriminator, Unrolling
from gan1d.engine.programs import Program, constant, run
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.live_programs import LivePart, LiveProgram
from gan1d.engine.training.optimal_opponent import OptimalOpponent
from gan1d.engine.training.player import Player


class GeneratorUpdate:
    """One update of the generator on new latents, against the discriminator as it is or after its lookahead.

    Args:
        config: The settings in force.
        generator: The player that is updated.
        average: The running average of G's parameters, updated after G.
        discriminator: The network that scores the fakes; only read.
        streams: Batch streams by name: latent_g, label_g, code_g, noise_g, data_g, noise_data_g.
        noise: Instance noise on D's inputs.
        head: The player that reads the code from D's last hidden layer, updated as well; None without a code.

    Attributes:
        scores: D's scores of the fakes in the last update, `(…, batch)`, minus those of the reals for a paired loss.
        optimal_opponent: D*, if G is updated against it; None otherwise.
        gradient: d loss / d parameters in the last update, `(…, parameters)`.
        gradient_program: Computes `scores` and `gradient`.
        update_program: Applies `gradient` to the parameters, then updates the average.
    """

    optimal_opponent: OptimalOpponent | None
    gradient_program: Program

    def __init__(
        self,
        config: TrainerSettings,
        generator: Player,
        average: MLP,
        discriminator: MLP,
        streams: BatchStreams,
        noise: InstanceNoise,
        head: Player | None = None,
    ) -> None:
        self._head = head
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
        self._latents = work_g.inputs[..., : inputs.dimension, :]
        self._codes = without_bias(work_g.inputs)[..., network.sizes[0] - inputs.code_rows :, :]
        self._unrolled: tuple[tuple[int, bool, Loss], UnrolledDiscriminator] | None = None
        self._sampled_program = LiveProgram(config, self._gradient_parts())
        ema_part = LivePart(
            lambda config: (config.generator.ema_decay, config.update_order.extrapolates), self._ema_program
        )
        head_parts = [] if head is None else head.update_parts(self._code_work[1].gradient_powers)
        self.update_program = LiveProgram(
            config, [*generator.update_parts(work_g.gradient_powers), ema_part, *head_parts]
        )
        self._choose_opponent(config)

    @property
    def workspaces(self) -> tuple[Workspace, Workspace]:
        """Passes of G and of D in the last update; with a lookahead, D's pass is elsewhere."""
        return self._work_g, self._work_d

    def configure(self, config: TrainerSettings) -> None:
        """Apply new settings; the networks and the settings of batches must be unchanged."""
        self._sampled_program.configure(config)
        self.update_program.configure(config)
        self._choose_opponent(config)

    def _choose_opponent(self, config: TrainerSettings) -> None:
        """Score the fakes with the network D, or with the optimal D of the moment."""
        opponent = OptimalOpponent(config, self._player.network) if config.discriminator.optimal else None
        self.optimal_opponent, self.gradient_program = opponent, self._sampled_program
        if opponent is not None:
            self.gradient_program = [(opponent.update, ()), (np.copyto, (self.gradient, opponent.gradient))]

    def _gradient_parts(self) -> list[Program | LivePart]:
        """Sample fakes, score them, and pull the gradient of G's objective back to G's parameters."""
        work_d, view, networks = self._work_d, self._view, (self._work_d.network, self._player.network)
        return [
            [(self._streams["latent_g"].fill, (self._latents,))],
            [] if self._head is None else [(self._streams["code_g"].fill, (self._codes,))],
            self._label_program(),
            self._work_g.forward_program,
            LivePart(has_instance_noise, self._noise_program),
            view.fill_derived_rows(without_bias(work_d.inputs)),
            LivePart(
                lambda config: (config.generator.lookahead, config.loss, has_instance_noise(config)),
                self._score_program,
            ),
            LivePart(
                lambda config: (config.generator.feature_matching, has_instance_noise(config)),
                self._feature_matching_program,
            ),
            LivePart(lambda config: config.code, self._code_program),
            view.pull_back_derived_rows(without_bias(work_d.inputs), work_d.input_gradient),
            LivePart(lambda config: shares_derivative(*networks, config.generator.lookahead), self._backward_program),
        ]

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

    def _ema_program(self, settings: tuple[float, bool]) -> Program:
        """Update the average, but not with the parameters of an update on trial."""
        decay, extrapolates = settings
        gain, parameters = constant(1 - decay, self._average.dtype), self._player.network.parameters
        program, player = update_average(self._average.parameters, parameters, gain, self._scratch), self._player

        def run_unless_extrapolated() -> None:
            if not player.is_extrapolated:
                run(program)

        return [(run_unless_extrapolated, ())] if extrapolates else program

    def _backward_program(self, shares_derivative: bool) -> Program:
        return self._work_g.backward_program(derivatives=not shares_derivative)

    def _score_program(self, settings: tuple[Unrolling, Loss, bool]) -> Program:
        """Score the fakes, and pull the gradient of G's loss back to D's inputs."""
        lookahead, loss, is_noisy = settings
        if not isinstance(lookahead, NoUnrolling):
            return self._lookahead_program(lookahead, loss, is_noisy)
        work, reals = self._work_d, self._reals_for(loss, is_noisy)
        judged = np.empty_like(work.outputs) if reals else work.outputs
        self.scores = judged[..., 0, :]
        shares = shares_derivative(work.network, self._player.network, lookahead)
        return [
            *(call for program in reals for call in program),
            *work.forward_program,
            *([(np.subtract, (work.outputs, self._paired_work.outputs, judged))] if reals else ()),
            *loss.generator_gradient(judged, work.output_gradient),
            *(work.network.activation.derivative(*self._hidden) if shares else work.derivative_program()),
            *self._backward_score_program,
        ]

    def _reals_for(self, loss: Loss, is_noisy: bool) -> list[Program]:
        """Score the reals that are paired with the fakes; empty for a loss of single samples."""
        if not loss.is_paired:
            return []
        work = self._paired_work
        return [self._real_program(work.inputs, is_noisy), work.forward_program]

    @cached_property
    def _paired_work(self) -> Workspace:
        """Buffers for the scores of reals; a loss of single samples needs none."""
        return Workspace(self._work_d.network, self._work_d.batch, inputs=np.ones_like(self._work_d.inputs))

    @cached_property
    def _backward_score_program(self) -> Program:
        return self._work_d.backward_program(parameters=False, inputs=True, derivatives=False)

    def _lookahead_program(self, lookahead: Unrolled, loss: Loss, is_noisy: bool) -> Program:
        """Score the fakes with D after its lookahead, and write the gradient of G's loss to D's input gradient."""
        fakes, reals = self._work_d, np.ones_like(self._work_d.inputs)
        unrolled = self._unrolled_discriminator(lookahead, loss)
        self.scores = unrolled.scores
        return [
            *self._real_program(reals, is_noisy),
            (np.copyto, (unrolled.inputs[:, : fakes.batch], reals)),
            (np.copyto, (unrolled.inputs[:, fakes.batch :], fakes.inputs)),
            *unrolled.program,
            (np.copyto, (fakes.input_gradient, unrolled.fake_gradient)),
        ]

    def _unrolled_discriminator(self, lookahead: Unrolled, loss: Loss) -> UnrolledDiscriminator:
        """D after its lookahead; the buffers of the last one are kept where only the learning rate differs."""
        key, work = (lookahead.steps, lookahead.full, loss), self._work_d
        if self._unrolled is None or self._unrolled[0] != key:
            pair = np.ones((len(work.inputs), 2 * work.batch), work.inputs.dtype)
            self._unrolled = key, UnrolledDiscriminator(lookahead, loss, work.network, pair)
        unrolled = self._unrolled[1]
        unrolled.learning_rate.fill(lookahead.learning_rate)
        return unrolled

    def _real_program(self, inputs: Array, is_noisy: bool) -> Program:
        """Fill inputs of D, `(inputs + 1, batch)`, with a batch of reals."""
        samples = inputs[..., : self._view.samples, :].reshape(*self._player.network.stack, -1)
        program, labels = real_batch_program(self._streams["data_g"], samples, self._classes)
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

    @cached_property
    def _code_work(self) -> tuple[Workspace, Workspace]:
        """Buffers for the features of the fakes, and for Q on them; without a code there are none."""
        assert self._head is not None
        work = self._work_d
        of_fakes = Workspace(work.network, work.batch, inputs=work.inputs)
        return of_fakes, Workspace(self._head.network, work.batch, inputs=of_fakes.features_and_ones)

    def _code_program(self, code: Code) -> Program:
        """Compute Q's gradient of −L_I, and add weight times that of the fakes to D's input gradient."""
        if isinstance(code, NoCode):
            return []
        of_fakes, of_q = self._code_work
        input_gradient, weight = self._work_d.input_gradient, constant(code.weight, of_q.inputs.dtype)
        program = [
            *of_fakes.hidden_program,
            *of_q.forward_program,
            *code.gradient(of_q.outputs, self._codes, of_q.output_gradient),
            *of_q.backward_program(inputs=code.weight > 0),
        ]
        if code.weight == 0:
            return program
        return [
            *program,
            (np.multiply, (of_q.input_gradient, weight, of_q.input_gradient)),
            *of_fakes.backward_features_program(of_q.input_gradient),
            (np.add, (input_gradient, of_fakes.input_gradient, input_gradient)),
        ]


def shares_derivative(discriminator: MLP, generator: MLP, lookahead: Unrolling) -> bool:
    """Whether φ′ of both networks is computed in one call, which saves 2 % of a small step."""
    return isinstance(lookahead, NoUnrolling) and discriminator.activation == generator.activation
