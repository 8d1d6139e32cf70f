"""Third-party files in the repository are exactly what was published, with their licence beside them."""

import json
from pathlib import Path

import pytest

from tests import vendoring

RECORDS = vendoring.records()


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.parent.name)
def test_vendored_files_are_unmodified(record: Path) -> None:
    assert vendoring.differences_on_disk(record) == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.parent.name)
def test_vendored_package_is_named_and_licensed(record: Path) -> None:
    vendored = vendoring.load(record)
    assert set(vendored) == {"name", "version", "license", "integrity", "files"}
    assert vendored["integrity"].startswith("sha512-")
    (licence,) = [name for name in vendored["files"] if name.startswith("LICENSE")]
    assert "Permission is hereby granted" in (record.parent / licence).read_text("utf-8")


def test_every_vendor_directory_has_a_record() -> None:
    homes = {record.parent for record in RECORDS}
    directories = [path for top in ("examples", "static") for path in (vendoring.ROOT / top).rglob("vendor/*")]
    assert [path for path in directories if path.is_dir() and path not in homes] == []


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "kept.js").write_bytes(b"kept")
    (tmp_path / "stray.js").write_bytes(b"stray")
    files = {"kept.js": vendoring.sha256(b"as published"), "gone.js": vendoring.sha256(b"")}
    record = tmp_path / "VENDOR.json"
    record.write_text(json.dumps({"files": files}), "utf-8")
    assert vendoring.differences_on_disk(record) == [
        "stray.js is not listed",
        "gone.js is missing",
        "kept.js was changed",
    ]
