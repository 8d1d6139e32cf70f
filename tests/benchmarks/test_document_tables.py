"""Tables that commands write into documents: rows are replaced, others are kept, and the order is that of the names."""

from pathlib import Path

import pytest

from benchmarks.document_tables import fill, line, put_rows, rows_of

HEAD = ("name", "number")
TEXT = "before\n<!-- some -->\nold\n<!-- /some -->\nafter\n"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.md"
    path.write_text(TEXT, "utf-8")
    return path


def put(document: Path, *names: str, value: str = "1") -> None:
    put_rows(document, "some", HEAD, {name: line([name, value]) for name in names}, ["a", "b", "c"])


def test_a_text_is_put_between_its_marks(document: Path) -> None:
    fill(document, "some", "new \\1")
    assert document.read_text("utf-8") == TEXT.replace("old", "new \\1")


def test_marks_that_are_missing_are_named(document: Path) -> None:
    with pytest.raises(ValueError, match="Expected <!-- other --> and <!-- /other --> once"):
        fill(document, "other", "new")
    assert document.read_text("utf-8") == TEXT


def test_rows_are_replaced_and_others_kept_in_their_order(document: Path) -> None:
    put(document, "c", "a")
    assert rows_of(document, "some") == {"a": "| a | 1 |", "c": "| c | 1 |"}
    put(document, "b", "c", value="2")
    assert list(rows_of(document, "some").values()) == ["| a | 1 |", "| b | 2 |", "| c | 2 |"]
    assert "| name | number |\n|---|---|\n| a | 1 |" in document.read_text("utf-8")


def test_rows_of_other_names_are_dropped(document: Path) -> None:
    put(document, "a", "b")
    put_rows(document, "some", HEAD, {}, ["b"])
    assert list(rows_of(document, "some")) == ["b"]


def test_a_table_that_has_not_been_written_has_no_rows(document: Path) -> None:
    assert rows_of(document, "some") == {}
