"""Who may connect: the table of Host and Origin, row by row."""

import asyncio
import base64
import hashlib
import logging
import re
from typing import Any

import pytest

from gan1d.replay.page_directory import static_dir
from gan1d.server.access_control import DIFFERENT_WARNINGS, INNER_SCRIPT, AccessControl, CountedLog, Message

GOOD, EVIL = "localhost:8765", "https://evil.example"


def answer(scope_type: str = "http", method: str = "GET", host: str | None = GOOD, origin: str | None = None,
           extensions: tuple[str, ...] = ("websocket.http.response",), **options: Any) -> list[Message]:  # fmt: skip
    """What a guarded application answers; the application itself says 200, or accepts."""
    headers = [(name.encode(), value.encode()) for name, value in (("host", host), ("origin", origin)) if value]
    scope = {"type": scope_type, "method": method, "headers": headers, "extensions": dict.fromkeys(extensions)}
    sent: list[Message] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(AccessControl(app, **options)(scope, receive, send))
    return sent


def passes(*arguments: Any, **options: Any) -> bool:
    first = answer(*arguments, **options)[0]
    return first["type"] == "websocket.accept" or first.get("status") == 200


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost:8765", True), ("localhost", True), ("LOCALHOST:1", True), ("gan.localhost:8765", True),
        ("127.0.0.1:8765", True), ("192.168.1.20:8765", True), ("[::1]:8765", True), ("10.0.0.1", True),
        ("evil.example", False), ("localhost.evil.example", False), ("evil.example:8765", False), (None, False),
        ("notlocalhost", False), ("evil@localhost", False), ("localhost:8765:1", False), ("1.2.3.4.5", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_host(kind: str, host: str | None, expected: bool) -> None:
    assert passes(kind, host=host) is expected


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (None, GOOD, True),  # no browser
        ("http://localhost:8765", GOOD, True),
        ("HTTP://LOCALHOST:8765", GOOD, True),
        ("http://127.0.0.1:8765", "127.0.0.1:8765", True),
        ("http://[::1]:8765", "[::1]:8765", True),
        ("http://localhost", "localhost", True),
        ("http://localhost:80", "localhost", True),
        ("https://localhost", "localhost", True),  # behind a proxy that speaks TLS
        ("http://localhost:9999", GOOD, False),
        ("http://127.0.0.1:8765", GOOD, False),
        ("null", GOOD, False),
        (EVIL, GOOD, False),
        ("http://localhost:8765.evil.example", GOOD, False),
        ("file://", GOOD, False),
    ],
)
def test_origin(origin: str | None, host: str, expected: bool) -> None:
    assert passes("websocket", host=host, origin=origin) is expected
    assert passes("http", "POST", host=host, origin=origin) is expected
    assert passes("http", "GET", host=host, origin=origin)
    assert passes("http", "HEAD", host=host, origin=origin)


def test_what_was_allowed_passes() -> None:
    assert passes("websocket", origin="https://slides.example", allow_origins=["https://slides.example/"])
    assert passes("websocket", origin="null", allow_origins=["null"])
    assert passes("websocket", host="lab.example:1", origin="http://lab.example:1", allow_hosts=["Lab.example"])
    assert not passes("websocket", origin=EVIL, allow_origins=["https://slides.example"])
    assert passes("websocket", host="hub.example", origin="https://hub.example", allow_hosts=["*"])
    assert not passes("websocket", host="hub.example", origin=EVIL, allow_hosts=["*"])


def test_rebinding_is_refused_even_where_origin_equals_host() -> None:
    assert not passes("websocket", host="evil.example", origin="http://evil.example")


def test_the_answer_says_what_would_allow_it(caplog: pytest.LogCaptureFixture) -> None:
    start, body = answer("websocket", origin=EVIL)
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 403)
    sentence = body["body"].decode()
    assert "--allow-origin https://evil.example" in sentence
    assert "GAN1D_ALLOW_ORIGIN=https://evil.example" in sentence
    assert sentence.strip() in caplog.text
    start, body = answer(host="lab.example")
    assert start["status"] == 403
    assert b"--allow-host lab.example" in body["body"]
    assert b"GAN1D_ALLOW_HOST=lab.example" in body["body"]


def test_a_refusal_is_logged_when_its_count_has_another_digit(caplog: pytest.LogCaptureFixture) -> None:
    warnings = CountedLog(logging.getLogger("gan1d"))
    for _ in range(2000):
        warnings.warn("Refusing it.")
    assert [record.getMessage() for record in caplog.records] == [
        "Refusing it.",
        "Refusing it. (10 times so far)",
        "Refusing it. (100 times so far)",
        "Refusing it. (1000 times so far)",
    ]
    caplog.clear()
    for n in range(2000):
        warnings.warn(f"Refusing number {n}.")
    assert len(caplog.records) < DIFFERENT_WARNINGS + 4


def test_an_old_server_closes_instead() -> None:
    (message,) = answer("websocket", origin=EVIL, extensions=())
    assert message["type"] == "websocket.close"
    assert len(message["reason"].encode()) <= 123


def test_headers_of_what_passes() -> None:
    headers = dict(answer()[0]["headers"])
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert b"default-src 'self'" in headers[b"content-security-policy"]
    assert b"frame-ancestors" not in headers[b"content-security-policy"]
    assert b"x-frame-options" not in headers
    assert b"access-control-allow-origin" not in headers


def test_framing_can_be_limited() -> None:
    headers = dict(answer(frame_ancestors="'self' file:")[0]["headers"])
    assert headers[b"content-security-policy"].endswith(b"frame-ancestors 'self' file:")


def test_the_only_script_inside_the_page_is_allowed() -> None:
    scripts = re.findall(r"<script>(.*?)</script>", (static_dir() / "index.html").read_text("utf-8"), re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert [f"sha256-{found}" for found in hashes] == [INNER_SCRIPT]
    assert f"script-src 'self' '{INNER_SCRIPT}'".encode() in dict(answer()[0]["headers"])[b"content-security-policy"]


def test_an_allowed_origin_may_read_what_it_gets() -> None:
    for origin in ("null", "https://slides.example"):
        headers = dict(answer(origin=origin, allow_origins=[origin])[0]["headers"])
        assert headers[b"access-control-allow-origin"] == origin.encode()
        assert headers[b"vary"] == b"Origin"
    assert b"access-control-allow-origin" not in dict(answer(origin="null")[0]["headers"])


def test_the_same_refusal_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """Of a websocket and of the page's request for the reason, by origin."""

    async def app(scope: Any, receive: Any, send: Any) -> None: ...

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None: ...

    guarded = AccessControl(app)
    kinds = [{"type": "websocket", "extensions": {}}, {"type": "http", "method": "POST"}]

    async def connect(count: int) -> None:
        for k in range(count):
            headers = [(b"host", GOOD.encode()), (b"origin", f"https://evil{k % 2}.example".encode())]
            await guarded({**kinds[k // 2 % 2], "headers": headers}, receive, send)

    asyncio.run(connect(50))
    assert len(caplog.records) == 2
