"""The frame: all measurements of a run at one step, with a description of each field.

The layout of the binary message, the metrics on the page and the columns of a CSV file are all read from here.
A frame is self-contained, and the same for the same state of a run.
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
        help: Meaning, in a sentence or two for a student.
        label: Name on the page.
        low: Lowest possible value.
        high: Highest possible value.
        unit: "x", "x²", "nat", "" for a number without a unit, "share" for one from 0 to 1 that is shown in per cent.
        scale: Scale of the axis on which its history is drawn.
        ideal: Value for a perfect G, if it is the same in every run.
        bound: Name of the field that holds the highest value that this one can reach.
    """
    return field(
        metadata={
            "axis": None, "help": help, "label": label, "low": low, "high": high, "unit": unit, "scale": scale,
            "ideal": ideal, "bound": bound,
        }
    )  # fmt: skip


def array(axis: str, unit: str = "") -> Any:
    """A field of one number per point of an axis of the scene.

    Args:
        axis: Name of the axis.
        unit: "position" for a place on the data axis, "1/x" for a density, "" for a number without a unit of x.
    """
    return field(metadata={"axis": axis, "unit": unit})


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Measurements of a run at one step. Arrays are float32, and float64 in units of x if data are standardized; their
    axes are described in the probe's scene.

    Curves are `(points,)`, or `(curves, points)` where there are several: of G one for each label or along each
    coordinate of z, of D one for each label.
    """

    step: int
    loss_d: float = scalar("Loss of the discriminator on its last batch.", label="L_D", low=-math.inf)
    loss_g: float = scalar("Loss of the generator on its last batch.", label="L_G", low=-math.inf)
    grad_norm_d: float = scalar("Norm of D's gradient in its last update.", label="|∇D|", scale="log")
    grad_norm_g: float = scalar("Norm of G's gradient in its last update.", label="|∇G|", scale="log")
    wasserstein1: float = scalar(
        "Wasserstein-1: how far the mass still has to travel, on average.",
        label="distance", unit="x", scale="log", ideal=0.0,
    )  # fmt: skip
    jensen_shannon: float = scalar(
        "Jensen–Shannon divergence on 256 bins: 0 where the densities agree, ln 2 where they never overlap.",
        label="JS", high=math.log(2), unit="nat", scale="log", ideal=0.0,
    )  # fmt: skip
    ema_wasserstein1: float = scalar(
        "Wasserstein-1 of the averaged generator.", label="distance (average)", unit="x", scale="log", ideal=0.0
    )
    ema_jensen_shannon: float = scalar(
        "Jensen–Shannon divergence of the averaged generator.",
        label="JS (average)", high=math.log(2), unit="nat", scale="log", ideal=0.0,
    )  # fmt: skip
    frechet: float = scalar(
        "Fréchet distance: how far mean and standard deviation are off, squared. FID is the same on features of "
        "images; the shape does not count.",
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
        "Value of the game over all reals and fakes: D maximizes it, G minimizes it. It is lowest where D cannot tell "
        "them apart.",
        label="value", low=-math.inf, bound="best_value",
    )  # fmt: skip
    best_value: float = scalar(
        "Value that the optimal D reaches against the present G; with a Wasserstein loss, the optimal D that is "
        "nowhere steeper than the present one. No value is above it, and the gap is what D has yet to learn.",
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
    mutual_information: float = scalar(
        "Mutual information of the code and x: how much a fake tells of its code, on 256 bins. 0 where G ignores the "
        "code; at most ln n for n values, where each makes fakes of its own.",
        label="I(c; x)", unit="nat",
    )  # fmt: skip
    information_bound: float = scalar(
        "The part of the mutual information that Q reads from D's last hidden layer, which G and Q maximize. It is "
        "below 0 where Q is surer than it is right.",
        label="bound L_I", low=-math.inf, unit="nat", bound="mutual_information",
    )  # fmt: skip
    back_wasserstein1: float = scalar(
        "Wasserstein-1 of the translations back, F(y), to the source.",
        label="distance (back)", unit="x", scale="log", ideal=0.0,
    )  # fmt: skip
    back_jensen_shannon: float = scalar(
        "Jensen–Shannon divergence of the translations back, F(y), from the source.",
        label="JS (back)", high=math.log(2), unit="nat", scale="log", ideal=0.0,
    )  # fmt: skip
    cycle_error: float = scalar(
        "Mean distance of a source sample x from its translation there and back, F(G(x)).",
        label="there and back", unit="x", scale="log", ideal=0.0,
    )  # fmt: skip
    back_cycle_error: float = scalar(
        "Mean distance of a target sample y from its translation back and there, G(F(y)).",
        label="back and there", unit="x", scale="log", ideal=0.0,
    )  # fmt: skip
    order_kept: float = scalar(
        "Share of all pairs of source samples whose order G keeps: 100 % for a rising map, 0 % for a falling one.",
        label="order kept", high=1.0, unit="share",
    )  # fmt: skip
    diagnosis: float = scalar(
        "Diagnosis of the run, as an index into the scene's list of diagnoses; NaN if the run is not diagnosed.",
        label="diagnosis",
    )
    generator: Array = array("generator_curves", "position")
    ema_generator: Array = array("generator_curves", "position")
    discriminator: Array = array("discriminator_curves")
    optimal_discriminator: Array = array("discriminator_curves")
    fake_density: Array = array("grid", "1/x")
    ema_density: Array = array("grid", "1/x")
    mode_masses: Array = array("modes")
    ema_mode_masses: Array = array("modes")
    code_density: Array = array("code_densities", "1/x")
    fake_samples: Array = array("rug", "position")
    fake_push: Array = array("rug")
    fake_histogram: Array = array("x_bins")
    real_readout: Array = array("readout_bins")
    fake_readout: Array = array("readout_bins")
    back_generator: Array = array("back_curve", "position")
    back_density: Array = array("back_grid", "1/x")
    back_discriminator: Array = array("back_grid")
    back_optimal_discriminator: Array = array("back_grid")
    round_trip: Array = array("round_trip", "position")
    back_round_trip: Array = array("back_curve", "position")


SCALARS = tuple(f.name for f in fields(Frame) if f.metadata.get("axis", "") is None)
"""Names of the fields that are one number each."""


def described() -> list[dict[str, Any]]:
    """Descriptions of all scalars: name, label, help, unit, scale, range, ideal and bound, None for none."""
    return [
        {"name": f.name, "low": finite(f.metadata["low"]), "high": finite(f.metadata["high"])}
        | {key: f.metadata[key] for key in ("label", "help", "unit", "scale", "ideal", "bound")}
        for f in fields(Frame)
        if f.name in SCALARS
    ]


def finite(value: float) -> float | None:
    """A number, or None if it is infinite, which JSON cannot hold."""
    return value if math.isfinite(value) else None
