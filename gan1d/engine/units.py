"""Units of a run: the location and scale by which data are standardized before a network sees them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Units:
    """An affine map between the data axis, x, and standardized coordinates, u = (x − location)/scale.

    Attributes:
        location: The x of u = 0.
        scale: Length of one unit of u, in units of x, above 0.
    """

    location: float = 0.0
    scale: float = 1.0

    def standardize(self, x: Any) -> Any:
        """The u of a position x, same shape."""
        return (x - self.location) / self.scale

    def to_x(self, u: Any) -> Any:
        """The x of a position u, same shape."""
        return self.location + self.scale * u

    def after(self, inner: "Units") -> "Units":
        """The units whose u are those of `inner`, if the x of `inner` are the u of these units."""
        return Units(float(self.to_x(inner.location)), self.scale * inner.scale)


IDENTITY = Units()
"""Units of a run without standardization: u = x."""
