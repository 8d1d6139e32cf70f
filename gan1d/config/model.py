"""What is asked of a run: a frozen, validated value that names a spec for every part of the game.

`Config` is what the experiment *is*: it goes into links, presets and recordings. How it is watched (speed, running
or not) is not here. The engine's own specs are the field types, so a bound, a default or a help text is stated
once, on the field.

"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import to_jsonable_python

from gan1d.config.errors import ConfigError, config_error_from
from gan1d.config.paths import Json, changes, effect_at, nodes_along, parts_of, replaced
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture
from gan1d.engine.distributions.priors import Latent, NormalPrior
from gan1d.engine.distributions.targets import Target
from gan1d.engine.networks.activations import Activation, LeakyReLU, Tanh
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView, OneSample
from gan1d.engine.networks.optimizers import Adam, Optimizer
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint
from gan1d.engine.objectives.gradient_penalties import R1, Penalty
from gan1d.engine.objectives.losses import Loss, NonSaturating
from gan1d.engine.objectives.unrolling import NoUnrolling, Unrolling
from gan1d.knobs import Effect, Knob


class ConfigSection(BaseModel):
    """What all parts share: frozen, nothing unknown, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class InitializationConfig(ConfigSection):
    """How a network's first weights are drawn."""

    weights: Annotated[
        Literal["auto", "xavier_normal", "he_normal", "uniform"],
        Knob(help="Spread of the first weights; auto fits it to the activation.", effect="restart"),
    ] = "auto"
    random_biases: Annotated[
        bool, Knob(help="Draw the first biases at random instead of starting at 0.", effect="restart")
    ] = False
    output_gain: Annotated[
        float,
        Knob(low=0.0, high=10.0, step=0.1, help="Factor on the last layer's first weights.", effect="restart"),
    ] = 1.0
    output_offset: Annotated[
        float, Knob(low=-10.0, high=10.0, step=0.1, help="Where the first output sits.", effect="restart")
    ] = 0.0


class NetworkConfig(ConfigSection):
    """One of the two networks, and how it learns."""

    hidden: Annotated[
        tuple[Annotated[int, Knob(low=1, high=256, effect="network")], ...],
        Knob(label="layers", low=0, high=6, effect="network", essential=True, help="Units in each hidden layer."),
    ] = (16, 16, 16)
    activation: Annotated[
        Activation,
        Field(discriminator="kind"),
        Knob(essential=True, effect="network", help="The curve each unit adds to the sum."),
    ] = Tanh()
    optimizer: Annotated[
        Optimizer, Field(discriminator="kind"), Knob(essential=True, help="How a gradient becomes a step.")
    ] = Adam(learning_rate=1e-3, beta1=0.0, beta2=0.9)
    input_scale: Annotated[
        float,
        Knob(low=0.1, high=10.0, scale="log", effect="network", help="Factor on the input: more sees finer detail."),
    ] = 1.0
    weight_decay: Annotated[
        float,
        Knob(
            label="weight decay", low=0.0, high=1.0, step=0.01,
            help="Share of every weight that an update takes away, times the learning rate: it keeps weights small.",
        ),
    ] = 0.0  # fmt: skip
    historical_averaging: Annotated[
        float,
        Knob(
            label="history", low=0.0, high=10.0, step=0.01,
            help="Price of being far from the average of all weights so far: it damps going round in circles.",
        ),
    ] = 0.0  # fmt: skip
    initialization: Annotated[InitializationConfig, Knob(effect="restart")] = InitializationConfig(
        weights="uniform", random_biases=True
    )


class GeneratorConfig(NetworkConfig):
    """The generator, which is also shown as the running average of its parameters."""

    ema_decay: Annotated[
        float,
        Knob(label="average", low=0.0, high=0.9999, help="Memory of the averaged generator drawn as a thin line."),
    ] = 0.99
    lookahead: Annotated[
        Unrolling, Field(discriminator="kind"), Knob(help="Whether G plays against D, or against D's answer.")
    ] = NoUnrolling()
    feature_matching: Annotated[
        float,
        Knob(
            label="feature matching", low=0.0, high=100.0, step=0.1,
            help="Price of a difference between what D's last layer says of reals and of fakes on average.",
        ),
    ] = 0.0  # fmt: skip


class DiscriminatorConfig(NetworkConfig):
    """The discriminator: what it is given to judge, and what keeps its weights in bounds."""

    activation: Annotated[
        Activation,
        Field(discriminator="kind"),
        Knob(essential=True, effect="network", help="The curve each unit adds to the sum."),
    ] = LeakyReLU()
    optimizer: Annotated[
        Optimizer, Field(discriminator="kind"), Knob(essential=True, help="How a gradient becomes a step.")
    ] = Adam(learning_rate=5e-3, beta1=0.0, beta2=0.9)
    view: Annotated[
        DiscriminatorView,
        Field(discriminator="kind"),
        Knob(label="sees", effect="network", help="What D is given to judge."),
    ] = OneSample()
    constraint: Annotated[
        Constraint,
        Field(discriminator="kind"),
        Knob(help="What keeps the weights in bounds; it takes the place of what the loss brings."),
    ] = NoConstraint()


class InstanceNoiseConfig(ConfigSection):
    """Noise on everything that D sees, real or fake."""

    deviation: Annotated[
        float,
        Knob(
            label="noise", low=0.0, high=3.0, step=0.05,
            help="Noise on all that D sees: it cannot be too sure, and its optimum is that of the blurred densities.",
        ),
    ] = 0.0  # fmt: skip
    half_life: Annotated[
        float,
        Knob(label="half-life", low=10.0, high=1e6, scale="log", help="Steps until the noise is half as loud."),
    ] = 1000.0


