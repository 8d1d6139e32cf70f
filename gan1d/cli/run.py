"""`gan1d run` and `gan1d replay`: training without a page."""

import csv
import math
import time
from dataclasses import asdict
from typing import IO, Any, Final

import numpy as np

from gan1d.cli.console import write_progress
from gan1d.config.model import Config
from gan1d.diagnosis.kinds import KINDS
from gan1d.engine.training.reports import Reports
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.evaluation.probe import Probe
from gan1d.fingerprint import fingerprint
from gan1d.recording.digest import digest_of
from gan1d.recording.observed_run import ObservedRun
from gan1d.recording.run_log import End, UpdatedPlayer

METRICS_EVERY: Final = 50
"""Steps between two rows with metrics: computing them costs as much as several steps."""

STEP_COLUMNS: Final = ("loss_d", "loss_g", "grad_norm_d", "grad_norm_g")
METRIC_COLUMNS: Final = tuple(name for name in SCALARS if name not in (*STEP_COLUMNS, "diagnosis"))

TABLE_COLUMNS: Final = ("step", *STEP_COLUMNS, *METRIC_COLUMNS, "diagnosis")


class HeadlessRun(ObservedRun):
    """A run without a page.

    Args:
        config: Settings of the run.
        steps: Number of steps that it is to make, which progress is compared with.
        table: Destination of a CSV row per step: step, losses, gradient norms, and every `METRICS_EVERY` steps and
            after every call of `advance` the metrics and the diagnosis.
        progress: Destination of the step count, about once a second.
    """

    def __init__(
        self, config: Config, steps: int, table: IO[str] | None = None, progress: IO[str] | None = None
    ) -> None:
        super().__init__(config)
        self._steps, self._progress = steps, progress
        self._rows: list[list[object]] = []
        self._writer = None if table is None else csv.writer(table, lineterminator="\n")
        if self._writer is not None:
            self._writer.writerow(TABLE_COLUMNS)
        self._reported_at = time.monotonic()

    def advance(self, count: int, player: UpdatedPlayer = "both") -> int:
        """Make `count` steps, or fewer if the run diverges; return the number of steps made."""
        made = super().advance(count, player)
        self._write()
        return made

    def add(self, reports: Reports, player: UpdatedPlayer) -> None:
        """Write the table's rows of some steps, and how far the run is."""
        if self._writer is not None:
            self._rows += step_rows(reports)
            if self.step % METRICS_EVERY == 0:
                self._write()
        if self._progress is not None and (now := time.monotonic()) - self._reported_at >= 1:
            write_progress(self._progress, f"step {self.step} of {self._steps}\n")
            self._reported_at = now

    def _write(self) -> None:
        """Write the rows that wait, the last one with metrics."""
        if self._writer is not None and self._rows:
            add_metrics(self._rows, self.frame())
            self._writer.writerows(self._rows)
            self._rows.clear()

    def change(self, config: Config, *, reinitialize: bool = False) -> float | None:
        """Continue with other settings, which must not require a restart; see `ObservedRun.change`."""
        moved = super().change(config, reinitialize=reinitialize)
        if not self.probe.fits(config, self.trainer.units):
            self.probe = Probe(config, self.trainer.units)
        return moved

    def summary(self) -> dict[str, Any]:
        """The present state as JSON values: config, step, losses, metrics, exact (False if the metrics are estimates),
        diagnosis, diverged, fingerprint (see `gan1d.fingerprint`); NaN and infinity become None."""
        frame, diverged = self.frame(), self.diverged
        return {
            "config": self.config.model_dump(mode="json"),
            "step": self.step,
            "losses": {"discriminator": to_json(frame.loss_d), "generator": to_json(frame.loss_g)},
            "metrics": {
                **{name: to_json(getattr(frame, name)) for name in (*METRIC_COLUMNS, "grad_norm_d", "grad_norm_g")},
                "mode_masses": to_json(frame.mode_masses),
                "ema_mode_masses": to_json(frame.ema_mode_masses),
            },
            "exact": not self.probe.latent_grid.is_sampled,
            "diagnosis": asdict(self.diagnosis),
            "diverged": None if diverged is None else asdict(diverged),
            "fingerprint": fingerprint(),
        }

    def end(self) -> End:
        """The present step as the end of a log."""
        return End(self.step, digest_of(self.trainer), self.diverged is not None)


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


def to_json(value: Any) -> Any:
    """A number or an array as JSON values; NaN and infinity become None."""
    if isinstance(value, np.ndarray):
        return [to_json(item) for item in value.tolist()]
    return value if math.isfinite(value) else None
