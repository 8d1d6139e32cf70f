"""The section of a PyTorch program that draws reals, latents, labels and noise."""

from gan1d.engine.distributions.custom import DrawnDensity, Samples
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture
from gan1d.engine.distributions.latents import Source
from gan1d.engine.distributions.priors import NormalPrior, UniformPrior
from gan1d.engine.distributions.targets import (
    Exponential,
    Laplace,
    StudentT,
    Target,
    Triangular,
    UniformTarget,
)
from gan1d.engine.networks.discriminator_inputs import Pack
from gan1d.engine.objectives.codes import CategoricalCode, NoCode
from gan1d.exports.experiment import Experiment
from gan1d.exports.python_text import Section, definitions, indented, lines, list_of, number

TARGETS = {
    "gaussian_mixture": "a mixture of Gaussians",
    "uniform": "a uniform distribution",
    "laplace": "a Laplace distribution",
    "student_t": "Student's t distribution",
    "triangular": "a triangular distribution",
    "exponential": "an exponential distribution",
    "drawn": "a density drawn by hand, linear between equally spaced heights",
    "samples": "a list of numbers, each with a little triangular noise (a kernel density estimate)",
}


def data_section(experiment: Experiment) -> Section:
    """The section with the samplers."""
    config = experiment.config
    words = [f"The target is {TARGETS[config.target.kind]}."]
    if isinstance(source := config.latent, Source):
        words.append(f"The source is {TARGETS[source.distribution.kind]}.")
    if experiment.training_set is not None:
        words.append(f"All reals come from {config.training_points} fixed training samples of it.")
    if config.standardize:
        words.append(
            "Both networks work in standardized coordinates (x−LOCATION)/SCALE, so a fake is LOCATION + SCALE·G(z)."
        )
    if experiment.is_noisy:
        words.append(
            f"Instance noise, whose deviation halves every {config.instance_noise.half_life:g} steps, blurs D's inputs."
        )
    if experiment.classes:
        words.append(
            "A row is a sample with its label, one-hot: both networks get the label as further inputs "
            "(Mirza & Osindero 2014, arXiv:1411.1784)."
        )
    code = definitions(
        constants(experiment), real_samples(experiment), latents(experiment), labelled_latents(experiment),
        coded_latents(experiment),
        instance_noise(experiment), distance(experiment),
    )  # fmt: skip
    return Section(title="Data", text=" ".join(words), code=code)


def constants(experiment: Experiment) -> str:
    """Sizes, units and the training samples."""
    config, units = experiment.config, experiment.units
    view = config.discriminator.view
    return lines(
        f"BATCH = {config.batch_size}",
        f"PACK = {view.size}  # samples that D judges at once" if isinstance(view, Pack) else "",
        f"CLASSES = {experiment.classes}" if experiment.classes else "",
        f"CODE = {config.code.rows}  # inputs of G for the code" if experiment.has_code else "",
        f"LOCATION, SCALE = {number(units.location)}, {number(units.scale)}" if config.standardize else "",
        training_samples(experiment),
    )


def training_samples(experiment: Experiment) -> str:
    """The training samples, and their labels."""
    fixed = experiment.training_set
    if fixed is None:
        return ""
    labels = f"TRAINING_LABELS = torch.tensor({list_of(fixed.labels.tolist())})" if experiment.classes else ""
    # In double precision, in which a user's numbers may be far from 0 and near each other.
    return lines(f"TRAINING_SAMPLES = torch.tensor({list_of(fixed.samples.tolist())}, dtype=torch.float64)", labels)


