"""Numbers in files: a table of habits, and what programs write."""

import contextlib
import csv
import io
import json
import math
import time
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.number_file import reading as module
from gan1d.number_file import text
from gan1d.number_file.checked_numbers import complaint
from gan1d.number_file.columns import NumberFileError, listed
from gan1d.number_file.reading import Fault, Reading, read_file
from tests.number_file.cases import CASES, FEW, Case, as_file


def check(case: Case, reading: Reading) -> None:
    assert list(reading.values) == case.values
    assert [(fault.row, fault.column, fault.got) for fault in reading.faults] == case.faults
    assert reading.columns == case.columns
    assert reading.header == case.header
    assert reading.column == case.index
    assert case.question in reading.question
    assert bool(case.question) == bool(reading.question)


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 60
    assert len({case.why for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_a_file_is_read(case: Case) -> None:
    content = case.content.encode() if isinstance(case.content, str) else case.content
    if case.error:
        with pytest.raises(NumberFileError) as refused:
            read_file(io.BytesIO(content), None, case.column, case.decimal)
        assert str(refused.value) == case.error
    else:
        check(case, read_file(io.BytesIO(content), None, case.column, case.decimal))


# What programs write --------------------------------------------------------------------------------------------------

numbers = st.lists(st.floats(-1e9, 1e9).map(lambda value: value + 0.0), min_size=3, max_size=30)
names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=12
).map(lambda name: f"n{name.strip()}")


@given(numbers, st.sampled_from(["\n", "\r\n", ", ", "; ", "\t", " "]))
def test_a_list_is_read_back(values: list[float], between: str) -> None:
    assert list(read_file(as_file(between.join(map(repr, values)))).values) == values


@given(numbers, st.lists(names, min_size=2, max_size=2, unique=True), st.sampled_from(",;\t|"),
       st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))  # fmt: skip
def test_a_table_of_the_csv_module_is_read_back(
    values: list[float], header: list[str], separator: str, quoting: Any
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=quoting)
    writer.writerow(header)
    writer.writerows([f"word {separator}", repr(value)] for value in values)
    reading = read_file(as_file(text.getvalue()), None, header[1])
    assert (list(reading.values), reading.columns, reading.fault_count) == (values, header, 0)


@given(numbers, names)
def test_a_table_of_pandas_is_read_back(values: list[float], name: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["", name])
    writer.writerows(enumerate(values))
    assert list(read_file(as_file(text.getvalue()), None, name).values) == values


@given(numbers, numbers)
def test_a_table_of_r_is_read_back(first: list[float], second: list[float]) -> None:
    rows = zip(first, second, strict=False)
    text = '"first" "second"\n' + "".join(f'"{at}" {a!r} {b!r}\n' for at, (a, b) in enumerate(rows, 1))
    count = min(len(first), len(second))
    assert list(read_file(as_file(text), None, "second").values) == second[:count]


@given(st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 2) + 0.0), min_size=3, max_size=30))
def test_a_table_of_a_german_excel_is_read_back(values: list[float]) -> None:
    rows = "".join(f"{value:.2f};wört\r\n".replace(".", ",") for value in values)
    text = f"Länge;Art\r\n{rows}"
    for content in (text.encode("cp1252"), text.replace(";", "\t").encode("utf-16")):
        assert list(read_file(io.BytesIO(content), None, "Länge").values) == values


@given(numbers)
def test_arrays_of_numpy_are_read_back(values: list[float]) -> None:
    file = io.BytesIO()
    np.savetxt(file, values, header="x")
    file.seek(0)
    assert list(read_file(file).values) == values


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_json_is_read_back(values: list[float]) -> None:
    assert list(read_file(as_file(json.dumps(values, indent=1))).values) == values


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    with contextlib.suppress(NumberFileError):
        reading = read_file(as_file(text))
        assert all(map(math.isfinite, reading.values))
        assert complaint(reading, FEW) == "" or complaint(reading, FEW).startswith("Expected ")


@pytest.mark.parametrize("text", [",", ";;", " , \n", "\ufeff,", "|\t|", ",\n,", '""', "sep=;", "sep=;\n;"])
@pytest.mark.parametrize("column", [None, "1", "a"])
def test_separators_alone_are_no_numbers(text: str, column: str | None) -> None:
    with contextlib.suppress(NumberFileError):
        reading = read_file(as_file(text), FEW, column)
        assert len(reading.values) == 0
        assert complaint(reading, FEW).startswith("Expected ")


def test_nothing_is_logged_of_words_in_a_list() -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        reading = read_file(as_file("[[1or 2, 3]]"))
    assert [fault.got for fault in reading.faults] == ["1or"]
    assert seen == []


@given(st.binary())
def test_no_bytes_are_too_strange(content: bytes) -> None:
    with contextlib.suppress(NumberFileError):
        assert all(map(math.isfinite, read_file(io.BytesIO(content)).values))


