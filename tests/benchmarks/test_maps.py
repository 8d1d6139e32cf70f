"""The maps of the documentation are whole, and those of the commands that are given for them."""

from itertools import pairwise

import pytest

from benchmarks import maps
from gan1d.sweeps.axes import parse_axis
from gan1d.sweeps.execution import planned_blocks
from gan1d.sweeps.results import read_results


@pytest.mark.parametrize("name", maps.MAPS)
def test_a_map_has_all_runs_of_its_sweep(name: str) -> None:
    sweep, blocks, damaged = read_results(maps.file_of(name))
    assert sweep == maps.MAPS[name].sweep
    assert planned_blocks(sweep, blocks) == []
    assert sum(len(block.runs) for block in blocks) == sweep.runs
    assert damaged == b""
    assert maps.file_of(name).with_suffix(".svg").read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize("name", maps.MAPS)
def test_the_command_makes_the_sweep(name: str) -> None:
    arguments = maps.MAPS[name].arguments(maps.file_of(name))
    texts = [value for option, value in pairwise(arguments) if option == "--axis"]
    assert tuple(map(parse_axis, texts)) == maps.MAPS[name].sweep.axes
