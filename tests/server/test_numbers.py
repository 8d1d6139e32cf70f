"""`POST numbers`: a text is read as on the command line."""

import http.client
import json
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import pytest
from starlette.responses import Response

from gan1d.server import numbers
from gan1d.server.upload import UploadError
from tests.server.conftest import Serve, Served


@pytest.fixture
def served(serve: Serve, tmp_path: Path) -> Served:
    (tmp_path / "index.html").touch()
    return serve(static=tmp_path)


def post(served: Served, text: bytes, query: str = "", **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request("POST", f"/numbers{query}", body=text, headers=headers)
        response = connection.getresponse()
        body = response.read()
        return response.status, json.loads(body) if response.status == 200 else body.decode()
    finally:
        connection.close()


TABLE = b"who,cm\nAnn,170\nBo,181\nCy,x\n"


def test_a_table_is_read(served: Served) -> None:
    status, reading = post(served, TABLE)
    assert status == 200
    assert reading == {
        "values": [170.0, 181.0],
        "count": 2,
        "low": 170.0,
        "high": 181.0,
        "faults": [{"row": 4, "column": None, "got": "x"}],
        "fault_count": 1,
        "columns": ["who", "cm"],
        "column": 1,
        "header": "",
        "decimal": ".",
        "question": "",
        "complaint": "Expected a number in row 4, but got “x”.",
    }


def begin(served: Served, length: int) -> http.client.HTTPConnection:
    """Begin to post a text of this length without sending it."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.putrequest("POST", "/numbers")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    return connection


def test_more_texts_at_a_time_than_allowed_are_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers.ShortTextEndpoint, "most_requests", 1)
    slow = begin(served, 4)
    slow.send(b"1\n")
    try:
        for _ in range(100):  # until the server has noticed the first
            status, reason = post(served, b"1\n2\n")
            if status == 503:
                break
        assert (status, reason) == (503, "The server is busy reading other texts. Try again in a few seconds.")
        slow.send(b"2\n")
        assert json.loads(slow.getresponse().read())["values"] == [1, 2]
        assert post(served, b"1\n2\n")[0] == 200
    finally:
        slow.close()


def test_a_text_that_does_not_come_is_given_up(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers.ShortTextEndpoint, "receive_seconds", 0.01)
    slow = begin(served, 4)
    try:
        response = slow.getresponse()
        assert (response.status, response.read()) == (408, b"Expected the text within 0 s, but it took longer.")
    finally:
        slow.close()


def test_column_and_decimal_mark_can_be_stated(served: Served) -> None:
    assert post(served, TABLE, "?column=who")[1]["fault_count"] == 3
    assert post(served, TABLE, "?column=2")[1]["count"] == 2
    assert post(served, b"950\n1,250\n")[1]["question"] != ""
    assert post(served, b"950\n1,250\n", "?decimal=,")[1]["values"] == [950, 1.25]
    assert post(served, b"950\n1,250\n", "?decimal=.")[1]["values"] == [950, 1250]


def test_too_many_are_counted_and_drawn_with_a_seed(served: Served) -> None:
    many = "\n".join(map(str, range(3000))).encode()
    reading = post(served, many)[1]
    assert (reading["count"], reading["low"], reading["high"], reading["values"]) == (3000, 0, 2999, [])
    assert "2000 numbers or fewer, but got 3000" in reading["complaint"]
    drawn = post(served, many, "?sample=7")[1]["values"]
    assert len(set(drawn)) == 2000
    assert drawn == post(served, many, "?sample=7")[1]["values"] != post(served, many, "?sample=8")[1]["values"]


def test_nothing_is_no_numbers(served: Served) -> None:
    reading = post(served, b"")[1]
    assert (reading["values"], reading["low"]) == ([], None)


@pytest.mark.parametrize(
    ("text", "query", "sentence"),
    [
        (TABLE, "?column=x", 'Expected one of who, cm, but got "x".'),
        (TABLE, "?decimal=;", "Expected a decimal mark of . or , but got “;”."),
        (b"PK\0", "", "Expected a text file such as CSV, but got something else."),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(served: Served, text: bytes, query: str, sentence: str) -> None:
    assert post(served, text, query) == (422, sentence)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        (TABLE, ""),
        (TABLE, "?column=2&decimal=.&sample=3"),
        (b"950\n1,250\n", ""),
        ("größe;zahl\r\n1,5;2\r\n".encode("utf-16"), "?column=gr%C3%B6%C3%9Fe"),
        (b"PK\0", ""),
        (TABLE, "?column=%00%22%20" + "x" * 5000),
        (b"", ""),
    ],
)
def test_a_process_answers_as_the_server_itself_does(
    served: Served, monkeypatch: pytest.MonkeyPatch, text: bytes, query: str
) -> None:
    short = post(served, text, query)
    monkeypatch.setattr(numbers, "SHORT_TEXT", -1)
    assert post(served, text, query) == short


def test_a_long_text_that_is_too_large_is_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers.LongTextEndpoint, "largest_body", 2**20)
    monkeypatch.setattr(numbers, "SPOOLED_BYTES", 2**10)
    assert post(served, b"1\n" * 2**14)[1]["count"] == 2**14
    assert post(served, b"1" * (2**20 + 1)) == (413, "Expected at most 1 MB for the text, but got more.")


def test_a_text_of_unknown_length_counts_as_long(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers.ShortTextEndpoint, "most_requests", 0)
    assert post(served, TABLE)[0] == 503
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("POST", "/numbers", body=iter([TABLE[:9], TABLE[9:]]), encode_chunked=True)
    assert json.loads(connection.getresponse().read())["values"] == [170, 181]
    connection.close()


def test_a_short_text_does_not_wait_for_long_ones(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    has_begun, may_end, reading = threading.Event(), threading.Event(), list[int]()

    def wait(_: IO[bytes], __: Mapping[str, str], is_stopped: threading.Event) -> Response:
        reading.append(1)
        has_begun.set()
        assert may_end.wait(20)
        reading.pop()
        assert reading == [], "two long texts are read at once"
        return Response("read")

    monkeypatch.setattr(numbers, "read_in_process", wait)
    connections = [begin(served, 2**15) for _ in range(numbers.LongTextEndpoint.most_requests)]
    try:
        for connection in connections:
            connection.send(b"1\n" * 2**14)
        assert has_begun.wait(20)
        assert post(served, TABLE)[1]["values"] == [170, 181]
        may_end.set()
        assert [connection.getresponse().read() for connection in connections] == [b"read"] * len(connections)
    finally:
        may_end.set()
        for connection in connections:
            connection.close()


def test_a_text_that_nobody_waits_for_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "READER", "import time; time.sleep(60)")
    monkeypatch.setattr(numbers, "POLL_SECONDS", 0.01)
    is_stopped = threading.Event()
    is_stopped.set()
    with tempfile.TemporaryFile() as file, pytest.raises(UploadError, match="ended early, so the text was not read"):
        numbers.read_in_process(file, {}, is_stopped)


def test_another_site_may_not_post(served: Served) -> None:
    assert post(served, b"1", Origin="https://evil.example")[0] == 403
