"""Rows of the long simulations, from their stored results."""

import math
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

import gan1d
from benchmarks.published.dirac import NOTEBOOK, SCHEDULES
from benchmarks.published.row import Row, interval, statement
from benchmarks.published.simulations import CLOSE, DYNAMICS, PACKS
from gan1d.gallery.rates import wilson

LI = "Li et al. 2018, [1706.09884](https://arxiv.org/abs/1706.09884)"
PACGAN = "Lin et al. 2018, [1712.04086](https://arxiv.org/abs/1712.04086), table 1"
FEDUS = "Fedus et al. 2018, [1710.08446](https://arxiv.org/abs/1710.08446)"
D2L_LOSSES = "Dive into Deep Learning, [GAN](https://d2l.ai)"
INFOGAN = "Chen et al. 2016, [1606.03657](https://arxiv.org/abs/1606.03657), figure 1"
MORIAKOV = "Moriakov et al. 2020, [2001.09061](https://arxiv.org/abs/2001.09061)"
JANG = "Jang 2016, [genadv_tutorial](https://github.com/ericjang/genadv_tutorial)"
NAG = "Nag 2017, [program](https://github.com/devnag/pytorch-generative-adversarial-networks)"
AYLIEN = "AYLIEN 2016, [gan-intro](https://github.com/AYLIEN/gan-intro)"
METZ = "Metz et al. 2017, [1611.02163](https://arxiv.org/abs/1611.02163)"

Results = Mapping[str, Any]

PACGAN_TABLE = {1: ("6.3 ± .5", ".45"), 2: ("7.9 ± .1", ".07"), 3: ("7.8", ""), 4: ("7.8", "")}
"""Pack size → modes of a ring of eight that were covered, and reverse KL, where it could be read."""


def rows(results: Results) -> dict[str, list[Row]]:
    """Title of each section, with a sentence → its rows."""
    return {
        "Two means against the optimal D and against a learning one\n\nG = ½N(μ₁, 1) + ½N(μ₂, 1), data at −½ and ½, D "
        "the indicator of two intervals. 45 starts, and 20 random first D for each. A start succeeds if both means are "
        "within .1 at the end.": list(dichotomy(results)),
        "Eight modes and packs\n\nTen runs with fresh seeds, 1,000 steps, 2,500 fakes. A mode is covered if a fake "
        "lies within 3σ. The settings were looked for among a few with other seeds, as most of them miss no mode "
        "without packs. With a smaller G, which missed none, packs did not help.": list(packs(results)),
        "Vanishing gradients, and noise\n\nPresets `vanishing_gradient` and `vanishing_non_saturating`, ten seeds, 800 "
        "steps.": [*vanishing(results), *noise(results)],
        "A code that D reads back\n\nPreset `infogan`, whose code has three values, ten seeds, 1,000 steps: the bound "
        "L_I and the mutual information I(c; x), which is exact here but for 256 bins.": list(codes(results)),
        "Translations, and the first one-dimensional GANs\n\nPresets of the [gallery](gallery.md) with its seeds: how "
        "many runs meet the criterion, with a 95 % interval of the rate.": [*translations(), *historic()],
        "What differs, and why": list(not_reproduced()),
    }


def dichotomy(results: Results) -> Iterator[Row]:
    """The optimal D always succeeds, first-order dynamics hardly ever."""
    errors = results["optimal"]
    reached = sum(error < CLOSE for error in errors)
    yield statement(
        LI, "optimal D: starts that succeed in 1,000 steps", "converges", f"{reached} of {len(errors)}, "
        f"largest error {max(errors):.3f}", "as stated", reached == len(errors),
    )  # fmt: skip
    for name in DYNAMICS:
        success, collapsed = (math.fsum(run[-1][part] for run in results[name]) for part in (0, 1))
        count, sets = len(errors) * len(results[name]), len(results[name])
        low, high = wilson(round(success * len(errors)), count)
        yield statement(
            LI, f"first order, {name}: starts that succeed in 3,000 steps", "fails",
            f"{success / sets:.1%} ({low:.1%} to {high:.1%}); means collapse in {collapsed / sets:.0%}",
            "as stated", success / sets <= 0.15,
        )  # fmt: skip


