"""The section of a PyTorch program that builds both networks with their initial weights."""

from itertools import pairwise

from gan1d.config.sections import NetworkConfig
from gan1d.engine.networks.activations import Activation, LeakyReLU, ReLU, Sine, Softplus, Tanh
from gan1d.engine.networks.discriminator_inputs import BatchDeviation, DiscriminatorView, Pack
from gan1d.engine.networks.weight_constraints import MIN_SPECTRAL_NORM, SpectralNormalization
from gan1d.engine.objectives.codes import NoCode
from gan1d.exports.experiment import Experiment
from gan1d.exports.python_text import Section, definitions, indented, lines, list_of, number

SINE_CLASS = '''class Sine(nn.Module):
    """Sine as activation function (Sitzmann et al. 2020, arXiv:2006.09661)."""

    def forward(self, x):
        return torch.sin(x)'''

SCALE_CLASS = '''class Scale(nn.Module):
    """Multiplies its input by a factor."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x'''

SPECTRAL_LINEAR_CLASS = '''class SpectralLinear(nn.Linear):
    """Linear layer with weights LIMIT·W/σ, where σ is the spectral norm of W.

    Miyato et al. 2018, arXiv:1802.05957, algorithm 1, with one power iteration after each update.
    """

    def start(self):
        """Compute the direction that W stretches most; later the power iterations follow it."""
        self.register_buffer("direction", torch.linalg.svd(self.weight.detach()).Vh[0])

    @torch.no_grad()
    def power_iteration(self):
        left = F.normalize(self.weight @ self.direction, dim=0)
        self.direction = F.normalize(self.weight.T @ left, dim=0)

    def forward(self, x):
        sigma = (self.weight @ self.direction).norm().clamp(min={least})
        return F.linear(x, {limit} * self.weight / sigma, self.bias)'''


def network_section(experiment: Experiment) -> Section:
    """The section with both networks."""
    config = experiment.config
    spectral = experiment.constraint if isinstance(experiment.constraint, SpectralNormalization) else None
    players = (config.generator, config.discriminator)
    words = [
        f"{'All four' if experiment.is_translation else 'Both'} networks are multilayer perceptrons. "
        "The last layer of D gives a score, without a sigmoid."
    ]
    if spectral is not None:
        words.append("Every layer of D is divided by its spectral norm, so that D cannot get steep.")
    if experiment.has_code:
        words.append(
            "Q, one layer on the last hidden layer of D, reads the code back from each fake "
            "(InfoGAN: Chen et al. 2016, arXiv:1606.03657)."
        )
    code = definitions(
        SINE_CLASS if any(isinstance(player.activation, Sine) for player in players) else "",
        SCALE_CLASS if any(player.input_scale != 1 for player in players) else "",
        SPECTRAL_LINEAR_CLASS.format(least=number(MIN_SPECTRAL_NORM), limit=number(spectral.limit)) if spectral else "",
        view_code(config.discriminator.view, has_labels=experiment.classes > 0),
        make_network(
            "generator",
            config.generator,
            experiment.generator_inputs,
            generator_words(experiment),
            weights=weights_of("generator", experiment),
        ),
        make_network(
            "discriminator",
            config.discriminator,
            experiment.discriminator_inputs,
            f"D: inputs (count, {experiment.discriminator_inputs}) → scores (count, 1).",
            weights=weights_of("discriminator", experiment),
            is_spectral=spectral is not None,
        ),
        make_code_reader(experiment),
    )
    return Section(title="Networks", text=" ".join(words), code=code)


def generator_words(experiment: Experiment) -> str:
    """The inputs and outputs of G in words."""
    if experiment.is_translation:
        return "G or F: samples (count, 1) → translations (count, 1)."
    latent = experiment.latents.replace("_", " ")
    return f"G: {latent} (count, {experiment.generator_inputs}) → fakes (count, 1)."


def weights_of(name: str, experiment: Experiment) -> str:
    """The initial weights of a network as an expression; an argument where there are two of each network."""
    return "weights" if experiment.is_translation else f"{name.upper()}_WEIGHTS"


def make_network(
    name: str, player: NetworkConfig, inputs: int, words: str, *, weights: str, is_spectral: bool = False
) -> str:
    """The function that makes one network."""
    sizes, layer = (inputs, *player.hidden, 1), "SpectralLinear" if is_spectral else "nn.Linear"
    modules = [f"Scale({number(player.input_scale)})"] if player.input_scale != 1 else []
    for depth, (before, after) in enumerate(pairwise(sizes)):
        modules.append(f"{layer}({before}, {after})")
        if depth < len(player.hidden):
            modules.append(module_of(player.activation))
    body = lines(
        f'"""{words}"""',
        "network = nn.Sequential(",
        *(f"    {module}," for module in modules),
        ")",
        f"nn.utils.vector_to_parameters(torch.tensor({weights}), network.parameters())",
        "return network",
    )
    return lines(f"def make_{name}({weights if weights == 'weights' else ''}):", indented(body))


def make_code_reader(experiment: Experiment) -> str:
    """The function that makes Q; empty without a code."""
    code = experiment.config.code
    if isinstance(code, NoCode):
        return ""
    units = (experiment.discriminator_inputs, *experiment.config.discriminator.hidden)[-1]
    return lines(
        "def make_code_reader():",
        f'    """Q: units of the last hidden layer of D (count, {units}) → outputs (count, {code.outputs})."""',
        f"    layer = nn.Linear({units}, {code.outputs})",
        "    nn.init.zeros_(layer.weight)",
        "    nn.init.zeros_(layer.bias)",
        "    return layer",
    )


def module_of(activation: Activation) -> str:
    """The module of an activation function."""
    match activation:
        case ReLU():
            return "nn.ReLU()"
        case LeakyReLU():
            return f"nn.LeakyReLU({number(activation.negative_slope)})"
        case Softplus():
            return "nn.Softplus()"
        case Tanh():
            return "nn.Tanh()"
        case Sine():
            return "Sine()"


def view_code(view: DiscriminatorView, *, has_labels: bool) -> str:
    """The function that arranges samples as D's inputs; empty if D judges single samples."""
    match view:
        case Pack() if has_labels:
            return '''def in_packs(rows):
    """Labelled samples as packs: the samples of a pack lie a batch apart, and its labels follow them."""
    packs = rows.reshape(PACK, -1, 1 + CLASSES)
    return torch.cat([packs[:, :, 0].T, packs[:, :, 1:].permute(1, 2, 0).flatten(1)], dim=1)'''
        case Pack():
            return '''def in_packs(samples):
    """Samples as packs, (count, PACK); the samples of a pack lie a batch apart (Lin et al. 2018, arXiv:1712.04086)."""
    return samples.reshape(PACK, -1).T'''
        case BatchDeviation():
            tail = ", rows[:, 1:]" if has_labels else ""
            return f'''def with_deviation(rows):
    """Each sample with the deviation of its batch (Karras et al. 2018, arXiv:1710.10196, section 3)."""
    samples = rows[:, :1]
    deviation = torch.sqrt(samples.var(unbiased=False) + {number(view.eps)})
    return torch.cat([samples, deviation.expand_as(samples){tail}], dim=1)'''
        case _:
            return ""


def weight_section(experiment: Experiment) -> Section:
    """The section with the initial weights as numbers."""
    weights = experiment.initial_weights
    return Section(
        title="Initial weights",
        text=f"The weights that gan1d draws with seed {experiment.config.seed}: layer by layer, its weights row by row "
        "and then its biases.",
        code="\n".join(f"{name.upper()}_WEIGHTS = {list_of(values)}" for name, values in weights.items()),
    )
