"""What is asked of a run: a frozen, validated value that names a spec for every part of the game.

`Config` is what the experiment *is*: it goes into links, presets and recordings. How it is watched (speed, running
or not) is not here. The engine's own specs are the field types, so a bound, a default or a help text is stated
once, on the field.

    ConfigError (ValueError)    one wrong value: which path, what was expected, what came
"""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gan1d.engine.activations import Activation, LeakyReLU, Tanh
from gan1d.engine.latents import Latent, NormalPrior
from gan1d.engine.losses import Loss, NonSaturating
from gan1d.engine.optimizers import Adam, Optimizer
from gan1d.engine.penalties import R1, Penalty
from gan1d.engine.targets import GaussianMixture, Target
from gan1d.knobs import Effect, Knob

Json = Any
"""A value as JSON has it: None, bool, int, float, str, list or dict of these."""


class ConfigError(ValueError):
    """A setting that cannot be.

    Attributes:
        path: The dotted path that was asked for; "" for the whole.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class Part(BaseModel):
    """What all parts share: frozen, nothing unknown, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Initialization(Part):
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


class Network(Part):
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
    initialization: Annotated[Initialization, Knob(effect="restart")] = Initialization(
        weights="uniform", random_biases=True
    )


class Generator(Network):
    """The generator, which is also shown as the running average of its parameters."""

    ema_decay: Annotated[
        float,
        Knob(label="average", low=0.0, high=0.9999, help="Memory of the averaged generator drawn as a thin line."),
    ] = 0.99


class Config(Part):
    """A whole experiment; every default is that of the preset `default`."""

    seed: Annotated[
        int, Knob(low=0, high=2**32 - 1, effect="restart", help="The same seed replays the same run, bit for bit.")
    ] = 0
    batch_size: Annotated[
        int, Knob(low=1, high=4096, scale="log", essential=True, help="Samples in each minibatch.")
    ] = 128
    discriminator_steps: Annotated[
        int, Knob(label="D updates", low=1, high=20, essential=True, help="Updates of D in one step.")
    ] = 2
    generator_steps: Annotated[
        int, Knob(label="G updates", low=1, high=20, essential=True, help="Updates of G in one step.")
    ] = 1
    target: Annotated[
        Target, Field(discriminator="kind"), Knob(essential=True, help="The distribution to imitate.")
    ] = GaussianMixture()
    latent: Annotated[
        Latent, Field(discriminator="kind"), Knob(label="prior", essential=True, help="Where the noise comes from.")
    ] = NormalPrior()
    loss: Annotated[Loss, Field(discriminator="kind"), Knob(essential=True, help="What the two players want.")] = (
        NonSaturating()
    )
    penalty: Annotated[Penalty, Field(discriminator="kind"), Knob(essential=True, help="What keeps D smooth.")] = R1()
    generator: Generator = Generator()
    discriminator: Network = Network(activation=LeakyReLU(), optimizer=Adam(learning_rate=5e-3, beta1=0.0, beta2=0.9))

    @classmethod
    def parsed(cls, values: Json) -> Self:
        """A config from plain JSON values; what is not named has its default.

        Raises:
            ConfigError: Something is not as expected; the message names the first such path.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise refusal(error) from None

    def patched(self, path: str, value: Json) -> Self:
        """This config with one value changed.

        A union takes its kind as a bare string, and what the old and the new kind both have carries over where it fits.

        Args:
            path: Dotted, such as `generator.optimizer.learning_rate` or `target.modes.0.position`.
            value: As JSON has it.

        Raises:
            ConfigError: The path does not exist, or the value does not fit there.
        """
        tree = self.model_dump(mode="json")
        *parents, last = path.split(".")
        node: Json = tree
        for depth, key in enumerate(parents):
            node = child(node, key, ".".join(parents[: depth + 1]), path)
        old = child(node, last, path, path)
        if isinstance(node, list):
            node[int(last)] = value
        elif last == "kind" and "kind" in node:
            return self._with_kind(tree, node, value, path)
        elif isinstance(old, dict) and "kind" in old and isinstance(value, str):
            return self._with_kind(tree, old, value, f"{path}.kind")
        else:
            node[last] = value
        return self._validated(tree, path)

    def _with_kind(self, tree: Json, node: dict[str, Json], kind: Json, path: str) -> Self:
        """Another member of a union: keep every shared field that the new kind accepts, one by one."""
        old = dict(node)
        node.clear()
        node["kind"] = kind
        new = self._validated(tree, path)
        for key, value in old.items():
            if key == "kind":
                continue
            node[key] = value
            try:
                new = self._validated(tree, path)
            except ConfigError:
                del node[key]
        return new

    def _validated(self, tree: Json, path: str) -> Self:
        try:
            return type(self).model_validate(tree)
        except ValidationError as error:
            raise refusal(error, path) from None

    def value_at(self, path: str) -> Json:
        """The value at a dotted path, as JSON has it.

        Raises:
            ConfigError: The path does not exist.
        """
        node: Json = self.model_dump(mode="json")
        keys = path.split(".")
        for depth, key in enumerate(keys):
            node = child(node, key, ".".join(keys[: depth + 1]), path)
        return node

    def differences(self, other: "Config") -> dict[str, Json]:
        """What turns `other` into this one: path → value, kinds before what belongs to them."""
        return dict(changes(self.model_dump(mode="json"), other.model_dump(mode="json"), ""))

    def effect_of(self, other: "Config") -> Effect | Literal["none"]:
        """The strongest thing that moving from this config to `other` disturbs."""
        found = {effect_at(other, path) for path in other.differences(self)}
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
                help = text.partition("\n\n")[0]
                definition["description"] = help[:1].upper() + help[1:]
        return schema


def child(node: Json, key: str, reached: str, path: str) -> Json:
    """One step down a tree of plain values; ConfigError if there is no such step."""
    if isinstance(node, dict) and key in node:
        return node[key]
    if isinstance(node, list) and key.isdecimal() and int(key) < len(node):
        return node[int(key)]
    if isinstance(node, Mapping):
        known = "one of " + ", ".join(node)
    elif isinstance(node, list):
        known = f"an index below {len(node)}"
    else:
        known = "nothing below a single value"
    raise ConfigError(path, f"Expected {known} at {reached!r}, but got {key!r}.")


def changes(new: Json, old: Json, path: str) -> Iterator[tuple[str, Json]]:
    """Paths at which two trees differ; lists of another length, and other kinds, count whole."""
    if new == old:
        return
    prefix = f"{path}." if path else ""
    if isinstance(new, dict) and isinstance(old, dict):
        for key in sorted(new, key=lambda name: name != "kind"):
            if key in old:
                yield from changes(new[key], old[key], prefix + key)
            else:
                yield prefix + key, new[key]
    elif isinstance(new, list) and isinstance(old, list) and len(new) == len(old) and isinstance(new[0], dict):
        for index, (a, b) in enumerate(zip(new, old, strict=True)):
            yield from changes(a, b, f"{prefix}{index}")
    else:
        yield path, new


def effect_at(config: Config, path: str) -> Effect:
    """What changing the field at `path` disturbs: said by the nearest knob on the way there that is not merely live."""
    strongest: Effect = "live"
    for knob in knobs_along(config, path):
        if knob.effect == "restart" or (knob.effect == "network" and strongest == "live"):
            strongest = knob.effect
    return strongest


def knob_at(config: Config, path: str) -> Knob:
    """The knob of the field at `path`, or the nearest one above it.

    Raises:
        ConfigError: There is no such path.
    """
    config.value_at(path)
    return next(reversed(list(knobs_along(config, path))), Knob())


def knobs_along(config: Config, path: str) -> Iterator[Knob]:
    """The knobs on the fields from the root down to `path`."""
    node: Any = config
    for key in path.split("."):
        if isinstance(node, tuple):
            node = node[int(key)]
            continue
        if isinstance(node, BaseModel):
            metadata: tuple[Any, ...] = tuple(type(node).model_fields[key].metadata)
        else:
            metadata = getattr(annotations_of(type(node))[key], "__metadata__", ())
        yield from (item for item in metadata if isinstance(item, Knob))
        node = getattr(node, key)


def annotations_of(spec: type) -> dict[str, Any]:
    """A dataclass's annotations, inherited ones included."""
    return {
        name: hint for base in reversed(spec.__mro__) for name, hint in vars(base).get("__annotations__", {}).items()
    }


