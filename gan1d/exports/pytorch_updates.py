"""The sections of a PyTorch program with the updates of both players, and with the training loop."""

from gan1d.config.sections import NetworkConfig
from gan1d.engine.networks.discriminator_inputs import BatchDeviation, Pack
from gan1d.engine.networks.optimizers import SGD, Adam, Momentum, OptimisticAdam, RMSProp
from gan1d.engine.networks.weight_constraints import SpectralNormalization, WeightClipping
from gan1d.engine.objectives.gradient_penalties import R1, R1R2, R2, GradientPenalty
from gan1d.engine.objectives.unrolling import Unrolled
from gan1d.exports.experiment import Experiment
from gan1d.exports.python_text import Section, definitions, indented, lines, number

PROGRAM_STEPS = 1000
"""Steps of a program."""
REPORT_EVERY = 100
"""Steps between two printed lines."""

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

DECAY = '''@torch.no_grad()
def decay_weights(network, share):
    """Decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101)."""
    for parameter in network.parameters():
        parameter *= 1 - share'''


NEGATIVE_MOMENTUM = '''class NegativeMomentum(torch.optim.Optimizer):
    """v ← μ·v + g, θ ← θ − lr·v for μ below 0, which torch.optim.SGD refuses (Gidel et al. 2019, arXiv:1807.04740)."""

    def __init__(self, parameters, lr, momentum):
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        """One update."""
        for group in self.param_groups:
            for parameter in group["params"]:
                state = self.state[parameter]
                state["velocity"] = group["momentum"] * state.get("velocity", 0.0) + parameter.grad
                parameter -= group["lr"] * state["velocity"]'''

OPTIMISTIC_ADAM = '''class OptimisticAdam(torch.optim.Optimizer):
    """θ ← θ − lr·(2·uₜ − uₜ₋₁), with uₜ the step of Adam at lr 1 (Daskalakis et al. 2018, arXiv:1711.00141)."""

    def __init__(self, parameters, lr, betas, eps):
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps, "count": 0})

    @torch.no_grad()
    def step(self):
        """One update."""
        for group in self.param_groups:
            (beta1, beta2), group["count"] = group["betas"], group["count"] + 1
            for parameter in group["params"]:
                state, gradient = self.state[parameter], parameter.grad
                state["mean"] = beta1 * state.get("mean", 0.0) + (1 - beta1) * gradient
                state["square"] = beta2 * state.get("square", 0.0) + (1 - beta2) * gradient.square()
                mean = state["mean"] / (1 - beta1 ** group["count"])
                square = state["square"] / (1 - beta2 ** group["count"])
                step = mean / (square.sqrt() + group["eps"])
                parameter -= group["lr"] * (2 * step - state.get("step", 0.0))
                state["step"] = step'''


def update_section(experiment: Experiment) -> Section:
    """The section with the class of the game."""
    config = experiment.config
    players = config.generator, config.discriminator
    inside = [
        '"""Both networks with their optimizers; losses are returned as they were before the update."""',
        constructor(experiment),
        labelled_fakes(experiment),
        update_discriminator(experiment),
        unrolled_scores(experiment),
        update_generator(experiment),
    ]
    code = definitions(
        HISTORICAL_AVERAGING if any(player.historical_averaging for player in players) else "",
        DECAY if any(map(decays_apart, players)) else "",
        NEGATIVE_MOMENTUM if any(map(has_negative_momentum, players)) else "",
        OPTIMISTIC_ADAM if any(isinstance(player.optimizer, OptimisticAdam) for player in players) else "",
        lines("class GAN:", indented("\n\n".join(part for part in inside if part))),
    )
    text = (
        "Each step updates D and then G (Goodfellow et al. 2014, algorithm 1). All random numbers are arguments, so "
        "the same batches give the same losses."
    )
    return Section(title="Updates", text=text, code=code)


def constructor(experiment: Experiment) -> str:
    """The method `__init__` of the game."""
    config = experiment.config
    players = {"generator": config.generator, "discriminator": config.discriminator}
    body = [f"self.{name} = make_{name}().to(dtype)" for name in players]
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
    return lines("def __init__(self, dtype=torch.float32):", indented(lines(*body)))


def of_each_layer(method: str) -> str:
    """The lines that call a method of each layer of D."""
    return lines(
        "for layer in self.discriminator:",
        "    if isinstance(layer, SpectralLinear):",
        f"        layer.{method}()",
    )


def decays_apart(player: NetworkConfig) -> bool:
    """Whether the weight decay of a player, which keeps the whole rate, is not part of its optimizer in PyTorch."""
    share = player.optimizer.learning_rate * player.weight_decay
    return share > 0 and (share > 1 or player.rate_half_life > 0 or not isinstance(player.optimizer, SGD | Adam))


def has_negative_momentum(player: NetworkConfig) -> bool:
    """Whether the momentum of a player is below 0."""
    return isinstance(player.optimizer, Momentum) and player.optimizer.momentum < 0


