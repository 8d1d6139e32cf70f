"""The gallery's document: its table is what was measured."""

import gan1d
from benchmarks.document_tables import line
from benchmarks.gallery import DOCUMENT, HEADS, preset_cells


def test_the_table_of_presets_is_the_measurement() -> None:
    table = DOCUMENT.read_text("utf-8").split("<!-- presets -->\n")[1].split("<!-- /presets -->")[0].splitlines()
    rates = [(preset.name, key, rate) for preset in gan1d.presets.values() for key, rate in preset.rates.items()]
    assert table[0] == line(HEADS["presets"])
    assert table[2:] == [line(preset_cells(*each)) for each in rates]
