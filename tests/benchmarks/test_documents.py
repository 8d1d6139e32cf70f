"""The documents of the benchmarks: every program is named, and every measured table says when and how it was made."""

import re
from pathlib import Path

import pytest

from benchmarks.random_configs import POPULATIONS

ROOT = Path(__file__).parents[2]
TABLE = re.compile(r"<!-- (?P<mark>\w+) -->\n(?P<text>.*?)<!-- /(?P=mark) -->", re.DOTALL)


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def test_the_list_names_every_program_and_no_other() -> None:
    named = re.findall(r"^\| `(benchmarks/[\w./]+)` \|", text_of("docs/benchmarks.md"), re.MULTILINE)
    programs = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "benchmarks").glob("*.py")
        if '__name__ == "__main__"' in path.read_text("utf-8")
    ]
    packages = ["benchmarks/published"]  # contenders are run by speed.py
    assert sorted(named) == sorted(programs + packages)


def test_the_command_of_the_random_runs_makes_those_of_their_table() -> None:
    document = text_of("docs/diagnosis.md")
    command = re.search(r"random_runs --population (\w+) --skip (\d+) --runs (\d+) ", document)
    table = re.search(r"Of (\d+) runs of the population `(\w+)`, seeds (\d+) to (\d+)", document)
    assert command
    assert table
    first = POPULATIONS[command[1]].first_seed + int(command[2])
    runs = int(command[3])
    assert table.groups() == (str(runs), command[1], str(first), str(first + runs - 1))


# What depends on the machine says which one it was; the kernels of a processor are what is compared.
@pytest.mark.parametrize(
    ("document", "mark", "machine"),
    [
        ("docs/benchmarks.md", "speed", r"on one core of [^.]+Python [\d.]+, NumPy [\d.]+"),
        ("docs/benchmarks.md", "sweeps", r"on [A-Z]\w+"),
        ("docs/exactness.md", "kernels", r"with NumPy [\d.]+ and [\w-]+ [\d.]+"),
    ],
)
def test_a_table_that_depends_on_the_machine_says_date_command_and_machine(
    document: str, mark: str, machine: str
) -> None:
    tables = {found["mark"]: found["text"] for found in TABLE.finditer(text_of(document))}
    head = tables[mark].partition("\n")[0]
    assert re.search(rf"\d{{4}}-\d\d-\d\d, by `python -m benchmarks\.{mark}[^`]*--write`, .*{machine}", head), head


@pytest.mark.parametrize("document", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_commands_name_programs_that_exist(document: str) -> None:
    for name in re.findall(r"python -m (benchmarks\.\w+)", text_of(f"docs/{document}")):
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), name