def optimizer(name: str, player: NetworkConfig) -> str:
    """The optimizer of a player as an expression."""
    spec, decay = player.optimizer, 0.0 if decays_apart(player) else player.weight_decay
    first = f"self.{name}.parameters(), lr={number(spec.learning_rate)}"
    weight_decay = f", weight_decay={number(decay)}" if decay else ""
    match spec:
        case SGD():
            return f"torch.optim.SGD({first}{weight_decay})"
        case Momentum() if has_negative_momentum(player):
            return f"NegativeMomentum({first}, momentum={number(spec.momentum)})"
        case Momentum():
            return f"torch.optim.SGD({first}, momentum={number(spec.momentum)})"
        case RMSProp():
            return f"torch.optim.RMSprop({first}, alpha={number(spec.decay)}, eps={number(spec.eps)})"
        case Adam():
            betas = f"betas=({number(spec.beta1)}, {number(spec.beta2)})"
            return f"torch.optim.Adam{'W' if decay else ''}({first}, {betas}, eps={number(spec.eps)}{weight_decay})"
        case OptimisticAdam():
            return (
                f"OptimisticAdam({first}, betas=({number(spec.beta1)}, {number(spec.beta2)}), eps={number(spec.eps)})"
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


def step(name: str, player: NetworkConfig, objective: str) -> list[str]:
    """The lines from a player's objective to its new weights."""
    share = player.optimizer.learning_rate * player.weight_decay
    return [
        f"self.optimizer_{name[0]}.zero_grad()",
        f"({objective}).backward()" if " " in objective else f"{objective}.backward()",
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


def update_generator(experiment: Experiment) -> str:
    """The method that updates G."""
    generator, reals = experiment.config.generator, experiment.reals_of_generator
    fakes = "self.fakes" if experiment.classes else "self.generator"
    arguments = ["self", "z", *reals, *(["noise"] if experiment.is_noisy else [])]
    batches, inputs = ["fake", *reals], []
    for index, name in enumerate(batches):
        blurred = noisy(experiment, name, f"noise[{index}]" if reals else "noise") if experiment.is_noisy else name
        if (items := arranged(experiment, blurred)) != name:
            inputs.append(f"{name} = {items}")
    ahead = isinstance(generator.lookahead, Unrolled)
    scores = "self.scores_ahead(real_ahead, fake)" if ahead else "self.discriminator(fake)"
    matches = generator.feature_matching > 0
    matching = [
        "features = self.discriminator[:-1]  # up to the last hidden layer",
        "distance = (features(real).mean(dim=0) - features(fake).mean(dim=0)).square().sum()",
    ]
    without = ", without the distance of the features" if matches else ""
    body = [
        f'"""One update of G, with D fixed. Returns L_G{without}."""',
        f"fake = {fakes}(z)",
        *inputs,
        f"loss = generator_loss({scores})",
        "# Feature matching (Salimans et al. 2016, arXiv:1606.03498, section 3.1)." if matches else "",
        *(matching if matches else []),
        *step("generator", generator, f"loss + {number(generator.feature_matching)} * distance" if matches else "loss"),
        "return loss.item()",
    ]
    return lines(f"def update_generator({', '.join(arguments)}):", indented(lines(*body)))


def training_section(experiment: Experiment) -> Section:
    """The section with the training loop."""
    config, samples, is_noisy = experiment.config, experiment.samples, experiment.is_noisy
    mixes = any(isinstance(penalty, GradientPenalty) for penalty in experiment.penalties)
    reals = experiment.reals_of_generator
    drawn = f"real_samples({samples})"
    z = f"{'labelled_latents' if experiment.classes else 'latents'}({samples})"
    both = f", {1 + len(reals)}" if reals else ""
    for_d = [
        drawn,
        f"latents({samples})",
        *([f"instance_noise(step, 2, {samples}, 1)"] if is_noisy else []),
        *(["torch.rand(BATCH, 1)"] if mixes else []),
    ]
    for_g = [z, *(drawn for _ in reals), *([f"instance_noise(step{both}, {samples}, 1)"] if is_noisy else [])]
    body = [
        "gan = GAN()",
        "for step in range(steps):",
        *indented(repeated("loss_d", "discriminator", for_d, config.discriminator_steps)).splitlines(),
        *indented(repeated("loss_g", "generator", for_g, config.generator_steps)).splitlines(),
        f"    if (step + 1) % {REPORT_EVERY} == 0:",
        "        distance = wasserstein1(gan.generator)",
        '        print(f"step {step + 1}: L_D {loss_d:.4f}, L_G {loss_g:.4f}, Wasserstein-1 {distance:.4f}")',
        "return gan",
    ]
    text = (
        "The batches are drawn by PyTorch: the run begins like that of gan1d and then takes a course of its own, as "
        "with another seed."
    )
    return Section(
        title="Training", text=text, code=lines(f"def train(steps={PROGRAM_STEPS}):", indented(lines(*body)))
    )


def repeated(loss: str, player: str, arguments: list[str], count: int) -> str:
    """The lines that update one player `count` times."""
    call = f"{loss} = gan.update_{player}({', '.join(arguments)})"
    if len(call) > 84:
        inside = "".join(f"    {argument},\n" for argument in arguments)
        call = f"{loss} = gan.update_{player}(\n{inside})"
    return lines(f"for _ in range({count}):", indented(call)) if count > 1 else call
