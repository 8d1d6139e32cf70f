"""What a map shows of a sweep: axes in words, outcomes, rows, and links that make the runs of a cell."""

from dataclasses import fields
from typing import Any

import pytest

from gan1d import Config
from gan1d.diagnosis.kinds import KINDS
from gan1d.gallery import presets
from gan1d.maps.content import (
    LETTERS,
    NUMBERS,
    RANKS,
    RUN_FIELDS,
    content_of,
    nearest_preset,
    outcomes,
    row_of,
    title_of,
)
from gan1d.sweeps.grid import Sweep, sweep_of
from gan1d.sweeps.measurement import RunResult
from tests.maps.sweeps import PLANE, SPACE, block_of_runs

SAMPLES = [[float(n) for n in range(12)], [n / 2 for n in range(15)]]


def config_of(content: dict[str, Any], cell: int) -> Config:
    """The config that the page makes of a cell: its preset with its changes, in their order."""
    values, found = content["values"], content["cells"][cell]
    return presets[found["preset"]].config.with_changes((path, values[at]) for path, at in found["changes"].items())


@pytest.mark.parametrize(
    "sweep",
    [
        PLANE,
        SPACE,
        sweep_of(
            Config(), {"generator.hidden+discriminator.hidden": [[8], [16]], "loss": ["hinge", "minimax"]}, seeds=1
        ),
        sweep_of(Config(), {"preset": ["default", "mode_collapse", "wgan_gp"], "batch_size": [16, 32]}, seeds=1),
        sweep_of(presets["labelled_modes"].config, {"loss": ["hinge", "wasserstein"]}, seeds=1),
        sweep_of(Config().patched("target", "samples"), {"target.values": SAMPLES}, seeds=1),
    ],
)
def test_a_link_makes_the_settings_of_its_cell(sweep: Sweep) -> None:
    content = content_of(sweep)
    for place, cell in enumerate(sweep.cells()):
        assert config_of(content, place).patched("seed", sweep.first_seed) == sweep.config(cell)


def test_axes_have_names_scales_and_words() -> None:
    first, second = content_of(PLANE)["axes"]
    assert (first["label"], first["scale"], first["values"], first["words"]) == (
        "G learning rate", "log", [0.001, 0.01, 0.1], [None] * 3,
    )  # fmt: skip
    assert (second["label"], second["scale"], second["words"]) == ("loss", "choice", ["non saturating", "hinge"])
    assert first["help"]
    layers = sweep_of(Config(), {"generator.hidden": [[16], [16, 16]]}, seeds=1)
    assert content_of(layers)["axes"][0]["words"] == ["16", "16-16"]
    both = sweep_of(Config(), {"generator.hidden+discriminator.hidden": [[8], [16]]}, seeds=1)
    axis = content_of(both)["axes"][0]
    assert axis["label"] == " and ".join(f"{player} {content_of(layers)['axes'][0]['label'][2:]}" for player in "GD")
    assert axis["words"] == ["8", "16"]
    samples = sweep_of(
        Config().patched("target", "samples"), {"target.values": [SAMPLES[0], SAMPLES[0][::-1]]}, seeds=1
    )
    assert content_of(samples)["axes"][0]["words"] == ["12 (1)", "12 (2)"], "lists of the same length"
    named = sweep_of(Config(), {"preset": ["default", "wgan_gp"]}, seeds=1)
    assert content_of(named)["axes"][0]["words"] == [presets["default"].title, presets["wgan_gp"].title]


def test_the_title_says_what_was_swept() -> None:
    title = presets["default"].title
    before = presets["default"].config.batch_size
    assert title_of(PLANE) == (f"3 × 2 settings of “{title}” (batch size {before} → 32), 4 seeds and 300 steps each")
    # A preset is near if it has the same networks and data; what an axis sets is no difference.
    slower = Config().with_changes([("generator.rate_half_life", 0), ("generator.optimizer.beta2", 0.5)])
    rates = sweep_of(slower, {"generator.optimizer.learning_rate": [0.001, 0.01]}, seeds=1, steps=5)
    assert title_of(rates).startswith(f"2 settings of “{title}” (G β₂ 0.99 → 0.5, G rate half-life 150 → 0), ")
    moved = presets["memorization"].config.with_changes([("batch_size", 8), ("target.half_width", 3.0)])
    assert nearest_preset(moved) == "memorization"
    assert [name for name, preset in presets.items() if nearest_preset(preset.config) != name] == []
    one = sweep_of(Config(), {"preset": ["default", "wgan_gp"]}, seeds=1, steps=2000)
    assert title_of(one) == "2 settings, 1 seed and 2\u202f000 steps each"


def test_outcomes_have_letters_of_their_own_and_stand_from_fit_to_failure() -> None:
    rows = outcomes()
    assert {row["name"] for row in rows} == {kind.name for kind in KINDS}
    letters = [row["letter"] for row in rows]
    assert len(set(letters)) == len(letters)
    assert [row["name"] for row in rows if not row["of"]] == list(RANKS)
    assert sorted(RANKS) == sorted(LETTERS)
    suspicion = next(row for row in rows if row["name"] == "suspected_mode_collapse")
    assert (suspicion["letter"], suspicion["of"]) == ("m", "mode_collapse")
    assert rows[0]["name"] == "converged"


def test_fields_and_numbers_are_those_of_a_run() -> None:
    known = {field.name for field in fields(RunResult)}
    assert set(RUN_FIELDS) <= known
    assert {number.name for number in NUMBERS} <= set(RUN_FIELDS)


def test_a_row_has_the_number_of_its_cell_and_the_fields_of_its_runs() -> None:
    row = row_of(block_of_runs(PLANE, (1, 1), "mode_collapse", error=None), PLANE)
    # Of 3 × 2 cells, the second of the second row of values: 1 · 2 + 1.
    collapsed = [kind["name"] for kind in outcomes()].index("mode_collapse")
    assert row == [3, [[1_000_000, collapsed, 300, 100, None, 0.2, 0.05, 2]]]


def test_an_outcome_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError):
        row_of(block_of_runs(PLANE, (0, 0), "transcended"), PLANE)
