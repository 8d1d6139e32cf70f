"""What is seen of a run at one step: the fields, with what each of them means.

The wire's layout, the traces on the page and the columns of a recording are all read from here. Frames are facts:
self-contained, and the same for the same state.
"""

import math
from dataclasses import dataclass, field, fields
from typing import Any

from gan1d.engine.arrays import Array
from gan1d.knobs import Scale


def scalar(
    help: str,
    *,
    label: str,
    low: float = 0.0,
    high: float = math.inf,
    unit: str = "",
    scale: Scale = "linear",
    ideal: float | None = None,
    bound: str | None = None,
) -> Any:
    """A field of one number, drawn over the whole run.

    Args:
        help: What it means, in a sentence or two for a student.
        label: Its name on the page.
        low: Lowest value it can have.
        high: Highest.
        unit: "x", "x²", "nat", "" for a bare number, "share" for one from 0 to 1 that is read in per cent.
        scale: How its history is drawn.
        ideal: Where it stands when G has won, if that is the same in every run.
        bound: Name of another number that it is held against: the most that it could be, or should.
    """
    return field(
        metadata={
            "axis": None, "help": help, "label": label, "low": low, "high": high, "unit": unit, "scale": scale,
            "ideal": ideal, "bound": bound,
        }
    )  # fmt: skip


def array(axis: str) -> Any:
    """A field of one number per point of an axis of the scene."""
    return field(metadata={"axis": axis})


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One look at a run. Arrays are float32; axes are those of the probe.

    Curves are `(points,)`, or `(curves, points)` where there are several: of G one for each label or along each
    coordinate of z, of D one for each label.
    """

    step: int
    loss_d: float = scalar("Discriminator's loss on its last minibatch.", label="L_D", low=-math.inf)
    loss_g: float = scalar("Generator's loss on its last minibatch.", label="L_G", low=-math.inf)
    grad_norm_d: float = scalar("Length of D's gradient in its last update.", label="|∇D|", scale="log")
    grad_norm_g: float = scalar("Length of G's gradient in its last update.", label="|∇G|", scale="log")
    wasserstein1: float = scalar(
        "Wasserstein-1: how far the mass still has to travel, on average.",
        label="distance", unit="x", scale="log", ideal=0.0,
    )  # fmt: skip
    jensen_shannon: float = scalar(
        "Jensen-Shannon divergence: 0 where the densities agree, ln 2 where they never overlap.",
        label="JS", high=math.log(2), unit="nat", scale="log", ideal=0.0,
    )  # fmt: skip
    ema_wasserstein1: float = scalar(
        "Wasserstein-1 of the averaged generator.", label="distance (average)", unit="x", scale="log", ideal=0.0
    )
    ema_jensen_shannon: float = scalar(
        "Jensen-Shannon divergence of the averaged generator.",
        label="JS (average)", high=math.log(2), unit="nat", scale="log", ideal=0.0,
    )  # fmt: skip
    frechet: float = scalar(
        "Fréchet distance: how far mean and spread are off, squared. FID is this, on features of images; "
        "it does not see the shape.",
        label="Fréchet", unit="x²", scale="log", ideal=0.0,
    )  # fmt: skip
    mode_coverage: float = scalar(
        "Share of the modes that have at least a fifth of their due mass.",
        label="mode coverage", high=1.0, unit="share", ideal=1.0,
    )  # fmt: skip
    accuracy_real: float = scalar(
        "Share of all reals that D takes for real. At balance D can only guess: half.",
        label="D right on real", high=1.0, unit="share", ideal=0.5,
    )  # fmt: skip
    accuracy_fake: float = scalar(
        "Share of all fakes that D takes for fake. At balance D can only guess: half.",
        label="D right on fake", high=1.0, unit="share", ideal=0.5,
    )  # fmt: skip
    value: float = scalar(
        "Value of the game, over all reals and fakes: D drives it up, G down. Its floor is where D cannot tell.",
        label="value", low=-math.inf, bound="best_value",
    )  # fmt: skip
    best_value: float = scalar(
        "The value that the best possible D would reach against this G, with a Wasserstein loss the best of slope 1; "
        "the gap is what D has yet to learn.",
        label="best possible", low=-math.inf,
    )  # fmt: skip
    fake_below: float = scalar("Share of the fakes left of the shown axis.", label="below", high=1.0, unit="share")
    fake_above: float = scalar("Share of the fakes right of the shown axis.", label="above", high=1.0, unit="share")
    points_wasserstein1: float = scalar(
        "Wasserstein-1 to the training samples alone. Near 0 while that to the target is not: memorization.",
        label="distance to the training samples", unit="x", scale="log",
    )  # fmt: skip
    class_wasserstein1: float = scalar(
        "Wasserstein-1 of the fakes under a label to the mode of that label: the mean over all labels.",
        label="distance under labels", unit="x", scale="log", ideal=0.0,
    )  # fmt: skip
    diagnosis: float = scalar(
        "Diagnosis of the run, as an index into the scene's list of diagnoses; NaN if the run is not diagnosed.",
        label="diagnosis",
    )
    generator: Array = array("generator_curves")
    ema_generator: Array = array("generator_curves")
    discriminator: Array = array("discriminator_curves")
    optimal_discriminator: Array = array("discriminator_curves")
    fake_density: Array = array("grid")
    ema_density: Array = array("grid")
    mode_masses: Array = array("modes")
    ema_mode_masses: Array = array("modes")
    fake_samples: Array = array("rug")
    fake_push: Array = array("rug")
    fake_histogram: Array = array("x_bins")
    real_readout: Array = array("readout_bins")
    fake_readout: Array = array("readout_bins")


SCALARS = tuple(f.name for f in fields(Frame) if f.metadata.get("axis", "") is None)
"""Names of the fields that are one number each."""


def described() -> list[dict[str, Any]]:
    """What the page says of each scalar: name, label, help, unit, scale, range, ideal and bound; None for none."""
    return [
        {"name": f.name, "low": finite(f.metadata["low"]), "high": finite(f.metadata["high"])}
        | {key: f.metadata[key] for key in ("label", "help", "unit", "scale", "ideal", "bound")}
        for f in fields(Frame)
        if f.name in SCALARS
    ]


def finite(value: float) -> float | None:
    """JSON has no infinity."""
    return value if math.isfinite(value) else None