def packs(results: Results) -> Iterator[Row]:
    """PacGAN's two metrics."""
    modes = {pack: [float(run[0]) for run in results[f"pack {pack}"]] for pack in PACKS}
    divergences = {pack: [float(run[1]) for run in results[f"pack {pack}"]] for pack in PACKS}
    for pack in PACKS:
        theirs, their_divergence = PACGAN_TABLE[pack]
        name = "plain" if pack == 1 else f"packs of {pack}"
        more = pack == 1 or math.fsum(modes[pack]) > math.fsum(modes[1])
        yield statement(
            PACGAN, f"modes of eight, {name}", theirs, interval(modes[pack], 2),
            "modes are missing" if pack == 1 else "more than plain", more and (pack > 1 or min(modes[1]) < 8),
        )  # fmt: skip
        if their_divergence:
            ratio = math.fsum(divergences[1]) / math.fsum(divergences[pack])
            yield statement(
                PACGAN, f"reverse KL in nats, {name}", their_divergence, interval(divergences[pack], 2),
                "ours in one dimension" if pack == 1 else f"falls by {ratio:.1f}, theirs by 6.4",
                pack == 1 or ratio >= 3,
            )  # fmt: skip


def vanishing(results: Results) -> Iterator[Row]:
    """The saturating loss far from the data, and the non-saturating one."""
    saturating, other = results["vanishing_gradient"], results["vanishing_non_saturating"]
    far, near = ([run["kl"] for run in runs] for runs in (saturating, other))
    ratio = median(far) / median(near)
    yield statement(
        D2L_LOSSES, "KL of fakes and reals in nats at the end, from a far start: saturating loss", "326.99",
        f"{median(far):.2g}, from {min(far):.2g} to {max(far):.2g}", "stays above 5; another task", min(far) > 5,
    )  # fmt: skip
    yield statement(
        D2L_LOSSES, "the same, non-saturating loss", "1.03", f"{median(near):.1g}, at most {max(near):.1g}",
        f"falls by {ratio:.1g}, theirs by 3e+02", ratio > 100,
    )  # fmt: skip
    start, distances = min(run["first_js"] for run in other), [run["w1"] / run["first_w1"] for run in other]
    yield statement(
        FEDUS, "the non-saturating loss learns where JS is flat, at log 2 = .693: W1 at the end over that at the start",
        "learns", f"{median(distances):.2f}, at most {max(distances):.2f}; JS at the start at least {start:.3f}",
        "as stated", start > 0.69 and max(distances) < 0.3,
    )  # fmt: skip


def noise(results: Results) -> Iterator[Row]:
    """The notebook of Mescheder et al. draws its instance noise: distances after 500 steps are a noise floor."""
    for index, (name, theirs) in enumerate(zip(SCHEDULES, (2e-2, 1e-2, 4e-3), strict=True)):
        found = [run[index] for run in results["noise_floor"]]
        middle = median(found)
        yield statement(
            NOTEBOOK, f"instance noise .7 by 1,000 draws, {name}: distance after 500 steps", f"about {theirs:g}",
            f"{middle:.1g}, from {min(found):.0e} to {max(found):.0e} in {len(found)} seeds",
            "within a factor of 5", theirs / 5 < middle < theirs * 5,
        )  # fmt: skip


