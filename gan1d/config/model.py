"""The config of an experiment: a frozen, validated value with a spec for every part of the game.

`Config` is everything that decides the result of a run: it stands in links, presets and recordings. Speed, and whether
the run is playing, are not part of it.
"""

from typing import Annotated, Final, Self

from pydantic import model_validator

from gan1d.config.conflicts import conflict_of, turn_of
from gan1d.config.paths import Json
from gan1d.config.sections import DiscriminatorConfig, GeneratorConfig, InstanceNoiseConfig
from gan1d.config.settings_tree import SettingsTree
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture
from gan1d.engine.distributions.latents import Latent
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.distributions.targets import Target
from gan1d.engine.objectives.codes import Code, NoCode
from gan1d.engine.objectives.gradient_penalties import R1, Penalty
from gan1d.engine.objectives.losses import Loss, NonSaturating
from gan1d.engine.update_order import Alternating, UpdateOrder
from gan1d.knobs import Knob

FORMER_STANDARDIZE: Final = "target.standardise"
"""Path of `standardize` up to version 0.2, where only own numbers were standardized, and by default."""


def update_count(player: str) -> Knob:
    """The knob of a player's updates in one step."""
    words = f"Number of updates of {player} in one step."
    return Knob(label=f"{player} updates", low=1, high=20, essential=True, panel="training", help=words)


class Config(SettingsTree):
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
        Knob(
            label="order of updates",
            panel="training",
            help="Whether G answers the new D, or both are updated at once. A player with more updates in a step makes "
            "the extra ones first.",
        ),
    ] = Alternating()
    target: Annotated[Target, Knob(essential=True, help="The distribution to imitate.")] = GaussianMixture()
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
            "The optimal D, the optimal G and the distance are still those of the whole target.",
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
        Latent,
        Knob(
            label="prior",
            essential=True,
            help="Distribution of the noise z. A source in place of the noise begins a new run.",
        ),
    ] = NormalPrior()
    code: Annotated[
        Code,
        Knob(
            effect="restart",
            panel="latent",
            help="A second input of G, drawn at random like z, which a part of D has to read back from each fake: "
            "InfoGAN.",
        ),
    ] = NoCode()
    loss: Annotated[Loss, Knob(essential=True, help="What G and D minimize.")] = NonSaturating()
    penalty: Annotated[
        Penalty,
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

    @model_validator(mode="after")
    def _refuse_conflicts(self) -> Self:
        """Refuse settings that make no sense together."""
        if sentence := conflict_of(self):
            raise ValueError(sentence)
        return self

    def patched(self, path: str, value: Json) -> Self:
        """This config with one value changed; see `SettingsTree.patched`. The path of version 0.2 is understood."""
        if path == FORMER_STANDARDIZE:
            return self if value is True else super().patched("standardize", value)
        return super().patched(path, value)

    def differences(self, other: Self) -> dict[str, Json]:
        """As `SettingsTree.differences`, in an order in which no conflict arises on the way."""
        paths = sorted(found := super().differences(other), key=lambda path: turn_of(path, self, other))
        return {path: found[path] for path in paths}
