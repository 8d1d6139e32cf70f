"""The config of an experiment: a frozen, validated value with a spec for every part of the game.

`Config` is everything that decides the result of a run: it stands in links, presets and recordings. Speed, and whether
the run is playing, are not part of it.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import to_jsonable_python

from gan1d.config.errors import ConfigError, config_error_from
from gan1d.config.paths import Json, changes, effect_at, nodes_along, parts_of, replaced
from gan1d.config.sections import ConfigSection, DiscriminatorConfig, GeneratorConfig, InstanceNoiseConfig
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture
from gan1d.engine.distributions.priors import Latent, NormalPrior
from gan1d.engine.distributions.targets import Target
from gan1d.engine.objectives.gradient_penalties import R1, Penalty
from gan1d.engine.objectives.losses import Loss, NonSaturating
from gan1d.engine.update_order import Alternating, UpdateOrder
from gan1d.knobs import Effect, Knob

FORMER_STANDARDIZE: Final = "target.standardise"
"""Path of `standardize` up to version 0.2, where only own numbers were standardized, and by default."""


def update_count(player: str) -> Knob:
    """The knob of a player's updates in one step."""
    words = f"Number of updates of {player} in one step."
    return Knob(label=f"{player} updates", low=1, high=20, essential=True, panel="training", help=words)


class Config(ConfigSection):
    """An experiment; the defaults are the settings of the preset `default`."""

    seed: Annotated[
        int,
        Knob(
            low=0,
            high=2**32 - 1,
            effect="restart",
            panel="training",
            help="The same seed replays the same run: bit for bit on the same kind of processor.",
        ),
    ] = 0
    batch_size: Annotated[
        int,
        Knob(low=1, high=4096, scale="log", essential=True, panel="training", help="Number of samples in each batch."),
    ] = 256
    discriminator_steps: Annotated[int, update_count("D")] = 2
    generator_steps: Annotated[int, update_count("G")] = 1
    update_order: Annotated[
        UpdateOrder,
        Field(discriminator="kind"),
        Knob(
            label="order of updates",
            panel="training",
            help="Whether G answers the new D, or both are updated at once. A player with more updates in a step makes "
            "the extra ones first.",
        ),
    ] = Alternating()
    target: Annotated[
        Target, Field(discriminator="kind"), Knob(essential=True, help="The distribution to imitate.")
    ] = GaussianMixture()
    standardize: Annotated[
        bool,
        Knob(
            effect="restart",
            panel="target",
            help="Measure place and scale of the target when a run starts, and train in these units, so that neither "
            "matters: D receives (x − location)/scale, and a fake is location + scale·G(z). Instance noise, slopes of "
            "D, their penalties and the arrows are in these units, all axes and distances in x. A target that is "
            "changed later keeps them, unless it moves by more than ten of them or becomes more than ten times as wide "
            "or narrow: then both are measured anew, and the fakes move with the target.",
        ),
    ] = True
    training_points: Annotated[
        int,
        Knob(
            label="training samples",
            low=0,
            high=100_000,
            scale="log",
            essential=True,
            panel="training",
            help="Number of real samples: 0 for new ones in every step, or so many, drawn once. G can memorize a few. "
            "Best D, best G and the distance are still those of the whole target.",
        ),
    ] = 0
    conditional: Annotated[
        bool,
        Knob(
            label="labels",
            effect="restart",
            essential=True,
            panel="target",
            help="Give both networks the mode of each sample as a label, so that G can make samples of a chosen mode "
            "(conditional GAN: Mirza & Osindero 2014, arXiv:1411.1784).",
        ),
    ] = False
    latent: Annotated[
        Latent, Field(discriminator="kind"), Knob(label="prior", essential=True, help="Distribution of the noise z.")
    ] = NormalPrior()
    loss: Annotated[Loss, Field(discriminator="kind"), Knob(essential=True, help="What G and D minimize.")] = (
        NonSaturating()
    )
    penalty: Annotated[
        Penalty,
        Field(discriminator="kind"),
        Knob(essential=True, panel="loss", help="Penalty on the slope of D, to keep D smooth."),
    ] = R1(gamma=0.1)
    instance_noise: Annotated[InstanceNoiseConfig, Knob(panel="training")] = InstanceNoiseConfig()
    generator: GeneratorConfig = GeneratorConfig()
    discriminator: DiscriminatorConfig = DiscriminatorConfig()

    @model_validator(mode="before")
    @classmethod
    def _read_former_settings(cls, values: Json) -> Json:
        """The values with the settings of version 0.2 in their present form."""
        target = values.get("target") if isinstance(values, dict) else None
        if not isinstance(target, dict) or "standardise" not in target:
            return values
        former = target["standardise"]
        kept = {name: value for name, value in target.items() if name != "standardise"}
        return {**values, "target": kept} | ({} if former is True else {"standardize": former})

    @classmethod
    def parsed(cls, values: Json) -> Self:
        """A config from JSON values; fields that are missing have their defaults.

        Raises:
            ConfigError: A value is not allowed; the message names the path of the first such value.
        """
        return cls._checked(values)

    def patched(self, path: str, value: Json) -> Self:
        """This config with one value changed.

        A union also takes its kind as a string. Fields that the old and the new kind share keep their values where the
        new kind allows them.

        Args:
            path: Dotted path such as `generator.optimizer.learning_rate` or `target.modes.0.position`.
            value: JSON value.

        Raises:
            ConfigError: The path does not exist, or the value is not allowed there.
        """
        if path == FORMER_STANDARDIZE:
            return self if value is True else self.patched("standardize", value)
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
        """Changes that turn `other` into this config: path → value, kinds before the fields that belong to them."""
        return {path: to_jsonable_python(value) for path, value in changes(self, other)}

    def effect_of(self, other: "Config") -> Effect | Literal["none"]:
        """The strongest effect of changing from this config to `other`; "none" if they are equal."""
        found = {effect_at(other, path) for path, _ in changes(other, self)}
        order: tuple[Effect, ...] = ("restart", "network", "live")
        return next((effect for effect in order if effect in found), "none")

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The JSON schema from which the page builds its controls.

        The docstring of a union member, "Name: help.", gives its title and its description.
        """
        schema = super().model_json_schema(*args, **kwargs)
        for definition in schema.get("$defs", {}).values():
            label, colon, text = definition.get("description", "").partition(": ")
            if colon and "kind" in definition.get("properties", {}):
                definition["title"] = label
                help = " ".join(text.partition("\n\n")[0].split())
                definition["description"] = help[:1].upper() + help[1:]
        return schema
