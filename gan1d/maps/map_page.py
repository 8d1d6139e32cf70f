"""A map as one HTML file: the page's own modules, styles and font, and the results.

The file makes no request: its policy forbids all of them, and its only script is named there by its hash.
"""

import html
import json
from typing import Final

from gan1d.maps.growing_results import GrowingResults
from gan1d.replay.html_page import BODY, REQUIREMENT, policy, styles
from gan1d.replay.linking import link
from gan1d.replay.page_directory import static_dir
from gan1d.words import ENGLISH, languages, words_in

MAP_BEGINNING: Final = "<!doctype html>\n<!-- gan1d map -->\n"
"""Beginning of every map as a file."""
MAP_WITHOUT_SCRIPTS: Final = (
    "This file is a map of a gan1d sweep. It needs JavaScript and all of its lines: open it in a browser that runs "
    "scripts, and copy or download it again if its end is missing."
)


def write_map(results: GrowingResults, title: str = "", *, lab: str) -> str:
    """The file's text.

    Args:
        results: The results.
        title: Title of the document; "" for what was swept.
        lab: Address of the server in which the links of the map open runs.

    Raises:
        OSError: The page's files cannot be read.
    """
    static = static_dir()
    page = (static / "map.html").read_text("utf-8")
    program = link(static / "js", "map/from-file.js")
    body = BODY.search(page)
    if body is None:
        raise ValueError("Expected map.html to have a body.")
    requirement = f'<p class="requirement" role="alert">{MAP_WITHOUT_SCRIPTS}</p>'
    # The name of a language in that language is an entry, too.
    english = "".join([languages()[ENGLISH], body[1], program, json.dumps(results.content, ensure_ascii=False)])
    words = {code: words_in(code, english) for code in languages() if code != ENGLISH}
    # No "<" can end the element.
    values = {**results.content, "rows": results.rows, "lab": lab, "words": words}
    data = json.dumps(values, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
    return "".join([
        MAP_BEGINNING,
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(program)}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n',
        '<meta name="color-scheme" content="light dark">\n',
        f"<title>{html.escape(title or results.content['title'])}</title>\n",
        *styles(page, static, ()),
        "</head>\n<body>",
        REQUIREMENT.sub(lambda _: requirement, body[1].rstrip()),
        f'\n<script type="application/json" id="map-data">{data}</script>\n',
        f'<script type="module">{program}</script>\n</body>\n</html>\n',
    ])  # fmt: skip
