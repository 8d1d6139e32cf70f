"""JSON objects inside of the scene and of hello, which the evaluation and the gallery build as dictionaries.

`tests/wire_types.py` reads them, and the messages, to write the page's types.
"""

from typing import Any, Literal

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

EXACT = ConfigDict(extra="forbid")
"""Unknown keys are an error; pydantic would silently drop them."""


@with_config(EXACT)
class LayoutEntry(TypedDict):
    """An array of a frame; a scalar has the shape []. Each value is origin + factor · number, with the number on the
    wire."""

    name: str
    shape: list[int]
    offset: int
    axis: str | None
    origin: float
    factor: float


@with_config(EXACT)
class Range(TypedDict):
    """Both ends of an axis."""

    low: float
    high: float


@with_config(EXACT)
class BackScene(TypedDict):
    """What the way back of a translation is drawn against: its data axis is the z axis of the way there.

    All are named as in the scene, with source and target exchanged: `grid` are points on the axis of the source, at
    which its density and its discriminator are given, and `latent_grid` points on that of the target, at which F is.
    """

    grid: list[float]
    latent_grid: list[float]
    x_axis: Range
    z_axis: Range
    target_density: list[float]
    density_high: float
    latent_density: list[float]
    optimal_maps: list[list[float]]
    optimal_maps_mirrored: list[list[float]]


@with_config(EXACT)
class ModeEntry(TypedDict):
    """A mode of the target: its centre, its share of the target, and the ends of its part of the x axis (or null)."""

    centre: float
    mass: float
    low: float | None
    high: float | None


@with_config(EXACT)
class ModeClass(TypedDict):
    """A class of a conditional GAN: its label, the centre of its mode, and its share of the target."""

    name: str
    centre: float
    weight: float


@with_config(EXACT)
class ReadoutEntry(TypedDict):
    """How D's output is shown: the ends of its axis, and the threshold between real and fake."""

    kind: str
    low: float
    high: float
    threshold: float
    label: str


@with_config(EXACT)
class Reference(TypedDict):
    """The value of a loss at equilibrium; `series` is a scalar of the frame."""

    series: str
    value: float
    label: str


@with_config(EXACT)
class Metric(TypedDict):
    """A scalar of the frame: its range (null for no end), its value when G has won, and the scalar that limits it."""

    name: str
    label: str
    help: str
    unit: str
    scale: Literal["linear", "log"]
    low: float | None
    high: float | None
    ideal: float | None
    ideal_label: str | None
    bound: str | None


@with_config(EXACT)
class ScoreboardEntry(TypedDict):
    """A metric on the scoreboard, and the same metric of the averaged generator, if there is one."""

    metric: str
    label: str
    average: str | None
    headline: bool


@with_config(EXACT)
class DiagnosisKind(TypedDict):
    """A kind of diagnosis; its severity is calm, good, standstill, suspicion or warning."""

    name: str
    label: str
    severity: str
    help: str


@with_config(EXACT)
class PresetEntry(TypedDict):
    """A preset of the gallery."""

    name: str
    former_names: list[str]
    group: str
    title: str
    watch: str
    config: dict[str, Any]


@with_config(EXACT)
class GlossaryEntry(TypedDict):
    """A term: its words and symbols on the page, its name in textbooks, and its meaning."""

    page: str
    textbook: str
    meaning: str
