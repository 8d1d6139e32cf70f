"""The page's types of the wire, against the messages."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, JsonValue

from gan1d.session.messages import Mark
from tests import wire_types


def test_the_file_is_up_to_date() -> None:
    assert wire_types.FILE.read_text("utf-8") == wire_types.text(), "Run python -m tests.wire_types --write."


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (int, "number"),
        (float | None, "number | null"),
        (list[str | None], "(string | null)[]"),
        (dict[str, list[float]], "Record<string, number[]>"),
        (tuple[Mark, ...], "Mark[]"),
        (Literal["a", "b"], '"a" | "b"'),
        (Annotated[int, Field(ge=0)], "number"),
        (Any, "unknown"),
        (JsonValue, "unknown"),
    ],
)
def test_annotations_are_written_in_typescript(annotation: Any, expected: str) -> None:
    assert wire_types.typescript(annotation) == expected


def test_an_annotation_without_json_is_an_error() -> None:
    with pytest.raises(TypeError, match="Expected an annotation that JSON has, but got"):
        wire_types.typescript(set[int])
