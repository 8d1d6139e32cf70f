"""The two turns of a step, each as a program: what is drawn, pushed forward and pulled back, and then the update.

A turn stops between its two programs, so that a gradient that is out of all bounds never reaches a parameter.
"""

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.feed import Feed
from gan1d.engine.learner import Learner
from gan1d.engine.mlp import MLP, Workspace
from gan1d.engine.optimizers import follow
from gan1d.engine.penalties import Penalty
from gan1d.engine.programs import Array, Program, constant
from gan1d.engine.settings import Noise, Settings
from gan1d.engine.slopes import SlopeWorkspace

Feeds = dict[str, Feed]


class InstanceNoise:
    """Normal noise on what D sees, real or fake alike; its deviation is set anew in every step.

    It gives two distributions that do not overlap a common support, so that D cannot be sure (Sønderby et al. 2017,
    arXiv:1610.04490, section 3; Arjovsky & Bottou 2017, arXiv:1701.04862, section 3).
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._deviation = np.zeros((), dtype)

    def set(self, noise: Noise, step: int) -> None:
        """For the updates of the step after `step`."""
        self._deviation.fill(noise_at(noise, step))

    def on(self, samples: Array, feed: Feed) -> Program:
        """Added to `samples`, `(n,)`, in place."""
        drawn = np.empty_like(samples)
        return [
            (feed.pour, (drawn,)),
            (np.multiply, (drawn, self._deviation, drawn)),
            (np.add, (samples, drawn, samples)),
        ]


def noise_at(noise: Noise, step: int) -> float:
    """Deviation of the instance noise after some steps, in units of x: it halves every `half_life` steps."""
    return float(noise.deviation * 0.5 ** (step / noise.half_life)) if noise.deviation else 0.0


class DiscriminatorTurn:
    """One update of D against G as it stands.

    Args:
        config: The settings in force.
        discriminator: Who moves.
        generator: Read, never written.
        feeds: By name: data, latent_d, mix, noise_d.
        noise: On what D sees.

    Attributes:
        scores: Of the last turn, `(2, batch)`, reals first.
        gradient: d loss / d parameters of the last turn, penalties included.
        compute: Everything up to the gradient.
        update: What the gradient does.
    """

    def __init__(
        self, config: Settings, discriminator: Learner, generator: MLP, feeds: Feeds, noise: InstanceNoise
    ) -> None:
        batch, network = config.batch_size, discriminator.network
        # Reals and fakes lie side by side in one batch, and G writes straight into the fakes' half.
        pair = Workspace(network, 2 * batch)
        fakes = Workspace(generator, batch, outputs=pair.inputs[:1, batch:])
        self.scores, self.gradient = pair.outputs.reshape(2, batch), pair.gradient
        self.compute: Program = [
            (feeds["latent_d"].pour, (fakes.inputs[0],)),
            *fakes.forward_program,
            (feeds["data"].pour, (pair.inputs[0, :batch],)),
            *(noise.on(pair.inputs[0], feeds["noise_d"]) if config.instance_noise.deviation else ()),
            *pair.forward_program,
            *config.loss.discriminator_gradient(self.scores, pair.output_gradient.reshape(2, batch)),
            *pair.backward_program(),
        ]
        for penalty in (config.penalty, config.loss.penalty):
            self._penalise(penalty, network, pair, feeds["mix"])
        self.update = discriminator.update(self.gradient)

    def _penalise(self, penalty: Penalty, network: MLP, pair: Workspace, mix: Feed) -> None:
        """Add the gradient of a penalty on D's slope to D's gradient."""
        real, fake = pair.inputs[0].reshape(2, -1)
        room, share = SlopeWorkspace(network, len(real)), np.empty_like(real)
        place = penalty.place(real, fake, share, room.inputs[0])
        if place is None:
            return
        self.compute += [
            *([(mix.pour, (share,))] if penalty.mixes else ()),
            *place,
            *room.hidden_program,
            *room.slope_pass(),
            *penalty.gradient(room.slopes, room.slope_gradient),
            *room.backward_slope_program(),
            (np.add, (self.gradient, room.gradient, self.gradient)),
        ]


class GeneratorTurn:
    """One update of G, on new noise, against D as it stands.

    Args:
        config: The settings in force.
        generator: Who moves.
        average: The network that follows it.
        discriminator: Read, never written.
        feeds: By name: latent_g, noise_g.
        noise: On what D sees.

    Attributes:
        scores: Of the last turn, `(batch,)`.
        gradient: d loss / d parameters of the last turn.
        compute: Everything up to the gradient.
        update: What the gradient does.
    """

    def __init__(
        self, config: Settings, generator: Learner, average: MLP, discriminator: MLP, feeds: Feeds, noise: InstanceNoise
    ) -> None:
        batch, network = config.batch_size, generator.network
        judged = Workspace(discriminator, batch)
        # What comes back through D is what G's outputs should have done otherwise: one buffer for both.
        fakes = Workspace(network, batch, outputs=judged.inputs[:1])
        fakes.output_gradient = judged.input_gradient
        self.scores, self.gradient = judged.outputs[0], fakes.gradient
        self.compute: Program = [
            (feeds["latent_g"].pour, (fakes.inputs[0],)),
            *fakes.forward_program,
            *(noise.on(judged.inputs[0], feeds["noise_g"]) if config.instance_noise.deviation else ()),
            *judged.forward_program,
            *config.loss.generator_gradient(judged.outputs, judged.output_gradient),
            *judged.backward_program(parameters=False, inputs=True),
            *fakes.backward_program(),
        ]
        gain = constant(1 - config.generator.ema_decay, network.dtype)
        self.update = [
            *generator.update(self.gradient),
            *follow(average.parameters, network.parameters, gain, np.empty_like(network.parameters)),
        ]
