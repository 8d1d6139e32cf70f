"""The log of a run: what is written is read back, and what is no log is refused in a sentence."""

import contextlib
import io
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.config.model import Config
from gan1d.fingerprint import fingerprint
from gan1d.recording import run_log
from gan1d.recording.run_log import MOST_LINES, Bookmark, Change, End, LogError, PlayerSteps, RunLog

HEADER = json.dumps({"gan1d_log": 1, "fingerprint": {}, "config": {}})
RATE = "generator.optimizer.learning_rate"


def read(*lines: str, end: str = "\n") -> RunLog:
    return RunLog.read(io.BytesIO(("\n".join([HEADER, *lines]) + end).encode()))


def written(log: RunLog) -> bytes:
    return "".join(f"{line}\n" for line in log.lines()).encode()


def test_a_log_is_read_back() -> None:
    log = RunLog(
        Config(seed=7),
        [
            Change(0, {"batch_size": 64}),
            PlayerSteps(120, "generator", 5),
            Change(200, {"generator.hidden": [8, 8], RATE: 0.01}, reinitialize=True),
        ],
        [Bookmark(0, "start"), Bookmark(150, "the left mode “is” lost\n")],
        End(400, "9f86d081", diverged=True),
        {"numpy": "2.3"},
    )
    assert written(log).startswith(run_log.BEGINNING.encode())
    assert RunLog.read(io.BytesIO(written(log))) == log


def test_a_line_is_a_list_of_step_kind_and_content() -> None:
    log = RunLog(Config())
    log.add(Change(3, {RATE: 0.01}))
    log.add(PlayerSteps(3, "discriminator", 2))
    log.bookmark(4, "look")
    assert [json.loads(line) for line in log.lines()][1:] == [
        [3, "set", {RATE: 0.01}],
        [3, "step", {"player": "discriminator", "count": 2}],
        [4, "mark", "look"],
    ]


def test_steps_of_one_player_that_follow_each_other_are_one_event() -> None:
    log = RunLog(Config())
    for step, player in ((0, "generator"), (1, "generator"), (2, "discriminator"), (5, "discriminator")):
        log.add(PlayerSteps(step, player, 1))  # type: ignore[arg-type]
    assert log.events == [
        PlayerSteps(0, "generator", 2),
        PlayerSteps(2, "discriminator", 1),
        PlayerSteps(5, "discriminator", 1),
    ]
    assert log.last_step == 6


def test_an_event_before_the_last_one_is_refused() -> None:
    log = RunLog(Config(), [PlayerSteps(5, "generator", 5)])
    with pytest.raises(ValueError, match="Expected an event at step 10 or later, but got one at 9"):
        log.add(Change(9, {RATE: 0.01}))


def test_an_event_that_can_be_extended_is_not_done() -> None:
    log = RunLog(Config(), [Change(2, {RATE: 0.01}), PlayerSteps(5, "generator", 5)])
    assert [log.done(step) for step in (1, 2, 4, 5, 9, 10, 11)] == [0, 1, 1, 1, 1, 1, 2]


def test_a_step_has_one_bookmark() -> None:
    log = RunLog(Config())
    for step, text in ((9, "end"), (4, "x"), (4, "y"), (6, "z"), (6, "")):
        log.bookmark(step, text)
    assert log.bookmarks == [Bookmark(4, "y"), Bookmark(9, "end")]


def test_a_log_of_many_bookmarks_is_read_in_no_time() -> None:
    """Sorting all of them for each takes half a minute."""
    begun = time.thread_time()
    log = read(*(f'[{step}, "mark", "x"]' for step in range(MOST_LINES - 1)))
    assert time.thread_time() - begun < 5
    assert log.bookmarks == [Bookmark(step, "x") for step in range(MOST_LINES - 1)]


def test_a_part_of_a_log_ends_within_an_event() -> None:
    log = RunLog(Config(), [PlayerSteps(5, "generator", 5), Change(20, {RATE: 0.01})], [Bookmark(8, "x")], End(30))
    assert log.up_to(7) == RunLog(Config(), [PlayerSteps(5, "generator", 2)])
    assert log.up_to(5) == RunLog(Config())
    assert log.up_to(20) == RunLog(Config(), log.events, log.bookmarks)


