"""Values that hold from a step of a run on."""

from bisect import bisect_right
from typing import Generic, Self, TypeVar

Value = TypeVar("Value")


class Timeline(Generic[Value]):
    """Values that each hold from a step on until the next one.

    Attributes:
        all: The steps, increasing, with their values.
    """

    def __init__(self, first: Value) -> None:
        self.all: list[tuple[int, Value]] = [(0, first)]

    @property
    def last(self) -> Value:
        """The value that holds now."""
        return self.all[-1][1]

    def add(self, step: int, value: Value) -> None:
        """Have a value hold from a step on, which is not before the last one, in place of one from the same step on."""
        while self.all and self.all[-1][0] >= step:
            self.all.pop()
        self.all.append((step, value))

    def at(self, step: int) -> Value:
        """The value that holds at a step."""
        return self.all[max(0, bisect_right(self.all, step, key=lambda entry: entry[0]) - 1)][1]

    def up_to(self, step: int) -> Self:
        """The part up to a step."""
        part = type(self)(self.all[0][1])
        part.all = self.all[: max(1, bisect_right(self.all, step, key=lambda entry: entry[0]))]
        return part
