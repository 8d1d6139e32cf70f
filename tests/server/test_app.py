"""The web application: files, prefixes, and where the page is found."""

import http.client
from pathlib import Path

import pytest

from tests.server.conftest import Serve, Served


def get(served: Served, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, found, response.read()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    static = tmp_path_factory.mktemp("static")
    (static / "index.html").write_text("<!doctype html>hello")
    (static / "js").mkdir()
    (static / "js" / "main.js").write_text("export {};")
    return static


def test_the_page_is_served_and_asked_for_anew(serve: Serve, page: Path) -> None:
    served = serve(static=page)
    status, headers, body = get(served, "/?embed=1")
    assert (status, body) == (200, b"<!doctype html>hello")
    assert headers["content-type"].startswith("text/html")
    assert headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in headers["content-security-policy"]
    status, headers, _ = get(served, "/js/main.js")
    assert headers["content-type"].startswith("text/javascript")
    status, headers, body = get(served, "/js/main.js", If_None_Match=headers["etag"])
    assert (status, body, headers["cache-control"]) == (304, b"", "no-cache")


@pytest.mark.parametrize(
    "path", ["/nope", "/docs", "/openapi.json", "/../pyproject.toml", "/js/%2e%2e/%2e%2e/x", "/%00"]
)
def test_nothing_else_is_there(serve: Serve, page: Path, path: str) -> None:
    assert get(serve(static=page), path)[0] == 404


def test_a_prefix_works_stripped_or_not(serve: Serve, page: Path) -> None:
    served = serve(static=page, root_path="/lab/gan1d")
    assert get(served, "/")[0] == 200
    assert get(served, "/lab/gan1d/")[2] == b"<!doctype html>hello"
    assert get(served, "/lab/gan1d/js/main.js")[0] == 200
    status, headers, _ = get(served, "/lab/gan1d")
    assert (status, headers["location"]) == (307, "gan1d/")
    assert get(served, "/lab/gan1dx")[0] == 404
    with served.connect() as stripped:
        assert stripped.until("hello")
    with served.connect(path="/lab/gan1d/ws") as whole:
        assert whole.until("hello")


def test_the_program_says_what_it_is(serve: Serve) -> None:
    """To slides of any origin with GET; to a page with POST, which the checks of a websocket apply to."""
    served = serve()
    status, headers, body = get(served, "/identity", Origin="null")
    assert (status, body, headers["access-control-allow-origin"]) == (200, b'{"program":"gan1d"}', "*")
    assert "access-control-allow-origin" not in get(served, "/identity")[1]
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("POST", "/identity", headers={"Origin": f"http://127.0.0.1:{served.port}"})
    assert connection.getresponse().read() == b'{"program":"gan1d"}'
    connection.request("POST", "/identity", headers={"Origin": "http://127.0.0.1:1"})
    response = connection.getresponse()
    assert response.status == 403
    assert b"to host 127.0.0.1" in response.read()
    connection.close()


def test_a_handshake_that_a_proxy_made_plain_is_explained(serve: Serve) -> None:
    status, headers, body = get(serve(), "/ws")
    assert (status, headers["upgrade"]) == (426, "websocket")
    assert b"pass on the headers Upgrade and Connection" in body
