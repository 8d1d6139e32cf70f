"""The font of the first picture: what the page itself says is written with it alone."""

from pathlib import Path

from tests import page_font

ROOT = Path(__file__).parents[1]


def test_the_words_of_the_page_need_no_other_letters() -> None:
    page, vendored = page_font.ranges()
    texts = [path for kind in ("*.js", "*.html", "*.css") for path in page_font.STATIC.rglob(kind)]
    # A page in another language loads the vendored font as well.
    texts += [path for path in (ROOT / "gan1d").rglob("*.toml") if path.parent.name != "de"]
    texts += (ROOT / "gan1d").rglob("*.py")
    used = {ord(letter) for path in texts for letter in path.read_text("utf-8")}
    # Accents above variables stand in docstrings only.
    accents = set(range(0x300, 0x324))
    assert {chr(code) for code in used & vendored - accents} == set()
    assert set(range(0x20, 0x7F)) <= page


def test_the_two_fonts_share_no_letter() -> None:
    page, vendored = page_font.ranges()
    assert page & vendored == set()


def test_a_range_is_read_as_browsers_read_it() -> None:
    assert page_font.characters("U+20-22, U+B1") == {0x20, 0x21, 0x22, 0xB1}


def test_the_font_is_licensed_as_the_one_it_was_made_from() -> None:
    assert (page_font.MADE.parent / "LICENSE").read_bytes() == (page_font.VENDORED.parents[1] / "LICENSE").read_bytes()
    assert page_font.MADE.read_bytes()[:4] == b"wOF2"
