"""Every number in the prose of the documents is a fact that is checked here.

Code, tables, generated pages, dated decision records and the changelog are left out: they are tested, written by
commands, or history. Small counts in words, up to four, are left to the reader.
"""

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import gan1d
from benchmarks import convergence, gallery, places_and_scales
from gan1d.cli import check
from gan1d.cli.options import OPTIONS
from gan1d.diagnosis.features import OBSERVE_EVERY
from gan1d.diagnosis.rules import COLLAPSED, RULES
from gan1d.engine.data.batches import BLOCK
from gan1d.engine.metrics.mode_coverage import COVERED_SHARE
from gan1d.evaluation.fixed_samples import RUG
from gan1d.evaluation.latent_grid import LATTICE_POINTS
from gan1d.exports.experiment import MOST_TRAINING_SAMPLES, MOST_WEIGHTS
from gan1d.exports.notebook import COMPARED_STEPS, LOSS_TOLERANCE
from gan1d.gallery.rates import SuccessRate, wilson
from gan1d.recording.frame_archive import MOST_FRAMES, QUANTA, SINH_QUANTUM
from gan1d.recording.key_frames import BUDGET
from gan1d.recording.recording import LARGEST_LOG
from gan1d.replay.recorder import USUAL_FRAMES
from gan1d.server.connections import PINGS_PER_SECOND, REFUSAL_RESPONSE, REQUEST_SECONDS
from gan1d.server.lobby import AWAY_SECONDS, IDLE_SECONDS, SECRET_BYTES, VIEWERS_LIMIT
from gan1d.server.serving import DEFAULT_PORT
from gan1d.server.websocket import RATE
from gan1d.session.history import HISTORY_LENGTH
from gan1d.session.pacing import SLICE_SECONDS
from gan1d.session.step_cost import DEFAULT_LIMIT, LARGEST_BYTES
from tests.gallery.test_claims import best_output

ROOT = Path(__file__).parents[1]
SCHEMA = gan1d.Config.model_json_schema()

NUMBER = re.compile(
    r"(?<![\w#])[±.~]?\d[\d  ,.]*(?<=\d)|[½⅓¼]"
    r"|\b(?:five|six|seven|eight|nine|ten|twelve|sixteen|twenty|hundred|thousand|half|thirds?|quarter|fifth|tenths?)\b",
    re.IGNORECASE,
)
IS_NAME = re.compile(
    r"```.*?```|<!--.*?-->|^\|[^\n]*$|`[^`]*`|\]\([^)]*\)|https?://\S+|arXiv:[\d.]+|^#* *\d+\. |et al\. \d{4}"
    r"|\(Wilson 1927\)|Wasserstein-1|Third-party|Record \d{4}|decision \d{4}|\bhalf by\b",
    re.DOTALL | re.MULTILINE,
)
"""Code, tables, links, sources and names with numbers in them."""


def knob(schema: str, name: str, bound: str) -> float:
    """A bound of a setting."""
    return float(SCHEMA["$defs"][schema]["properties"][name]["x-knob"][bound])


def is_asymmetric() -> bool:
    """Whether the suite shifts both modes by up to 1 and gives one of them 0.6 to 0.8 of the mass."""
    suite = [convergence.asymmetric(gan1d.Config(), seed).target.modes for seed in range(200)]
    shifts = [abs(modes[0].position - gan1d.Config().target.modes[0].position) for modes in suite]
    heavy = [max(mode.weight for mode in modes) for modes in suite]
    return bool(
        0.95 < max(shifts) <= 1 and min(heavy) < 0.61 and max(heavy) > 0.79 and 0.6 <= min(heavy) <= max(heavy) <= 0.8
    )


def deviations_of_wilson() -> float:
    """Standard deviations on each side of the interval, z, from its end z² / (1 + z²) for no hit in one run."""
    end = wilson(0, 1)[1]
    return math.sqrt(end / (1 - end))


def collapse_distance() -> float:
    """Distance between the modes of the collapse."""
    left, right = gan1d.presets["mode_collapse"].config.target.modes
    return float(right.position - left.position)


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


PYTHON = {"Python 3.11": lambda: 'requires-python = ">=3.11"' in text_of("pyproject.toml")}

