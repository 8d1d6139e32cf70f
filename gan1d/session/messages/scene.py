"""The scene: everything that frames are drawn against."""

from typing import Literal

from pydantic import ConfigDict, Field

from gan1d.session.messages.objects import ServerMessage
from gan1d.session.messages.parts import (
    BackScene,
    DiagnosisKind,
    LayoutEntry,
    Metric,
    ModeClass,
    ModeEntry,
    Range,
    ReadoutEntry,
    Reference,
    ScoreboardEntry,
)


class SceneFields(ServerMessage):
    """Everything that frames are drawn against: axes, target, references, and the layout of a frame.

    Densities are per unit of the axis; x is the data axis, z the latent axis.
    """

    model_config = ConfigDict(extra="allow")

    scene: int = Field(description="Number of the scene, from 1 to 65535, which the header of each frame repeats.")
    run: int = Field(description="Number of the run in this session, from 1 on; a reset begins the next one.")
    look: int = Field(
        default=0,
        description="0 for the present step, else the number of the `looking` to whose frame it belongs.",
    )
    layout: list[LayoutEntry] = Field(
        description="Arrays of a frame in order: `name`, `shape` ([] for a scalar), byte `offset`, and `axis` or null."
    )
    frame_bytes: int = Field(description="Bytes of a frame, its header included.")
    grid: list[float] = Field(description="Points on the x axis at which densities and D are given.")
    latent_grid: list[float] = Field(description="Points on the z axis at which G is given.")
    x_axis: Range = Field(description="Ends of the shown x axis: `low` and `high`.")
    z_axis: Range = Field(description="Ends of the shown z axis: `low` and `high`.")
    target_density: list[float] = Field(description="Density of the target at each point of `grid`.")
    latent_density: list[float] = Field(description="Density of one coordinate of z at each point of `latent_grid`.")
    latent_dimension: int = Field(description="Number of coordinates of z.")
    atoms: int = Field(
        description="Number of fixed latent samples that fake distributions are estimated from; 0 where they are exact."
    )
    curves: list[str] = Field(description='Name of each curve of G: a label or a coordinate of z; "" for a single one.')
    codes: list[str] = Field(description="Name of each value of the code with a curve of G; empty without one.")
    code_entropy: float | None = Field(
        description="Entropy of the code in nats, which is the ceiling of the mutual information if the code is "
        "categorical; null without a code."
    )
    classes: list[ModeClass] = Field(
        description="Classes of a conditional GAN: `name`, `centre` and `weight` (share of the target); else empty."
    )
    optimal_maps: list[list[float]] = Field(
        description="For each curve, the increasing G that reproduces the target, at each point of `latent_grid`; "
        "empty where z has several coordinates, or with a code."
    )
    optimal_maps_mirrored: list[list[float]] = Field(description="For each curve, the decreasing such G.")
    back: BackScene | None = Field(
        description="The parts of the scene that differ on the way back of a translation; null without one."
    )
    density_high: float = Field(description="Upper end of the density axis.")
    modes: list[ModeEntry] = Field(
        description="Modes of the target: `centre`, `mass` (share of the target), and the ends `low` and `high` of "
        "their part of the x axis, null at infinity."
    )
    real_samples: list[float] = Field(description="Samples of the target that are drawn below the densities.")
    training_points: int = Field(description="Number of training samples; 0 if every batch is drawn anew.")
    latent_histogram: list[float] = Field(description="Mass of the prior in each of `z_bins` bins.")
    real_histogram: list[float] = Field(description="Mass of the training distribution in each of `x_bins` bins.")
    x_bins: int = Field(description="Number of equal bins between the ends of the x axis.")
    z_bins: int = Field(description="Number of equal bins between the ends of the z axis.")
    readout_bins: int = Field(description="Number of equal bins between the ends of the readout axis.")
    readout: ReadoutEntry = Field(
        description="How D's output is shown: `kind` (probability or score), ends `low` and `high` of its axis, "
        "`threshold` between real and fake, and `label`."
    )
    loss_axis: Range = Field(description="Ends of the loss axis: `low` and `high`.")
    references: list[Reference] = Field(
        description="Value of each loss at equilibrium: `series` (a scalar of the frame), `value` and `label`."
    )
    metrics: list[Metric] = Field(
        description="Every scalar of a frame: `name`, `label`, `help`, `unit`, `scale`, bounds `low` and `high` (null "
        "for none), `ideal` with its `ideal_label`, and `bound`, the name of the scalar that limits it."
    )
    scoreboard: list[ScoreboardEntry] = Field(
        description="Metrics to show as buttons, in order: `metric` (a name in `metrics`), `label`, `average` (the "
        "same metric of the averaged generator, or null) and `headline` (whether it comes first and large)."
    )
    diagnoses: list[DiagnosisKind] = Field(
        description="All kinds of diagnosis: `name`, `label`, `severity` (calm, good, standstill, suspicion "
        "or warning) and `help`; the scalar `diagnosis` of a frame is an index into this list."
    )


class SecondScene(SceneFields):
    """What the frames of the second run are drawn against while two runs are compared."""

    type: Literal["second_scene"] = "second_scene"


class Scene(SceneFields):
    """New axes, target or references, against which frames are drawn; frames of earlier scenes are out of date."""

    type: Literal["scene"] = "scene"
