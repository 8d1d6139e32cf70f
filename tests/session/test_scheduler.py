"""The training threads: turns in fairness, notes first, and an end."""

import itertools
import math
import threading
import time
from typing import Any

import pytest

from gan1d.recording.run_log import End, RunLog
from gan1d.session.inbox import Join, Leave
from gan1d.session.messages import LoadLog, LoadPreset, Play, Playback, Set
from gan1d.session.scheduler import Scheduler
from gan1d.session.session import BATCH_LENGTH, Session, Work
from gan1d.session.session_info import SessionInfo
from tests.session.fakes import SMALL, FakeViewer
from tests.tools import slow_but


class Team(Scheduler):
    """All owners of sessions in turn, in place of their threads."""

    def round(self) -> float:
        others = [owner.round() for owner in self._team.values() if owner is not self]
        return min(super().round(), *others)

    def owner_of(self, session: Session) -> str | None:
        """The work of the owner of a session."""
        return next((work for work, owner in self._team.items() if session in owner._due), None)


def playing(room: Scheduler) -> tuple[Session, FakeViewer]:
    session, viewer = Session(SMALL), FakeViewer()
    room.admit(session)
    for note in (Join(), Playback(speed="max"), Play()):
        session.submit(note, viewer)
    return session, viewer


def begin_all(room: Scheduler, count: int) -> None:
    """Rounds until so many sessions have begun, which they do one in a round."""
    for _ in range(count):
        room.round()


def test_every_session_gets_one_turn_a_round() -> None:
    room = Team(clock=lambda: 5.0)
    sessions = [playing(room)[0] for _ in range(4)]
    begin_all(room, 4)
    steps = [session.run.step for session in sessions]
    assert all(steps)
    assert room.round() == 0.0
    assert all(session.run.step > before for session, before in zip(sessions, steps, strict=True))


def test_notes_are_answered_between_any_two_turns() -> None:
    room = Team(clock=lambda: 5.0)
    sessions = [playing(room) for _ in range(3)]
    begin_all(room, 3)
    first, viewer = sessions[0]
    seen: list[int] = []
    second, trained = sessions[1][0], sessions[1][0].advance

    def advance(now: float, **slices: float) -> float:
        first.submit(Playback(speed=5.0), viewer)
        return trained(now, **slices)

    third, watched = sessions[2][0], sessions[2][0].advance

    def observe(now: float, **slices: float) -> float:
        seen.append(len([status for status in viewer.events_of("status") if status["playback"]["speed"] == 5.0]))
        return watched(now, **slices)

    second.advance, third.advance = advance, observe  # type: ignore[method-assign]
    room.round()
    assert seen == [1]  # answered before the round was over


def test_one_batch_of_commands_a_round_may_come_in_parts() -> None:
    room = Team(clock=lambda: 5.0)
    paused, viewer = Session(SMALL), FakeViewer()
    room.admit(paused)
    paused.submit(Join(), viewer)
    sessions = [playing(room)[0] for _ in range(4)]
    begin_all(room, 5)
    # Three commands come in each of four turns: 3, 3 and 2 of them are a whole batch.
    answered = list[int]()
    for turn, session in enumerate(sessions):

        def advance(now: float, slice_seconds: float, turn: int = turn, trained: Any = session.advance) -> float:
            answered.append(len(viewer.events_of("status")))
            for n in range(3):
                paused.submit(Playback(speed=1.0 + 3 * turn + n), viewer)
            return float(trained(now, slice_seconds=slice_seconds))

        session.advance = advance  # type: ignore[method-assign]
    before = len(viewer.events_of("status"))
    room.round()
    assert [count - before for count in [*answered, len(viewer.events_of("status"))]] == [0, 3, 6, 8, 8]
    assert BATCH_LENGTH == 8


SLICE_SECONDS_OF = {1: 0.008, 2: 0.004, 8: 0.001, 16: 0.0005, 32: 0.0005}
"""Number of playing sessions → length of a slice."""


