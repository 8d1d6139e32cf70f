"""Answers to a page about a text, and the program that gives them."""

import io
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from gan1d.number_file import answers
from gan1d.number_file.answers import REFUSED, answer, answer_stdin, encoded_answer
from gan1d.number_file.columns import NumberFileError
from gan1d.number_file.reading import Limits

TABLE = b"who,cm\nAnn,170\nBo,181\nCy,x\n"


def test_a_seed_of_thousands_of_digits_draws_nothing() -> None:
    many, limits = io.BytesIO(b"1\n2\n3\n4\n"), Limits(most=3)
    assert answer(many, {"sample": "9" * 5000}, limits)["values"] == []


def test_a_text_that_takes_much_memory_or_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NumberFileError, match="Expected a JSON file of at most 1 MB, but got more"):
        answer(io.BytesIO(b"[" + b"1," * 2**19 + b"1]"), {}, Limits(), 2**20)
    monkeypatch.setattr(answers, "READ_SECONDS", -1.0)
    with pytest.raises(NumberFileError, match="Expected a text that is read within -1 s, but only 0 MB of it were"):
        answer(io.BytesIO(TABLE), {}, Limits())


def test_the_program_writes_the_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    limits = Limits(high=175.0, fewest=1, most=5)

    def run(column: str) -> tuple[object, str]:
        arguments = json.dumps([{"column": column}, asdict(limits), None])
        monkeypatch.setattr("sys.argv", ["", "directory", arguments])
        (tmp_path / "text").write_bytes(TABLE)
        with (tmp_path / "text").open() as text, (tmp_path / "answer").open("w") as output:
            monkeypatch.setattr("sys.stdin", text)
            monkeypatch.setattr("sys.stdout", output)
            with pytest.raises(SystemExit) as end:
                answer_stdin()
        return end.value.code, (tmp_path / "answer").read_text("utf-8")

    status, text = run("cm")
    assert (status, json.loads(text)) == (0, answer(io.BytesIO(TABLE), {"column": "cm"}, limits))
    assert run("größe") == (REFUSED, 'Expected one of who, cm, but got "größe".')


def test_halves_of_characters_are_answered() -> None:
    status, text = encoded_answer(io.BytesIO(b'["\\ud800"]'), {}, Limits())
    assert (status, json.loads(text)["faults"]) == (0, [{"row": 1, "column": None, "got": "\ud800"}])
    assert encoded_answer(io.BytesIO(b'[{"\\ud800": 1}, {"\\ud800": 2}]'), {"column": "x"}, Limits()) == (
        REFUSED,
        b'Expected one of ?, but got "x".',
    )