class Config(ConfigSection):
    """A whole experiment; every default is that of the preset `default`."""

    seed: Annotated[
        int,
        Knob(
            low=0,
            high=2**32 - 1,
            effect="restart",
            panel="training",
            help="The same seed replays the same run, bit for bit.",
        ),
    ] = 0
    batch_size: Annotated[
        int, Knob(low=1, high=4096, scale="log", essential=True, panel="training", help="Samples in each minibatch.")
    ] = 256
    discriminator_steps: Annotated[
        int, Knob(label="D updates", low=1, high=20, essential=True, panel="training", help="Updates of D in one step.")
    ] = 2
    generator_steps: Annotated[
        int, Knob(label="G updates", low=1, high=20, essential=True, panel="training", help="Updates of G in one step.")
    ] = 1
    target: Annotated[
        Target, Field(discriminator="kind"), Knob(essential=True, help="The distribution to imitate.")
    ] = GaussianMixture()
    training_points: Annotated[
        int,
        Knob(
            label="points",
            low=0,
            high=100_000,
            scale="log",
            essential=True,
            panel="training",
            help="Real samples there are: 0 for fresh ones in every step, or so many, drawn once. Few can be learned "
            "by heart. Best D, best G and the distance stay those of the whole target.",
        ),
    ] = 0
    conditional: Annotated[
        bool,
        Knob(
            label="labels",
            effect="restart",
            essential=True,
            panel="target",
            help="Tell both networks which mode a sample is of, so that G can be asked for one of them (a conditional "
            "GAN: Mirza & Osindero 2014, arXiv:1411.1784).",
        ),
    ] = False
    latent: Annotated[
        Latent, Field(discriminator="kind"), Knob(label="prior", essential=True, help="Where the noise comes from.")
    ] = NormalPrior()
    loss: Annotated[Loss, Field(discriminator="kind"), Knob(essential=True, help="What the two players want.")] = (
        NonSaturating()
    )
    penalty: Annotated[
        Penalty, Field(discriminator="kind"), Knob(essential=True, panel="loss", help="What keeps D smooth.")
    ] = R1(gamma=0.1)
    instance_noise: Annotated[InstanceNoiseConfig, Knob(panel="training")] = InstanceNoiseConfig()
    generator: GeneratorConfig = GeneratorConfig()
    discriminator: DiscriminatorConfig = DiscriminatorConfig()

    @classmethod
    def parsed(cls, values: Json) -> Self:
        """A config from plain JSON values; what is not named has its default.

        Raises:
            ConfigError: Something is not as expected; the message names the first such path.
        """
        return cls._checked(values)

    def patched(self, path: str, value: Json) -> Self:
        """This config with one value changed.

        A union takes its kind as a bare string, and what the old and the new kind both have carries over where it fits.

        Args:
            path: Dotted, such as `generator.optimizer.learning_rate` or `target.modes.0.position`.
            value: As JSON has it.

        Raises:
            ConfigError: The path does not exist, or the value does not fit there.
        """
        *_, parent, old = nodes_along(self, path)
        keys = path.split(".")
        if keys[-1] == "kind" and hasattr(parent, "kind"):
            return self._with_kind(parent, keys[:-1], value, path)
        if hasattr(old, "kind") and isinstance(value, str):
            return self._with_kind(old, keys, value, path)
        return self._checked(replaced(self, keys, value), path)

    def _with_kind(self, old: Any, keys: Sequence[str], kind: Json, path: str) -> Self:
        """Exchange the union member at `keys` for another kind, which keeps every field that it accepts."""
        spec = {"kind": kind}
        tree = replaced(self, keys, spec)
        new = self._checked(tree, path)
        for name, value in parts_of(old).items():
            if name == "kind":
                continue
            spec[name] = value
            try:
                new = self._checked(tree, path)
            except ConfigError:
                del spec[name]
        return new

    @classmethod
    def _checked(cls, tree: Json, path: str | None = None) -> Self:
        try:
            return cls.model_validate(tree)
        except ValidationError as error:
            raise config_error_from(error, tree, path) from None

    def value_at(self, path: str) -> Json:
        """The value at a dotted path, as JSON.

        Raises:
            ConfigError: The path does not exist.
        """
        return to_jsonable_python(nodes_along(self, path)[-1])

    def differences(self, other: "Config") -> dict[str, Json]:
        """What turns `other` into this config: path → value, kinds before the fields that belong to them."""
        return {path: to_jsonable_python(value) for path, value in changes(self, other)}

    def effect_of(self, other: "Config") -> Effect | Literal["none"]:
        """The strongest effect of changing from this config to `other`; "none" if they are equal."""
        found = {effect_at(other, path) for path, _ in changes(other, self)}
        order: tuple[Effect, ...] = ("restart", "network", "live")
        return next((effect for effect in order if effect in found), "none")

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The JSON schema the page builds its controls from; a union member's docstring gives its name and its help."""
        schema = super().model_json_schema(*args, **kwargs)
        for definition in schema.get("$defs", {}).values():
            label, colon, text = definition.get("description", "").partition(": ")
            if colon and "kind" in definition.get("properties", {}):
                definition["title"] = label
                help = " ".join(text.partition("\n\n")[0].split())
                definition["description"] = help[:1].upper() + help[1:]
        return schema
