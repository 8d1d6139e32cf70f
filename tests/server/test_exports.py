"""`POST export`: a config as a file, and what is refused."""

import http.client
import json
from pathlib import Path

import pytest

import gan1d
from gan1d.exports.export import FORMATS, ExportFormat
from gan1d.server.exports import ExportEndpoint
from tests.server.conftest import Serve, Served


@pytest.fixture
def served(serve: Serve, tmp_path: Path) -> Served:
    (tmp_path / "index.html").touch()
    return serve(static=tmp_path)


def post(served: Served, body: bytes, query: str = "?as=json", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request("POST", f"/export{query}", body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("format", FORMATS)
def test_a_config_becomes_the_text_that_the_command_line_prints(format: ExportFormat, served: Served) -> None:
    config = gan1d.presets["wgan_gp"].config.patched("seed", 12)
    body = config.model_dump_json().encode()
    assert post(served, body, f"?as={format}") == (200, gan1d.export(config, format))


@pytest.mark.parametrize(
    ("body", "query", "sentence"),
    [
        (b"{}", "", "Expected ?as= and a format (json, python, pytorch, notebook)."),
        (b"{}", "?as=../../etc/passwd", "Expected ?as= and a format (json, python, pytorch, notebook)."),
        (b"seed: 1", "?as=json", "Expected settings as JSON, but got something else."),
        (b"\xff\xfe", "?as=json", "Expected settings as JSON, but got something else."),
        (b"[" * 100_000, "?as=json", "Expected settings as JSON, but got something else."),
        (b"[]", "?as=json", "Expected an object, but got []."),
        (b'{"seed": -1}', "?as=python", "Expected a number of 0 or more for seed, but got -1."),
        (b'{"__class__": 1}', "?as=python", "Expected no such setting for __class__, but got 1."),
        (b'{"training_points": 6000}', "?as=pytorch", "Expected at most 5\u202f000 training samples for a PyTorch "
         "program, which lists them, but got 6\u202f000 (training_points)."),
    ],
)  # fmt: skip
def test_what_is_no_experiment_is_refused_in_one_sentence(
    body: bytes, query: str, sentence: str, served: Served
) -> None:
    assert post(served, body, query) == (422, sentence)


def test_settings_that_are_too_long_are_refused(served: Served) -> None:
    assert post(served, b" " * (2**20 + 1)) == (413, "Expected at most 1 MB for the settings, but got more.")


def test_a_page_of_another_site_is_refused(served: Served) -> None:
    assert post(served, b"{}", Origin="https://elsewhere.example")[0] == 403


def test_more_exports_at_a_time_than_allowed_are_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExportEndpoint, "most_requests", 1)
    slow = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    slow.putrequest("POST", "/export?as=json")
    slow.putheader("Content-Length", "2")
    slow.endheaders()
    slow.send(b"{")
    try:
        for _ in range(100):  # until the server has noticed the first
            status, reason = post(served, b"{}")
            if status == 503:
                break
        assert (status, reason) == (503, "The server is busy writing other files. Try again in a few seconds.")
        slow.send(b"}")
        assert json.loads(slow.getresponse().read())["seed"] == 0
        assert post(served, b"{}")[0] == 200
    finally:
        slow.close()


def test_a_request_that_breaks_off_is_forgotten(served: Served) -> None:
    broken = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    broken.putrequest("POST", "/export?as=json")
    broken.putheader("Content-Length", "2")
    broken.endheaders()
    broken.send(b"{")
    broken.close()
    assert post(served, b"{}")[0] == 200


def test_settings_that_do_not_come_are_not_waited_for(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExportEndpoint, "receive_seconds", 0.05)
    slow = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    slow.putrequest("POST", "/export?as=json")
    slow.putheader("Content-Length", "2")
    slow.endheaders()
    try:
        response = slow.getresponse()
        assert (response.status, response.read()) == (408, b"Expected the settings within 0 s, but it took longer.")
    finally:
        slow.close()
