"""Descriptions of a frame's metrics for the page: names, help, best values, and the rows of the scoreboard."""

from collections.abc import Mapping
from typing import Any, Final

from gan1d.engine.objectives.codes import CategoricalCode, Code
from gan1d.engine.objectives.losses import Loss
from gan1d.evaluation.frame import described
from gan1d.formatting import format_reference


def describe_metrics(loss: Loss, code: Code) -> list[dict[str, Any]]:
    """Descriptions of all scalars of a frame; the label and the floor of the value of the game depend on the loss, and
    the ceiling of the mutual information on the code."""
    readout = loss.readout
    balance = readout.value_factor * loss.equilibrium()["loss_d"]
    own: dict[str, dict[str, Any]] = {
        "value": {"label": readout.value_label, "ideal": balance, "ideal_label": f"floor {format_reference(balance)}"}
    }
    if isinstance(code, CategoricalCode):
        ceiling = {"ideal": code.entropy, "ideal_label": f"ceiling ln {code.values}"}
        own |= dict.fromkeys(("mutual_information", "information_bound"), ceiling)
    return [row | {"ideal_label": ideal_label(row)} | own.get(row["name"], {}) for row in described()]


def ideal_label(row: dict[str, Any]) -> str | None:
    """Label of the line at a metric's ideal value, or None if it has none."""
    if row["ideal"] is None:
        return None
    return f"ideal {100 * row['ideal']:.0f} %" if row["unit"] == "share" else f"ideal {format_reference(row['ideal'])}"


SCOREBOARD: Final[tuple[dict[str, Any], ...]] = (
    {"metric": "wasserstein1", "label": "Wasserstein", "average": "ema_wasserstein1", "headline": True},
    {"metric": "jensen_shannon", "label": "Jensen–Shannon", "average": "ema_jensen_shannon", "headline": True},
    *(
        {"metric": name}
        for name in ("accuracy_real", "accuracy_fake", "value", "best_value", "frechet", "mode_coverage")
    ),
    *({"metric": name, "unless": "back"} for name in ("grad_norm_d", "grad_norm_g")),
    {"metric": "points_wasserstein1", "label": "To training samples", "needs": "training_points"},
    {"metric": "class_wasserstein1", "label": "Under labels", "needs": "classes"},
    {"metric": "mutual_information", "label": "Information", "needs": "codes"},
    {"metric": "information_bound", "label": "Its bound", "needs": "codes"},
    {"metric": "back_wasserstein1", "label": "Way back", "needs": "back"},
    {"metric": "cycle_error", "label": "There and back", "needs": "back"},
    {"metric": "back_cycle_error", "label": "Back and there", "needs": "back"},
    {"metric": "order_kept", "label": "Order kept", "needs": "back"},
)  # fmt: skip
"""Metrics on the page's scoreboard, in order. `label` is a shorter name than the metric's own, `average` the same
metric of the averaged generator, `needs` the field of the scene without which the metric is not measured, and `unless`
the one with which others take its place."""


def scoreboard(scene: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The metrics to show for this scene: `metric`, `label`, `average` and `headline` of each."""
    labels = {row["name"]: row["label"] for row in scene["metrics"]}
    return [
        {
            "metric": entry["metric"],
            "label": entry.get("label", labels[entry["metric"]]),
            "average": entry.get("average"),
            "headline": entry.get("headline", False),
        }
        for entry in SCOREBOARD
        if ("needs" not in entry or scene[entry["needs"]]) and not scene.get(entry.get("unless", ""))
    ]