def real_samples(experiment: Experiment) -> str:
    """The sampler of reals."""
    config, classes = experiment.config, experiment.classes
    is_fixed = experiment.training_set is not None
    if is_fixed:
        drawn = lines(
            "chosen = torch.randint(len(TRAINING_SAMPLES), (count,))",
            "x = TRAINING_SAMPLES[chosen]",
            "label = TRAINING_LABELS[chosen]" if classes else "",
        )
    else:
        drawn = lines(draw(config.target), label_of(experiment))
    in_units = "u = (x - LOCATION) / SCALE" if config.standardize else ""
    label = "mode" if not is_fixed and isinstance(config.target, GaussianMixture) else "label"
    single = ".float()" if is_fixed or isinstance(config.target, Samples) else ""
    column = f"{'u' if in_units else 'x'}{single}[:, None]"
    words = f"Random {'training samples' if is_fixed else 'samples of the target'}"
    units = ", in standardized coordinates" if in_units else ""
    return lines(
        "def real_samples(count):",
        f'    """{words}{units}: (count, {f"1 + {classes}" if classes else 1})."""',
        indented(lines(drawn, in_units)),
        f"    return torch.cat([{column}, F.one_hot({label}, CLASSES)], dim=1)" if classes else f"    return {column}",
    )


def draw(target: Target) -> str:
    """Lines that draw `x`, `(count,)`, from a target."""
    match target:
        case GaussianMixture():
            return draw_mixture(target)
        case UniformTarget():
            return f"x = {number(target.centre)} + {number(target.half_width)} * (2 * torch.rand(count) - 1)"
        case Laplace():
            return (
                f"x = torch.distributions.Laplace({number(target.position)}, {number(target.scale)}).sample((count,))"
            )
        case StudentT():
            values = ", ".join(map(number, (target.freedom, target.position, target.scale)))
            return f"x = torch.distributions.StudentT({values}).sample((count,))"
        case Exponential():
            return f"x = {number(target.start)} + {number(target.mean)} * torch.empty(count).exponential_()"
        case Triangular():
            return draw_triangular(target)
        case DrawnDensity():
            return draw_drawn(target)
        case Samples():
            return draw_numbers(target)


def draw_mixture(target: GaussianMixture) -> str:
    """Choose a mode by its weight, then draw from its Gaussian."""
    return lines(
        *(
            f"{name} = torch.tensor({list_of([getattr(mode, name) for mode in target.modes], 4)})"
            for name in ("position", "width", "weight")
        ),
        "mode = torch.multinomial(weight, count, replacement=True)",
        "x = position[mode] + width[mode] * torch.randn(count)",
    )


def draw_triangular(target: Triangular) -> str:
    """Invert the distribution function, which is a square left and right of the peak."""
    peak, rise, fall = target.peak, target.rise, target.fall
    return lines(
        f"peak, rise, fall = {number(peak)}, {number(rise)}, {number(fall)}",
        "u = torch.rand(count)",
        "left = peak - rise + torch.sqrt(u * (rise + fall) * rise)",
        "right = peak + fall - torch.sqrt((1 - u) * (rise + fall) * fall)",
        "x = torch.where(u < rise / (rise + fall), left, right)",
    )


def draw_drawn(target: DrawnDensity) -> str:
    """Draw from a piecewise linear density, which is a mixture of triangles, one on each height."""
    return lines(
        f"low, high = {number(target.centre - target.half_width)}, {number(target.centre + target.half_width)}",
        f"heights = torch.tensor({list_of(target.heights, 4)})",
        "heights[[0, -1]] *= 0.5  # the triangles at the ends are half as wide",
        "chosen = torch.multinomial(heights, count, replacement=True)",
        "spacing = (high - low) / (len(heights) - 1)",
        "x = low + spacing * (chosen + torch.rand(count) - torch.rand(count))",
        "x = high - (high - (low + (x - low).abs())).abs()  # fold what lies beyond an end back",
    )


def draw_numbers(target: Samples) -> str:
    """Choose one of the numbers, and add triangular noise."""
    half_width = target.density_units.scale * target.kernel_half_width
    return lines(
        f"numbers = torch.tensor({list_of(target.values, 4)}, dtype=torch.float64)",
        "chosen = numbers[torch.randint(len(numbers), (count,))]",
        f"x = chosen + {number(half_width)} * (torch.rand(count) - torch.rand(count))",
    )


