"""Viewers, rooms and the lobby, in an event loop but without a network."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest

from gan1d.server.app import SWEEP_SECONDS
from gan1d.server.connections import framed
from gan1d.server.lobby import AWAY_SECONDS, IDLE_SECONDS, RESUME_SECONDS, UNUSED_SECONDS, VIEWERS_LIMIT, Lobby, Room
from gan1d.server.viewer import ALIVE_SECONDS, SEND_SECONDS, TEXTS_LIMIT, LoopDispatcher, Viewer
from gan1d.server.websocket import is_from_here, serve_websocket
from gan1d.session.flow_control import FlowControl
from gan1d.session.inbox import InboxItem, Join, Leave
from gan1d.session.messages import LOST_SECONDS, Alive, Close, Play
from gan1d.session.scheduler import Scheduler
from gan1d.session.session import Session
from gan1d.session.session_events import HEARTBEAT_SECONDS
from tests.session.fakes import SMALL


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class FakeSession(Session):
    """Remembers its notes instead of reading them."""

    def __init__(self) -> None:
        super().__init__(SMALL)
        self.notes: list[InboxItem] = []
        self.credits = 0
        self.steps = 0

    @property
    def has_run(self) -> bool:
        return self.steps > 0

    def submit(self, note: InboxItem, viewer: Any) -> None:
        self.notes.append(note)

    def acknowledge(self, viewer: Any) -> None:
        self.credits += 1


def in_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def run() -> None:
        asyncio.run(test())

    run.__name__ = test.__name__
    return run


def new_viewer(clock: Clock | None = None) -> tuple[FakeSession, Viewer]:
    session = FakeSession()
    return session, Viewer(session, "driver", LoopDispatcher(asyncio.get_running_loop()), clock or Clock())


async def settle() -> None:
    """Let what was handed over arrive."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


@in_loop
async def test_texts_keep_their_order_and_go_before_frames() -> None:
    _, viewer = new_viewer()
    viewer.send_frame(b"frame")
    viewer.send_text("one")
    viewer.send_text("two")
    await settle()
    assert [await viewer.next() for _ in range(3)] == ["one", "two", b"frame"]


@in_loop
async def test_only_the_newest_frame_waits_and_the_old_ones_credit_comes_back() -> None:
    session, viewer = new_viewer()
    for frame in (b"1", b"2", b"3"):
        viewer.send_frame(frame)
    await settle()
    assert await viewer.next() == b"3"
    assert session.credits == 2


@in_loop
async def test_next_waits() -> None:
    _, viewer = new_viewer()
    task = asyncio.create_task(viewer.next())
    await settle()
    assert not task.done()
    viewer.send_text("late")
    assert await task == "late"


@in_loop
async def test_a_page_is_told_that_the_server_lives_though_its_session_is_busy() -> None:
    clock = Clock()
    _, viewer = new_viewer(clock)
    task = asyncio.create_task(viewer.next())
    await settle()
    clock.now += ALIVE_SECONDS + 1
    viewer.check(clock.now)
    await settle()
    assert not task.done(), "hello comes first"
    viewer.send_text("hello")
    assert await task == "hello"
    task = asyncio.create_task(viewer.next())
    await settle()
    viewer.check(clock.now + ALIVE_SECONDS - 1)
    await settle()
    assert not task.done()
    viewer.check(clock.now + ALIVE_SECONDS + 1)
    assert json.loads(str(await task)) == {"type": "alive"}


@in_loop
async def test_a_message_that_cannot_be_sent_ends_the_connection() -> None:
    clock, closed = Clock(), []
    _, viewer = new_viewer(clock)
    viewer.on_close = lambda: closed.append(viewer.closing)
    viewer.send_text("hello")
    await settle()
    await viewer.next()
    viewer.check(clock.now + SEND_SECONDS - 1)
    assert viewer.closing is None
    viewer.check(clock.now + SEND_SECONDS + 1)
    assert closed == [Close.TOO_SLOW]


class FakeConnection:
    """A connection that takes messages or does not, and remembers each write."""

    def __init__(self, takes: bool = True) -> None:
        self.takes = takes
        self.written: list[list[str | bytes]] = []
        self.acknowledge: Callable[[], bool] = lambda: False

    def write(self, messages: Sequence[str | bytes]) -> bool:
        if self.takes:
            self.written.append(list(messages))
        return self.takes


