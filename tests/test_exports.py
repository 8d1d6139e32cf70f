"""What `import gan1d` offers is what README shows, and nothing breaks quietly when a name goes."""

import ast
import re
import runpy
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import gan1d

ROOT = Path(__file__).parents[1]


def python_blocks(document: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / document).read_text("utf-8"), re.DOTALL | re.MULTILINE)


def names_used(source: str) -> set[str]:
    """Every NAME in `gan1d.NAME`."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "gan1d"
    }


def test_all_names_exist_once() -> None:
    assert len(gan1d.__all__) == len(set(gan1d.__all__))
    assert [name for name in gan1d.__all__ if not hasattr(gan1d, name)] == []


def test_readme_shows_exported_names_only() -> None:
    shown = set().union(*(names_used(block) for block in python_blocks("README.md")))
    assert {"Config", "Trainer", "observe", "presets"} <= shown
    assert shown - set(gan1d.__all__) == set()


def test_readme_python_runs() -> None:
    for block in python_blocks("README.md"):
        subprocess.run([sys.executable, "-W", "error", "-c", block], check=True, timeout=60)


def test_version_is_said_once() -> None:
    assert gan1d.__version__ == metadata.version("gan1d")


def test_a_checkout_that_is_not_installed_has_a_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_nothing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", find_nothing)
    assert runpy.run_path(gan1d.__file__)["__version__"] == "0+unknown"


def test_package_is_typed() -> None:
    assert (Path(gan1d.__file__).parent / "py.typed").is_file()
