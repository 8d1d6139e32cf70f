"""How the page writes numbers: what those of a frame are called, and the values at which they are at their best."""

from typing import Any

from gan1d.engine.objectives.losses import Loss
from gan1d.evaluation.frame import described
from gan1d.formatting import format_reference


def describe_metrics(loss: Loss) -> list[dict[str, Any]]:
    """What the page says of each number; the value of the game has the name and the floor of its loss."""
    readout = loss.readout
    balance = readout.value_factor * loss.equilibrium()["loss_d"]
    own = {
        "value": {"label": readout.value_label, "ideal": balance, "ideal_label": f"floor {format_reference(balance)}"}
    }
    return [row | {"ideal_label": ideal_label(row)} | own.get(row["name"], {}) for row in described()]


def ideal_label(row: dict[str, Any]) -> str | None:
    """What stands at the line where a number is at its best."""
    if row["ideal"] is None:
        return None
    return f"ideal {100 * row['ideal']:.0f} %" if row["unit"] == "share" else f"ideal {format_reference(row['ideal'])}"