@in_loop
async def test_all_that_comes_at_once_is_one_write_without_a_task() -> None:
    session, viewer = new_viewer()
    viewer.send_text("hello")
    await settle()
    connection = FakeConnection()
    viewer.connect(connection)
    viewer.send_frame(b"1")
    viewer.send_text("one")
    viewer.send_frame(b"2")
    await settle()
    assert connection.written == [["hello"], ["one", b"2"]]
    # Frame 1 was never sent; frame 2 is acknowledged by the page.
    assert session.credits == 1
    assert [connection.acknowledge() for _ in range(2)] == [True, False]
    assert session.credits == 2


@in_loop
async def test_what_a_connection_does_not_take_waits_for_the_task() -> None:
    _, viewer = new_viewer()
    connection = FakeConnection(takes=False)
    viewer.connect(connection)
    task = asyncio.create_task(viewer.next())
    viewer.send_text("one")
    viewer.send_text("two")
    await settle()
    assert await task == "one"
    # While the task sends, nothing may overtake it.
    connection.takes = True
    viewer.send_text("three")
    await settle()
    assert connection.written == []
    assert [await viewer.next() for _ in range(2)] == ["two", "three"]
    task = asyncio.create_task(viewer.next())
    await settle()
    viewer.send_text("four")
    await settle()
    assert connection.written == [["four"]]
    assert not task.done()
    task.cancel()


@in_loop
async def test_a_message_is_framed_once_for_all_followers() -> None:
    flow_control, session = FlowControl(), FakeSession()
    dispatcher, encoded, wire = LoopDispatcher(asyncio.get_running_loop()), list[bytes](), list[bytes]()

    class Connection(FakeConnection):
        def write(self, messages: Sequence[str | bytes]) -> bool:
            wire.extend(map(framed, messages))
            return True

    for _ in range(100):
        viewer = Viewer(session, "viewer", dispatcher)
        viewer.connect(Connection())
        flow_control.add(viewer, scene=1)

    def encode() -> bytes:
        encoded.append(bytes(1000))
        return encoded[-1]

    framed.cache_clear()
    flow_control.send_frame(1, encode)
    flow_control.send_event(Alive())
    await settle()
    assert len(encoded) == 1
    assert (framed.cache_info().misses, framed.cache_info().hits) == (2, 198)
    # An unmasked binary message of 1,000 bytes (RFC 6455, 5.2), and a text of 16.
    assert set(wire) == {b"\x82\x7e\x03\xe8" + bytes(1000), b'\x81\x10{"type":"alive"}'}


def test_the_word_that_the_server_lives_is_seldom_and_in_time() -> None:
    script = (Path(__file__).parents[2] / "static/js/connection/websocket.js").read_text("utf-8")
    # The page's own limit, as long as hello has not named another one.
    found = re.search(r"SILENCE_MS = ([\d_]+);", script)
    limits = [LOST_SECONDS, *([int(found[1]) / 1000] if found else [])]
    assert HEARTBEAT_SECONDS < ALIVE_SECONDS
    assert min(limits) / 1.5 > ALIVE_SECONDS + SWEEP_SECONDS


@in_loop
async def test_more_acks_than_frames_are_not_passed_on() -> None:
    session, viewer = new_viewer()
    viewer.send_frame(b"frame")
    await settle()
    await viewer.next()
    assert [viewer.acknowledge() for _ in range(10)] == [True] + [False] * 9
    assert session.credits == 1


@in_loop
async def test_a_viewer_that_reads_nothing_is_let_go() -> None:
    _, viewer = new_viewer()
    for n in range(TEXTS_LIMIT):
        viewer.send_text(str(n))
    await settle()
    assert viewer.closing is None
    viewer.send_text("one too many")
    await settle()
    assert viewer.closing is Close.TOO_SLOW


def test_a_closed_loop_takes_nothing_and_complains_not() -> None:
    async def make() -> Viewer:
        return new_viewer()[1]

    viewer = asyncio.run(make())
    viewer.send_text("anybody?")
    viewer.send_frame(b"anybody?")


class Hotel:
    """A lobby on a fake clock, with an engine that never starts."""

    def __init__(self, places: int = 2, label: str = "") -> None:
        self.clock = Clock()
        self.engine = Scheduler(self.clock)
        dispatcher = LoopDispatcher(asyncio.get_running_loop())
        self.lobby = Lobby(
            self.engine,
            lambda *_: FakeSession(),
            dispatcher=dispatcher,
            max_sessions=places,
            clock=self.clock,
            label=label,
        )

    def enter(self, name: str | None = None) -> tuple[Room, Viewer]:
        found = self.lobby.join(name)
        assert not isinstance(found, Close)
        return found

    def refused(self, name: str | None = None) -> Close:
        found = self.lobby.join(name)
        assert isinstance(found, Close)
        return found


