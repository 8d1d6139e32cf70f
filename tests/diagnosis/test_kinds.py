"""Every kind of diagnosis has its texts, and a suspicion those of the failure that is suspected."""

from typing import get_args

import pytest

from gan1d.diagnosis.kinds import COLLAPSED, KINDS, SUSPECTED, WEAK, DiagnosisType, Severity, suspicion_of


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_has_a_label_a_severity_and_a_help(kind: DiagnosisType) -> None:
    assert kind.name.isidentifier()
    assert kind.label
    assert kind.severity in get_args(Severity)
    assert kind.help.endswith(".")


def test_no_two_kinds_have_the_same_name_or_label() -> None:
    assert len({kind.name for kind in KINDS}) == len({kind.label for kind in KINDS}) == len(KINDS)


def test_every_suspicion_is_one_of_a_failure() -> None:
    assert all(kind.severity == "warning" for kind in SUSPECTED)
    assert {kind for kind in KINDS if kind.severity == "suspicion"} == set(SUSPECTED.values())


@pytest.mark.parametrize("failure", SUSPECTED, ids=lambda kind: kind.name)
def test_a_suspicion_names_its_failure_and_repeats_its_help(failure: DiagnosisType) -> None:
    suspicion = suspicion_of(failure)
    assert suspicion == SUSPECTED[failure]
    assert (suspicion.name, suspicion.severity) == (f"suspected_{failure.name}", "suspicion")
    assert suspicion.help.endswith(failure.help)


def test_the_label_of_a_suspicion_keeps_the_letter_of_a_player() -> None:
    assert suspicion_of(COLLAPSED).label == "Suspected: mode collapse"
    assert suspicion_of(WEAK).label == "Suspected: D too weak"
