"""What is seen of a run at one step: the fields, with what each of them means.

The wire's layout, the traces on the page and the columns of a recording are all read from here. Frames are facts:
self-contained, and the same for the same state.
"""

import math
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.programs import Array


def scalar(help: str, *, label: str = "", high: float = math.inf, unit: str = "") -> Any:
    """A field of one number, drawn over the whole run; from 0 (or −∞) to `high`."""
    return field(metadata={"axis": None, "help": help, "label": label, "high": high, "unit": unit})


def array(axis: str) -> Any:
    """A field of one number per point of an axis of the scene."""
    return field(metadata={"axis": axis})


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One look at a run. Arrays are float32; axes are those of the probe."""

    step: int
    loss_d: float = scalar("Discriminator's loss on its last minibatch.", label="L_D")
    loss_g: float = scalar("Generator's loss on its last minibatch.", label="L_G")
    grad_norm_d: float = scalar("Length of D's gradient in its last update.", label="|∇D|")
    grad_norm_g: float = scalar("Length of G's gradient in its last update.", label="|∇G|")
    wasserstein1: float = scalar(
        "Wasserstein-1: how far the mass still has to travel, on average.", label="distance", unit="x"
    )
    jensen_shannon: float = scalar(
        "Jensen-Shannon divergence: 0 where the densities agree, ln 2 where they never overlap.",
        label="JS", high=math.log(2), unit="nat",
    )  # fmt: skip
    ema_wasserstein1: float = scalar("Wasserstein-1 of the averaged generator.", label="distance (average)", unit="x")
    ema_jensen_shannon: float = scalar(
        "Jensen-Shannon divergence of the averaged generator.", label="JS (average)", high=math.log(2), unit="nat"
    )
    fake_below: float = scalar("Share of the fakes left of the shown axis.", label="below", high=1.0)
    fake_above: float = scalar("Share of the fakes right of the shown axis.", label="above", high=1.0)
    points_wasserstein1: float = scalar(
        "Wasserstein-1 to the fixed training points alone. Near 0 while that to the target is not: learned by heart.",
        label="distance to the training points", unit="x",
    )  # fmt: skip
    diagnosis: float = scalar(
        "What is happening, as a place in the scene's list of diagnoses; not a number where nobody keeps watch.",
        label="diagnosis",
    )
    generator: Array = array("latent_grid")
    ema_generator: Array = array("latent_grid")
    discriminator: Array = array("grid")
    optimal_discriminator: Array = array("grid")
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
    """What the page says of each scalar: name, label, help, unit and range; no upper end is None."""
    return [
        {"name": f.name, "low": 0.0, "high": finite(f.metadata["high"])}
        | {key: f.metadata[key] for key in ("label", "help", "unit")}
        for f in fields(Frame)
        if f.name in SCALARS
    ]


def finite(value: float) -> float | None:
    """JSON has no infinity."""
    return value if math.isfinite(value) else None


def single(values: ArrayLike) -> Array:
    """As it goes over the wire."""
    return np.asarray(values, np.float32)
