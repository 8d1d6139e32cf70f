"""The kinds of diagnosis: what each is called, what it means and what helps."""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["calm", "good", "standstill", "suspicion", "warning"]


@dataclass(frozen=True)
class DiagnosisType:
    """One kind of diagnosis.

    Attributes:
        name: Name in code, JSON and the frames' list of diagnoses.
        label: Name on the page.
        severity: "good" if the run does well, "warning" if it fails, "suspicion" if it may fail, "standstill" if it
            does neither and nothing changes any more, else "calm".
        help: Meaning and remedies, for a student.
    """

    name: str
    label: str
    severity: Severity
    help: str


UNTRAINED: Final = DiagnosisType("untrained", "Untrained", "calm", "No step has been made yet.")
LEARNING: Final = DiagnosisType(
    "learning", "Learning", "calm", "The fakes get nearer to the reals, or it is too early to say more."
)
CONVERGED: Final = DiagnosisType(
    "converged",
    "Converged",
    "good",
    "The fakes are where the reals are: every mode has about its share and its shape, and even the optimal D could "
    "tell little.",
)
COLLAPSED: Final = DiagnosisType(
    "mode_collapse",
    "Mode collapse",
    "warning",
    "The fakes crowd onto some modes and leave others out. A penalty on D's slope (R1) or a Wasserstein loss helps.",
)
OSCILLATING: Final = DiagnosisType(
    "oscillating",
    "Oscillating",
    "warning",
    "The players chase each other in circles. A slower G, more updates of D or a penalty on its slope helps.",
)
WON: Final = DiagnosisType(
    "discriminator_won",
    "D has won",
    "warning",
    "D is sure of every sample, and G gets no nearer. Where D is flat, G's gradient has vanished: another loss for G, "
    "noise on what D sees or a slower D helps. Where it is steep, it leads astray or G is too slow: a penalty on its "
    "slope together with a faster G helps.",
)
WEAK: Final = DiagnosisType(
    "discriminator_weak",
    "D too weak",
    "warning",
    "There is a difference between real and fake, but D cannot tell it, so G learns nothing from D. A faster or larger "
    "D helps, or a slower G.",
)
DIVERGED: Final = DiagnosisType(
    "diverged", "Diverged", "warning", "The run has blown up. A lower learning rate helps, after a reset."
)
MEMORIZATION: Final = DiagnosisType(
    "memorization",
    "Memorization",
    "warning",
    "The fakes are where the training samples are, and not where others of their kind would be. More samples help.",
)
PLATEAU: Final = DiagnosisType(
    "plateau",
    "Plateau",
    "standstill",
    "The fakes are not where the reals are, and for some hundred steps they have come no nearer. That may change by "
    "itself. Other learning rates, a larger batch or larger networks may help.",
)
ROUGH_FIT: Final = DiagnosisType(
    "rough_fit",
    "Rough fit",
    "standstill",
    "Every mode has about its share, but the shape is wrong: peaks are too flat or too sharp, or valleys are filled. A "
    "larger or faster D that sees finer detail helps, or a penalty on its slope if the shape keeps changing.",
)


def suspicion_of(kind: DiagnosisType) -> DiagnosisType:
    """The kind that stands for the suspicion of a failure."""
    label = kind.label if kind.label.startswith("D ") else kind.label.lower()
    return DiagnosisType(
        f"suspected_{kind.name}",
        f"Suspected: {label}",
        "suspicion",
        f"It looks like this, but not for long enough to be certain: it may pass. If it lasts: {kind.help}",
    )


SUSPECTED: Final = {kind: suspicion_of(kind) for kind in (COLLAPSED, OSCILLATING, WON, WEAK)}
"""The suspicion of each failure that is suspected before it is certain."""

KINDS: Final = (
    UNTRAINED,
    LEARNING,
    CONVERGED,
    COLLAPSED,
    OSCILLATING,
    WON,
    WEAK,
    DIVERGED,
    MEMORIZATION,
    PLATEAU,
    ROUGH_FIT,
    *SUSPECTED.values(),
)
"""All kinds. A frame has the index of its diagnosis, so a new kind goes to the end."""
