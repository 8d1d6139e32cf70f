"""The section of a PyTorch program with the updates of both players."""

from gan1d.config.sections import NetworkConfig
from gan1d.engine.networks.discriminator_inputs import BatchDeviation, Pack
from gan1d.engine.networks.optimizers import OptimisticAdam
from gan1d.engine.networks.weight_constraints import SpectralNormalization, WeightClipping
from gan1d.engine.objectives.codes import NoCode
from gan1d.engine.objectives.gradient_penalties import R1, R1R2, R2, GradientPenalty
from gan1d.engine.objectives.unrolling import Unrolled
from gan1d.engine.training.code_head import HeadSettings, head_settings
from gan1d.exports.experiment import Experiment
from gan1d.exports.python_text import Section, definitions, indented, lines, number
from gan1d.exports.pytorch_optimizers import (
    NEGATIVE_MOMENTUM,
    OPTIMISTIC_ADAM,
    WEIGHT_DECAY,
    decays_apart,
    has_negative_momentum,
    optimizer,
)
from gan1d.exports.pytorch_translation import both_ways

HISTORICAL_AVERAGING = '''class HistoricalAveraging:
    """The penalty weight·‖θ − mean of all θ so far‖² on a network's parameters.

    Salimans et al. 2016, arXiv:1606.03498, section 3.3.
    """

    def __init__(self, network, weight):
        self.network, self.weight, self.count = network, weight, 0
        self.means = [0.0 for _ in network.parameters()]

    @torch.no_grad()
    def add_gradient(self):
        """Add the gradient of the penalty to that of the network."""
        self.count += 1
        for index, parameter in enumerate(self.network.parameters()):
            self.means[index] = self.means[index] + (parameter - self.means[index]) / self.count
            parameter.grad += 2 * self.weight * (parameter - self.means[index])'''


def update_section(experiment: Experiment) -> Section:
    """The section with the class of the game."""
    config = experiment.config
    players = config.generator, config.discriminator
    is_translation = experiment.is_translation
    about = "A map and its discriminator" if is_translation else "Both networks"
    inside = [
        f'"""{about} with their optimizers; losses are returned as they were before the update."""',
        constructor(experiment),
        labelled_fakes(experiment),
        update_discriminator(experiment),
        unrolled_scores(experiment),
        update_generator(experiment),
        step_of_map(experiment),
    ]
    code = definitions(
        HISTORICAL_AVERAGING if any(player.historical_averaging for player in players) else "",
        WEIGHT_DECAY if any(map(decays_apart, players)) else "",
        NEGATIVE_MOMENTUM if any(map(has_negative_momentum, players)) else "",
        OPTIMISTIC_ADAM if any(isinstance(player.optimizer, OptimisticAdam) for player in players) else "",
        lines(f"class {'Way' if is_translation else 'GAN'}:", indented("\n\n".join(part for part in inside if part))),
        both_ways(experiment),
    )
    players_in_turn = "both discriminators and then both maps" if is_translation else "D and then G"
    text = (
        f"Each step updates {players_in_turn} (Goodfellow et al. 2014, algorithm 1). All random numbers are arguments, "
        "so the same batches give the same losses."
    )
    return Section(title="Updates", text=text, code=code)


def constructor(experiment: Experiment) -> str:
    """The method `__init__` of the game."""
    config = experiment.config
    players: dict[str, NetworkConfig | HeadSettings] = {
        "generator": config.generator, "discriminator": config.discriminator,
        **({"code_reader": head_settings(config)} if experiment.has_code else {}),
    }  # fmt: skip
    weights = {name: f"{name}_weights" if experiment.is_translation else "" for name in players}
    body = [f"self.{name} = make_{name}({weights[name]}).to(dtype)" for name in players]
    body += [f"self.optimizer_{name[0]} = {optimizer(name, player)}" for name, player in players.items()]
    body += [
        f"self.schedule_{name[0]} = torch.optim.lr_scheduler.LambdaLR(self.optimizer_{name[0]}, "
        f"lambda t: 1 / (1 + t / {player.rate_half_life}))"
        for name, player in players.items()
        if player.rate_half_life
    ]
    body += [
        f"self.history_{name[0]} = HistoricalAveraging(self.{name}, {number(player.historical_averaging)})"
        for name, player in players.items()
        if player.historical_averaging
    ]
    if isinstance(experiment.constraint, SpectralNormalization):
        body.append(of_each_layer("start"))
    arguments = [*filter(None, weights.values()), "dtype" if experiment.is_translation else "dtype=torch.float32"]
    return lines(f"def __init__(self, {', '.join(arguments)}):", indented(lines(*body)))


