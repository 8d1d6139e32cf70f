"""Presets with other targets, with the settings of the default where these work."""

from functools import partial

from gan1d.gallery.criteria import Blurred, Claim, Converged, Measured
from gan1d.gallery.preset import Preset

_row = partial(Preset, group="Targets")

_EIGHT = [
    {"position": position, "width": 0.3, "weight": 0.125}
    for position in (-5.25, -3.75, -2.25, -0.75, 0.75, 2.25, 3.75, 5.25)
]

TARGETS = (
    _row(
        name="unequal_modes",
        title="Unequal modes",
        watch="Three modes that hold 60, 30 and 10 % of the data, with the settings of the default. G has to bend "
        "three times, and unevenly: all modes are found within 100 steps, and the shares are right at about "
        "550.",
        claim=Claim(shows=Converged(), by=1500, steps=1500, measured=Measured(hits=50, seeds=50, median=550)),
        diagnosis=("converged",),
        changes={
            "target.modes": [
                {"position": position, "width": 0.5, "weight": weight}
                for position, weight in ((-3.0, 0.6), (0.0, 0.3), (3.0, 0.1))
            ]
        },
    ),
    _row(
        name="many_modes",
        title="Eight modes",
        watch="Eight narrow modes, with the settings of the default. Each has its share at about 300 steps, but in one "
        "broad hill: Wasserstein is small, Jensen-Shannon is not. D stays nearly flat where the best D, dashed, "
        "would have a wave for each mode.",
        claim=Claim(shows=Blurred(), by=500, steps=1000, measured=Measured(hits=50, seeds=50, median=225)),
        diagnosis=("learning", "converged"),
        changes={
            "target.modes": _EIGHT,
        },
    ),
    _row(
        name="labelled_modes",
        title="Labelled modes",
        watch="The eight modes, but both networks are told which one a sample is of. G is a curve for each label, so "
        "none has to leap. They sort themselves by height within 250 steps, and at about 325 each label is near "
        "its mode.",
        claim=Claim(shows=Converged(), by=1000, steps=1000, measured=Measured(hits=50, seeds=50, median=325)),
        diagnosis=("converged",),
        changes={
            "conditional": True,
            "target.modes": _EIGHT,
        },
    ),
    _row(
        name="heavy_tails",
        title="Heavy tails",
        watch="A bump, and samples far out that come seldom. G fits at about 350 steps, but its ends keep moving, "
        "and now and then the distance jumps to twice what it was. The averaged generator, the thin line, is calmer "
        "and more than twice as close.",
        claim=Claim(shows=Converged(), by=1500, steps=1500, measured=Measured(hits=50, seeds=50, median=300)),
        diagnosis=("learning", "converged"),
        changes={"target": "student_t"},
    ),
)
