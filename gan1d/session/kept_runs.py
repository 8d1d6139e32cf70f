"""The runs that a session keeps, so that each can be looked at and returned to."""

from collections.abc import Collection
from typing import Final

from gan1d.config.model import Config
from gan1d.fingerprint import fingerprint
from gan1d.formatting import format_count
from gan1d.recording.key_frames import KeyFrames
from gan1d.recording.recording import Recording
from gan1d.recording.repetition import RepeatedRun
from gan1d.recording.run_log import RunLog
from gan1d.session.change_marks import change_label, shown_values
from gan1d.session.messages import RunEntry, SettingDifference
from gan1d.session.run_record import RunRecord

MOST_RUNS: Final = 12
"""Largest number of runs that a session keeps."""
PAST_SHARE: Final = 0.5
"""Share of the memory that all runs but the present one may take together."""
LISTED_DIFFERENCES: Final = 4
"""Largest number of settings that an entry names one by one."""


class KeptRuns:
    """The present run of a session, and those before it.

    Args:
        config: Settings of the first run.
        preset: Name of the preset on which it is based.
        budget: Memory for the key-frames of all runs, in bytes; 0 to keep no run but the present one, without them.

    Attributes:
        present: The present run.
        second: The run that is compared with the present one, which is not forgotten; None for none.
        all: All runs by number.
    """

    def __init__(self, config: Config, preset: str | None, budget: int) -> None:
        self._budget, self._last_number = budget, 0
        self.all: dict[int, RunRecord] = {}
        self.second: RunRecord | None = None
        self.present = self._begin(config, preset)

    def _begin(self, config: Config, preset: str | None) -> RunRecord:
        self._last_number += 1
        number = self._last_number
        recording = None
        if self._budget:
            log = RunLog(config, fingerprint=fingerprint())
            recording = Recording(log, RepeatedRun.restored, KeyFrames(self._budget))
        record = RunRecord(config, number, f"run {number}", preset, recording, ((number, 2**62),))
        self.all[number] = record
        return record

    def begin(self, config: Config, preset: str | None) -> str:
        """Begin a run at step 0; return what was given up for it, in a sentence."""
        self._drop_if_empty(self.present)
        self.present = self._begin(config, preset)
        return self._make_room()

    def begin_second(self, config: Config, preset: str | None, name: str) -> RunRecord:
        """Begin a run at step 0 to compare the present one with."""
        record = self._begin(config, preset)
        record.name = name
        return record

    def compare(self, record: RunRecord | None) -> str:
        """Compare the present run with a kept one, or with none; return what was given up."""
        former, self.second = self.second, record
        if former is not None and former is not self.present:
            self._drop_if_empty(former)
        return self._make_room()

    def go_on(self, record: RunRecord, name: str) -> str:
        """Begin a run whose past is that of another one, as `Restoration` makes it; return what was given up."""
        self.add_branch(record, name)
        self._drop_if_empty(self.present)
        self.present = record
        return self._make_room()

    def add_branch(self, record: RunRecord, name: str) -> None:
        """Keep a run whose past is that of another one."""
        self._last_number += 1
        number = self._last_number
        record.number = number
        record.name = name or f"from step {format_count(record.step)}"
        record.lineage = ((number, 2**62), *((run, min(step, record.step)) for run, step in record.lineage))
        self.all[number] = record

    def switch(self, record: RunRecord) -> str:
        """Make a kept run the present one; return what was given up."""
        self._drop_if_empty(self.present)
        self.present = record
        return self._make_room()

    @property
    def any_heavy(self) -> bool:
        """Whether there are steps to look at that take so long that they would delay other sessions."""
        return any(record.is_heavy and record.recording is not None for record in self.all.values())

    def forget(self, record: RunRecord) -> None:
        """Forget a run that is not the present one."""
        del self.all[record.number]
        self._make_room()

    def _drop_if_empty(self, record: RunRecord) -> None:
        """Drop a run in which nothing has happened, or whose end is not known."""
        is_empty = record.end is None or (record.step == 0 and not record.marks.all)
        if not self._budget or (is_empty and record is not self.second):
            self.all.pop(record.number, None)

    def _make_room(self) -> str:
        """Thin out and forget past runs, the oldest first, until there is room; return what was given up."""
        forgotten, coarser = list[str](), list[str]()
        room = self._budget * PAST_SHARE
        while len(self._past) >= MOST_RUNS:
            forgotten.append(self._forget_oldest())
        if self.second is not None and self.second.recording is not None:
            # It grows along with the present one.
            self.second.recording.key_frames.budget = int(room)
        for record in self._past:
            excess = self._bytes_of_past() - room
            if excess > 0 and record.recording is not None:
                frames = record.recording.key_frames
                frames.budget = max(0, int(frames.bytes - excess))
                coarser.append(record.name)
        while self._forgettable and self._bytes_of_past() > room:
            forgotten.append(self._forget_oldest())
        if self.present.recording is not None:
            past = room if self.second is not None else self._bytes_of_past()
            self.present.recording.key_frames.budget = int(self._budget - past)
        coarser = [name for name in coarser if name not in forgotten]
        parts = []
        if forgotten:
            parts.append(f"To make room, the history of {quoted_names(forgotten)} is no longer kept.")
        if coarser:
            parts.append(f"To make room, the history of {quoted_names(coarser)} has become coarser.")
        return " ".join(parts)

    @property
    def _past(self) -> list[RunRecord]:
        """All runs but the present one, oldest first."""
        return [record for record in self.all.values() if record is not self.present]

    @property
    def _forgettable(self) -> list[RunRecord]:
        """The past runs that are not compared, oldest first."""
        return [record for record in self._past if record is not self.second]

    def _forget_oldest(self) -> str:
        """Forget the oldest past run that is not compared; return its name."""
        return self.all.pop(self._forgettable[0].number).name

    def _bytes_of_past(self) -> int:
        """Bytes of the states of all past runs, without those that are also of the present one."""
        present = {id(state) for state in states_of(self.present)}
        states = {id(state): len(state) for record in self._past for state in states_of(record)}
        return sum(size for key, size in states.items() if key not in present)

    def entries(self) -> list[RunEntry]:
        """All runs, as on the wire."""
        return [self.entry(self.all[number]) for number in sorted(self.all)]

    def entry(self, record: RunRecord) -> RunEntry:
        """A run, as on the wire."""
        parent = record.lineage[1] if len(record.lineage) > 1 else None
        present = self.present
        return RunEntry(
            run=record.number,
            name=record.name,
            preset=record.preset,
            seed=record.config.seed,
            parent=None if parent is None else parent[0],
            from_step=0 if parent is None else parent[1],
            shared_steps=min(record.step, present.step, record.shared_steps(present)),
            step=record.step,
            diverged=record.diverged,
            spacing=0 if record.recording is None else max(record.recording.key_frames.largest_gap, 1),
            differences=listed_differences(present.config, record.config),
        )


def states_of(record: RunRecord) -> list[bytes]:
    """All states of a run that are kept; those before a branch are the same objects in both runs."""
    frames = [] if record.recording is None else record.recording.key_frames.states
    return frames if record.end is None else [*frames, record.end[0]]


def quoted_names(names: list[str]) -> str:
    """The names of some runs in a sentence."""
    return ", ".join(f"“{name}”" for name in names)


def differences_between(here: Config, there: Config) -> list[SettingDifference]:
    """The settings in which two configs differ."""
    found = []
    for path in there.differences(here):
        label, before, after = shown_values(here, there, path)
        found.append(SettingDifference(path=path, label=label, here=before, there=after))
    return found


def listed_differences(old: Config, new: Config, without: Collection[str] = ()) -> str:
    """The differences of two configs in a line, without those of some paths; "" for none."""
    paths = [path for path in new.differences(old) if path not in without]
    labels = [change_label(old, new, path) for path in paths[:LISTED_DIFFERENCES]]
    more = [f"{len(paths) - LISTED_DIFFERENCES} more"] if len(paths) > LISTED_DIFFERENCES else []
    return ", ".join([*labels, *more])
