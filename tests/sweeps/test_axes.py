"""Axes: lists and ranges as they are typed, and what is no axis."""

from typing import Any

import pytest

from gan1d.sweeps.axes import MOST_VALUES, Axis, AxisError, axis_of, parse_axis


@pytest.mark.parametrize(
    ("text", "values", "scale"),
    [
        ("batch_size=32,64,128", (32, 64, 128), "linear"),
        ("penalty.gamma=0.01,0.1,1", (0.01, 0.1, 1), "log"),
        ("loss=hinge,wasserstein", ("hinge", "wasserstein"), "choice"),
        ("generator.hidden=[16],[16,16]", ([16], [16, 16]), "choice"),
        ("conditional=true,false", (True, False), "choice"),
        ("preset=default, wgan", ("default", "wgan"), "choice"),
        ("batch_size=64,32", (64, 32), "choice"),
        ("discriminator_steps=1:5:5", (1, 2, 3, 4, 5), "linear"),
        ("x=0:1:linear:3", (0, 0.5, 1), "linear"),
        ("lr=1e-4:1e-1:log:4", (0.0001, 0.001, 0.01, 0.1), "log"),
        ("lr=0.001:0.1:log:4", (0.001, 0.00464159, 0.0215443, 0.1), "log"),
        ("noise=-1:1:3", (-1, 0, 1), "linear"),
        ("seed.of={\"kind\":\"relu\"},{\"kind\":\"tanh\"}", ({"kind": "relu"}, {"kind": "tanh"}), "choice"),
    ],
)  # fmt: skip
def test_an_axis_is_read(text: str, values: tuple[Any, ...], scale: str) -> None:
    assert parse_axis(text) == Axis(text.partition("=")[0], values, scale)


def test_whole_numbers_stay_whole() -> None:
    assert [type(value) for value in parse_axis("k=1:5:5").values] == [int] * 5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Expected an axis such as batch_size=32,64,128"),
        ("batch_size", "Expected an axis such as"),
        ("batch_size=", "Expected an axis such as"),
        ("lr=a:b:log:3", "Expected lr=LOW:HIGH:log:COUNT with numbers and 2 to 1\u202f000 values, but got 'a:b:log:3'"),
        ("lr=0:1:log:3", "Expected ends above 0 of the logarithmic range of lr, but got 0."),
        ("lr=0:1:1", "2 to 1\u202f000 values"),
        ("lr=0:1:2.5", "2 to 1\u202f000 values"),
        ("lr=0:inf:3", "with numbers"),
        ("lr=0:1:1e9", "2 to 1\u202f000 values"),
        ("loss=hinge,hinge", "Expected different values of loss, but got \"hinge\" twice."),
    ],
)  # fmt: skip
def test_what_is_no_axis_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(AxisError) as error:
        parse_axis(text)
    assert sentence in str(error.value)


def test_an_axis_has_a_bounded_number_of_values() -> None:
    with pytest.raises(AxisError, match=r"Expected 1 to 1.000 values of lr, but got 1001\."):
        axis_of("lr", range(MOST_VALUES + 1))
    with pytest.raises(AxisError, match="but got 0"):
        axis_of("lr", [])