@pytest.mark.parametrize("count", slow_but([1, 2], SLICE_SECONDS_OF))
def test_few_sessions_have_longer_slices(count: int) -> None:
    room, given = Team(clock=lambda: 5.0), list[float]()
    for _ in range(count):
        session = playing(room)[0]

        def advance(now: float, slice_seconds: float, trained: Any = session.advance) -> float:
            given.append(slice_seconds)
            return float(trained(now))

        session.advance = advance  # type: ignore[method-assign]
    paused, viewer = Session(SMALL), FakeViewer()
    room.admit(paused)
    paused.submit(Join(), viewer)
    begin_all(room, count + 2)
    assert given[-count:] == [SLICE_SECONDS_OF[count]] * count, "a paused session takes no share"


@pytest.mark.parametrize(("count", "drawn", "yields"), [(1, 0, 0), (1, 1, 1), (3, 0, 3)])
def test_the_interpreter_is_handed_over_where_others_need_it(
    count: int, drawn: int, yields: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Team(clock=lambda: 5.0)
    sessions = [playing(room) for _ in range(count)]
    for _ in range(3):
        room.round()
    session, viewer = sessions[0]
    trained, slept = session.advance, list[float]()

    def advance(now: float, **slices: float) -> float:
        wait = trained(now, **slices)
        for _ in range(drawn):
            session.acknowledge(viewer)
        return wait

    session.advance = advance  # type: ignore[method-assign]
    monkeypatch.setattr(time, "sleep", slept.append)
    room.round()
    assert slept == [0] * yields


def test_a_failing_session_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    room = Team(clock=lambda: 5.0)
    bad, viewer = playing(room)
    good, _ = playing(room)
    room.round()

    def advance(*_: Any) -> int:
        raise ZeroDivisionError("oops")

    bad.run.advance = advance  # type: ignore[method-assign]
    before = good.run.step
    room.round()
    room.round()
    assert good.run.step > before
    assert viewer.last("status")["state"] == "failed"
    assert "oops" in caplog.text


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_session_that_cannot_report_an_error_is_over_and_the_others_go_on(
    has_begun: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Team(clock=lambda: 5.0)
    good, _ = playing(room)
    room.round()

    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError("nothing left")

    bad, viewer = Session(SMALL), FakeViewer()
    room.admit(bad)
    if has_begun:
        bad.submit(Join(), viewer)
        room.round()
        monkeypatch.setattr(bad, "advance", fail)
        monkeypatch.setattr(bad, "_announce", fail)
        bad.submit(Play(), viewer)
    else:
        monkeypatch.setattr("gan1d.session.session_events.Run", fail)
        bad.submit(Join(), viewer)
    before = good.run.step
    room.round()
    room.round()
    assert bad.is_over
    assert good.run.step > before
    assert "nothing left" in caplog.text
    assert [record.message for record in caplog.records][-1].startswith("A session is closed")


def test_no_run_begins_for_a_viewer_that_has_left() -> None:
    room = Team(clock=lambda: 5.0)
    session, viewer = Session(SMALL), FakeViewer()
    room.admit(session)
    session.submit(Join(), viewer)
    viewer.has_left = True
    session.submit(Leave(), viewer)
    for _ in range(3):
        assert room.round() in (0.0, math.inf)
    assert not session.has_begun
    # It begins for the next viewer.
    session.submit(Join(), other := FakeViewer())
    room.round()
    assert other.events_of("hello")


def test_sessions_that_play_wait_for_no_beginning() -> None:
    room = Team(clock=lambda: 5.0)
    others = [playing(room) for _ in range(3)]
    room.round()
    newcomers = [playing(room)[0] for _ in range(5)]
    quiet, viewer = others[0]
    answered, steps = len(viewer.events_of("status")), [session.run.step for session, _ in others]
    quiet.submit(Playback(speed="max"), viewer)
    Scheduler.round(room)
    assert not any(session.has_begun for session in newcomers)
    assert len(viewer.events_of("status")) > answered
    assert all(session.run.step > before for (session, _), before in zip(others, steps, strict=True))
    room.round()
    assert all(session.has_begun for session in newcomers)


def test_a_dismissed_session_gets_no_turn() -> None:
    room = Team(clock=lambda: 5.0)
    session, _ = playing(room)
    room.round()
    room.remove(session)
    before = session.run.step
    assert room.round() == float("inf")
    assert session.run.step == before


def test_the_thread_wakes_for_a_note_and_stops() -> None:
    room = Scheduler()
    room.start()
    sent = threading.Event()

    class Waiting(FakeViewer):
        def send_frame(self, frame: bytes, second: bytes | None = None) -> None:
            super().send_frame(frame, second)
            sent.set()

    session, viewer = Session(SMALL), Waiting()
    room.admit(session)
    session.submit(Join(), viewer)
    assert sent.wait(10)
    for note in (Playback(speed="max"), Play()):
        session.submit(note, viewer)
    assert room.stop()
    before = session.run.step
    session.submit(Play(), viewer)
    assert session.run.step == before


def test_a_session_with_many_commands_lets_others_be_heard_between() -> None:
    room = Team(clock=lambda: 5.0)
    loud, speaker = Session(SMALL), FakeViewer()
    room.admit(loud)
    loud.submit(Join(), speaker)
    quiet, other = playing(room)
    room.round()
    for n in range(100):
        loud.submit(Playback(speed=n + 1.0), speaker)
    quiet.submit(Playback(speed=5.0), other)
    room.round()
    assert other.last("status")["playback"]["speed"] == 5.0
    assert len(speaker.events_of("status")) < 10
    assert room.round() == 0.0, "there are commands left"
    for _ in range(100):
        room.round()
    assert speaker.last("status")["playback"]["speed"] == 100.0


class Clock:
    """Goes on by a tenth of a millisecond whenever it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.0001
        return self.now


class SlowViewer(FakeViewer):
    """A viewer whose session takes a tenth of a second for each config that it announces."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def send_text(self, text: str) -> None:
        super().send_text(text)
        if self.events[-1]["type"] == "config":
            self.clock.now += 0.1


def many_layers(session: Session, viewer: FakeViewer, count: int) -> None:
    """Layers of both players in turn, so that each change rebuilds a network."""
    for n in range(count):
        player = ("generator", "discriminator")[n % 2]
        session.submit(Set(path=f"{player}.hidden", value=[3 + n]), viewer)


@pytest.mark.slow
def test_others_work_as_long_as_a_change_of_layers_took() -> None:
    clock = Clock()
    room = Team(clock=clock)
    loud = Session(SMALL)
    room.admit(loud)
    quiet, other = playing(room)
    steps: list[int] = []

    class Noting(SlowViewer):
        def send_text(self, text: str) -> None:
            super().send_text(text)
            if self.events[-1]["type"] == "config":
                steps.append(quiet.run.step)

    speaker = Noting(clock)
    loud.submit(Join(), speaker)
    many_layers(loud, speaker, 4)
    for _ in range(2000):
        room.round()
        quiet.acknowledge(other)
        if len(steps) == 4:
            break
    assert len(steps) == 4
    assert speaker.last("config")["value"] == [6]
    assert min(after - before for before, after in itertools.pairwise(steps)) > 50


def test_many_changes_of_layers_delay_no_other_session() -> None:
    clock = Clock()
    room = Team(clock=clock)
    loud, speaker = Session(SMALL), SlowViewer(clock)
    room.admit(loud)
    loud.submit(Join(), speaker)
    quiet, other = playing(room)
    room.round()
    many_layers(loud, speaker, 100)
    for n in range(10):
        quiet.submit(Playback(speed=n + 1.0), other)
        begun = clock.now
        room.round()
        assert other.last("status")["playback"]["speed"] == n + 1.0
        assert clock.now - begun < 0.15, "it waits for one change of layers at most"


def test_without_others_a_session_does_not_rest() -> None:
    clock = Clock()
    room = Team(clock=clock)
    loud, speaker = Session(SMALL), SlowViewer(clock)
    room.admit(loud)
    loud.submit(Join(), speaker)
    many_layers(loud, speaker, 5)
    for _ in range(6):
        room.round()
    assert speaker.last("config")["value"] == [7]


# Heavy sessions -------------------------------------------------------------------------------------------------------


def test_a_session_goes_to_the_thread_of_heavy_ones_and_back_with_its_settings() -> None:
    # With a history, its heavy steps could be looked back at.
    room, session, viewer = Team(Clock()), Session(SMALL, info=SessionInfo(history_bytes=0)), FakeViewer()
    room.admit(session)
    session.submit(Join(), viewer)
    begin_all(room, 3)
    assert room.owner_of(session) == "usual"
    session.submit(Set(path="discriminator.hidden", value=[256] * 4), viewer)
    begin_all(room, 3)
    assert room.owner_of(session) == "heavy"
    assert viewer.last("config")["value"] == [256] * 4
    session.submit(Set(path="discriminator.hidden", value=[2]), viewer)
    session.submit(Play(), viewer)
    begin_all(room, 3)
    assert room.owner_of(session) == "usual"
    assert viewer.last("status")["state"] == "running"


@pytest.mark.parametrize(("layers", "work"), [([256] * 4, "heavy"), ([8], "building")])
def test_the_usual_thread_begins_no_session(layers: list[int], work: Work) -> None:
    room = Scheduler(Clock())
    session, viewer = Session(SMALL.patched("generator.hidden", layers)), FakeViewer()
    room.admit(session)
    session.submit(Join(), viewer)
    assert room.round() == math.inf
    assert not session.has_begun
    room._team[work].round()
    assert session.has_begun
    assert viewer.events_of("hello")


def test_the_usual_thread_rebuilds_no_network_and_answers_what_came_before() -> None:
    room = Scheduler(Clock())
    building = room._team["building"]
    session, viewer = playing(room)
    building.round(), room.round()
    before = session.run.trainer.generator
    for command in (Playback(speed=5.0), Set(path="generator.hidden", value=[5]), Playback(speed=7.0)):
        session.submit(command, viewer)
    room.round()
    assert viewer.last("status")["playback"]["speed"] == 5.0
    assert session.run.trainer.generator is before
    building.round()
    assert session.config.generator.hidden == (5,)
    assert viewer.last("config")["value"] == [5]
    room.round()
    assert viewer.last("status")["playback"]["speed"] == 7.0
    assert session.work == "usual"


def test_the_usual_thread_reads_no_log() -> None:
    room = Scheduler(Clock())
    building = room._team["building"]
    session, viewer = playing(room)
    building.round(), room.round()
    log = "".join(f"{line}\n" for line in RunLog(SMALL.patched("batch_size", 5), end=End(3)).lines())
    session.submit(LoadLog(text=log), viewer)
    room.round()
    assert (session.config.batch_size, session.work) == (SMALL.batch_size, "building")
    building.round()
    assert (session.config.batch_size, session.work) == (5, "usual")
    assert viewer.events_of("refused") == []


@pytest.mark.parametrize("kind", [Set, LoadPreset])
def test_the_usual_thread_finds_the_density_of_no_numbers(kind: Any) -> None:
    room = Scheduler(Clock())
    building = room._team["building"]
    session, viewer = playing(room)
    building.round(), room.round()
    target: Any = {"kind": "samples", "values": [float(number) for number in range(12)]}
    new = Set(path="target", value=target)
    session.submit(new if kind is Set else LoadPreset(name="default", changes={"target": target}), viewer)
    room.round()
    assert (session.config.target, session.work) == (SMALL.target, "building")
    building.round()
    assert session.config.target.kind == "samples"
    assert session.work == "usual"
    session.submit(new, viewer)
    room.round()
    assert session.work == "usual", "these are no new numbers"


def test_a_session_that_is_removed_on_its_way_gets_no_turn() -> None:
    room = Team(Clock())
    session = Session(SMALL.patched("generator.hidden", [256] * 4))
    room.admit(session)
    room.remove(session)
    begin_all(room, 3)
    assert room.owner_of(session) is None


def test_training_time_is_shared_alike_whatever_a_step_takes() -> None:
    clock = Clock()
    room = Scheduler(clock)
    used = dict.fromkeys(("slow", "quick", "other"), 0.0)

    class Costly(Session):
        work: Work = "usual"

        def __init__(self, name: str, seconds: float) -> None:
            super().__init__(SMALL)
            self.name, self.seconds = name, seconds

        def advance(self, now: float, slice_seconds: float = 0.0) -> float:
            clock.now += self.seconds
            used[self.name] += self.seconds
            return 0.0

    for name, seconds in (("slow", 0.1), ("quick", 0.001), ("other", 0.002)):
        room.admit(Costly(name, seconds))
    while clock.now < 30:
        room.round()
    assert used["slow"] == pytest.approx(sum(used.values()) / 3, rel=0.15)
