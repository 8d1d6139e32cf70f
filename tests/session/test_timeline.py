"""Values that hold from a step on."""

from gan1d.session.timeline import Timeline


def test_a_value_holds_until_the_next_one() -> None:
    line = Timeline("a")
    line.add(5, "b")
    line.add(9, "c")
    assert [line.at(step) for step in (0, 4, 5, 8, 9, 99)] == ["a", "a", "b", "b", "c", "c"]
    assert line.last == "c"


def test_a_value_takes_the_place_of_one_from_the_same_step_on() -> None:
    line = Timeline("a")
    line.add(0, "b")
    line.add(5, "c")
    line.add(5, "d")
    assert line.all == [(0, "b"), (5, "d")]


def test_the_part_up_to_a_step_is_another_line() -> None:
    line = Timeline("a")
    line.add(5, "b")
    line.add(9, "c")
    part = line.up_to(7)
    part.add(8, "d")
    assert part.all == [(0, "a"), (5, "b"), (8, "d")]
    assert line.all == [(0, "a"), (5, "b"), (9, "c")]
