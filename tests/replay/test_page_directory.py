"""The page is found wherever the package is."""

from pathlib import Path

import pytest

from gan1d.replay import page_directory


def test_the_page_is_found_in_a_checkout_and_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gan1d"
    (package / "replay").mkdir(parents=True)
    monkeypatch.setattr(page_directory, "__file__", str(package / "replay" / "page_directory.py"))
    with pytest.raises(FileNotFoundError, match="install gan1d again"):
        page_directory.static_dir()
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "index.html").touch()
    assert page_directory.static_dir() == tmp_path / "static"
    (package / "static").mkdir()
    (package / "static" / "index.html").touch()
    assert page_directory.static_dir() == package / "static"