def codes(results: Results) -> Iterator[Row]:
    """InfoGAN's bound on the mutual information of code and fake."""
    ceiling = math.log(gan1d.presets["infogan"].config.code.values)
    bounds, exact = ([run[index] for run in results["code"]] for index in (0, 1))
    plain, plain_exact = ([run[index] for run in results["code without its term"]] for index in (0, 1))
    yield statement(
        INFOGAN, f"L_I in nats, of at most H(c), with the term in G's loss; H(c) is 2.30 there, {ceiling:.3f} here",
        "about 2.30", f"{median(bounds):.3f}, from {min(bounds):.3f} to {max(bounds):.3f}",
        f"{median(bounds) / ceiling:.0%} of H(c), theirs 100%", median(bounds) > 0.9 * ceiling,
    )  # fmt: skip
    yield statement(
        INFOGAN, "the mutual information that it bounds", "not known", f"{min(exact):.3f} in the lowest run",
        "L_I ≤ I(c; x) ≤ H(c) in each run",
        all(bound <= value <= ceiling + 1e-6 for bound, value in zip(bounds, exact, strict=True)),
    )  # fmt: skip
    yield statement(
        INFOGAN, "L_I without the term, as in a plain GAN with a code", "stays low (figure 1)",
        f"{median(plain):.3f}, at most {max(plain):.3f}; I(c; x) at most {max(plain_exact):.3f}",
        "as stated", max(plain) < 0.5 * ceiling,
    )  # fmt: skip


def rate_of(preset: str, claim: str) -> tuple[str, float]:
    """A measured rate of the gallery in words, and its lower bound."""
    rate = gan1d.presets[preset].rates[claim]
    low, high = rate.interval
    return f"{rate.hits} of {len(rate.seeds)} ({low:.0%} to {high:.0%})", low


def translations() -> Iterator[Row]:
    """The exact solutions of CycleGAN in one dimension are two, and the identity loss leaves one."""
    for preset, claim, quantity, theirs, least in (
        ("cyclegan", "kept", "exact translations: F_Y⁻¹∘F_X, which keeps the order", "a solution", 0.1),
        ("cyclegan", "reversed", "exact translations: F_Y⁻¹∘(1 − F_X), which reverses it", "a solution", 0.1),
        ("cyclegan", "both", "no other continuous one: runs that end at one of the two", "all", 0.8),
        ("cyclegan_identity", "kept", "the identity loss leaves the first", "(derived)", 0.8),
    ):
        ours, low = rate_of(preset, claim)
        yield statement(MORIAKOV, quantity, theirs, ours, "as stated", low > least)


def historic() -> Iterator[Row]:
    """The first one-dimensional GANs, which show that theirs learn by pictures."""
    for preset, source, quantity in (
        ("jang_2016", JANG, "N(−1, 1) from uniform noise: error below half a standard deviation"),
        ("nag_2017", NAG, "N(4, 1.25²) from uniform noise: the same"),
        ("aylien_2016", AYLIEN, "N(4, ½²) from uniform noise, D sees one sample: the same"),
        ("aylien_2016_minibatch", AYLIEN, "the same, D sees the batch"),
    ):
        ours, low = rate_of(preset, "fit")
        yield statement(source, quantity, "learns (a picture)", ours, "as stated", low > 0.5)
    plain, batch = (rate_of(name, "fit")[1] for name in ("aylien_2016", "aylien_2016_minibatch"))
    yield statement(
        AYLIEN, "a D that sees the batch fits more often", "(pictures)", f"at least {batch:.0%} and {plain:.0%}",
        "as stated", batch > plain,
    )  # fmt: skip


def not_reproduced() -> Iterator[Row]:
    """What could not be computed here, and why."""
    yield statement(
        LI, "success rates of the paper's figures", "not read", "see above",
        "its text was not at hand: the settings are those of a public program", None,
    )  # fmt: skip
    yield statement(
        METZ, "unrolling cures the collapse of a ring of eight Gaussians", "cures", "1 of 24 runs, with two modes",
        "a collapse without oscillation is not what unrolling cures ([gallery](gallery.md)); others found the same "
        "([poolio/unrolled_gan 2](https://github.com/poolio/unrolled_gan/issues/2))", None,
    )  # fmt: skip
    yield statement(
        PACGAN.replace("table 1", "table 3"), "modes of stacked MNIST, plain and packs of 2", "30.6 ± 20.7, 484.5",
        "–", "images; nothing of it is one-dimensional", None,
    )  # fmt: skip
    yield statement(
        "Berard et al. 2020, [1906.04848](https://arxiv.org/abs/1906.04848)",
        "path angles and eigenvalues of their mixture", "figures", "–",
        "curves without numbers, of networks with 100 latent dimensions; [the spectrum](spectrum.md) has both measures",
        None,
    )  # fmt: skip
