"""Presets that fail on purpose, each in its own way; `cures` starts from the same settings."""

from functools import partial

from gan1d.gallery.criteria import (
    Certain,
    Claim,
    Collapsed,
    Diverged,
    Dropped,
    Fooled,
    Hopping,
    Measured,
    Memorized,
    Vanished,
)
from gan1d.gallery.preset import Preset

_row = partial(Preset, group="Failures")

_FAST_MOMENTUM = {"kind": "momentum", "learning_rate": 0.1, "momentum": 0.9}
_ADAM = {"kind": "adam", "learning_rate": 0.005, "beta1": 0.5, "beta2": 0.999}

COLLAPSING = {
    "batch_size": 128,
    "target.modes.0.position": -3.0,
    "target.modes.1.position": 3.0,
    "penalty": "none",
    "generator.initialization.output_offset": 1.5,
}
"""G starts off the middle, and falls onto the nearer mode with the loss of the default."""

FAR = {
    "batch_size": 128,
    "target.modes.0.position": -1.0,
    "target.modes.0.width": 0.4,
    "target.modes.1.position": 1.0,
    "target.modes.1.width": 0.4,
    "penalty": "none",
    "discriminator_steps": 10,
    "generator.hidden": [16, 16],
    "generator.initialization.output_gain": 0.1,
    "generator.initialization.output_offset": 3.3,
    "generator.optimizer": {"kind": "sgd", "learning_rate": 0.02},
    "discriminator.hidden": [16, 16],
    "discriminator.activation": "tanh",
    "discriminator.optimizer": {"kind": "sgd", "learning_rate": 0.2},
}
"""All fakes start far from the reals, and D has ten updates in a step to become sure. Both use plain gradient descent,
for Adam would scale a tiny gradient up again."""

CHASING = {
    "batch_size": 128,
    "penalty": "none",
    "discriminator_steps": 1,
    "generator_steps": 10,
    "generator.hidden": [16, 16],
    "generator.optimizer": _ADAM,
    "discriminator.hidden": [16, 16],
    "discriminator.activation": "tanh",
    "discriminator.optimizer": _ADAM,
}
"""G makes ten updates for each of D's, and runs to wherever D was fooled last."""

RARE = {
    "batch_size": 128,
    "target.modes.0.position": -3.0,
    "target.modes.0.weight": 0.95,
    "target.modes.1.position": 3.0,
    "target.modes.1.weight": 0.05,
    "penalty": "none",
    "generator.initialization.output_offset": -1.0,
}
"""One sample in twenty comes from the right mode."""

FAILURES = (
    _row(
        name="mode_collapse",
        title="Mode collapse",
        watch="G starts right of the middle, falls onto the right mode and never finds the left one. D says 1 over "
        "the mode that is missed, but no sample of G is there to be pulled; over the other it says ⅓, which is "
        "right. See under Cures what helps.",
        claim=Claim(shows=Collapsed(), by=300, steps=1500, measured=Measured(hits=50, seeds=50, median=25)),
        diagnosis=("mode_collapse",),
        changes=COLLAPSING,
    ),
    _row(
        name="mode_hopping",
        title="Mode hopping",
        watch="Ten updates of G for each of D: G runs to wherever D was fooled last, and when D has learned, G is "
        "gone. Watch all of its mass jump from one mode to the other, back and forth, within the first 300 "
        "steps. It never splits.",
        claim=Claim(shows=Hopping(times=5), by=800, steps=800, measured=Measured(hits=50, seeds=50, median=325)),
        diagnosis=("oscillating", "mode_collapse"),
        changes=CHASING,
    ),
    _row(
        name="mode_dropping",
        title="A rare mode is dropped",
        watch="One sample in twenty comes from the right mode. G fits the left one within some 200 steps, and none of "
        "its samples is on the right to be pulled to what is missing. The distance settles near .3; the losses "
        "look fine.",
        claim=Claim(shows=Dropped(), by=300, steps=1200, measured=Measured(hits=50, seeds=50, median=25)),
        diagnosis=("mode_collapse",),
        changes=RARE,
    ),
    _row(
        name="vanishing_gradient",
        title="Vanishing gradient",
        watch="G starts far to the right, and D is sure within 25 steps: 1 over the data, 0 over the fakes. Where D "
        "is sure the minimax loss is flat, so the arrows have next to no length, L_G is 0, and G hardly moves.",
        claim=Claim(shows=Vanished(), by=100, steps=800, measured=Measured(hits=50, seeds=50, median=25)),
        diagnosis=("discriminator_won",),
        changes={**FAR, "loss": "minimax"},
    ),
    _row(
        name="weak_discriminator",
        title="D is too weak",
        watch="D has no hidden layer, so its curve only rises or falls: it can say on which side there is too much, "
        "and nothing of shape. After 100 steps both losses lie at ln 2 as if all were well. G swings from side "
        "to side and never fits.",
        claim=Claim(shows=Fooled(), by=300, steps=1500, measured=Measured(hits=50, seeds=50, median=25)),
        diagnosis=("discriminator_weak",),
        changes={"batch_size": 128, "penalty": "none", "discriminator.hidden": []},
    ),
    _row(
        name="strong_discriminator",
        title="D is too strong",
        watch="The data are two thin spikes, D makes ten updates in a step, and G learns slowly. D is sure of every "
        "sample from the first steps on: L_D is 0, and L_G far off the chart. The arrows are long, yet G gets "
        "no nearer.",
        claim=Claim(shows=Certain(), by=100, steps=600, measured=Measured(hits=50, seeds=50, median=25)),
        diagnosis=("discriminator_won", "mode_collapse"),
        changes={
            "batch_size": 128,
            "target.modes.0.width": 0.05,
            "target.modes.1.width": 0.05,
            "penalty": "none",
            "discriminator_steps": 10,
            "discriminator.input_scale": 3.0,
            "generator.optimizer.learning_rate": 3e-5,
        },
    ),
    _row(
        name="memorization",
        former_names=("learned_by_heart",),
        title="Memorization",
        watch="The data are six points, the same in every step, drawn from an even spread. Within some 1000 steps G "
        "becomes a staircase with a step for each. In the chart below, the distance to the points goes on falling; "
        "that to the spread they came from soon does not.",
        claim=Claim(shows=Memorized(), by=3500, steps=4000, measured=Measured(hits=50, seeds=50, median=100)),
        diagnosis=("memorization",),
        changes={
            "target": "uniform",
            "training_points": 6,
            "generator.hidden": [32, 32, 32],
            "discriminator.hidden": [32, 32, 32],
        },
    ),
    _row(
        name="diverging",
        title="Diverging",
        watch="Momentum with too large a learning rate. The losses leave the chart after some 15 steps and swing ever "
        "wider; at about step 75 (seeds differ) a gradient has grown beyond all bounds, and training stops.",
        claim=Claim(shows=Diverged(), by=500, steps=500, measured=Measured(hits=50, seeds=50, median=67)),
        diagnosis=("diverged",),
        changes={
            "batch_size": 128,
            "penalty": "none",
            "generator.activation": "leaky_relu",
            "generator.optimizer": _FAST_MOMENTUM,
            "discriminator.optimizer": _FAST_MOMENTUM,
        },
    ),
)
