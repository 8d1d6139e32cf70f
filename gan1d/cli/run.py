"""`gan1d run`: the same training without a page, for scripts and comparisons."""

import csv
import math
import time
from dataclasses import asdict
from typing import IO, Any, Final

import numpy as np

from gan1d.cli.console import write_progress
from gan1d.config.model import Config
from gan1d.diagnosis.monitor import Monitor
from gan1d.diagnosis.rules import KINDS
from gan1d.engine.training.reports import Reports
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe

METRICS_EVERY: Final = 50
"""Steps between two measurements in a table: to measure costs as much as several steps."""

REPORTED: Final = ("loss_d", "loss_g", "grad_norm_d", "grad_norm_g")
MEASURED: Final = tuple(name for name in SCALARS if name not in (*REPORTED, "diagnosis"))


def run(config: Config, steps: int, table: IO[str] | None = None, progress: IO[str] | None = None) -> dict[str, Any]:
    """Train, and say how it ended.

    Args:
        config: The experiment.
        steps: Steps to make; fewer are made if the run diverges.
        table: Gets a CSV row for each step: step, losses and gradient norms, and every `METRICS_EVERY` steps and at
            the end what was measured then, and the diagnosis.
        progress: Gets the step count about once a second.

    Returns:
        config, step, losses, metrics, whether those are exact or estimates, diagnosis and diverged, as JSON has them;
        what is not a number is None.
    """
    trainer, probe = Trainer(config), Probe(config)
    monitor = Monitor(trainer)
    writer = None if table is None else csv.writer(table, lineterminator="\n")
    if writer is not None:
        writer.writerow(["step", *REPORTED, *MEASURED, "diagnosis"])
    said_at = time.monotonic()
    while trainer.step_count < steps and trainer.diverged is None:
        parts = monitor.run(min(METRICS_EVERY - trainer.step_count % METRICS_EVERY, steps - trainer.step_count))
        if writer is not None:
            table_rows = [row for part in parts for row in rows(part)]
            measure(table_rows, observe(trainer, probe, KINDS.index(monitor.kind)))
            writer.writerows(table_rows)
        if progress is not None and (now := time.monotonic()) - said_at >= 1:
            write_progress(progress, f"step {trainer.step_count} of {steps}\n")
            said_at = now
    return outcome(config, trainer, probe, monitor)


def rows(reports: Reports) -> list[list[object]]:
    """A row for each step, without measurements; what is not a number is left empty."""
    empty = [None] * (len(MEASURED) + 1)
    return [
        [int(step), *(plain(float(getattr(reports, name)[index])) for name in REPORTED), *empty]
        for index, step in enumerate(reports.step)
    ]


def measure(table: list[list[object]], frame: Frame) -> None:
    """Write what was measured into the last row, if there is one."""
    if table:
        measured = [plain(getattr(frame, name)) for name in MEASURED]
        table[-1][1 + len(REPORTED) :] = [*measured, KINDS[int(frame.diagnosis)].name]


def outcome(config: Config, trainer: Trainer, probe: Probe, monitor: Monitor) -> dict[str, Any]:
    """Where a run stands."""
    frame = observe(trainer, probe)
    return {
        "config": config.model_dump(mode="json"),
        "step": trainer.step_count,
        "losses": {"discriminator": plain(frame.loss_d), "generator": plain(frame.loss_g)},
        "metrics": {
            **{name: plain(getattr(frame, name)) for name in (*MEASURED, "grad_norm_d", "grad_norm_g")},
            "mode_masses": plain(frame.mode_masses),
            "ema_mode_masses": plain(frame.ema_mode_masses),
        },
        "exact": not probe.noise.is_sampled,
        "diagnosis": asdict(monitor.diagnosis),
        "diverged": None if trainer.diverged is None else asdict(trainer.diverged),
    }


def plain(value: Any) -> Any:
    """As JSON has it: it knows neither arrays nor NaN."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    return value if math.isfinite(value) else None
