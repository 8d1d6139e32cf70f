"""The way back of a CycleGAN: F and the discriminator that judges its translations, and the updates of both ways.

Zhu et al. 2017, arXiv:1703.10593. Each way is a GAN whose latents are samples of a source. The way back is the same
game with source and target exchanged (`mirrored`), and has the same updates. The cycle and identity losses belong to
both.

A pair of updates stands in the trainer where a run from noise has the update of one network, and counts as one: the
norm of its gradient is that of both networks together, and its scores are those of the way there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator
from gan1d.engine.data.translation import is_translation, mirrored, source_of
from gan1d.engine.morphism.fit_points import data_points, latent_points
from gan1d.engine.networks.mlp import MLP, Workspace, duplicate
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint
from gan1d.engine.objectives.cycle import MapPass, cycle_program, identity_program
from gan1d.engine.programs import Program, run
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.discriminator_update import DiscriminatorUpdate
from gan1d.engine.training.generator_update import GeneratorUpdate
from gan1d.engine.training.live_programs import LivePart, LiveProgram
from gan1d.engine.training.player import Player, load


class WayBack:
    """The players of the way back.

    Args:
        config: The mirrored settings.
        constraint: Constraint on the weights of the discriminator.
        rngs: Random streams by name: back_generator, back_discriminator.
        dtype: Data type of the parameters.

    Attributes:
        generator: F, with the settings of G.
        discriminator: The discriminator of the source, with the settings of D.
        average: Running average of F's parameters.
    """

    def __init__(
        self,
        config: TrainerSettings,
        constraint: Constraint,
        rngs: Mapping[str, np.random.Generator],
        dtype: DTypeLike,
    ) -> None:
        self.generator = Player(
            config.generator, rngs["back_generator"], dtype, inputs_of_generator(config), NoConstraint()
        )
        self.discriminator = Player(
            config.discriminator, rngs["back_discriminator"], dtype, inputs_of_discriminator(config), constraint
        )
        self.average = duplicate(self.generator.network)

    @property
    def networks(self) -> tuple[MLP, MLP, MLP]:
        """F, its average and the discriminator as they are now."""
        return self.generator.network, self.average, self.discriminator.network

    def change(self, config: TrainerSettings, constraint: Constraint, *, reinitialize: bool) -> dict[str, float]:
        """Continue with other mirrored settings; see `Trainer.change`."""
        self.average, errors = change_pair(
            self.generator, self.discriminator, self.average, config, constraint, reinitialize=reinitialize
        )
        return errors

    def state(self) -> dict[str, Any]:
        """All that is needed to continue bit for bit; arrays are copies."""
        return {
            "generator": self.generator.state(),
            "discriminator": self.discriminator.state(),
            "average": self.average.parameters.copy(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Return to a state that `state` has returned.

        Raises:
            ValueError: The state belongs to networks of another size.
        """
        self.generator.restore(state["generator"])
        self.discriminator.restore(state["discriminator"])
        load(self.average.parameters, state["average"])


def make_way_back(
    config: TrainerSettings, constraint: Constraint, rngs: Mapping[str, np.random.Generator], dtype: DTypeLike
) -> WayBack | None:
    """Make the players of a way back; None without a source.

    Args:
        config: The settings of the way there.
        constraint: See `WayBack`.
        rngs: See `WayBack`.
        dtype: See `WayBack`.
    """
    return WayBack(mirrored(config), constraint, rngs, dtype) if is_translation(config) else None


def change_pair(
    generator: Player,
    discriminator: Player,
    average: MLP,
    config: TrainerSettings,
    constraint: Constraint,
    *,
    reinitialize: bool,
) -> tuple[MLP, dict[str, float]]:
    """Give the players of one way their new settings.

    Returns:
        The average, rebuilt like its generator, and the deviations of rebuilt networks, as `Trainer.change` has them.
    """
    errors = {}
    result = generator.change(
        config.generator,
        inputs_of_generator(config),
        NoConstraint(),
        points=lambda: latent_points(config),
        reinitialize=reinitialize,
    )
    if result is not None:
        average = result.morph_average(average)
        errors["generator"] = result.deviation
    result = discriminator.change(
        config.discriminator,
        inputs_of_discriminator(config),
        constraint,
        points=lambda: data_points(config, generator.network),
        reinitialize=reinitialize,
    )
    if result is not None:
        errors["discriminator"] = result.deviation
    return average, errors


class PairOfUpdates:
    """The updates of both discriminators, or those of both maps.

    Args:
        config: The settings in force.
        there: The update of the way there.
        back: That of the way back.
        shared_losses: Programs that add the losses of both maps to both gradients.

    Attributes:
        gradient: d loss / d parameters of the way there, then those of the way back, `(parameters,)`.
        gradient_program: Computes `scores` and `gradient`.
        update_program: Applies both gradients to the parameters.
        optimal_opponent: None: a translation trains both discriminators.
    """

    optimal_opponent = None

    def __init__(
        self,
        config: TrainerSettings,
        there: DiscriminatorUpdate | GeneratorUpdate,
        back: DiscriminatorUpdate | GeneratorUpdate,
        shared_losses: Sequence[Program | LivePart] = (),
    ) -> None:
        self._there, self._back, self._shared_losses = there, back, LiveProgram(config, shared_losses)
        self.gradient: Array = np.concatenate([there.gradient, back.gradient])
        self.gradient_program: Program = [
            (run, (there.gradient_program,)),
            (run, (back.gradient_program,)),
            (run, (self._shared_losses,)),
            (np.concatenate, ((there.gradient, back.gradient), 0, self.gradient)),
        ]
        self.update_program: Program = [(run, (there.update_program,)), (run, (back.update_program,))]

    @property
    def scores(self) -> Array:
        """D's scores in the last update of the way there."""
        return self._there.scores

    @property
    def workspaces(self) -> tuple[Workspace, Workspace]:
        """Passes of G and of D in the last update of the way there."""
        return self._there.workspaces

    def configure(self, config: TrainerSettings) -> None:
        """Apply new settings; the networks and the settings of batches must be unchanged."""
        self._there.configure(config)
        self._back.configure(mirrored(config))
        self._shared_losses.configure(config)


def shared_losses(of_g: GeneratorUpdate, of_f: GeneratorUpdate) -> list[Program | LivePart]:
    """The cycle and identity losses of both maps, on the batches of their updates."""
    g, f = map(map_pass, (of_g, of_f))
    return [
        LivePart(
            lambda config: source_of(config).cycle_weight,
            lambda weight: [*cycle_program(weight, g, f), *cycle_program(weight, f, g)],
        ),
        LivePart(
            lambda config: source_of(config).identity_weight,
            lambda weight: [*identity_program(weight, g, f), *identity_program(weight, f, g)],
        ),
    ]


def map_pass(update: GeneratorUpdate) -> MapPass:
    """The map of an update, with its batch and its gradient."""
    work, _ = update.workspaces
    return MapPass(work.network, work.inputs, update.gradient)
