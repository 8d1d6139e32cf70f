"""A recording as one HTML file: the page's own modules, styles and font, and the frames.

The file makes no request: its policy forbids all of them. Its only scripts are `loader.js`, which says what is missing
where the recording cannot be shown, and the page's modules, linked into one, which it unpacks. The policy names both by
their hashes, so nothing else in the file is run.
"""

import base64
import hashlib
import html
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gan1d.replay.linking import link
from gan1d.replay.page_directory import static_dir
from gan1d.replay.recorder import Replay
from gan1d.session import messages

PAGE_BEGINNING: Final = "<!doctype html>\n<!-- gan1d replay -->\n"
"""Beginning of every replay page."""
INSTEAD: Final = {"live.js": "replay/recorded.js"}
"""The module of a live page, and the one that takes its place in a replay."""
STYLES: Final = re.compile(r'<link rel="stylesheet" href="([\w.-]+)"(?: media="(\w+)")?>')
FONT: Final = re.compile(r'url\("([\w./-]+\.woff2)"\)')
PART_OF_FONT: Final = re.compile(r'@font-face \{[^}]*url\("fonts/[^}]*\}\n| *unicode-range: [^;]*;\n')
"""What lets a live page load a part of the font first; a replay has the whole font."""
BODY: Final = re.compile(r"<body>(.*)</body>", re.DOTALL)
REQUIREMENT: Final = re.compile(r'<p class="requirement".*?</p>', re.DOTALL)
WITHOUT_SCRIPTS: Final = (
    "This file is a recording of gan1d. It needs JavaScript: open it in a browser that runs scripts. "
    'A frame with a sandbox attribute needs <code>sandbox="allow-scripts"</code>.'
)


def write_html(replay: Replay, title: str = "gan1d", directory: Path | None = None) -> str:
    """The file's text.

    Args:
        replay: The recording.
        title: Title of the document.
        directory: Directory of the page's files; None for `static_dir()`.

    Raises:
        OSError: The page's files cannot be read.
    """
    static = directory or static_dir()
    index = (static / "index.html").read_text("utf-8")
    loader = (static / "js" / "replay" / "loader.js").read_text("utf-8")
    program = link(static / "js", "main.js", INSTEAD)
    body = BODY.search(index)
    if body is None:
        raise ValueError("Expected index.html to have a body.")
    requirement = f'<p class="requirement" role="alert">{WITHOUT_SCRIPTS}</p>'
    return "".join([
        PAGE_BEGINNING,
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(loader, program)}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n',
        '<meta name="color-scheme" content="light dark">\n',
        f"<title>{html.escape(title)}</title>\n",
        f"<script>{loader}</script>\n",
        *styles(index, static),
        "</head>\n<body>",
        REQUIREMENT.sub(lambda _: requirement, body[1].rstrip()),
        "\n",
        data_block("program", zlib.compress(program.encode(), 9)),
        data_block("recording", zlib.compress(messages.to_text(replay.content).encode(), 9)),
        *(data_block("frames", part) for part in replay.frames),
        '<i id="end-of-file" hidden></i>\n</body>\n</html>\n',
    ])  # fmt: skip


def policy(*scripts: str) -> str:
    """The Content-Security-Policy of a file with these scripts."""
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts]
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; font-src data:; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def styles(index: str, static: Path, more: Sequence[str] = ("look-back.css", "replay.css")) -> list[str]:
    """The style sheets of a page as elements, with the font in them, and those of some further files."""

    def embedded(found: re.Match[str]) -> str:
        font = base64.b64encode((static / found[1]).read_bytes()).decode()
        return f'url("data:font/woff2;base64,{font}")'

    sheets = [
        (PART_OF_FONT.sub("", (static / name).read_text("utf-8")), f' media="{media}"' if media else "")
        for name, media in [*STYLES.findall(index), *((name, "") for name in more)]
    ]
    return [f"<style{media}>\n{FONT.sub(embedded, text)}</style>\n" for text, media in sheets]


def data_block(name: str, data: bytes) -> str:
    """Bytes as an element that a browser does not run, with its length, which shows whether the file is whole."""
    text = base64.b64encode(data).decode()
    attributes = f'type="application/octet-stream;base64" data-block="{name}" data-length="{len(text)}"'
    return f"<script {attributes}>{text}</script>\n"
