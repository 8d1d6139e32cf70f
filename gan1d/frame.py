"""What is seen of a run at one step, exactly.

A `Probe` holds all that does not change while a run learns: grids, fixed noise, and everything about the target.
`observe` looks at a trainer through it and returns a `Frame`. Probes have their own randomness and their own
workspaces, so looking changes nothing. Frames are facts: self-contained, and the same for the same state.
"""

import math
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gan1d.engine import metrics
from gan1d.engine.activations import Array
from gan1d.engine.latents import Float64, Latent
from gan1d.engine.losses import Loss
from gan1d.engine.mlp import MLP, Workspace
from gan1d.engine.targets import Target
from gan1d.engine.trainer import Trainer

GRID = 256
"""Bins of the data axis, and points of every curve on it."""
LATENT_GRID = 201
"""Points of every curve on the noise axis."""
QUANTILES = 1024
"""Equally likely values of z that densities, masses and distances are computed from."""
SAMPLES = 256
"""Fixed noise draws that are followed through the whole run, and as many fixed real samples."""
RUG = 64
"""How many of them are shown one by one."""
X_BINS, Z_BINS, READOUT_BINS = 50, 35, 20

PROBE_SEED = 20140610
"""Of the probes' own noise: the day arXiv:1406.2661 appeared. Any number would do, as long as it stays."""

FAINTEST = 1e-3
"""Where p_data + p_g is below this share of the highest data density, no optimal D is claimed: nothing lives there."""


def scalar(help: str, *, label: str = "", high: float = math.inf, unit: str = "") -> Any:
    """A field of one number, drawn over the whole run; from 0 (or −∞) to `high`."""
    return field(metadata={"axis": None, "help": help, "label": label, "high": high, "unit": unit})


