"""The page's files: names, caching and compression."""

import asyncio
import gzip
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gan1d.replay.page_directory import static_dir
from gan1d.server.page_files import LOOK_SECONDS, PageFile, PageFiles

HTML = (
    '<!doctype html><link href="js/main.js"><a href="https://a.example/js/main.js"></a><script src="nope.js"></script>'
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Site:
    """A directory that is served without a network."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.clock = directory, Clock()
        (directory / "js").mkdir()
        self.write("index.html", HTML)
        self.write("js/main.js", "export {};" * 100)
        (directory / "font.woff2").write_bytes(bytes(1000))
        self.files = PageFiles(directory, clock=self.clock)

    def write(self, name: str, text: str) -> None:
        (self.directory / name).write_text(text, "utf-8")

    def get(self, path: str, method: str = "GET", root: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        return get(self.files, path, method, root, **headers)


def get(
    files: Any, path: str, method: str = "GET", root: str = "", query: str = "", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": root,
        "headers": raw,
        "query_string": query.encode(),
    }
    asyncio.run(files(scope, receive, send))
    start, body = sent
    return start["status"], {key.decode(): value.decode() for key, value in start["headers"]}, body["body"]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def versioned_name(html: bytes) -> str:
    found = re.search(rb'<link href="(v-[0-9a-f]{12}/js/main.js)">', html)
    assert found
    return found[1].decode()


def test_files_have_a_name_for_ever_and_the_page_is_checked_each_time(site: Site) -> None:
    status, headers, html = site.get("/")
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "text/html; charset=utf-8", "no-cache")
    assert b'"https://a.example/js/main.js"' in html
    assert b'"nope.js"' in html
    status, headers, script = site.get(f"/{versioned_name(html)}")
    assert (status, script) == (200, b"export {};" * 100)
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_reload_is_one_short_answer(site: Site) -> None:
    _, headers, _ = site.get("/")
    status, _, body = site.get("/", if_none_match=f'W/"x", {headers["etag"]}')
    assert (status, body) == (304, b"")


def test_plain_names_are_served_and_checked_each_time(site: Site) -> None:
    status, headers, _ = site.get("/js/main.js")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert site.get("/index.html")[2] == site.get("/")[2]


def test_modules_have_a_type_that_browsers_run_on_machines_that_name_another() -> None:
    program = """
import mimetypes
for suffix in (".js", ".mjs"):
    mimetypes.add_type("text/plain", suffix)
from gan1d.server import page_files
print(*(mimetypes.guess_type(name)[0] for name in ("main.js", "index.mjs")))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["text/javascript"] * 2


def test_text_is_compressed_for_browsers_that_read_it(site: Site) -> None:
    _, headers, body = site.get("/js/main.js", accept_encoding="br, gzip")
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "accept-encoding")
    assert int(headers["content-length"]) == len(body) < 60
    assert gzip.decompress(body) == b"export {};" * 100
    assert "content-encoding" not in site.get("/js/main.js")[1]
    _, headers, body = site.get("/font.woff2", accept_encoding="gzip")
    assert (headers["content-type"], len(body)) == ("font/woff2", 1000)
    assert "content-encoding" not in headers


def test_a_changed_file_is_served_under_another_name(site: Site) -> None:
    before = versioned_name(site.get("/")[2])
    site.write("js/main.js", "export const changed = 1;")
    site.clock.now += LOOK_SECONDS
    after = versioned_name(site.get("/")[2])
    assert after != before
    assert site.get(f"/{after}")[2] == b"export const changed = 1;"
    status, headers, _ = site.get(f"/{before}")
    assert (status, headers["cache-control"]) == (200, "no-cache"), "a page of before loads its last modules"


@pytest.mark.parametrize(
    "path", ["/nope", "/js", "/js/", "/../index.html", "/v-000000000000/", "/v-0/js/main.js", "/\0"]
)
def test_other_names_are_not_found(site: Site, path: str) -> None:
    assert site.get(path)[0] == 404


def test_a_prefix_is_no_part_of_the_name(site: Site) -> None:
    assert site.get("/lab/js/main.js", root="/lab")[0] == 200
    assert site.get("/js/main.js", root="/lab")[0] == 200
    assert site.get("/labjs/main.js", root="/lab")[0] == 404


def test_only_reading_is_allowed(site: Site) -> None:
    status, headers, _ = site.get("/", method="POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")
    status, headers, body = site.get("/js/main.js", method="HEAD")
    assert (status, headers["content-length"], body) == (200, "1000", b"")


@pytest.mark.parametrize(
    ("module", "sent"),
    [
        ("/** What it is. */\nexport const σ = 1;\n", "\nexport const σ = 1;\n"),
        ("if (a) {\n  b = `c ${d ? `e` : f}`;\n\n}\n", "if (a) {\nb = `c ${d ? `e` : f}`;\n\n}\n"),
        # The indentation of a text is part of it.
        ("if (a) {\n  b = `c\n  d`;\n}\n", "if (a) {\n  b = `c\n  d`;\n}\n"),
    ],
)
def test_modules_are_compressed_without_comments_and_indentation(module: str, sent: str) -> None:
    file = PageFile(module.encode(), "text/javascript; charset=utf-8")
    assert file.compressed is not None
    assert gzip.decompress(file.compressed).decode() == sent


def test_style_sheets_are_compressed_without_indentation_and_words_as_they_are() -> None:
    style = PageFile(b"/* Why. */\n\na {\n  b: c;\n} /* d */\n", "text/css; charset=utf-8")
    assert style.compressed is not None
    assert gzip.decompress(style.compressed) == b"\na {\nb: c;\n} /* d */\n"
    words = PageFile(b"/* Words. */\n", "text/plain; charset=utf-8")
    assert words.compressed is not None
    assert gzip.decompress(words.compressed) == words.body


def test_a_file_that_is_in_no_directory_is_one_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<link href="made.json">', "utf-8")
    first, second = (PageFiles(tmp_path, {"made.json": body}) for body in (b"[1]", b"[2]"))
    found = re.search(r'href="(v-.+)"', get(first, "/")[2].decode())
    assert found
    status, headers, body = get(first, f"/{found[1]}")
    assert (status, headers["content-type"], body) == (200, "application/json", b"[1]")
    assert "immutable" in headers["cache-control"]
    assert found[0] not in get(second, "/")[2].decode()


def test_a_first_load_of_the_page_is_small() -> None:
    files = PageFiles(static_dir())
    html = get(files, "/", accept_encoding="gzip")[2]
    names = re.findall(r'(?:href|src)="(v-[^"]+)"', gzip.decompress(html).decode())
    assert len(names) > 40
    bodies = [get(files, f"/{name}", accept_encoding="gzip")[2] for name in dict.fromkeys(names)]
    assert len(html) + sum(map(len, bodies)) < 120_000
