"""How the page writes numbers: what those of a frame are called, and the values at which they are at their best."""

import math
from typing import Any

from gan1d.engine.losses import Loss
from gan1d.frame import described


def numbers(loss: Loss) -> list[dict[str, Any]]:
    """What the page says of each number; the value of the game has the name and the floor of its loss."""
    balance = loss.value_factor * loss.equilibrium()["loss_d"]
    own = {"value": {"label": loss.value_label, "ideal": balance, "ideal_label": f"floor {named(balance)}"}}
    return [row | {"ideal_label": ideal_label(row)} | own.get(row["name"], {}) for row in described()]


def ideal_label(row: dict[str, Any]) -> str | None:
    """What stands at the line where a number is at its best."""
    if row["ideal"] is None:
        return None
    return f"ideal {100 * row['ideal']:.0f} %" if row["unit"] == "share" else f"ideal {named(row['ideal'])}"


def counted(count: int) -> str:
    """A count, its digits in groups of three, with a narrow space, which no locale reads as a decimal mark."""
    return f"{count:,}".replace(",", "\u202f")


def named(value: float) -> str:
    """A reference value as a person writes it."""
    for known, name in ((math.log(2), "ln 2"), (math.log(4), "ln 4"), (0.125, "⅛"), (0.25, "¼"), (0.5, "½")):
        if abs(abs(value) - known) < 1e-9:
            return name if value > 0 else f"−{name}"
    if abs(value - round(value)) < 1e-9:
        return str(round(value)).replace("-", "−")
    return f"{value:.3f}".replace("-", "−")