def of_each_layer(method: str) -> str:
    """The lines that call a method of each layer of D."""
    return lines(
        "for layer in self.discriminator:",
        "    if isinstance(layer, SpectralLinear):",
        f"        layer.{method}()",
    )


def labelled_fakes(experiment: Experiment) -> str:
    """The method that makes fakes with their labels; empty without labels."""
    if not experiment.classes:
        return ""
    return '''def fakes(self, z):
    """Samples of G with the labels of their latents."""
    return torch.cat([self.generator(z), z[:, -CLASSES:]], dim=1)'''


def arranged(experiment: Experiment, name: str) -> str:
    """D's inputs for some samples, as an expression."""
    match experiment.config.discriminator.view:
        case Pack():
            return f"in_packs({name})"
        case BatchDeviation():
            return f"with_deviation({name})"
        case _:
            return name


def noisy(experiment: Experiment, name: str, noise: str) -> str:
    """Samples with instance noise, as an expression; the labels behind a sample get none."""
    return f"{name} + F.pad({noise}, (0, CLASSES))" if experiment.classes else f"{name} + {noise}"


def update_discriminator(experiment: Experiment) -> str:
    """The method that updates D."""
    is_noisy = experiment.is_noisy
    mixes = any(isinstance(penalty, GradientPenalty) for penalty in experiment.penalties)
    arguments = ["self", "real", "z", *(["noise"] if is_noisy else []), *(["share"] if mixes else [])]
    latent = "torch.cat([z, real[:, 1:]], dim=1)" if experiment.classes else "z"
    fakes = "self.fakes" if experiment.classes else "self.generator"
    noise = [
        f"real, fake = {noisy(experiment, 'real', 'noise[0]')}, {noisy(experiment, 'fake', 'noise[1]')}"
    ] if is_noisy else []  # fmt: skip
    items = [f"real, fake = {arranged(experiment, 'real')}, {arranged(experiment, 'fake')}"]
    without = ", without the penalty" if experiment.penalties else ""
    body = [
        f'"""One update of D on reals and fakes. Returns L_D{without}."""',
        f"fake = {fakes}({latent}).detach()",
        *noise,
        *(items if arranged(experiment, "real") != "real" else []),
        "loss = discriminator_loss(self.discriminator(real), self.discriminator(fake))",
        *step("discriminator", experiment.config.discriminator, " + ".join(["loss", *penalty_calls(experiment)])),
        *constraint_calls(experiment),
        "return loss.item()",
    ]
    return lines(f"def update_discriminator({', '.join(arguments)}):", indented(lines(*body)))


def penalty_calls(experiment: Experiment) -> list[str]:
    """Each penalty as an expression."""
    calls = []
    for penalty in experiment.penalties:
        match penalty:
            case R1():
                calls.append("r1_penalty(self.discriminator, real)")
            case R2():
                calls.append("r2_penalty(self.discriminator, fake)")
            case R1R2():
                calls.append("r1_r2_penalty(self.discriminator, real, fake)")
            case GradientPenalty():
                calls.append("gradient_penalty(self.discriminator, real, fake, share)")
    return calls


def step(name: str, player: NetworkConfig | HeadSettings, objective: str) -> list[str]:
    """The lines from a player's objective to its new weights."""
    return [
        f"self.optimizer_{name[0]}.zero_grad()",
        f"({objective}).backward()" if " " in objective else f"{objective}.backward()",
        *new_weights(name, player),
    ]


def new_weights(name: str, player: NetworkConfig | HeadSettings) -> list[str]:
    """The lines from a player's gradient to its new weights."""
    share = player.optimizer.learning_rate * player.weight_decay
    return [
        f"self.history_{name[0]}.add_gradient()" if player.historical_averaging else "",
        f"decay_weights(self.{name}, {number(min(share, 1.0))})" if decays_apart(player) else "",
        f"self.optimizer_{name[0]}.step()",
        f"self.schedule_{name[0]}.step()" if player.rate_half_life else "",
    ]


def constraint_calls(experiment: Experiment) -> list[str]:
    """The lines that keep the constraint on D's weights after an update."""
    match experiment.constraint:
        case WeightClipping(limit=limit):
            return [
                "with torch.no_grad():",
                "    for parameter in self.discriminator.parameters():",
                f"        parameter.clamp_(-{number(limit)}, {number(limit)})",
            ]
        case SpectralNormalization():
            return [of_each_layer("power_iteration")]
        case _:
            return []


