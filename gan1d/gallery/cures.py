"""Presets that start as those of `failures` do, each with one change that helps."""

from functools import partial

from gan1d.gallery.criteria import Balanced, Claim, Converged, Measured
from gan1d.gallery.failures import CHASING, COLLAPSING, FAR, RARE
from gan1d.gallery.preset import Preset

_row = partial(Preset, group="Cures")

CURES = (
    _row(
        name="collapse_r1",
        title="Collapse: R1",
        watch="The start of the collapse, with a price on a steep D at the data. At 100 steps the first samples of G "
        "are on their way to the left mode, at 200 it is covered, and at about 400 G fits.",
        claim=Claim(shows=Converged(), by=1000, steps=1000, measured=Measured(hits=50, seeds=50, median=375)),
        diagnosis=("converged",),
        changes={**COLLAPSING, "penalty": {"kind": "r1", "gamma": 1.0}},
    ),
    _row(
        name="collapse_labels",
        title="Collapse: labels",
        watch="The start of the collapse, but both networks are told which mode a sample is of (a conditional GAN): "
        "none can be left out. G has a curve for each label: one crosses over between steps 100 and 200; at "
        "about 300 G fits.",
        claim=Claim(shows=Converged(), by=1000, steps=1000, measured=Measured(hits=50, seeds=50, median=250)),
        diagnosis=("converged",),
        changes={**COLLAPSING, "conditional": True},
    ),
    _row(
        name="collapse_wgan_gp",
        title="Collapse: WGAN-GP",
        watch="The start of the collapse, with a score that should have a slope of 1 between real and fake, so that "
        "no sample is without a direction. Both modes have mass within 100 steps, and G fits at about 550.",
        claim=Claim(shows=Converged(), by=2000, steps=2000, measured=Measured(hits=50, seeds=50, median=550)),
        diagnosis=("converged",),
        changes={**COLLAPSING, "loss": {"kind": "wasserstein_gp", "weight": 0.1}},
    ),
    _row(
        name="collapse_wgan",
        title="Collapse: WGAN",
        watch="The start of the collapse, with clipped weights: D scores, and has no end of its scale to flatten at. "
        "Both modes have most of their mass at about 200 steps. The fit takes longer than with the penalty.",
        claim=Claim(shows=Balanced(), by=1000, steps=1500, measured=Measured(hits=50, seeds=50, median=150)),
        diagnosis=("learning", "converged"),
        changes={**COLLAPSING, "loss": {"kind": "wasserstein", "clip": 0.3}},
    ),
    _row(
        name="collapse_spectral_norm",
        title="Collapse: spectral norm",
        watch="The start of the collapse, with every layer of D divided by its largest stretch, so that D is gentle "
        "everywhere. G reaches across at 100 steps, covers both modes at 200, and fits at about 450.",
        claim=Claim(shows=Converged(), by=1000, steps=1000, measured=Measured(hits=50, seeds=50, median=450)),
        diagnosis=("converged",),
        changes={**COLLAPSING, "discriminator.constraint": "spectral_normalization"},
    ),
    _row(
        name="collapse_noise",
        title="Collapse: noise",
        watch="The start of the collapse, with noise on everything that D sees, half as loud every 300 steps. "
        "Blurred, the two modes overlap: both have most of their mass at about 200 steps, and keep it as the noise "
        "fades.",
        claim=Claim(shows=Balanced(), by=1000, steps=1500, measured=Measured(hits=46, seeds=50, median=175)),
        diagnosis=("learning", "converged"),
        changes={**COLLAPSING, "instance_noise.deviation": 2.0, "instance_noise.half_life": 300.0},
    ),
    _row(
        name="collapse_pack",
        title="Collapse: packs",
        watch="The start of the collapse, with a D that judges six samples at once: six of one mode are hardly ever "
        "real. Its curve is drawn for six equal samples. Both modes have their mass within some 100 steps.",
        claim=Claim(shows=Balanced(), by=1000, steps=1500, measured=Measured(hits=50, seeds=50, median=75)),
        diagnosis=("learning", "converged"),
        changes={**COLLAPSING, "discriminator.view": {"kind": "pack", "size": 6}},
    ),
    _row(
        name="collapse_deviation",
        title="Collapse: batch deviation",
        watch="The start of the collapse, with a D that is told how far its batch is spread: a batch that sits on one "
        "mode gives itself away. G reaches across, and both modes have most of their mass at about 350 steps.",
        claim=Claim(shows=Balanced(), by=1000, steps=1500, measured=Measured(hits=48, seeds=50, median=325)),
        diagnosis=("learning", "converged"),
        changes={**COLLAPSING, "discriminator.view": "batch_deviation"},
    ),
    _row(
        name="collapse_features",
        title="Collapse: feature matching",
        watch="The start of the collapse, with a G that also wants D's last layer to say the same of fakes as of "
        "reals on average. Both modes have most of their mass at about 200 steps in most runs; one in thirty stays "
        "collapsed.",
        claim=Claim(shows=Balanced(), by=1000, steps=1500, measured=Measured(hits=50, seeds=50, median=225)),
        diagnosis=("learning", "converged"),
        changes={**COLLAPSING, "generator.feature_matching": 1.0},
    ),
    _row(
        name="hopping_unrolled",
        title="Hopping: unrolled",
        watch="The start of the hopping, with a G that looks five answers of D ahead: it does not pay to run where D "
        "will be in a moment. G keeps to both modes from the first steps on.",
        claim=Claim(shows=Balanced(), by=800, steps=1000, measured=Measured(hits=12, seeds=12, median=25)),
        diagnosis=("learning", "converged"),
        changes={**CHASING, "generator.lookahead": {"kind": "unrolled", "steps": 5, "learning_rate": 0.2}},
    ),
    _row(
        name="vanishing_non_saturating",
        title="Vanishing: other loss",
        watch="The start of the vanishing gradient, with the loss that Goodfellow proposed against it: now the arrows "
        "are longest where D is sure. G is at the data within 25 steps, and both modes have most of "
        "their mass at about 200.",
        claim=Claim(shows=Balanced(), by=800, steps=1000, measured=Measured(hits=50, seeds=50, median=175)),
        diagnosis=("learning", "converged"),
        changes=FAR,
    ),
    _row(
        name="dropping_r1",
        title="The rare mode: R1",
        watch="The start of the dropped mode, with a price on a steep D. For 300 steps it looks no better; then "
        "samples of G arrive on the right, and at about 700 the rare mode has its twentieth. A cure can take "
        "time.",
        claim=Claim(shows=Converged(), by=3000, steps=3000, measured=Measured(hits=50, seeds=50, median=675)),
        diagnosis=("converged",),
        changes={**RARE, "penalty": {"kind": "r1", "gamma": 1.0}},
    ),
)
