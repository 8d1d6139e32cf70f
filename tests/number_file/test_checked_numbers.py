"""The sentences on what is wrong in a file, and the numbers that may be used."""

import pytest

from gan1d.number_file.checked_numbers import complaint, draw_sample, numbers_of
from gan1d.number_file.columns import NumberFileError
from gan1d.number_file.reading import Fault, Limits, read_file
from tests.number_file.cases import FEW, as_file


def test_bad_rows_are_named_and_counted() -> None:
    reading = read_file(as_file("1\n2\na\nb\nc\nd\n3\n4\n5\n"))
    assert complaint(reading, Limits()) == (
        "Expected a number in row 3, but got “a”. Expected a number in row 4, but got “b”. "
        "Expected a number in row 5, but got “c”. And 1 more."
    )


def test_a_number_out_of_bounds_has_its_bounds_in_the_sentence() -> None:
    limits = Limits(low=-1000, high=1000)
    reading = read_file(as_file("1\n5000"), limits)
    assert reading.faults == [Fault(2, None, "5000")]
    assert complaint(reading, limits) == "Expected a number from −1000 to 1000 in row 2, but got “5000”."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1\n2\n", "Expected 3 numbers or more, but got 2."),
        ("1\n2\n3\n4\n5\n6\n", "Expected 5 numbers or fewer, but got 6. --sample draws 5 of them with the seed."),
        ("1\n2\nx\n3\n", "Expected a number in row 3, but got “x”. --skip-invalid leaves such cells out."),
        ("x\n12\n15\n18%\n", "Expected a number in row 4, but got “18%”."),
        (
            "1\n1,250\n3\n4\n",
            "The comma in “1,250” may be a decimal mark or group thousands. Use --decimal . or --decimal ,",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_way_on(text: str, sentence: str) -> None:
    with pytest.raises(NumberFileError) as refused:
        numbers_of(read_file(as_file(text), FEW), FEW)
    assert str(refused.value) == sentence


def test_the_ways_on_lead_on() -> None:
    assert numbers_of(read_file(as_file("1\n2\nx\n3\n"), FEW), FEW, skip_invalid=True) == [1, 2, 3]
    many = read_file(as_file("\n".join(map(str, range(100)))), FEW)
    drawn = numbers_of(many, FEW, sample_seed=7)
    assert len(drawn) == 5
    assert drawn == sorted(drawn)
    assert drawn == numbers_of(many, FEW, sample_seed=7) != numbers_of(many, FEW, sample_seed=8)
    with pytest.raises(NumberFileError, match="Expected 3 numbers or more, but got 2"):
        numbers_of(read_file(as_file("1\nx\n2\n"), FEW), FEW, skip_invalid=True)


def test_a_sample_of_few_is_all() -> None:
    assert draw_sample([3.0, 1.0], 5, 1) == [3.0, 1.0]
