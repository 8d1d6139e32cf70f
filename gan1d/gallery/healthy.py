"""Presets that learn: the default, the algorithm of 2014, and other losses with settings of their own."""

from functools import partial

from gan1d.gallery.criteria import Claim, Converged, Measured
from gan1d.gallery.preset import Preset

_row = partial(Preset, group="Healthy")

_SGD = {"kind": "sgd", "learning_rate": 0.1}
_ADAM = {"kind": "adam", "learning_rate": 0.005, "beta1": 0.5, "beta2": 0.999}

HEALTHY = (
    _row(
        name="default",
        title="Two modes",
        watch="One bump has to become two. Within about 100 steps G reaches for both sides, by 300 each has nearly "
        "half of the mass, and at about 450 G fits. Then D flattens towards ½: it can no longer "
        "tell.",
        claim=Claim(shows=Converged(), by=1000, steps=1000, measured=Measured(hits=50, seeds=50, median=425)),
        diagnosis=("converged",),
    ),
    _row(
        name="eight_dimensions",
        title="Noise of eight dimensions",
        watch="The default, but each z is eight numbers; G is drawn along one at a time, the others at 0. Both modes "
        "have half of the mass within 100 steps, and G fits at about 450. Distances are estimates from 8 191 "
        "fixed z.",
        claim=Claim(shows=Converged(), by=1500, steps=1500, measured=Measured(hits=50, seeds=50, median=475)),
        diagnosis=("converged",),
        changes={"latent.dimension": 8},
    ),
    _row(
        name="textbook",
        title="Textbook",
        watch="The algorithm of 2014 with nothing added: plain gradient descent, and one learning rate for both. The "
        "modes part within 300 steps and fit at about 650, but the fit stays rougher than with the default.",
        claim=Claim(shows=Converged(), by=3000, steps=3000, measured=Measured(hits=50, seeds=50, median=650)),
        diagnosis=("converged",),
        changes={
            "batch_size": 128,
            "penalty": "none",
            "discriminator_steps": 1,
            "generator.hidden": [32, 32],
            "generator.optimizer": _SGD,
            "discriminator.hidden": [32, 32],
            "discriminator.activation": "tanh",
            "discriminator.optimizer": _SGD,
        },
    ),
    _row(
        name="original",
        title="The original 1D GAN",
        watch="The networks and settings of ichko's page. Both bumps are there by step 300 or so, but the fit keeps "
        "wandering. By step 3000 most of D's last units are dead, and in more than half of the runs it has gone "
        "flat: both losses look perfect, and G is stuck.",
        claim=Claim(
            shows=Converged(error=0.3, tolerance=0.5),
            by=1500,
            steps=1500,
            measured=Measured(hits=50, seeds=50, median=100),
        ),
        diagnosis=("learning", "converged", "oscillating", "discriminator_weak"),
        changes={
            "batch_size": 128,
            "discriminator_steps": 1,
            "target.modes.0.position": -1.5,
            "target.modes.0.weight": 0.3,
            "target.modes.1.position": 1.5,
            "target.modes.1.weight": 0.7,
            "loss.real_label": 0.95,
            "loss.generator_label": 0.95,
            "penalty": "none",
            "generator.hidden": [20, 10, 10],
            "generator.activation": "relu",
            "generator.optimizer": _ADAM,
            "generator.initialization.weights": "xavier_normal",
            "generator.initialization.random_biases": False,
            "discriminator.hidden": [10, 10, 20],
            "discriminator.activation": "relu",
            "discriminator.optimizer": _ADAM,
            "discriminator.initialization.weights": "xavier_normal",
            "discriminator.initialization.random_biases": False,
        },
    ),
    _row(
        name="wgan",
        title="WGAN",
        watch="D scores instead of judging, and clipped weights keep it from getting steep. Both modes have their "
        "mass within 50 steps, but the fit takes its time, about 1200 steps, and stays rough. L_D nears 0, where no "
        "score can tell the two apart.",
        claim=Claim(shows=Converged(), by=3000, steps=3000, measured=Measured(hits=50, seeds=50, median=1100)),
        diagnosis=("learning", "converged"),
        changes={
            "batch_size": 128,
            "loss": {"kind": "wasserstein", "clip": 0.3},
            "penalty": "none",
            "discriminator_steps": 5,
            "generator.optimizer": {"kind": "rmsprop", "learning_rate": 1e-3},
            "discriminator.optimizer": {"kind": "rmsprop", "learning_rate": 5e-3},
        },
    ),
    _row(
        name="wgan_gp",
        title="WGAN-GP",
        watch="The same score, but D is asked for a slope of 1 instead of small weights. Its curve starts far too "
        "steep and comes down within 100 steps, as G gets to both modes; G fits at about 650.",
        claim=Claim(shows=Converged(), by=2000, steps=2000, measured=Measured(hits=50, seeds=50, median=550)),
        diagnosis=("converged",),
        changes={"batch_size": 128, "loss": {"kind": "wasserstein_gp", "weight": 0.1}, "penalty": "none"},
    ),
    _row(
        name="least_squares",
        title="LSGAN",
        watch="D is to score reals 1 and fakes 0, and pays the square of what it misses. G reaches for both sides "
        "within 150 steps, fits at about 450, and D settles at ½. Without the penalty some runs collapse.",
        claim=Claim(shows=Converged(), by=1500, steps=1500, measured=Measured(hits=50, seeds=50, median=450)),
        diagnosis=("converged",),
        changes={"batch_size": 128, "loss": "least_squares", "penalty": {"kind": "r1", "gamma": 1.0}},
    ),
    _row(
        name="hinge",
        title="Hinge",
        watch="D stops learning from samples that it scores beyond ±1. It needs no penalty here: by 200 steps both "
        "modes have their mass, at about 450 G fits, and L_D nears 2, where D knows nothing.",
        claim=Claim(shows=Converged(), by=1500, steps=1500, measured=Measured(hits=50, seeds=50, median=450)),
        diagnosis=("converged",),
        changes={"batch_size": 128, "loss": "hinge", "penalty": "none"},
    ),
)
