"""The words and symbols of the page, with their names in the code and in the textbook.

This is the only list: the page's help shows it, and `docs/glossary.md` is written from it (`python -m docs.generate`).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Term:
    """One entry.

    Attributes:
        page: The words and symbols on the page, the most frequent first; empty if the page does not show the term.
        code: The names in Python, in a config path or in a frame; empty if the code has no name of its own for it.
        textbook: The name in the literature, with the source where one paper introduced it.
        meaning: What it is, in one line for a student.
    """

    page: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    textbook: str
    meaning: str


TERMS: Final = (
    # The game --------------------------------------------------------------------------------------------------------
    Term(
        page=("GAN", "1D"),
        textbook="generative adversarial network (Goodfellow et al. 2014)",
        meaning="A game of two networks: G makes samples, D tells them from real ones. Here a sample is a number.",
    ),
    Term(
        page=("z", "noise"),
        code=("latent",),
        textbook="latent variable",
        meaning="The random input of the generator.",
    ),
    Term(
        page=("zᵢ", "z₁", "dimension"),
        code=("latent.dimension",),
        textbook="latent dimension",
        meaning="One coordinate of z, where z has several; the chart moves one and keeps the others at 0.",
    ),
    Term(
        page=("prior",),
        code=("latent", "Latent"),
        textbook="prior p(z)",
        meaning="The distribution from which z is drawn: normal or uniform.",
    ),
    Term(page=("x", "data"), textbook="data space", meaning="The axis of the data, the same in every chart."),
    Term(
        page=("G", "generator"),
        code=("generator",),
        textbook="generator",
        meaning="The network that turns each z into a sample.",
    ),
    Term(
        page=("D", "discriminator"),
        code=("discriminator",),
        textbook="discriminator",
        meaning="The network that says how real each x looks.",
    ),
    Term(
        code=("Wasserstein",),
        textbook="critic (Arjovsky et al. 2017)",
        meaning="The discriminator of a Wasserstein loss: its score is not a probability.",
    ),
    Term(
        page=("G(z)", "fake"),
        code=("fake_samples",),
        textbook="generated sample",
        meaning="A sample that the generator made.",
    ),
    Term(page=("real",), code=("target",), textbook="real sample", meaning="A sample of the target."),
    Term(
        page=("D(x)",),
        code=("discriminator",),
        textbook="output of the discriminator",
        meaning="How real D takes x to be: a probability, or a score where the loss has no probability.",
    ),
    Term(
        page=("D(G(z))",),
        code=("fake_readout",),
        textbook="output of the discriminator on a fake",
        meaning="How real D takes a fake to be; G's loss is computed from it.",
    ),
    Term(
        page=("score",),
        code=("scores",),
        textbook="logit, or critic value",
        meaning="The raw output of D, before the loss turns it into a probability.",
    ),
    Term(
        code=("readout",),
        textbook="output on the displayed scale",
        meaning="D's output as the charts draw it: the sigmoid of the score for losses with a probability.",
    ),
    Term(
        page=("label", "labels"),
        code=("conditional",),
        textbook="conditional GAN (Mirza & Osindero 2014)",
        meaning="The mode a sample belongs to, as a further input of both networks.",
    ),
    # The target ------------------------------------------------------------------------------------------------------
    Term(
        page=("target",),
        code=("target", "Target"),
        textbook="data distribution p_data",
        meaning="The distribution that G has to imitate.",
    ),
    Term(
        page=("training samples",),
        code=("training_points",),
        textbook="training set",
        meaning="A fixed, finite set of samples instead of fresh ones in every step.",
    ),
    Term(page=("mode",), code=("modes",), textbook="mode", meaning="A peak of the target, with the region around it."),
    Term(
        code=("cdf",),
        textbook="cumulative distribution function F",
        meaning="The share of the samples up to x.",
    ),
    Term(
        code=("quantile",),
        textbook="quantile function F⁻¹",
        meaning="The x below which a given share of the samples lies. F⁻¹(Φ(z)) is the best G for a normal prior.",
    ),
    Term(
        page=("freedom",),
        code=("freedom",),
        textbook="degrees of freedom ν",
        meaning="How heavy the tails of Student's t are: fewer are heavier.",
    ),
    Term(page=("CSV",), code=("number_file",), textbook="comma-separated values", meaning="A table as a text file."),
    # What is best ----------------------------------------------------------------------------------------------------
    Term(
        page=("D*",),
        code=("optimal_discriminator",),
        textbook="optimal discriminator",
        meaning="The best D against the present G; dashed. For the original loss it is p_data / (p_data + p_G).",
    ),
    Term(
        code=("optimal_maps",),
        textbook="optimal transport map G*",
        meaning="The best G: the increasing function from the prior to the target, and its mirror image; dashed.",
    ),
    Term(
        code=("pushforward",),
        textbook="pushforward of the prior by G",
        meaning="The distribution of G(z). It is computed from G's curve, without samples, if z is one number.",
    ),
    Term(
        page=("fixed z",),
        code=("atoms",),
        textbook="quasi-Monte Carlo points",
        meaning="Evenly spread latent inputs from which everything is estimated if z has several dimensions.",
    ),
    Term(
        page=("balance",),
        code=("equilibrium",),
        textbook="Nash equilibrium",
        meaning="The state in which fakes are distributed like the target and D cannot tell them apart; dotted lines.",
    ),
    # Losses ----------------------------------------------------------------------------------------------------------
    Term(
        page=("L_D",),
        code=("loss_d",),
        textbook="loss of the discriminator",
        meaning="What D minimises, on its last batch.",
    ),
    Term(
        page=("L_G",),
        code=("loss_g",),
        textbook="loss of the generator",
        meaning="What G minimises, on its last batch.",
    ),
    Term(
        page=("V(D, G)", "value"),
        code=("value", "best_value"),
        textbook="value of the game",
        meaning="The quantity that D maximises and G minimises, over all reals and fakes.",
    ),
    Term(
        page=("non-saturating",),
        code=("NonSaturating",),
        textbook="non-saturating loss (Goodfellow et al. 2014)",
        meaning="G maximises log D(G(z)), so that its gradient is largest where D is sure.",
    ),
    Term(
        page=("minimax",),
        code=("Minimax",),
        textbook="minimax loss (Goodfellow et al. 2014)",
        meaning="G minimises what D maximises; its gradient vanishes where D is sure.",
    ),
    Term(
        page=("LSGAN", "least squares"),
        code=("LeastSquares",),
        textbook="least squares GAN (Mao et al. 2017)",
        meaning="A loss that charges the squared distance of a score from its label.",
    ),
    Term(
        page=("hinge",),
        code=("Hinge",),
        textbook="hinge loss (Lim & Ye 2017)",
        meaning="A loss that ignores samples that D scores beyond ±1 on the right side.",
    ),
    Term(
        page=("WGAN", "Wasserstein (WGAN)"),
        code=("Wasserstein",),
        textbook="Wasserstein GAN (Arjovsky et al. 2017)",
        meaning="D's mean score on reals less that on fakes estimates Wasserstein-1, while D's slope is bounded.",
    ),
    Term(
        page=("GP", "WGAN-GP", "λ"),
        code=("GradientPenalty", "WassersteinGP"),
        textbook="gradient penalty (Gulrajani et al. 2017)",
        meaning="A cost on slopes of D other than 1 between real and fake; λ is its weight.",
    ),
    Term(
        page=("R1", "γ"),
        code=("R1", "gamma"),
        textbook="R1 regularisation (Mescheder et al. 2018)",
        meaning="A cost on D's squared slope at real samples; γ is its weight.",
    ),
    Term(
        page=("R2",),
        code=("R2",),
        textbook="R2 regularisation (Mescheder et al. 2018)",
        meaning="A cost on D's squared slope at fakes; γ is its weight.",
    ),
    Term(
        page=("real label", "fake label"),
        code=("real_label", "fake_label"),
        textbook="label smoothing (Salimans et al. 2016)",
        meaning="What D should answer on real and on fake samples, such as 0.9 instead of 1.",
    ),
    # Training --------------------------------------------------------------------------------------------------------
    Term(
        page=("step",),
        code=("step",),
        textbook="training iteration",
        meaning="One turn of both players: D's updates, then G's.",
    ),
    Term(
        page=("D updates", "G updates"),
        code=("discriminator_steps", "generator_steps"),
        textbook="k",
        meaning="How many updates of D, or of G, one step has.",
    ),
    Term(
        page=("batch size",),
        code=("batch_size",),
        textbook="minibatch size m",
        meaning="Samples from which the gradient of one update is computed.",
    ),
    Term(
        page=("learning rate",), code=("learning_rate",), textbook="learning rate η", meaning="The size of one update."
    ),
    Term(
        page=("Adam", "β₁", "β₂"),
        code=("Adam", "beta1", "beta2"),
        textbook="Adam (Kingma & Ba 2015)",
        meaning="An optimizer; β₁ is the memory of the mean gradient and β₂ that of its square.",
    ),
    Term(
        page=("RMSProp",),
        code=("RMSProp",),
        textbook="RMSProp (Hinton 2012)",
        meaning="An optimizer that divides each step by the usual size of the gradient.",
    ),
    Term(
        page=("ε",),
        code=("eps",),
        textbook="ε",
        meaning="A small number that keeps the division of an optimizer safe.",
    ),
    Term(
        page=("∇", "|∇D|", "|∇G|"),
        code=("grad_norm_d", "grad_norm_g"),
        textbook="gradient; |∇| is its length",
        meaning="The direction in which a loss grows fastest, over all parameters of one network.",
    ),
    Term(
        page=("gradient",),
        code=("fake_push",),
        textbook="∂L_G/∂x",
        meaning="How G's loss pushes each fake along x; the arrows of the data chart.",
    ),
    Term(
        page=("average", "avg"),
        code=("ema_decay", "ema_generator"),
        textbook="exponential moving average, EMA (Yazıcı et al. 2019)",
        meaning="A generator whose parameters are the running average of G's; the thin line.",
    ),
    Term(
        page=("weight decay",),
        code=("weight_decay",),
        textbook="decoupled weight decay (Loshchilov & Hutter 2019)",
        meaning="Weights shrink by a share of themselves in each update.",
    ),
    Term(
        page=("historical averaging",),
        code=("historical_averaging",),
        textbook="historical averaging (Salimans et al. 2016)",
        meaning="A cost on parameters that are far from the average of their past.",
    ),
    Term(
        page=("half-life",),
        code=("instance_noise",),
        textbook="instance noise (Sønderby et al. 2017)",
        meaning="Noise on everything that D sees, real or fake, which fades with a half-life.",
    ),
    Term(
        page=("weight clipping",),
        code=("WeightClipping",),
        textbook="weight clipping (Arjovsky et al. 2017)",
        meaning="After each update, D's weights are cut to an interval.",
    ),
    Term(
        page=("spectral norm",),
        code=("SpectralNormalization",),
        textbook="spectral normalisation (Miyato et al. 2018)",
        meaning="Each layer of D is divided by its largest singular value.",
    ),
    Term(
        page=("PacGAN", "pack size"),
        code=("Pack",),
        textbook="PacGAN (Lin et al. 2018)",
        meaning="D sees several samples at once, all real or all fake.",
    ),
    Term(
        page=("batch deviation",),
        code=("BatchDeviation",),
        textbook="minibatch standard deviation (Karras et al. 2018)",
        meaning="D also sees the spread of the batch.",
    ),
    Term(
        page=("feature matching",),
        code=("feature_matching",),
        textbook="feature matching (Salimans et al. 2016)",
        meaning="G also matches the mean of D's last hidden layer on real samples.",
    ),
    Term(
        page=("unrolled",),
        code=("Unrolled",),
        textbook="unrolled GAN (Metz et al. 2017)",
        meaning="G is updated against a copy of D that has made a few more updates.",
    ),
    Term(
        page=("ReLU", "leaky ReLU"),
        code=("ReLU", "LeakyReLU"),
        textbook="rectified linear unit",
        meaning="An activation: max(0, x), or a small slope below 0.",
    ),
    Term(
        page=("reinitialize", "⟳", "↺"),
        code=("reinitialize",),
        textbook="reinitialisation; network morphism (Wei et al. 2016)",
        meaning="⟳: the network is rebuilt with the same function, or with new weights. ↺: a new run begins.",
    ),
    Term(
        page=("seed",),
        code=("seed",),
        textbook="random seed",
        meaning="The number that everything random comes from; the same seed gives the same run, on the same kind of "
        "processor.",
    ),
    # How close -------------------------------------------------------------------------------------------------------
    Term(
        page=("Wasserstein", "W₁", "distance"),
        code=("wasserstein1",),
        textbook="Wasserstein-1, earth mover's distance, W1",
        meaning="How far the mass of the fakes has to travel, on average, to become the target.",
    ),
    Term(
        code=("Features.error",),
        textbook="normalised Wasserstein-1",
        meaning="Wasserstein-1 divided by the standard deviation σ of the target.",
    ),
    Term(
        page=("JS", "Jensen–Shannon"),
        code=("jensen_shannon",),
        textbook="Jensen–Shannon divergence",
        meaning="0 where two densities agree, ln 2 where they do not overlap.",
    ),
    Term(
        page=("Fréchet", "FID"),
        code=("frechet",),
        textbook="Fréchet distance (Heusel et al. 2017)",
        meaning="Squared difference of means plus that of standard deviations. FID is the same on features of images.",
    ),
    Term(
        page=("x²",),
        textbook="squared unit of x",
        meaning="The unit of a squared distance.",
    ),
    Term(page=("nat",), textbook="nat", meaning="The unit of information with the natural logarithm."),
    Term(
        page=("D right on real", "D right on fake"),
        code=("accuracy_real", "accuracy_fake"),
        textbook="accuracy of the discriminator",
        meaning="The share of all reals, or of all fakes, on the right side of D's threshold.",
    ),
    Term(
        page=("mode coverage",),
        code=("mode_coverage",),
        textbook="mode coverage",
        meaning="The share of the target's modes that have at least a fifth of their due mass.",
    ),
    Term(
        page=("Fakes in each mode",),
        code=("mode_masses",),
        textbook="mass of a mode",
        meaning="The share of the fakes in the region of each mode.",
    ),
    Term(
        page=("below", "above"),
        code=("fake_below", "fake_above"),
        textbook="overflow",
        meaning="The share of the fakes beyond the left, or the right, end of the axis.",
    ),
    # The diagnosis ---------------------------------------------------------------------------------------------------
    Term(
        page=("diagnosis",),
        code=("diagnosis",),
        textbook="failure mode of GAN training",
        meaning="What the run is doing now, by rules on exact measurements.",
    ),
    Term(
        page=("mode collapse",),
        code=("mode_collapse",),
        textbook="mode collapse",
        meaning="G makes samples of some modes only.",
    ),
    Term(
        page=("oscillating",),
        code=("mode_hopping",),
        textbook="mode hopping, limit cycle",
        meaning="G moves from mode to mode and D follows it, without an end.",
    ),
    Term(
        code=("vanishing_gradient",),
        textbook="vanishing gradient",
        meaning="D is flat where the fakes are, so that G cannot learn.",
    ),
    Term(
        page=("memorization",),
        code=("memorization",),
        textbook="memorization, overfitting",
        meaning="G fits the training samples instead of the target.",
    ),
)
"""All entries, in the order of the data's way through the page."""


def served() -> list[dict[str, str]]:
    """The entries that the page shows: its words, the textbook's name and the meaning."""
    return [
        {"page": ", ".join(term.page), "textbook": term.textbook, "meaning": term.meaning}
        for term in TERMS
        if term.page
    ]
