"""Every word, abbreviation and symbol of the page is in the glossary, and every name in the glossary exists."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gan1d
from gan1d.gallery.preset import PRESETS
from gan1d.glossary import TERMS, served
from tests.golden import write

ROOT = Path(__file__).parents[1]

NEEDS_NO_ENTRY = {
    *"−±×½⅓→",  # arithmetic, and the arrow key
    *"⁰¹²³⁴⁵⁶⁷⁸⁹⁻",  # powers of ten
    *"▴▾‹←↑↓",  # beyond the axis, an opening menu, back, the way of the noise, and an arrow key
    *"AEKLMRTNV",  # an article, and the keys that the help lists
    "B",  # a key that the help lists
    "›",  # a button
    "C",  # Ctrl+C
    "⌘",
    "∞",
    "AYLIEN",  # the name of a company
    "GIF",
    "HTML",
    "JSON",
    "MB",
    "PNG",
    "QR",
    "SVG",
}
"""Symbols that every reader of the page knows."""

COMING: set[str] = set()
"""Words that the page will have in place of former ones."""

SYMBOL = re.compile(
    r"""
    \|∇[DG]\|                                   # the length of a gradient
    | x²
    | z[₀-ₜᵢ] | W[₀-₉]                          # an index
    | [LV]_[DG]                                 # a loss
    | V\(D,\ G\) | D\(G\(z\)\) | [GD]\([zx]\)   # a function
    | D(?:_X)?\*
    | D_X
    | [α-ωΑ-ΩφΦ][₀-₉]?
    | \b(?:[A-Z][a-z]*){0,3}[A-Z0-9]+[A-Z][A-Za-z]*\d*\b   # an abbreviation such as PacGAN
    | \b[A-Z]\d\b                               # R1
    | (?<![\w’'.-])[A-Z](?![\w’'(*-])           # a name of one letter
    | [^\x00-\x7f\u202f“”–…’‘·é—]               # any other sign
    """,
    re.VERBOSE,
)


SVG_WRITER = ROOT / "static/js/stills/svg-context.js"
"""A module whose literals are elements and paths of SVG."""


def strings_of_the_scripts() -> Iterator[str]:
    """The literals in the page's modules that hold a space or a sign: words for people, not names for the program."""
    for path in sorted(set((ROOT / "static/js").rglob("*.js")) - {SVG_WRITER}):
        source = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        source = re.sub(r"^\s*import .*$|(?<!:)//.*$", "", source, flags=re.MULTILINE)
        source = re.sub(r'addEventListener\("\w+"', "", source)
        for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`', source, re.DOTALL):
            text = re.sub(r"\$\{[^{}]*\}", " ", literal[1:-1])
            if not re.fullmatch(r"[A-Z]{2,}\d?", text) or len(text) < 4:  # tag names such as "INPUT"
                yield text


def texts_of_the_document() -> Iterator[str]:
    document = re.sub(r"<(svg|script).*?</\1>", "", (ROOT / "static/index.html").read_text("utf-8"), flags=re.DOTALL)
    yield from re.findall(r'(?:title|aria-label|content)="([^"]*)"', document)
    yield from re.split(r"<[^>]*>", document)


def texts_of_the_server(tree: Any) -> Iterator[str]:
    """Titles, labels and help of every setting, option, metric and diagnosis."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if isinstance(value, str) and key in ("title", "description", "label", "help", "unit", "value_label"):
                yield value
            yield from texts_of_the_server(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from texts_of_the_server(value)


@functools.cache
def texts_of_the_page() -> list[str]:
    """Everything that the page shows: its own words, what the server's first message says, and the presets."""
    return [
        *strings_of_the_scripts(),
        *texts_of_the_document(),
        *texts_of_the_server(write.hello()),
        *(text for preset in gan1d.presets.values() for text in (preset.title, preset.watch)),
    ]


def names_in_the_sources() -> set[str]:
    sources = [*(ROOT / "gan1d").rglob("*.py"), PRESETS, *(ROOT / "static/js").rglob("*.js")]
    return {name for path in sources for name in re.findall(r"\w+", path.read_text("utf-8"))}


def symbols(texts: list[str]) -> set[str]:
    return {found for text in texts for found in SYMBOL.findall(text)}


def test_the_search_for_symbols_finds_them() -> None:
    texts = ["|∇D| and L_D: β₁, PacGAN, R1, D*", "x = G(z), one zᵢ in W₁"]
    assert symbols(texts) == {"|∇D|", "L_D", "β₁", "PacGAN", "R1", "D*", "G(z)", "zᵢ", "W₁"}


def test_every_symbol_on_the_page_has_an_entry() -> None:
    known = {word for term in TERMS for word in term.page}
    assert symbols(texts_of_the_page()) - known - NEEDS_NO_ENTRY == set()


def test_there_are_enough_terms_and_no_word_has_two() -> None:
    words = [word for term in TERMS for word in term.page]
    assert len(TERMS) >= 40
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_term_stands_where_it_is_said_to_stand() -> None:
    assert [term.textbook for term in TERMS if not term.page and not term.code] == []
    words = "\n".join(texts_of_the_page()).lower()
    assert [word for term in TERMS for word in {*term.page} - COMING if word.lower() not in words] == []
    names = names_in_the_sources()
    assert [name for term in TERMS for name in term.code if name.split(".")[-1] not in names] == []


def test_every_meaning_is_one_line() -> None:
    assert [term.meaning for term in TERMS if not re.fullmatch(r".{1,119}\.", term.meaning)] == []


def test_the_help_gets_every_entry_that_the_page_shows() -> None:
    assert len(served()) == sum(bool(term.page) for term in TERMS)
    assert served()[0].keys() == {"page", "textbook", "meaning"}