def test_a_last_line_that_is_cut_off_is_left_out() -> None:
    assert read(f'[5, "set", {{"{RATE}": 0.01}}]', '[9, "ma', end="").events == [Change(5, {RATE: 0.01})]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["{"], "Expected JSON in line 2, but got '{'."),
        (["[NaN]"], "Expected JSON in line 2, but got '[NaN]'."),
        (["[" * 100_000 + "\n"], "Expected JSON in line 2"),
        (["5"], "Expected an event in line 2, but got 5."),
        (["[5]"], "Expected an event in line 2, but got [5]."),
        (['["5", "mark", "x"]'], "Expected an event in line 2"),
        (['[true, "mark", "x"]'], "Expected a step from 0 to"),
        (['[-1, "mark", "x"]'], "Expected a step from 0 to"),
        (['[1e3, "mark", "x"]'], "Expected an event in line 2"),
        ([f'[{10**30}, "mark", "x"]'], "Expected a step from 0 to"),
        (['[5, "mark", "' + "x" * 201 + '"]'], "Expected an event in line 2"),
        (['[5, "reset", {}]'], 'Expected an event in line 2, but got [5, "reset", {}].'),
        (['[5, "set", {}]'], "Expected an event in line 2"),
        (['[5, "set", {"batch_size": 64}, {"reinitialize": 1}]'], "Expected an event in line 2"),
        (['[5, "set", {"batch": 64}]'], "Line 2: Expected one of seed, "),
        (['[5, "set", {"batch_size": 0}]'], "Line 2: Expected a number of 1 or more for batch_size, but got 0."),
        (['[5, "set", {"seed": 3}]'], "Line 2: Expected settings that can change within a run, but got seed."),
        (['[5, "step", {"player": "both", "count": 1}]'], "Expected an event in line 2"),
        (['[5, "step", {"player": "generator", "count": 0}]'], "Expected an event in line 2"),
        (['[5, "step", {"player": "generator", "count": true}]'], "Expected an event in line 2"),
        (['[5, "mark", "x"]', '[4, "mark", "y"]'], "Line 3: Expected a step of 5 or more, but got 4."),
        (['[5, "step", {"player": "generator", "count": 3}]', '[7, "set", {"seed": 0}]'], "Line 3: Expected an event"),
        (['[5, "step", {"player": "generator", "count": 3}]', '[4, "mark", "y"]'], "Line 3: Expected a step of 5"),
        (['[5, "end", {"digest": "", "diverged": false}]', '[6, "mark", "y"]'], "Line 3: "),
        (["x" * (run_log.LONGEST_LINE + 1)], "Expected at most 1 MB in line 2, but got more."),
        (['[5, "mark", "x"]'] * run_log.MOST_LINES, "Line 20001: Expected at most 20\u202f000 lines, but got more."),
    ],
)  # fmt: skip
def test_what_cannot_have_happened_is_refused(lines: list[str], sentence: str) -> None:
    with pytest.raises(LogError) as refused:
        read(*lines)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Expected the log of a run, but got an empty file."),
        (b"step,loss_d\n1,2\n", "Expected the log of a run, which begins with"),
        (b"\xff\xfe", "Expected the log of a run, which begins with"),
        (b"[]\n", "Expected the log of a run, which begins with"),
        (b'{"gan1d_log": 2}\n', "Expected a log of version 1, but got one of version 2."),
        (b'{"gan1d_log": 1}\n', "Expected the log of a run"),
        (
            b'{"gan1d_log": 1, "fingerprint": {}, "config": {"seed": -1}}',
            "Line 1: Expected a number of 0 or more for seed, but got -1.",
        ),
        (b'{"gan1d_log": 1, "fingerprint": {}, "config": []}', "Line 1: Expected"),
    ],
)
def test_what_is_no_log_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(LogError) as refused:
        RunLog.read(io.BytesIO(content))
    assert str(refused.value).startswith(sentence)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
good = st.sampled_from(
    [HEADER, '[1, "set", {"batch_size": 64}]', '[2, "mark", "x"]', '[3, "step", {"player": "generator", "count": 2}]']
).map(str.encode)
mutated = st.tuples(good, st.integers(0, 200), st.binary(max_size=4)).map(
    lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + len(parts[2]) :]
)


@given(st.lists(good | mutated | json_values.map(lambda value: json.dumps(value).encode()), max_size=8))
def test_any_text_is_read_or_refused(lines: list[bytes]) -> None:
    content = b"\n".join(lines)
    with contextlib.suppress(LogError):
        log = RunLog.read(io.BytesIO(content))
        assert RunLog.read(io.BytesIO(written(log))) == log


def test_a_log_made_elsewhere_is_known_by_its_fingerprint() -> None:
    here = fingerprint()
    assert not RunLog(Config()).is_from_elsewhere
    assert not RunLog(Config(), fingerprint={**here, "processor": "another of the same kind"}).is_from_elsewhere
    assert RunLog(Config(), fingerprint={**here, "numpy": "1.0"}).is_from_elsewhere
    assert RunLog(Config(), fingerprint={"strange": [1]}).is_from_elsewhere