# Large files ----------------------------------------------------------------------------------------------------------


def test_a_file_larger_than_the_sample_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAMPLE_BYTES", 100)
    values = [index + 0.5 for index in range(1000)]
    seen: list[int] = []
    content = ("a,b\n" + "".join(f"x,{value}\n" for value in values)).encode()
    assert list(read_file(io.BytesIO(content), None, "b", progress=seen.append).values) == values
    assert max(seen) == len(content)


def test_a_letter_of_windows_behind_the_sample_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAMPLE_BYTES", 100)
    content = ("a;b\n" + "x;1,5\n" * 100 + "ä;2,5\n").encode("cp1252")
    assert list(read_file(io.BytesIO(content), None, "b").values) == [1.5] * 100 + [2.5]


def test_what_contradicts_the_sample_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAMPLE_BYTES", 100)
    reading = read_file(as_file("3.5\n" * 100 + "1,8\n"), FEW)
    assert reading.faults == [Fault(101, None, "1,8")]
    assert "Expected a number with a decimal point in row 101, but got “1,8”." in complaint(reading, FEW)


def test_a_quote_that_is_never_closed_is_said() -> None:
    with pytest.raises(NumberFileError, match=r"Expected (every quote to be closed|rows with the same number)"):
        read_file(as_file('a,b\n"x,1\n' + "y,2\n" * 10), column="b")


def test_few_names_are_listed() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(number) for number in range(1, 1204)]) == "1, 2, 3 and 1\u202f200 more"


def test_a_decimal_mark_is_found_behind_the_lines_that_show_the_separator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LAYOUT_CHARACTERS", 4096)
    lines = ["a;b"] + ["950;1"] * 1000
    assert sum(map(len, lines)) > module.LAYOUT_CHARACTERS
    reading = read_file(as_file("\n".join([*lines, "3,5;1"])), column="a")
    assert (reading.values[-1], reading.fault_count, reading.question) == (3.5, 0, "")
    reading = read_file(as_file("\n".join([*lines, "1.250;1"])), column="a")
    assert "The point in “1.250” may be a decimal mark or group thousands" in reading.question
    assert read_file(as_file("\n".join([*lines, "1.250;1", "0.5;1"])), column="a").question == ""


def test_a_list_too_large_to_be_read_as_a_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_JSON", 2**20)
    with pytest.raises(NumberFileError, match="Expected a JSON file of at most 1 MB, but got more"):
        read_file(as_file("[" + "1, " * 400_000 + "1]"))


@pytest.mark.parametrize(
    "text",
    [
        "1\n2\n" + "Name: , " * 26,
        "1\n2\n" + "-" * 40_000 + "x\n",
        "a" + " " * 60_000 + "x\n1\n2\n",
        "&" + "\\\\[" * 60_000 + "x\n1\n2\n",
        "[" + ",".join(f'{{"a{number}":1}}' for number in range(5000)) + "]",
    ],
    ids=["footer", "ruler", "assignment", "latex", "objects"],
)
def test_no_line_takes_long(text: str) -> None:
    """Patterns that try again at each character, and tables with a column for each row, take half a minute or more."""
    begun = time.thread_time()
    with contextlib.suppress(NumberFileError):
        read_file(as_file(text))
    assert time.thread_time() - begun < 5


def test_objects_without_a_common_name_are_no_table() -> None:
    objects = [{f"a{number}": 1} for number in range(5000)]
    with pytest.raises(NumberFileError) as refused:
        read_file(as_file(json.dumps(objects)))
    got = "5\u202f000 names in 5\u202f000 objects"
    assert str(refused.value) == f"Expected JSON objects with the same names, but got {got}."


def test_a_line_that_is_too_long_is_refused_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "1," * 2**21 + "1\n"
    with pytest.raises(NumberFileError, match="Expected lines of at most 4 million characters, but row 2 is longer"):
        read_file(as_file(f"1\n{long}"))
    monkeypatch.setattr(text, "LINE_BYTES", 2**20)
    with pytest.raises(NumberFileError, match="Expected lines of at most 1 MB, but got a longer one"):
        read_file(as_file(f"[{long}]"))


def test_only_so_many_numbers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NUMBERS", 3)
    assert len(read_file(as_file("1\n2\n3\n")).values) == 3
    with pytest.raises(NumberFileError, match="Expected at most 3 numbers, but got more"):
        read_file(as_file("1\n2\n3\n4\n"))


@pytest.mark.slow
def test_a_file_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LARGEST_FILE", 2**20)
    monkeypatch.setattr(module, "SAMPLE_BYTES", 1000)
    with pytest.raises(NumberFileError, match="Expected a file of at most 1 MB, but got more"):
        read_file(as_file("1.5\n" * 400_000))