def array(axis: str) -> Any:
    """A field of one number per point of an axis of the scene."""
    return field(metadata={"axis": axis})


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One look at a run. Arrays are float32; axes are those of the probe.

    The wire's layout, the traces on the page and the columns of a recording are all read from these fields.
    """

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


class Scenery(Protocol):
    """What a probe must be told; `gan1d.Config` is one."""

    @property
    def target(self) -> Target: ...
    @property
    def latent(self) -> Latent: ...
    @property
    def loss(self) -> Loss: ...


class Probe:
    """All that stays fixed while a run learns: how it is looked at.

    Args:
        config: Its target, latent and loss; a change to one of them asks for a new probe.

    Attributes:
        low: Left end of the data axis.
        high: Right end of the data axis.
        grid: Bin centres of the data axis, `(256,)`.
        latent_grid: Even grid over the shown part of the noise axis, `(201,)`.
        modes: Basins of the target's modes, left to right.
    """

    def __init__(self, config: Scenery) -> None:
        self.target, self.latent, self.loss = config.target, config.latent, config.loss
        self.low, self.high = shown_axis(self.target)
        self.edges = np.linspace(self.low, self.high, GRID + 1)
        self.grid = 0.5 * (self.edges[:-1] + self.edges[1:])
        self.latent_grid = np.linspace(*self.latent.span, LATENT_GRID)
        self.modes = self.target.basins()
        # A fake may lie anywhere: the outer bins reach to infinity, and their mass is said, not lost.
        self._cuts = np.array([mode.low for mode in self.modes[1:]])
        target_cdf = self.target.cdf(self.edges)
        self.bin_masses = np.diff(target_cdf, prepend=0.0, append=1.0)
        self.target_density = self.bin_masses[1:-1] / np.diff(self.edges)
        self.target_mode_masses = np.diff(self.target.cdf(self._cuts), prepend=0.0, append=1.0)
        self._place_quantiles()
        self._draw_samples()
        self._workspaces: dict[int, tuple[MLP, Workspace]] = {}

    def _place_quantiles(self) -> None:
        """Equally likely z between two ends so far out that nothing is beyond them, and the mass between neighbours."""
        u = (np.arange(QUANTILES) + 0.5) / QUANTILES
        ends = np.array([1e-9, 1 - 1e-9])
        self.quantile_z = self.latent.quantile(np.concatenate([ends[:1], u, ends[1:]]))
        self.quantile_masses = np.diff(np.concatenate([[0.0], u, [1.0]]))
        self.target_quantiles = self.target.quantile(u)

    def _draw_samples(self) -> None:
        """Fixed noise and fixed reals, so that what moves on the page is learning and not luck."""
        noise_rng, real_rng = (np.random.default_rng(s) for s in np.random.SeedSequence(PROBE_SEED).spawn(2))
        self.noise = self.latent.sample(noise_rng, SAMPLES)
        self.real = self.target.sample(real_rng, SAMPLES)

    def workspace(self, network: MLP, batch: int, slot: int) -> Workspace:
        """The probe's own room for a network, kept while the network stays the same object."""
        known = self._workspaces.get(slot)
        if known is None or known[0] is not network:
            known = (network, Workspace(network, batch))
            self._workspaces[slot] = known
        return known[1]

    def scene(self) -> dict[str, Any]:
        """All of it as plain JSON values, for the page."""
        loss, span = self.loss, self.latent.span
        u = np.clip(self.latent.cdf(self.latent_grid), 1e-9, 1 - 1e-9)
        return {
            "grid": self.grid.tolist(),
            "latent_grid": self.latent_grid.tolist(),
            "x_axis": {"low": self.low, "high": self.high},
            "z_axis": {"low": span[0], "high": span[1]},
            "target_density": self.target_density.tolist(),
            "latent_density": self.latent.pdf(self.latent_grid).tolist(),
            "optimal_map": self.target.quantile(u).tolist(),
            "optimal_map_mirror": self.target.quantile(1 - u).tolist(),
            "density_high": 1.6 * float(self.target_density.max()),
            "modes": [
                {"centre": mode.centre, "mass": float(mass), "low": finite(mode.low), "high": finite(mode.high)}
                for mode, mass in zip(self.modes, self.target_mode_masses, strict=True)
            ],
            "real_samples": self.real[:RUG].tolist(),
            "latent_histogram": metrics.histogram(self.noise, *span, Z_BINS).tolist(),
            "real_histogram": metrics.histogram(self.real, self.low, self.high, X_BINS).tolist(),
            "sample_count": SAMPLES,
            "x_bins": X_BINS,
            "z_bins": Z_BINS,
            "readout_bins": READOUT_BINS,
            "readout": {"kind": loss.readout, "low": 0.0, "high": 1.0, "label": "D(x)"},
            "loss_axis": {"low": loss.axis[0], "high": loss.axis[1]},
            "references": [
                {"series": series, "value": value, "label": named(value)}
                for series, value in loss.equilibrium().items()
            ],
            "metrics": [
                {"name": f.name, "low": 0.0, **{k: f.metadata[k] for k in ("label", "help", "unit")}}
                | {"high": finite(f.metadata["high"])}
                for f in fields(Frame)
                if f.name in SCALARS
            ],
        }


def observe(trainer: Trainer, probe: Probe | None = None) -> Frame:
    """Look at a run; it stays as it is to the last bit.

    Args:
        trainer: The run.
        probe: How to look; one that fits the trainer's config is made if none is given.

    Returns:
        A frame of the present step.
    """
    probe = Probe(trainer.config) if probe is None else probe
    report, loss = trainer.report, probe.loss
    with np.errstate(over="ignore", invalid="ignore"):
        now, fakes = _look_at_generator(probe, trainer.generator, slot=0)
        average, _ = _look_at_generator(probe, trainer.ema_generator, slot=1)
        fake_samples = np.nan_to_num(fakes, posinf=1e30, neginf=-1e30)
        readout, push = _look_at_discriminator(probe, trainer.discriminator, fake_samples)
        optimal = loss.optimal(probe.target_density, now["density"])
    optimal[probe.target_density + now["density"] < FAINTEST * probe.target_density.max()] = np.nan
    return Frame(
        step=report.step,
        loss_d=report.loss_d,
        loss_g=report.loss_g,
        grad_norm_d=report.grad_norm_d,
        grad_norm_g=report.grad_norm_g,
        wasserstein1=now["wasserstein1"],
        jensen_shannon=now["jensen_shannon"],
        ema_wasserstein1=average["wasserstein1"],
        ema_jensen_shannon=average["jensen_shannon"],
        fake_below=float(now["bin_masses"][0]),
        fake_above=float(now["bin_masses"][-1]),
        generator=single(now["curve"]),
        ema_generator=single(average["curve"]),
        discriminator=single(readout[:GRID]),
        optimal_discriminator=single(optimal),
        fake_density=single(now["density"]),
        ema_density=single(average["density"]),
        mode_masses=single(now["mode_masses"]),
        ema_mode_masses=single(average["mode_masses"]),
        fake_samples=single(fake_samples[:RUG]),
        fake_push=single(push[:RUG]),
        fake_histogram=single(metrics.histogram(fake_samples, probe.low, probe.high, X_BINS)),
        real_readout=single(metrics.histogram(readout[GRID : GRID + SAMPLES], 0.0, 1.0, READOUT_BINS)),
        fake_readout=single(metrics.histogram(readout[GRID + SAMPLES :], 0.0, 1.0, READOUT_BINS)),
    )


