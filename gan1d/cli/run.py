"""`gan1d run`: training without a page."""

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
from gan1d.fingerprint import fingerprint

METRICS_EVERY: Final = 50
"""Steps between two rows with metrics: computing them costs as much as several steps."""

STEP_COLUMNS: Final = ("loss_d", "loss_g", "grad_norm_d", "grad_norm_g")
METRIC_COLUMNS: Final = tuple(name for name in SCALARS if name not in (*STEP_COLUMNS, "diagnosis"))

TABLE_COLUMNS: Final = ("step", *STEP_COLUMNS, *METRIC_COLUMNS, "diagnosis")


def run_experiment(
    config: Config, steps: int, table: IO[str] | None = None, progress: IO[str] | None = None
) -> dict[str, Any]:
    """Train and summarise the run.

    Args:
        config: Settings of the run.
        steps: Number of training steps; fewer if the run diverges.
        table: Destination of a CSV row per step: step, losses, gradient norms, and every `METRICS_EVERY` steps and at
            the end the metrics and the diagnosis.
        progress: Destination of the step count, about once a second.

    Returns:
        JSON values: config, step, losses, metrics, exact (False if the metrics are estimates), diagnosis, diverged,
        fingerprint (see `gan1d.fingerprint`).
        NaN and infinity become None.
    """
    trainer, probe = Trainer(config), Probe(config)
    monitor = Monitor(trainer)
    writer = None if table is None else csv.writer(table, lineterminator="\n")
    if writer is not None:
        writer.writerow(TABLE_COLUMNS)
    reported_at = time.monotonic()
    while trainer.step_count < steps and trainer.diverged is None:
        parts = monitor.run(min(METRICS_EVERY - trainer.step_count % METRICS_EVERY, steps - trainer.step_count))
        if writer is not None:
            table_rows = [row for part in parts for row in step_rows(part)]
            add_metrics(table_rows, observe(trainer, probe, KINDS.index(monitor.kind)))
            writer.writerows(table_rows)
        if progress is not None and (now := time.monotonic()) - reported_at >= 1:
            write_progress(progress, f"step {trainer.step_count} of {steps}\n")
            reported_at = now
    return summarize(config, trainer, probe, monitor)


def step_rows(reports: Reports) -> list[list[object]]:
    """One row per step, with empty cells for the metrics and for NaN."""
    empty = [None] * (len(METRIC_COLUMNS) + 1)
    return [
        [int(step), *(to_json(float(getattr(reports, name)[index])) for name in STEP_COLUMNS), *empty]
        for index, step in enumerate(reports.step)
    ]


def add_metrics(table: list[list[object]], frame: Frame) -> None:
    """Write the metrics into the last row, if there is one."""
    if table:
        metrics = [to_json(getattr(frame, name)) for name in METRIC_COLUMNS]
        table[-1][1 + len(STEP_COLUMNS) :] = [*metrics, KINDS[int(frame.diagnosis)].name]


def summarize(config: Config, trainer: Trainer, probe: Probe, monitor: Monitor) -> dict[str, Any]:
    """The present state of a run as JSON values."""
    frame = observe(trainer, probe)
    return {
        "config": config.model_dump(mode="json"),
        "step": trainer.step_count,
        "losses": {"discriminator": to_json(frame.loss_d), "generator": to_json(frame.loss_g)},
        "metrics": {
            **{name: to_json(getattr(frame, name)) for name in (*METRIC_COLUMNS, "grad_norm_d", "grad_norm_g")},
            "mode_masses": to_json(frame.mode_masses),
            "ema_mode_masses": to_json(frame.ema_mode_masses),
        },
        "exact": not probe.latent_grid.is_sampled,
        "diagnosis": asdict(monitor.diagnosis),
        "diverged": None if trainer.diverged is None else asdict(trainer.diverged),
        "fingerprint": fingerprint(),
    }


def to_json(value: Any) -> Any:
    """A number or an array as JSON values; NaN and infinity become None."""
    if isinstance(value, np.ndarray):
        return [to_json(item) for item in value.tolist()]
    return value if math.isfinite(value) else None