@in_loop
async def test_everybody_gets_a_room_of_their_own() -> None:
    hotel = Hotel()
    (one, driver), (two, _) = hotel.enter(), hotel.enter()
    assert one.session is not two.session
    assert len({one.name, one.watch_name, two.name, two.watch_name}) == 4
    assert driver.role == "driver"
    assert one.session.notes == [Join(is_first=True)]  # type: ignore[attr-defined]


@in_loop
async def test_the_name_decides_who_drives_and_who_watches() -> None:
    hotel = Hotel()
    room, _ = hotel.enter()
    again, second = hotel.enter(room.name)
    watched, third = hotel.enter(room.watch_name)
    assert again is room is watched
    assert (second.role, third.role) == ("driver", "viewer")


@in_loop
async def test_a_session_can_be_resumed_for_two_minutes() -> None:
    hotel = Hotel()
    room, viewer = hotel.enter()
    hotel.lobby.leave(room, viewer)
    hotel.clock.now += RESUME_SECONDS
    hotel.lobby.sweep()
    assert hotel.enter(room.name)[0] is room
    hotel.lobby.leave(room, next(iter(room.viewers)))
    hotel.clock.now += RESUME_SECONDS + 1
    hotel.lobby.sweep()
    assert len(hotel.lobby) == 0
    assert hotel.enter(room.name)[0] is not room
    assert Leave() in room.session.notes  # type: ignore[attr-defined]


@in_loop
async def test_a_full_lobby_says_so() -> None:
    hotel = Hotel(places=2)
    hotel.enter(), hotel.enter()
    assert hotel.refused() is Close.FULL


@in_loop
async def test_a_page_without_a_place_can_watch_the_session_with_the_most_viewers() -> None:
    hotel = Hotel(places=2)
    assert hotel.lobby.name_to_watch() is None
    (oldest, _), (second, _) = hotel.enter(), hotel.enter()
    assert hotel.lobby.name_to_watch() == oldest.watch_name
    hotel.enter(second.watch_name)
    assert hotel.lobby.name_to_watch() == second.watch_name


@in_loop
async def test_a_room_that_was_left_gives_up_its_place() -> None:
    hotel = Hotel(places=2)
    first, viewer = hotel.enter()
    second, _ = hotel.enter()
    first.session.steps = 1  # type: ignore[attr-defined]
    hotel.lobby.leave(first, viewer)
    assert hotel.refused() is Close.FULL
    hotel.clock.now += AWAY_SECONDS
    third, _ = hotel.enter()
    assert third not in (first, second)
    assert hotel.refused() is Close.FULL


@in_loop
async def test_a_room_idle_for_long_gives_up_its_place_if_it_is_needed() -> None:
    hotel = Hotel(places=2)
    (one, idle), (two, busy) = hotel.enter(), hotel.enter()
    for room in (one, two):
        room.session.steps = 1  # type: ignore[attr-defined]
    hotel.clock.now += IDLE_SECONDS - 1
    assert hotel.refused() is Close.FULL
    hotel.clock.now += 2
    busy.submit(Play())
    hotel.lobby.sweep()
    assert idle.closing is None  # nobody needed it
    hotel.enter()
    assert (idle.closing, busy.closing) == (Close.EXPIRED, None)


@in_loop
async def test_a_watched_session_that_is_over_is_not_replaced_by_a_new_one() -> None:
    hotel = Hotel()
    room, viewer = hotel.enter()
    hotel.lobby.leave(room, viewer)
    hotel.clock.now += RESUME_SECONDS + 1
    hotel.lobby.sweep()
    assert hotel.refused(room.watch_name) is Close.SESSION_ENDED
    assert hotel.refused(f"8766-{room.watch_name}") is Close.SESSION_ENDED, "of a server that was on another port"


@in_loop
async def test_after_a_new_start_both_names_of_a_session_are_valid_again() -> None:
    before, after = Hotel(label="8765-"), Hotel(label="8765-")
    old, _ = before.enter()
    assert old.name.startswith("8765-")
    assert re.fullmatch(r"8765-watch-[a-z2-7]{10}", old.watch_name)
    assert after.refused(old.watch_name) is Close.SESSION_ENDED
    new, driver = after.enter(old.name)
    assert (new.name, new.watch_name, driver.role) == (old.name, old.watch_name, "driver")
    assert new.session.notes == [Join(is_first=True)]  # type: ignore[attr-defined]
    assert after.enter(old.watch_name)[0] is new