def _look_at_generator(probe: Probe, network: MLP, *, slot: int) -> tuple[dict[str, Any], Float64]:
    """G as a curve, and the distribution it makes of the prior; one pass through the network for all of it."""
    inputs = np.concatenate([probe.latent_grid, probe.quantile_z, probe.noise])
    workspace = probe.workspace(network, len(inputs), slot)
    workspace.inputs[0] = inputs
    outputs = workspace.forward()[0].astype(np.float64)
    curve, rest = outputs[:LATENT_GRID], outputs[LATENT_GRID:]
    values, fakes = rest[: QUANTILES + 2], rest[QUANTILES + 2 :]
    points = np.concatenate([probe.edges, probe._cuts])
    below = metrics.pushforward_cdf(np.nan_to_num(values), probe.quantile_masses, points)
    bin_masses = np.diff(below[: GRID + 1], prepend=0.0, append=1.0)
    return {
        "curve": curve,
        "bin_masses": bin_masses,
        "density": bin_masses[1:-1] / (probe.edges[1] - probe.edges[0]),
        "mode_masses": np.diff(below[GRID + 1 :], prepend=0.0, append=1.0),
        "wasserstein1": metrics.wasserstein1(values[1:-1], probe.target_quantiles),
        "jensen_shannon": metrics.jensen_shannon(bin_masses, probe.bin_masses),
    }, fakes


def _look_at_discriminator(probe: Probe, network: MLP, fakes: Float64) -> tuple[Array, Float64]:
    """What D says on the grid, of the fixed reals and of the fakes, and where G's loss pushes each fake.

    Returns:
        The readout, `(grid + samples + samples,)`, and −d L_G / d x of each fake on its own, `(samples,)`.
    """
    inputs = np.concatenate([probe.grid, probe.real, fakes])
    workspace = probe.workspace(network, len(inputs), slot=2)
    workspace.inputs[0] = inputs
    scores = workspace.forward()
    gradient = np.zeros_like(scores)
    probe.loss.generator_gradient(scores[:, -SAMPLES:], gradient[:, -SAMPLES:])
    workspace.backward(gradient, parameters=False, inputs=True)
    push = -SAMPLES * workspace.input_gradient[0, -SAMPLES:].astype(np.float64)
    return np.nan_to_num(probe.loss.shown(scores)[0], nan=0.5), push


def shown_axis(target: Target) -> tuple[float, float]:
    """Ends of the data axis: the target's support with an eighth to spare on each side, rounded outwards."""
    low, high = target.support()
    margin = 0.125 * (high - low)
    unit = 10.0 ** math.floor(math.log10(high - low))
    step = next(unit * k for k in (0.1, 0.2, 0.5, 1.0) if (high - low) / (unit * k) <= 20)
    return step * math.floor((low - margin) / step + 1e-9), step * math.ceil((high + margin) / step - 1e-9)


def named(value: float) -> str:
    """A reference value as a person writes it."""
    for known, name in ((math.log(2), "ln 2"), (-math.log(2), "−ln 2")):
        if abs(value - known) < 1e-9:
            return name
    return f"{value:.3f}".replace("-", "−")


def finite(value: float) -> float | None:
    """JSON has no infinity."""
    return value if math.isfinite(value) else None


def single(values: NDArray[np.floating[Any]]) -> Array:
    """As it goes over the wire; beyond float32's range the nearest end of it, because a chart clips there anyway."""
    largest = np.finfo(np.float32).max
    return np.asarray(np.clip(values, -largest, largest), np.float32)
