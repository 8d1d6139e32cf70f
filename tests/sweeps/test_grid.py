"""The grid: its cells and their settings, and what is refused before any work is done."""

import json
import math
from typing import Any

import pytest

from gan1d import Config, ConfigError, presets
from gan1d.sweeps.axes import AxisError
from gan1d.sweeps.grid import Sweep, sweep_of

RATE = "generator.optimizer.learning_rate"


def grid(**changes: Any) -> Sweep:
    numbers = {"seeds": 2, "steps": 10, **changes}
    return sweep_of(Config(), {RATE: [0.001, 0.01, 0.1], "batch_size": [8, 16]}, **numbers)


def test_the_cells_have_the_values_of_their_axes() -> None:
    sweep = grid()
    assert (sweep.shape, sweep.runs) == ((3, 2), 12)
    assert list(sweep.cells()) == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    config = sweep.config((2, 1))
    assert (config.generator.optimizer.learning_rate, config.batch_size, config.seed) == (0.1, 16, 1_000_000)
    assert config == Config().patched(RATE, 0.1).patched("batch_size", 16).patched("seed", 1_000_000)


def test_a_preset_comes_before_the_other_axes() -> None:
    sweep = sweep_of(Config(), {"batch_size": [8, 16], "preset": ["wgan", "mode_collapse"]}, seeds=1, steps=1)
    assert sweep.config((0, 0)) == presets["wgan"].config.patched("batch_size", 8).patched("seed", 1_000_000)
    with pytest.raises(ConfigError, match="Expected a preset"):
        sweep_of(Config(), {"preset": ["no_such"]}, seeds=1, steps=1)


def test_an_axis_may_change_several_settings_together() -> None:
    sweep = sweep_of(Config(), {"generator.hidden+discriminator.hidden": [[8], [8, 8]]}, seeds=1, steps=1)
    config = sweep.config((1,))
    assert config.generator.hidden == config.discriminator.hidden == (8, 8)
    assert sweep.shape == (2,)
    with pytest.raises(AxisError, match="different paths"):
        sweep_of(Config(), {"generator.hidden+discriminator.hidden": [[8]], "generator.hidden": [[4]]})


def test_a_sweep_survives_json() -> None:
    sweep = grid(every=50)
    assert Sweep.from_json(json.loads(json.dumps(sweep.to_json()))) == sweep


@pytest.mark.parametrize("change", [{"axes": None}, {"steps": "many"}, {"base": 3}, {"axes": [{"path": "x"}]}])
def test_other_json_is_no_sweep(change: dict[str, Any]) -> None:
    with pytest.raises((AxisError, ConfigError)):
        Sweep.from_json({**grid().to_json(), **change})


def test_what_is_wrong_with_a_description_is_said() -> None:
    described = grid().to_json()
    with pytest.raises(AxisError, match=r"^Expected a description of a sweep, but it has no 'axes'\.$"):
        Sweep.from_json({name: value for name, value in described.items() if name != "axes"})
    for change in ({"axes": None}, {"steps": "many"}, {"seeds": math.inf}):
        with pytest.raises(
            AxisError, match=r"^Expected a description of a sweep, but a value in it is of another type"
        ):
            Sweep.from_json({**described, **change})


def test_the_settings_of_a_cell_are_made_once() -> None:
    sweep = grid()
    assert sweep.config((2, 1)) is sweep.config((2, 1))
    assert sweep == grid()


@pytest.mark.parametrize(
    ("axes", "changes", "sentence"),
    [
        ({}, {}, "Expected 1 to 3 axes with different paths, but got none."),
        ({path: [1] for path in "abcd"}, {}, "Expected 1 to 3 axes with different paths, but got a, b, c, d."),
        ({"batch_size": [8]}, {"seeds": 0}, "Expected 1 to 10\u202f000 seeds, but got 0."),
        ({"batch_size": [8]}, {"steps": 0}, "Expected 1 step or more, but got 0"),
        ({"batch_size": [8]}, {"every": 10}, "Expected measurements every 25 steps or a multiple, but got 10."),
        (
            {"batch_size": [8]},
            {"every": 25, "steps": 125_025},
            "Expected at most 5\u202f000 measurements of a run, but got 5\u202f001: measure less often than every 25 ",
        ),
        ({"batch_size": [8]}, {"first_seed": 2**32 - 1}, "Expected seeds from 0 to 4294967295, but got 4294967295"),
        (
            {RATE: [1 / n for n in range(1, 400)], "batch_size": range(1, 400)},
            {},
            "Expected at most 10\u202f000 cells, but got 159\u202f201: 399 × 399.",
        ),
    ],
)
def test_a_grid_out_of_bounds_is_refused(axes: dict[str, Any], changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AxisError) as error:
        sweep_of(Config(), axes, **{"seeds": 2, "steps": 10, **changes})
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        ({"no.such": [1]}, "Expected one of"),
        ({"batch_size": [8, 0]}, "batch_size"),
        ({"penalty": ["none", "r1"], "penalty.gamma": [0.1]}, "penalty.gamma"),
    ],
)
def test_every_cell_is_checked_before_the_first_run(axes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        sweep_of(Config(), axes, seeds=1, steps=1)
    assert sentence in str(error.value)
