"""A map as one HTML file: it holds its results, and nothing in it can make a request."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from gan1d.maps.growing_results import GrowingResults
from gan1d.maps.map_page import MAP_BEGINNING, write_map
from gan1d.replay.page_directory import static_dir
from gan1d.words import HERE, words_of
from tests.maps.sweeps import PLANE, block_of_runs, write_results
from tests.words import parts

LAB = "http://127.0.0.1:8765/"


@pytest.fixture
def results(tmp_path: Path) -> GrowingResults:
    write_results(tmp_path / "r.ndjson", PLANE, block_of_runs(PLANE, (0, 1), "converged", "plateau"))
    return GrowingResults(tmp_path / "r.ndjson")


def test_the_file_holds_the_results(results: GrowingResults) -> None:
    page = write_map(results, 'A <map> & "more"', lab=LAB)
    assert page.startswith(MAP_BEGINNING)
    assert "<title>A &lt;map&gt; &amp; &quot;more&quot;</title>" in page
    found = re.search(r'<script type="application/json" id="map-data">([^<]*)</script>', page)
    assert found
    data = json.loads(found[1])
    assert data["rows"] == results.rows
    assert data["lab"] == LAB
    assert data["title"] == results.content["title"]
    assert page.rstrip().endswith("</html>")


def test_only_the_script_whose_hash_the_policy_has_can_run(results: GrowingResults) -> None:
    page = write_map(results, lab=LAB)
    scripts = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}'; " in page
    assert page.count("<script") == 2
    assert set(re.findall(r'url\("(.{5})', page)) == {"data:"}, "fonts"
    assert "<link" not in page


def test_every_outcome_has_a_colour(results: GrowingResults) -> None:
    styles = (static_dir() / "map.css").read_text("utf-8")
    named = set(re.findall(r"--outcome-(\w+): light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\)", styles))
    assert named == {outcome["name"] for outcome in results.content["outcomes"] if not outcome["of"]}


def test_the_file_has_the_words_that_it_can_show_in_every_language(results: GrowingResults) -> None:
    found = re.search(r'id="map-data">([^<]*)</script>', write_map(results, lab=LAB))
    assert found
    words = json.loads(found[1])["words"]["de"]
    assert words["Converged"] == "Konvergiert"
    assert words["G learning rate"] == "G: Lernrate"
    assert words["non saturating"] == "nicht sättigend", "a value on an axis"
    assert words["English"] == "Deutsch", "for the choice of the language"
    of_the_page = json.loads((HERE / "de" / "map.json").read_text("utf-8")).keys() - parts.axes()
    of_other_sweeps = {"preset", "mode {number} {setting}", "G {first} and D {second}"}
    of_a_server = {
        "The server does not answer.", "What the map has stays; it goes on when gan1d map runs again.",
    }  # fmt: skip
    lacking = {key for key in of_the_page - words.keys() if not key.startswith("{counts} settings")}
    assert lacking <= of_other_sweeps | of_a_server
    assert len(words) < len(words_of("de")) / 3