OTHERS = {
    "CHANGELOG.md": "history",
    "docs/benchmarks.md": "written by benchmarks/speed.py, whose test reads it",
    "docs/exactness.md": "bounds and figures of benchmarks/exactness.py, and a comparison of two kinds of processor",
    "docs/diagnosis.md": "thresholds of the rules, and rates that benchmarks/confusion.py writes",
}
"""Documents that this module leaves to others."""


def documents() -> Iterator[str]:
    """Documents with prose by hand."""
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        name = path.relative_to(ROOT).as_posix()
        is_generated = "do not edit" in path.read_text("utf-8")[:100]
        if not is_generated and name not in OTHERS and not name.startswith(("docs/_build", "docs/decisions")):
            yield name


DOCUMENTS = list(documents())

FACTS: dict[str, dict[str, Callable[[], bool]]] = {
    "README.md": PYTHON | {"up to 500 pages watch": lambda: VIEWERS_LIMIT == 500},
    "SECURITY.md": {
        "listens to 127.0.0.1": lambda: any(each.name == "host" and each.default == "127.0.0.1" for each in OPTIONS),
        "connect to 127.0.0.1": lambda: any(each.name == "host" and each.default == "127.0.0.1" for each in OPTIONS),
        "96 random bits": lambda: 8 * SECRET_BYTES == 96,
        "status 403": lambda: '"status": 403' in text_of("gan1d/server/access_control.py"),
    },
    "docs/start.md": PYTHON
    | {
        "one half at balance": lambda: best_output(1, 1) == 0.5,
        "up to eight modes": lambda: knob("GaussianMixture", "modes", "high") == 8,
    },
    "docs/tutorials/collapse.md": {  # `test_tutorials.py` runs the page and checks its results
        "half of the mass, but": lambda: gan1d.presets["mode_collapse"].config.target.modes[0].weight == 0.5,
        "is near 0": lambda: gan1d.presets["mode_collapse"].rates["collapsed"].interval[0] > 0.9,
        "Half of the mass has": lambda: gan1d.presets["mode_collapse"].config.target.modes[1].weight == 0.5,
        "for 100 steps": lambda: [rule.suspected * OBSERVE_EVERY for rule in RULES if rule.kind is COLLAPSED] == [100],
        "after 250": lambda: [rule.certain * OBSERVE_EVERY for rule in RULES if rule.kind is COLLAPSED] == [250],
    },
    "docs/tutorials/lecture.md": {
        "there are about 600": lambda: USUAL_FRAMES == 600,
        "from version 123 on, Firefox from 120, or Safari from 17.5": lambda: (
            "from version 123 on, Firefox from 120, or Safari from 17.5" in text_of("static/js/replay/loader.js")
        ),
        "to 1/4,096 of": lambda: QUANTA == 4096,
        "to 1/3,900 of": lambda: math.exp(SINH_QUANTUM / 2) - 1 < 1 / 3900,
        # tests/replay/test_html_page.py measures it.
        "600 pictures of the default take less than 1 MB": lambda: USUAL_FRAMES == 600,
        "at most 2,400 pictures": lambda: MOST_FRAMES == 2400,
    },
    "docs/gallery.md": {
        "every 25th step": lambda: OBSERVE_EVERY == 25,
        "a fifth of its due mass": lambda: COVERED_SHARE == 0.2,
        "a 95 % interval": lambda: np.isclose(math.erf(deviations_of_wilson() / math.sqrt(2)), 0.95),
        '"95 % by"': lambda: SuccessRate(seeds=range(20), found=[*range(19), None]).by(95) == 18,
        "from 9000000": lambda: gallery.FIRST_SEED == 9_000_000,
        "±1, gives": is_asymmetric,
        ".6 to .8 of": is_asymmetric,
        "from 1000000": lambda: check.FIRST_FRESH_SEED == 1_000_000,
        "last 200 of 1500 steps": lambda: (places_and_scales.LATE, places_and_scales.STEPS) == (200, 1500),
        "from 9100000": lambda: places_and_scales.FIRST_QUOTED_SEED == 9_100_000,
        "at least 60 %": lambda: "at least 60%" in gallery.CURED.words,
        "of 1500 steps": lambda: gallery.CURED.steps == 1500,
        "the next five": lambda: gan1d.presets["hopping_unrolled"].config.generator.lookahead.steps == 5,
        "six units": lambda: collapse_distance() == 6,
    },
    "docs/design.md": {
        "two thousand numbers": lambda: knob("Samples", "values", "high") == 2000,
        "as for ten": lambda: knob("Samples", "values", "low") == 10,
        "sixteen dimensions": lambda: knob("NormalPrior", "dimension", "high") == 16,
        "8,191 fixed z": lambda: LATTICE_POINTS == 8191,
        "64 samples of noise": lambda: RUG == 64,
        "half a millisecond": lambda: SLICE_SECONDS == 0.0005,
        "six layers of": lambda: knob("GeneratorConfig", "hidden", "high") == 6,
        "256 units": lambda: SCHEMA["$defs"]["GeneratorConfig"]["properties"]["hidden"]["items"]["maximum"] == 256,
        "batches of 4,096": lambda: SCHEMA["properties"]["batch_size"]["x-knob"]["high"] == 4096,
        "twenty updates": lambda: SCHEMA["properties"]["generator_steps"]["x-knob"]["high"] == 20,
        "128 steps at a time": lambda: BLOCK == 128,
    },
    "docs/take-along.md": {
        "2 048 steps": lambda: HISTORY_LENGTH == 2048,
        "the first 100 steps agree to 1e-5": lambda: (COMPARED_STEPS, LOSS_TOLERANCE) == (100, 1e-5),
        "a difference of 1e-6": lambda: "config, 100) < 1e-6" in text_of("tests/exports/test_comparison.py"),
        "2 to 12 steps": lambda: (
            "STRIP = { usual: 4, least: 2, most: 12 }" in text_of("static/js/page/run-pictures.js")
        ),
        "up to 480 steps": lambda: "COLUMNS = 480;" in text_of("static/js/page/run-pictures.js"),
        "50 000 weights": lambda: MOST_WEIGHTS == 50_000,
        "5 000 training samples": lambda: MOST_TRAINING_SAMPLES == 5000,
    },
    "docs/own-numbers.md": {"2,000 numbers": lambda: knob("Samples", "values", "high") == 2000},
    "docs/slides.md": {
        "ports 8765 to 8774": lambda: (
            DEFAULT_PORT == 8765 and "PORTS_TRIED = 10;" in text_of("examples/deck/index.html")
        )
    },
    # mod_proxy_http has `upgrade` since 2.4.47.
    "docs/deployment.md": {
        "Apache 2.4.47": lambda: "upgrade=websocket" in (ROOT / "docs/deployment.md").read_text("utf-8"),
        "up to 500 pages can follow": lambda: VIEWERS_LIMIT == 500,
        "ten minutes, or 15 seconds after": lambda: (IDLE_SECONDS, AWAY_SECONDS) == (600, 15),
        "at most 50,000 million": lambda: DEFAULT_LIMIT == 50_000,
        "and 1 GB of arrays": lambda: LARGEST_BYTES == 2**30,
        "may take 1 GB": lambda: LARGEST_BYTES == 2**30,
        "16 MB by default": lambda: BUDGET == 2**24,
        "at most 4 MB": lambda: LARGEST_LOG == 2**22,
        "150 commands and 20 pings a second": lambda: (RATE, PINGS_PER_SECOND) == (150, 20),
        "has 10 s to": lambda: REQUEST_SECONDS == 10,
        "with status 503": lambda: b"503" in REFUSAL_RESPONSE,
    },
}
"""Document → words around a number → whether it is true."""


def prose(document: str) -> str:
    """The document without code, tables and names, on one line."""
    return " ".join(IS_NAME.sub(" ", text_of(document)).split())


def numbers_of(document: str) -> Iterator[str]:
    """Numbers in the prose that no fact explains, with the words around them."""
    text = prose(document)
    for fact in FACTS.get(document, ()):
        text = text.replace(fact, "")
    for found in NUMBER.finditer(text):
        yield text[max(0, found.start() - 30) : found.end() + 20]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_number_is_explained(document: str) -> None:
    assert list(numbers_of(document)) == []


@pytest.mark.parametrize("document", FACTS)
def test_facts_are_in_the_document_and_true(document: str) -> None:
    for fact, is_true in FACTS[document].items():
        assert fact in prose(document), fact
        assert is_true(), fact


def test_the_documents_of_the_lists_exist() -> None:
    assert set(FACTS) <= set(DOCUMENTS)
    assert all((ROOT / document).is_file() for document in OTHERS)