def label_of(experiment: Experiment) -> str:
    """The line that finds the label of each sample; empty without labels, and where the mode is the label."""
    target = experiment.config.target
    if not experiment.classes or isinstance(target, GaussianMixture):
        return ""
    cuts = [interval.low for interval in target.mode_intervals()[1:]]
    return f"label = torch.bucketize(x, torch.tensor({list_of(cuts, 4)}, dtype=x.dtype), right=True)"


def source_samples(source: Source, experiment: Experiment) -> str:
    """The sampler of a source."""
    is_standardized = experiment.config.standardize
    units = ", in standardized coordinates" if is_standardized else ""
    return lines(
        "def source_samples(count):",
        f'    """Random samples of the source{units}: (count, 1)."""',
        indented(draw(source.distribution)),
        f"    return {'((x - LOCATION) / SCALE)' if is_standardized else 'x'}[:, None]",
    )


def latents(experiment: Experiment) -> str:
    """The sampler of latents, or of the source."""
    latent = experiment.config.latent
    if isinstance(latent, Source):
        return source_samples(latent, experiment)
    is_normal, size = isinstance(latent, NormalPrior), f"count, {latent.dimension}"
    if isinstance(latent, UniformPrior) and latent.stratified:
        return lines(
            "def latents(count):",
            f'    """Random z between −1 and 1, one in each of `count` equal parts, in random order: ({size})."""',
            f"    part = torch.rand({size}).argsort(dim=0)",
            f"    return 2 * (part + torch.rand({size})) / count - 1",
        )
    return lines(
        "def latents(count):",
        f'    """Random z, {"standard normal" if is_normal else "uniform between −1 and 1"}: ({size})."""',
        f"    return torch.randn({size})" if is_normal else f"    return 2 * torch.rand({size}) - 1",
    )


def labelled_latents(experiment: Experiment) -> str:
    """The sampler of latents with labels; empty without labels."""
    if not experiment.classes:
        return ""
    return lines(
        "def labelled_latents(count):",
        f'    """Random z with random labels: (count, {experiment.config.latent.dimension} + {experiment.classes})."""',
        f"    share = torch.tensor({list_of(experiment.class_weights, 4)})",
        "    label = torch.multinomial(share, count, replacement=True)",
        "    return torch.cat([latents(count), F.one_hot(label, CLASSES)], dim=1)",
    )


def coded_latents(experiment: Experiment) -> str:
    """The sampler of latents with codes; empty without a code."""
    latent, code = experiment.config.latent, experiment.config.code
    if isinstance(code, NoCode):
        return ""
    words, drawn = "a number from −1 to 1", "2 * torch.rand(count, CODE) - 1"
    if isinstance(code, CategoricalCode):
        words, drawn = f"{code.values} values, one-hot", "F.one_hot(torch.randint(CODE, (count,)), CODE)"
    return lines(
        "def coded_latents(count):",
        f'    """Random z with a random code, {words}: (count, {latent.dimension} + CODE)."""',
        f"    return torch.cat([latents(count), {drawn}], dim=1)",
    )


def instance_noise(experiment: Experiment) -> str:
    """The sampler of instance noise; empty without it."""
    noise = experiment.config.instance_noise
    if not experiment.is_noisy:
        return ""
    return lines(
        "def instance_noise(step, *shape):",
        '    """Fading noise for D\'s inputs (Sønderby et al. 2017, arXiv:1610.04490, section 3)."""',
        f"    return {number(noise.deviation)} * 0.5 ** (step / {number(noise.half_life)}) * torch.randn(shape)",
    )


def distance(experiment: Experiment) -> str:
    """The estimate of the Wasserstein-1 distance, for the printed lines."""
    scale = " * SCALE" if experiment.config.standardize else ""
    return lines(
        "@torch.no_grad()",
        "def wasserstein1(generator, count=10_000):",
        '    """Estimate of the Wasserstein-1 distance: in one dimension, that of sorted samples."""',
        f"    fake, real = generator({experiment.latents}(count))[:, 0], real_samples(count)[:, 0]",
        f"    return (fake.sort().values - real.sort().values).abs().mean().item(){scale}",
    )
