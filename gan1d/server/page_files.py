"""The page's files, compressed once and kept in memory, under names that change with their content.

`index.html` refers to all other files below a directory that is named after a hash of everything, so a browser keeps
them for ever and a reload is one request. A changed file makes another hash at the next load of the page.
"""

import gzip
import hashlib
import mimetypes
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from gan1d.replay.linking import without_comments
from gan1d.server.access_control import Receive, Scope, Send

# Some machines map .js to text/plain, and browsers then refuse to run modules.
for _suffix, _type in (
    (".js", "text/javascript"),
    (".mjs", "text/javascript"),
    (".css", "text/css"),
    (".svg", "image/svg+xml"),
    (".woff2", "font/woff2"),
):
    mimetypes.add_type(_type, _suffix)

HOMEPAGE: Final = "index.html"
PAGES: Final = {"": HOMEPAGE, "map": "map.html"}
"""Address of each page → its file."""
LOOK_SECONDS: Final = 0.5
"""Time for which files are taken to be unchanged."""
HASH_DIGITS: Final = 12
VERSIONED: Final = re.compile(rf"v-([0-9a-f]{{{HASH_DIGITS}}})/(.+)")
LINE_END: Final = re.compile(r"\s*\n\s*")
INDENTATION: Final = re.compile(r"^[ \t]+", re.MULTILINE)
TEMPLATE: Final = re.compile(r"`[^`]*`")
"""A template literal; the indentation of one over several lines is part of its text."""
REFERENCE: Final = re.compile(rb'( (?:href|src)=")([\w./-]+)(?=")')

FOR_EVER: Final = b"public, max-age=31536000, immutable"
CHECKED_EACH_TIME: Final = b"no-cache"


@dataclass(frozen=True)
class PageFile:
    """One file.

    Attributes:
        body: Its bytes.
        media_type: Its media type.
    """

    body: bytes
    media_type: str

    @cached_property
    def compressed(self) -> bytes | None:
        """The bytes compressed by gzip; code without its comments and indentation, style sheets without empty lines.

        Each line of a module keeps its number, for the messages of the browser. None for a type that is compressed
        already.
        """
        is_text = self.media_type.startswith("text/") or self.media_type in ("image/svg+xml", "application/json")
        is_code = self.media_type.startswith(("text/javascript", "text/css"))
        text = without_comments(self.body.decode("utf-8")) if is_code else ""
        if self.media_type.startswith("text/css"):
            text = LINE_END.sub("\n", text)
        elif not any("\n" in template for template in TEMPLATE.findall(text)):
            text = INDENTATION.sub("", text)
        body = text.encode("utf-8") if is_code else self.body
        return gzip.compress(body, 9, mtime=0) if is_text else None

    @cached_property
    def etag(self) -> bytes:
        """A name of these bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:HASH_DIGITS]}"'.encode()


class PageFiles:
    """An ASGI application that serves the files of a directory.

    Args:
        directory: The directory.
        others: Files that are in no directory: name → content.
        clock: Seconds, never decreasing.
    """

    def __init__(
        self, directory: Path, others: Mapping[str, bytes] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._directory, self._clock = directory, clock
        self._others = {name: PageFile(body, media_type(name)) for name, body in (others or {}).items()}
        self._stamps: dict[str, tuple[int, int]] = {}
        self._looked_at = float("-inf")
        self._refresh()

    def _refresh(self) -> None:
        """Read all files again if one of them has changed."""
        now = self._clock()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        paths = {path.relative_to(self._directory).as_posix(): path for path in self._directory.rglob("*.*")}
        found = {name: path.stat() for name, path in paths.items() if path.is_file()}
        stamps = {name: (stat.st_mtime_ns, stat.st_size) for name, stat in found.items()}
        if stamps != self._stamps:
            self._stamps = stamps
            self._files = {name: PageFile(paths[name].read_bytes(), media_type(name)) for name in sorted(stamps)}
            self._files |= self._others
            whole = b"".join(name.encode() + file.etag for name, file in self._files.items())
            self._version = hashlib.sha256(whole).hexdigest()[:HASH_DIGITS]
            for page in self._files.keys() & set(PAGES.values()):
                self._files[page] = PageFile(self._with_versions(self._files[page].body), media_type(page))

    def _with_versions(self, html: bytes) -> bytes:
        """A page with references to files of this version."""

        def versioned(reference: re.Match[bytes]) -> bytes:
            attribute, name = reference.groups()
            is_file = name.decode() in self._files
            return attribute + f"v-{self._version}/".encode() + name if is_file else reference[0]

        return REFERENCE.sub(versioned, html)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        path, root = scope["path"], scope.get("root_path", "")
        name = (path.removeprefix(root) if root and path.startswith(f"{root}/") else path).removeprefix("/")
        name = PAGES.get(name, name)
        versioned = VERSIONED.fullmatch(name)
        if versioned is None:
            self._refresh()
        file = self._files.get(versioned[2] if versioned else name)
        if scope["method"] not in ("GET", "HEAD"):
            await respond(send, 405, b"Method Not Allowed", [(b"allow", b"GET, HEAD")])
        elif file is None:
            await respond(send, 404, b"Not Found")
        else:
            is_lasting = versioned is not None and versioned[1] == self._version
            await send_file(file, FOR_EVER if is_lasting else CHECKED_EACH_TIME, scope, send)


def media_type(name: str) -> str:
    """The media type of a file, by its name."""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


async def send_file(file: PageFile, caching: bytes, scope: Scope, send: Send) -> None:
    """Answer with a file, or with status 304 if the browser has it."""
    requested = {key: value for key, value in scope["headers"] if key in (b"if-none-match", b"accept-encoding")}
    headers = [(b"etag", file.etag), (b"cache-control", caching), (b"vary", b"accept-encoding")]
    if file.etag in requested.get(b"if-none-match", b""):
        await respond(send, 304, b"", headers)
        return
    headers.append((b"content-type", file.media_type.encode()))
    body = file.body
    if file.compressed is not None and b"gzip" in requested.get(b"accept-encoding", b""):
        headers.append((b"content-encoding", b"gzip"))
        body = file.compressed
    await respond(send, 200, body, headers, has_body=scope["method"] == "GET")


async def respond(
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None, has_body: bool = True
) -> None:
    """Send a whole response."""
    known = headers or []
    if not any(key == b"content-type" for key, _ in known) and status != 304:
        known = [*known, (b"content-type", b"text/plain; charset=utf-8")]
    if status != 304:
        known = [*known, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": known})
    await send({"type": "http.response.body", "body": body if has_body else b""})
