"""The one training thread: turns in fairness, notes first, and an end."""

import itertools
import threading
from typing import Any

import pytest

from gan1d.session.messages import ACK, Play, Playback
from gan1d.session.scheduler import Scheduler
from gan1d.session.session import Join, Session
from tests.session.fakes import SMALL, FakeViewer


def playing(room: Scheduler) -> tuple[Session, FakeViewer]:
    # Notes take no time, however busy the machine is.
    session, viewer = Session(SMALL, stopwatch=lambda: 0.0), FakeViewer()
    room.admit(session)
    for note in (Join(), Playback(speed="max"), Play()):
        session.submit(note, viewer)
    return session, viewer


def test_every_session_gets_one_turn_a_round() -> None:
    room = Scheduler(clock=lambda: 5.0)
    sessions = [playing(room)[0] for _ in range(4)]
    room.round()
    steps = [session.run.step for session in sessions]
    assert all(steps)
    assert room.round() == 0.0
    assert all(session.run.step > before for session, before in zip(sessions, steps, strict=True))


def test_notes_are_answered_between_any_two_turns() -> None:
    room = Scheduler(clock=lambda: 5.0)
    sessions = [playing(room) for _ in range(3)]
    room.round()
    first, viewer = sessions[0]
    seen: list[int] = []
    second, trained = sessions[1][0], sessions[1][0].advance

    def advance(now: float) -> float:
        first.submit(Playback(speed=5.0), viewer)
        return trained(now)

    third, watched = sessions[2][0], sessions[2][0].advance

    def observe(now: float) -> float:
        seen.append(len([status for status in viewer.told("status") if status["playback"]["speed"] == 5.0]))
        return watched(now)

    second.advance, third.advance = advance, observe  # type: ignore[method-assign]
    room.round()
    assert seen == [1]  # answered before the round was over


def test_a_failing_session_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    room = Scheduler(clock=lambda: 5.0)
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


def test_a_dismissed_session_gets_no_turn() -> None:
    room = Scheduler(clock=lambda: 5.0)
    session, _ = playing(room)
    room.round()
    room.remove(session)
    before = session.run.step
    assert room.round() == float("inf")
    assert session.run.step == before


def test_the_thread_wakes_for_a_note_and_stops() -> None:
    room = Scheduler()
    room.start()
    told = threading.Event()

    class Waiting(FakeViewer):
        def show(self, frame: bytes) -> None:
            super().show(frame)
            told.set()

    session, viewer = Session(SMALL), Waiting()
    room.admit(session)
    session.submit(Join(), viewer)
    assert told.wait(10)
    for note in (Playback(speed="max"), Play()):
        session.submit(note, viewer)
    assert room.stop()
    before = session.run.step
    session.submit(Play(), viewer)
    assert session.run.step == before


def test_a_session_with_many_notes_lets_others_be_heard_between() -> None:
    room = Scheduler(clock=lambda: 5.0)
    # A single note seems to take a second.
    loud, speaker = Session(SMALL, stopwatch=itertools.count().__next__), FakeViewer()
    room.admit(loud)
    loud.submit(Join(), speaker)
    quiet, other = playing(room)
    room.round()
    for n in range(100):
        loud.submit(Playback(speed=n + 1.0), speaker)
    quiet.submit(Playback(speed=5.0), other)
    room.round()
    assert other.last("status")["playback"]["speed"] == 5.0
    assert len(speaker.told("status")) < 10
    assert room.round() == 0.0, "there are notes left"
    for _ in range(100):
        room.round()
    assert speaker.last("status")["playback"]["speed"] == 100.0


def test_others_work_as_long_as_notes_took() -> None:
    # Tenths of a second for each of the loud session's notes, and milliseconds for what the quiet one does.
    room = Scheduler(clock=itertools.count(step=0.001).__next__)
    loud = Session(SMALL, stopwatch=itertools.count(step=0.1).__next__)
    room.admit(loud)
    quiet, other = playing(room)
    steps: list[int] = []

    class Noting(FakeViewer):
        def tell(self, text: str) -> None:
            super().tell(text)
            steps.append(quiet.run.step)

    speaker = Noting()
    loud.submit(Join(), speaker)
    for n in range(3):
        loud.submit(Playback(speed=n + 1.0), speaker)
    for _ in range(2000):
        room.round()
        quiet.submit(ACK, other)
    assert speaker.last("status")["playback"]["speed"] == 3.0
    assert min(after - before for before, after in itertools.pairwise(steps[:4])) > 50


def test_without_others_nobody_waits() -> None:
    room = Scheduler(clock=itertools.count(step=0.001).__next__)
    loud, speaker = Session(SMALL, stopwatch=itertools.count().__next__), FakeViewer()
    room.admit(loud)
    loud.submit(Join(), speaker)
    for n in range(5):
        loud.submit(Playback(speed=n + 1.0), speaker)
    for _ in range(6):
        room.round()
    assert speaker.last("status")["playback"]["speed"] == 5.0