def refusal(error: ValidationError, path: str = "") -> ConfigError:
    """The first complaint of pydantic in our own words: what was expected, and what came."""
    first = error.errors()[0]
    location = path or ".".join(str(part) for part in first["loc"])
    came = json.dumps(first.get("input"), default=str, ensure_ascii=False)
    came = came if len(came) <= 80 else came[:77] + "…"
    where = f" for {location}" if location else ""
    return ConfigError(location, f"Expected {expectation(first)}{where}, but got {came}.")


def expectation(error: Mapping[str, Any]) -> str:
    """What would have been right, as the middle of a sentence."""
    kind, context = error["type"], error.get("ctx", {})
    words = {
        "greater_than_equal": "a number of {ge} or more",
        "less_than_equal": "a number of {le} or less",
        "finite_number": "a finite number",
        "float_type": "a number",
        "float_parsing": "a number",
        "int_type": "a whole number",
        "int_parsing": "a whole number",
        "int_from_float": "a whole number",
        "bool_type": "true or false",
        "bool_parsing": "true or false",
        "tuple_type": "a list",
        "too_short": "a list of at least {min_length}",
        "too_long": "a list of at most {max_length}",
        "union_tag_invalid": "one of {expected_tags}",
        "union_tag_not_found": "an object with a kind",
        "literal_error": "{expected}",
        "extra_forbidden": "no such setting",
        "unexpected_keyword_argument": "no such setting",
        "missing": "a value",
        "dataclass_type": "an object",
        "model_type": "an object",
    }
    if kind in words:
        return words[kind].format(**context)
    return str(error["msg"]).removeprefix("Input should be ")