def unrolled_scores(experiment: Experiment) -> str:
    """The method that scores fakes after D's lookahead; empty without one."""
    spec = experiment.config.generator.lookahead
    if not isinstance(spec, Unrolled):
        return ""
    fake = "fake" if spec.full else "fake.detach()"
    through = "G also learns how its fakes change D." if spec.full else "The fakes are constants in the updates of D."
    updates = f"{spec.steps} more updates" if spec.steps > 1 else "one more update"
    return f'''def scores_ahead(self, real, fake):
    """Scores of fakes by D after {updates} by gradient descent (Metz et al. 2017, arXiv:1611.02163).

    {through}
    """

    def score(weights, samples):
        return torch.func.functional_call(self.discriminator, weights, (samples,))

    weights = dict(self.discriminator.named_parameters())
    for _ in range({spec.steps}):
        loss = discriminator_loss(score(weights, real), score(weights, {fake}))
        gradients = torch.autograd.grad(loss, list(weights.values()), create_graph=True)
        pairs = zip(weights.items(), gradients, strict=True)
        weights = {{name: weight - {number(spec.learning_rate)} * gradient for (name, weight), gradient in pairs}}
    return score(weights, fake)'''


def input_lines(experiment: Experiment, batches: list[str]) -> list[str]:
    """Lines that make D's inputs from batches of samples, where these are not the samples themselves."""
    inputs = []
    for index, name in enumerate(batches):
        noise = f"noise[{index}]" if len(batches) > 1 else "noise"
        blurred = noisy(experiment, name, noise) if experiment.is_noisy else name
        if (items := arranged(experiment, blurred)) != name:
            inputs.append(f"{name} = {items}")
    return inputs


def update_generator(experiment: Experiment) -> str:
    """The method that updates G."""
    generator, reals = experiment.config.generator, experiment.reals_of_generator
    fakes = "self.fakes" if experiment.classes else "self.generator"
    arguments = ["self", "z", *reals, *(["noise"] if experiment.is_noisy else [])]
    ahead = isinstance(generator.lookahead, Unrolled)
    scores = "self.scores_ahead(real_ahead, fake)" if ahead else "self.discriminator(fake)"
    if experiment.config.loss.is_paired:
        scores += ", self.discriminator(real_paired)"
    matches = generator.feature_matching > 0
    matching = [
        "features = self.discriminator[:-1]  # up to the last hidden layer",
        "distance = (features(real).mean(dim=0) - features(fake).mean(dim=0)).square().sum()",
    ]
    objective = ["loss"]
    if matches:
        objective.append(f"{number(generator.feature_matching)} * distance")
    reading = []
    if not isinstance(code := experiment.config.code, NoCode):
        objective.append(f"{number(code.weight)} * code_loss(self.code_reader(units), code)")
        reading = step(
            "code_reader", head_settings(experiment.config), "code_loss(self.code_reader(units.detach()), code)"
        )
    without = ", without the other terms of its objective" if len(objective) > 1 else ""
    is_translation, total = experiment.is_translation, " + ".join(objective)
    about = f"One update of G{' and of Q' if reading else ''}, with D fixed. Returns L_G{without}."
    body = [
        f'"""{"L_G, and all that this map minimizes by itself." if is_translation else about}"""',
        f"fake = {fakes}(z)",
        *input_lines(experiment, ["fake", *reals]),
        f"loss = generator_loss({scores})",
        "# Feature matching (Salimans et al. 2016, arXiv:1606.03498, section 3.1)." if matches else "",
        *(matching if matches else []),
        "units, code = self.discriminator[:-1](fake), z[:, -CODE:]" if reading else "",
        *([] if is_translation else step("generator", generator, total)),
        *reading,
        f"return loss, {total}" if is_translation else "return loss.item()",
    ]
    name = "generator_objective" if is_translation else "update_generator"
    return lines(f"def {name}({', '.join(arguments)}):", indented(lines(*body)))


def step_of_map(experiment: Experiment) -> str:
    """The method that ends an update of the map of one way; empty without a source."""
    if not experiment.is_translation:
        return ""
    return lines(
        "def step_generator(self):",
        '    """New weights of this map, once the gradients of both ways are there."""',
        indented(lines(*new_weights("generator", experiment.config.generator))),
    )
