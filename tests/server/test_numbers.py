"""`POST numbers`: a text is read as on the command line."""

import http.client
import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from gan1d.number_file.columns import NumberFileError
from gan1d.number_file.reading import Limits
from gan1d.server import numbers
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


def test_a_reading_can_be_stopped() -> None:
    is_stopped = threading.Event()
    is_stopped.set()
    with pytest.raises(NumberFileError, match="The server is stopping"):
        numbers.answer(io.BytesIO(TABLE), QueryParams(""), Limits(), is_stopped)


def begin(served: Served, length: int) -> http.client.HTTPConnection:
    """Begin to post a text of this length without sending it."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.putrequest("POST", "/numbers")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    return connection


def test_more_texts_at_a_time_than_allowed_are_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers.NumbersEndpoint, "most_requests", 1)
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
    monkeypatch.setattr(numbers.NumbersEndpoint, "receive_seconds", 0.01)
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


def test_a_seed_of_thousands_of_digits_draws_nothing() -> None:
    many, limits = io.BytesIO(b"1\n2\n3\n4\n"), Limits(most=3)
    assert numbers.answer(many, QueryParams(f"sample={'9' * 5000}"), limits)["values"] == []


def test_a_text_that_holds_up_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NumberFileError, match="Expected a JSON file of at most 1 MB, but got more"):
        numbers.answer(io.BytesIO(b"[" + b"1," * 2**19 + b"1]"), QueryParams(""), Limits())
    monkeypatch.setattr(numbers, "READ_SECONDS", -1.0)
    with pytest.raises(NumberFileError, match="Expected a text that is read within -1 s, but only 0 MB of it were"):
        numbers.answer(io.BytesIO(TABLE), QueryParams(""), Limits())


def test_a_text_that_is_too_large_is_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers.NumbersEndpoint, "largest_body", 2**20)
    monkeypatch.setattr(numbers, "SPOOLED_BYTES", 2**10)
    assert post(served, b"1\n" * 2**11)[1]["count"] == 2**11
    assert post(served, b"1" * (2**20 + 1)) == (413, "Expected at most 1 MB for the text, but got more.")


def test_another_site_may_not_post(served: Served) -> None:
    assert post(served, b"1", Origin="https://evil.example")[0] == 403
