"""The page docs/agreement.md, from its rows."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.published import dirac, distances, games, training
from benchmarks.published.row import Row

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"
SIMULATED = Path(__file__).with_name("simulated.json")

INTRODUCTION = """\
<!-- Written by `python -m benchmarks.published --write`; do not edit. -->

# Agreement with the literature

What others have published, or what follows from a formula, beside what gan1d computes. A test computes every number of
this page anew, except for the long simulations, of which it repeats a part.

- A **formula** agrees if the difference is at most 1e-9, relative to values above 1. Some were derived from the game of
  a source that does not print them.
- A **printed number** agrees if ours is the same, rounded to the printed digits. Numbers of notebooks were computed by
  the authors' programs with the settings that they state.
- A **simulation** has an interval: mean and standard error, or the range. It supports a statement of the source, not
  its digits.

θ is the number of the generator and ψ that of the discriminator, h the size of a step, λ an eigenvalue, and a rate the
factor of the distance to the equilibrium in one step."""

SECTIONS: Sequence[tuple[str, Sequence[Any]]] = (
    ("Dirac-GAN: formulas", [dirac.dirac_formulas, dirac.derived_rates, dirac.limit_circles]),
    (
        "Dirac-GAN: the authors' program\n\nDistance after 500 steps of h = .2 from (1, 1).",
        [dirac.dirac_notebook],
    ),
    ("The bilinear game", [games.bilinear]),
    ("A linear WGAN, to eight digits", [games.linear_wgan]),
    ("Uniform data and a quadratic D", [games.quadratic]),
    (
        "Distances between N(0, 1) and N(d, 1)\n\nThe Hellinger distance is that of the loss in CONTRIBUTING.",
        [distances.closed_forms, distances.jensen_shannon_rows],
    ),
    (
        "The best value of each loss\n\nReals are N(0, 1), fakes N(d, 1).",
        [distances.optimal_losses, distances.generator_losses, distances.relativistic],
    ),
)
"""Title of each section, with a sentence, and the functions that compute its rows."""

DIFFERING = "What differs, and why"


def quick_rows() -> dict[str, list[Row]]:
    """Title of each section → its rows, all that take seconds."""
    found = {title: gathered(functions) for title, functions in SECTIONS}
    return found | {DIFFERING: gathered([games.differing])}


def simulated_rows() -> dict[str, list[Row]]:
    """Title of each section → its rows, from the stored results of the long simulations."""
    return training.rows(json.loads(SIMULATED.read_text("utf-8")))


def gathered(functions: Iterable[Any]) -> list[Row]:
    """Rows of several functions, in order."""
    return [row for function in functions for row in function()]


def table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table."""
    lines = ["| source | quantity | theirs | ours | difference |", "|---|---|---|---|---|"]
    for row in rows:
        cells = (row.source, row.quantity, row.theirs, row.ours, row.difference)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    quick, simulated = quick_rows(), simulated_rows()
    differing = quick.pop(DIFFERING) + simulated.pop(DIFFERING, [])
    parts = [INTRODUCTION]
    for title, rows in (quick | simulated | {DIFFERING: differing}).items():
        heading, _, sentence = title.partition("\n\n")
        parts += [f"## {heading}", *([sentence] if sentence else []), table(rows)]
    return "\n\n".join(parts) + "\n"