@in_loop
async def test_as_many_watchers_as_fit_do_not_lock_out_the_driver() -> None:
    hotel = Hotel()
    room, driver = hotel.enter()
    hotel.lobby.leave(room, driver)
    for _ in range(VIEWERS_LIMIT):
        hotel.enter(room.watch_name)
    assert hotel.refused(room.watch_name) is Close.CROWDED
    assert hotel.enter(room.name)[1].role == "driver"


@in_loop
async def test_pages_that_come_and_go_take_no_place_of_a_run() -> None:
    hotel = Hotel(places=16)
    away, viewer = hotel.enter()
    away.session.steps = 1  # type: ignore[attr-defined]
    hotel.lobby.leave(away, viewer)
    hotel.clock.now += 0.5
    for _ in range(17):
        hotel.lobby.leave(*hotel.enter())
    assert hotel.enter(away.name)[0] is away


@in_loop
async def test_pages_at_step_0_give_up_their_place_after_a_minute() -> None:
    hotel = Hotel(places=2)
    (_, idle), (running, _) = hotel.enter(), hotel.enter()
    running.session.steps = 1  # type: ignore[attr-defined]
    hotel.clock.now += UNUSED_SECONDS - 1
    assert hotel.refused() is Close.FULL
    hotel.clock.now += 1
    hotel.enter()
    assert idle.closing is Close.EXPIRED
    assert hotel.refused() is Close.FULL


@in_loop
async def test_a_broken_session_is_closed_with_its_reason() -> None:
    hotel = Hotel()
    found = hotel.lobby.join(None)
    assert not isinstance(found, Close)
    room, viewer = found
    hotel.lobby.sweep()
    assert viewer.closing is None
    room.session.is_over = True
    hotel.lobby.sweep()
    assert viewer.closing is Close.BROKEN
    assert len(hotel.lobby) == 0


@in_loop
async def test_a_closed_lobby_sends_everybody_home() -> None:
    hotel = Hotel()
    _, viewer = hotel.enter()
    hotel.lobby.close()
    assert viewer.closing is Close.STOPPING
    assert hotel.refused() is Close.STOPPING


@pytest.mark.parametrize("name", ["", "nonsense", "x" * 5000])
def test_an_unknown_name_begins_a_new_session(name: str) -> None:
    async def enter() -> None:
        assert Hotel().enter(name)[1].role == "driver"

    asyncio.run(enter())


@in_loop
async def test_without_the_token_a_page_may_come_back_and_watch_but_begin_nothing() -> None:
    hotel = Hotel()
    assert hotel.lobby.join(None, may_open=False) is Close.NO_TOKEN
    assert hotel.lobby.join("nonsense", may_open=False) is Close.NO_TOKEN
    room, _ = hotel.enter()
    for name in (room.name, room.watch_name):
        assert not isinstance(hotel.lobby.join(name, may_open=False), Close)


@pytest.mark.parametrize(
    ("client", "expected"),
    [(("127.0.0.1", 5), True), (("::1", 5), True), (("192.168.1.20", 5), False), (("fe80::1%eth0", 5), False),
     (None, False), (("", 0), False)],
)  # fmt: skip
def test_connections_of_this_machine_need_no_token(client: tuple[str, int] | None, expected: bool) -> None:
    assert is_from_here({"client": client}) is expected


@pytest.mark.parametrize(
    ("query", "code"), [("", Close.NO_TOKEN), ("token=wrong", Close.NO_TOKEN), ("token=right", None)]
)
def test_pages_of_other_machines_begin_a_session_with_the_token(query: str, code: Close | None) -> None:
    sent: list[dict[str, Any]] = []

    async def serve() -> None:
        hotel, incoming = Hotel(), [{"type": "websocket.connect"}, {"type": "websocket.disconnect"}]

        async def receive() -> Any:
            return incoming.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "websocket", "client": ("192.168.1.20", 5), "query_string": query.encode(), "subprotocols": []}
        await serve_websocket(scope, receive, send, hotel.lobby, "right")

    asyncio.run(serve())
    assert sent[0]["type"] == "websocket.accept"
    assert sent[-1]["code"] == (code or Close.NORMAL)
