"""The pages written by `docs/generate.py` say what the code says today."""

from pathlib import Path

import pytest

from docs.generate import PAGES

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "Out of date: run `python -m docs.generate`."
