"""A training step in PyTorch, from the networks and batches of a trainer.

It is written as a PyTorch user would write it: `nn.Linear`, `torch.optim`, autograd, and second derivatives by
`create_graph` for the penalty. It shares no mathematics with the engine. All of it stands in one file, so that it can
be read as one independent opinion.
"""

from typing import Any

import numpy as np
import pytest

from gan1d.engine.networks.discriminator_inputs import BatchDeviation, OneSample, Pack
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.networks.optimizers import SGD, Adam, Momentum, OptimisticAdam, RMSProp
from gan1d.engine.objectives.codes import CategoricalCode, ContinuousCode, NoCode
from gan1d.engine.objectives.critics import Critic, Wasserstein
from gan1d.engine.objectives.gradient_penalties import R1, R1R2, R2, GradientPenalty, NoPenalty
from gan1d.engine.objectives.losses import CrossEntropy, Hinge, LeastSquares, Minimax, NonSaturating
from gan1d.engine.objectives.relativistic import RelativisticPairing
from gan1d.engine.objectives.unrolling import Unrolled
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.update_order import Alternating, Extragradient, UpdateOrder
from tests.feeds import upcoming, way_back_of

torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed")
torch.set_num_threads(1)  # for batches of seven, waiting for other threads takes longer than the arithmetic

ACTIVATIONS = {
    "relu": lambda spec: torch.nn.ReLU(),
    "leaky_relu": lambda spec: torch.nn.LeakyReLU(spec.negative_slope),
    "softplus": lambda spec: torch.nn.Softplus(),
    "tanh": lambda spec: torch.nn.Tanh(),
    "sine": lambda spec: Sine(),
}


class Sine(torch.nn.Module):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        return torch.sin(x)


class Scaled(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Any) -> Any:
        return self.factor * x


def network_like(network: MLP) -> Any:
    """The network in PyTorch, with weights and biases copied from the engine."""
    modules: list[Any] = [Scaled(network.input_scale)]
    for index, layer in enumerate(network.layers):
        rows, columns = layer.shape
        linear = torch.nn.Linear(rows - 1, columns, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(layer[:-1].T.copy()))
            linear.bias.copy_(torch.tensor(layer[-1].copy()))
        modules.append(linear)
        if index < len(network.layers) - 1:
            modules.append(ACTIVATIONS[network.activation.kind](network.activation))
    return torch.nn.Sequential(*modules)


def parameters_of(network: Any) -> Any:
    """Parameters in the engine's order: layer by layer, weights as (inputs, outputs), then biases."""
    parts = []
    for module in network:
        if isinstance(module, torch.nn.Linear):
            parts += [module.weight.detach().numpy().T.ravel(), module.bias.detach().numpy()]
    return np.concatenate(parts)


def optimizer_like(spec: Any, network: Any, weight_decay: float = 0.0) -> Any:
    rate = spec.learning_rate
    match spec:
        case Adam() if weight_decay:
            betas = (spec.beta1, spec.beta2)
            return torch.optim.AdamW(network.parameters(), rate, betas, spec.eps, weight_decay=weight_decay)
        case SGD():
            return torch.optim.SGD(network.parameters(), lr=rate, weight_decay=weight_decay)
        case Momentum() if spec.momentum < 0:
            return TorchMomentum(network, spec)
        case OptimisticAdam():
            return TorchOptimisticAdam(network.parameters(), lr=rate, betas=(spec.beta1, spec.beta2), eps=spec.eps)
        case Momentum():
            return torch.optim.SGD(network.parameters(), lr=rate, momentum=spec.momentum)
        case RMSProp():
            return torch.optim.RMSprop(network.parameters(), lr=rate, alpha=spec.decay, eps=spec.eps)
        case Adam():
            return torch.optim.Adam(network.parameters(), lr=rate, betas=(spec.beta1, spec.beta2), eps=spec.eps)
    raise AssertionError(f"{spec} has no PyTorch equivalent here")


class TorchMomentum(torch.optim.Optimizer):  # type: ignore[misc]
    """Momentum that may be negative, which `torch.optim.SGD` refuses."""

    def __init__(self, network: Any, spec: Momentum) -> None:
        super().__init__(network.parameters(), {})
        self.spec = spec

    @torch.no_grad()  # type: ignore[misc]
    def step(self) -> None:
        for parameter in self.param_groups[0]["params"]:
            state = self.state[parameter]
            state["velocity"] = self.spec.momentum * state.get("velocity", 0.0) + parameter.grad
            parameter.sub_(self.spec.learning_rate * state["velocity"])


class TorchOptimisticAdam(torch.optim.Adam):  # type: ignore[misc]
    """Optimistic Adam around PyTorch's own: θ − (2·change − last change), from the change that Adam makes."""

    @torch.no_grad()  # type: ignore[misc]
    def step(self) -> None:
        parameters = self.param_groups[0]["params"]
        before = [parameter.clone() for parameter in parameters]
        super().step()
        for parameter, start in zip(parameters, before, strict=True):
            change, state = parameter - start, self.state[parameter]
            parameter.copy_(start + 2 * change - state.get("last_change", 0.0))
            state["last_change"] = change


class HistoricalAverage:
    """All past parameters of a network."""

    def __init__(self, network: Any) -> None:
        self.network, self.all = network, []

    def add_gradient(self, weight: float) -> None:
        """Add the gradient of weight·‖θ − mean of all θ so far‖² to that of the network."""
        if not weight:
            return
        self.all.append([parameter.detach().clone() for parameter in self.network.parameters()])
        means = [torch.stack(values).mean(dim=0) for values in zip(*self.all, strict=True)]
        for parameter, mean in zip(self.network.parameters(), means, strict=True):
            term = weight * (parameter - mean).square().sum()
            parameter.grad += torch.autograd.grad(term, parameter)[0]


class Reference:
    """The game of Goodfellow et al. 2014, algorithm 1, in PyTorch."""

    def __init__(self, trainer: Trainer) -> None:
        self.config: Any = trainer.config
        self.generator = network_like(trainer.generator)
        self.discriminator = network_like(trainer.discriminator)
        self.optimizer_g = optimizer_like(
            self.config.generator.optimizer, self.generator, self.config.generator.weight_decay
        )
        self.optimizer_d = optimizer_like(
            self.config.discriminator.optimizer, self.discriminator, self.config.discriminator.weight_decay
        )
        if trainer.code_head is not None:
            self.head = network_like(trainer.code_head)
            self.optimizer_q = optimizer_like(self.config.discriminator.optimizer, self.head)
        self.batches = upcoming(trainer)
        self.average = parameters_of(self.generator)
        self.steps = 0
        self.history_d, self.history_g = HistoricalAverage(self.discriminator), HistoricalAverage(self.generator)
        self.noise: Any = None
        self.loss_d = self.loss_g = self.norm_d = self.norm_g = float("nan")

    def step(self) -> None:
        count_d, count_g = self.config.discriminator_steps, self.config.generator_steps
        match self.config.update_order:
            case Alternating():
                for _ in range(count_d):
                    self.discriminator_gradient()
                    self.update_discriminator()
                for _ in range(count_g):
                    self.generator_gradient()
                    self.update_generator()
            case order:
                for left in range(max(count_d, count_g), 0, -1):
                    self.update_jointly(order, left <= count_d, left <= count_g)
        self.steps += 1

    def update_jointly(self, order: UpdateOrder, moves_d: bool, moves_g: bool) -> None:
        """One update of both players, or of one alone; with extragradient, with the gradients after one on trial."""
        starts = {}
        for is_trial in (True, False) if isinstance(order, Extragradient) else (False,):
            # G first, as its gradient passes through D and leaves one there.
            if moves_g:
                self.generator_gradient()
            if moves_d:
                self.discriminator_gradient()
            with torch.no_grad():
                for parameter in [*self.discriminator.parameters(), *self.generator.parameters()]:
                    if is_trial:
                        starts[parameter] = parameter.clone()
                    elif parameter in starts:
                        parameter.copy_(starts[parameter])
            if moves_d:
                self.update_discriminator()
            if moves_g:
                self.update_generator(counts=not is_trial)

    def discriminator_gradient(self) -> None:
        reals, noise = (table(batch) for batch in self.batches.for_discriminator())
        real, labels = reals[:, :1], reals[:, 1:]
        fake = self.generator(torch.cat([noise, labels], dim=1)).detach()
        halves = self.blurred(torch.cat([real, fake]), self.batches.noise_d).chunk(2)
        real, fake = (self.items(half, labels) for half in halves)
        loss = discriminator_loss(self.config.loss, self.discriminator(real), self.discriminator(fake))
        self.loss_d = loss.item()
        for penalty in (self.config.penalty, self.config.loss.penalty):
            loss = loss + self.penalty_value(penalty, real, fake)
        self.optimizer_d.zero_grad()
        loss.backward()
        self.norm_d = norm_of(self.discriminator)

    def update_discriminator(self) -> None:
        self.history_d.add_gradient(self.config.discriminator.historical_averaging)
        self.optimizer_d.step()
        if isinstance(self.config.loss, Wasserstein):
            with torch.no_grad():
                for parameter in self.discriminator.parameters():
                    parameter.clamp_(-self.config.loss.clip, self.config.loss.clip)

    def items(self, samples: Any, labels: Any) -> Any:
        """D's inputs for samples and labels, `(items, inputs)`. Samples of one pack are a batch apart."""
        match self.config.discriminator.view:
            case OneSample():
                return torch.cat([samples, labels], dim=1)
            case Pack(size=size):
                item_labels = labels.reshape(size, len(labels) // size, labels.shape[1]).permute(1, 2, 0).flatten(1)
                return torch.cat([samples.reshape(size, -1).T, item_labels], dim=1)
            case BatchDeviation():
                deviation = torch.sqrt(samples.var(unbiased=False) + 1e-8)
                return torch.cat([samples, deviation.expand_as(samples), labels], dim=1)

    def reals_of_generator(self) -> Any:
        """D's inputs for the reals of G's update."""
        reals = table(self.batches.data_g.next())
        return self.items(self.blurred(reals[:, :1], self.batches.noise_data_g), reals[:, 1:])

    def blurred(self, samples: Any, feed: Any) -> Any:
        """Samples with instance noise, whose standard deviation halves every `half_life` steps."""
        noise = self.config.instance_noise
        if noise.deviation == 0:
            return samples
        return samples + noise.deviation * 2 ** (-self.steps / noise.half_life) * column(feed.next())

    def unrolled_loss(self, spec: Any, real: Any, fake: Any) -> Any:
        """L_G against D after some steps of gradient descent, with the graph of all of them."""
        parameters = dict(self.discriminator.named_parameters())
        for _ in range(spec.steps):
            used = fake if spec.full else fake.detach()
            scores = [torch.func.functional_call(self.discriminator, parameters, (x,)) for x in (real, used)]
            loss = discriminator_loss(self.config.loss, *scores)
            slopes = torch.autograd.grad(loss, list(parameters.values()), create_graph=True)
            parameters = {
                name: value - spec.learning_rate * slope
                for (name, value), slope in zip(parameters.items(), slopes, strict=True)
            }
        return generator_loss(self.config.loss, torch.func.functional_call(self.discriminator, parameters, (fake,)))

    def penalty_value(self, penalty: Any, real: Any, fake: Any) -> Any:
        """Value of a gradient penalty, differentiable by double backward."""
        match penalty:
            case NoPenalty():
                return 0.0
            case R1R2():
                halves = (R1(gamma=penalty.gamma), R2(gamma=penalty.gamma))
                return sum(self.penalty_value(half, real, fake) for half in halves)
            case R1():
                points = real
            case R2():
                points = fake
            case GradientPenalty():
                mix = column(self.batches.mixing())
                points = mix * real + (1 - mix) * fake
        view = self.config.discriminator.view
        samples, labels = points[:, : view.samples].clone().requires_grad_(), points[:, view.rows :]
        points = torch.cat([samples, labels], dim=1)
        if isinstance(view, BatchDeviation):
            # The deviation of the batch is a constant here: the slope is along the sample alone.
            points = torch.cat([samples, self.items(samples.detach(), labels)[:, 1:]], dim=1)
        (slopes,) = torch.autograd.grad(self.discriminator(points).sum(), samples, create_graph=True)
        if isinstance(penalty, GradientPenalty):
            return penalty.weight * ((slopes.norm(2, dim=1) - 1) ** 2).mean()
        return 0.5 * penalty.gamma * slopes.square().sum(dim=1).mean()

    def generator_gradient(self) -> None:
        noise = self.noise = table(self.batches.for_generator())
        below = noise[:, self.config.latent.dimension :]
        labels, code = below if self.config.conditional else below[:, :0], self.config.code
        fake = self.items(self.blurred(self.generator(noise), self.batches.noise_g), labels)
        lookahead, weight = self.config.generator.lookahead, self.config.generator.feature_matching
        if isinstance(lookahead, Unrolled):
            loss = self.unrolled_loss(lookahead, self.reals_of_generator(), fake)
        else:
            scores = self.discriminator(fake)
            if self.config.loss.is_paired:
                scores = scores - self.discriminator(self.reals_of_generator())
            loss = generator_loss(self.config.loss, scores)
        self.loss_g = loss.item()
        if weight:
            features = self.discriminator[:-1]
            real = self.reals_of_generator()
            loss = loss + weight * (features(real).mean(dim=0) - features(fake).mean(dim=0)).square().sum()
        self.optimizer_g.zero_grad()
        if isinstance(code, NoCode):
            loss.backward()
        else:
            information = log_density(code, self.head(self.discriminator[:-1](fake)), below).mean()
            self.optimizer_q.zero_grad()
            (loss - code.weight * information).backward(retain_graph=True, inputs=list(self.generator.parameters()))
            (-information).backward(inputs=list(self.head.parameters()))
            self.optimizer_q.step()
        self.norm_g = norm_of(self.generator)

    def update_generator(self, *, counts: bool = True) -> None:
        """Update G, and its average unless the update is one on trial."""
        self.history_g.add_gradient(self.config.generator.historical_averaging)
        self.optimizer_g.step()
        decay = self.config.generator.ema_decay if counts else 1.0
        self.average = decay * self.average + (1 - decay) * parameters_of(self.generator)


class TranslationReference:
    """CycleGAN in PyTorch: two games, whose maps share the cycle and identity losses (Zhu et al. 2017)."""

    def __init__(self, trainer: Trainer) -> None:
        self.there, self.back = Reference(trainer), Reference(way_back_of(trainer))
        self.ways, self.source = (self.there, self.back), trainer.config.latent
        self.config: Any = trainer.config
        self.norm_d = self.norm_g = float("nan")

    def step(self) -> None:
        count_d, count_g = self.config.discriminator_steps, self.config.generator_steps
        if not self.config.update_order.is_joint:
            for moves_d in [True] * count_d + [False] * count_g:
                self.gradients(moves_d, not moves_d)
                self.update(moves_d, not moves_d)
        else:
            for left in range(max(count_d, count_g), 0, -1):
                moves = left <= count_d, left <= count_g
                self.gradients(*moves)
                self.update(*moves)
        for way in self.ways:
            way.steps += 1

    def gradients(self, moves_d: bool, moves_g: bool) -> None:
        if moves_g:
            for way in self.ways:
                way.generator_gradient()
            self.shared_loss().backward()
            self.norm_g = float(np.hypot(*(norm_of(way.generator) for way in self.ways)))
        if moves_d:
            for way in self.ways:
                way.discriminator_gradient()
            self.norm_d = float(np.hypot(*(way.norm_d for way in self.ways)))

    def update(self, moves_d: bool, moves_g: bool) -> None:
        for way in self.ways:
            if moves_d:
                way.update_discriminator()
            if moves_g:
                way.update_generator()

    def shared_loss(self) -> Any:
        g, f, x, y = self.there.generator, self.back.generator, self.there.noise, self.back.noise
        cycle = (f(g(x)) - x).abs().mean() + (g(f(y)) - y).abs().mean()
        identity = (g(y) - y).abs().mean() + (f(x) - x).abs().mean()
        return self.source.cycle_weight * cycle + self.source.identity_weight * identity  # type: ignore[union-attr]


def log_density(code: Any, outputs: Any, values: Any) -> Any:
    """log Q(c | x) of each sample."""
    match code:
        case CategoricalCode():
            return torch.log_softmax(outputs, dim=1)[values.bool()]
        case ContinuousCode():
            deviation = torch.sqrt(0.05**2 + torch.exp(2 * outputs[:, 1]))
            return torch.distributions.Normal(outputs[:, 0], deviation).log_prob(values[:, 0])
    raise AssertionError(f"{code} has no PyTorch equivalent here")


def entropy(scores: Any, label: float) -> Any:
    return torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.full_like(scores, label))


def discriminator_loss(spec: Any, real: Any, fake: Any) -> Any:
    match spec:
        case CrossEntropy():
            return 0.5 * entropy(real, spec.real_label) + 0.5 * entropy(fake, spec.fake_label)
        case LeastSquares():
            return 0.5 * (real - spec.real_label).square().mean() + 0.5 * (fake - spec.fake_label).square().mean()
        case Hinge():
            return torch.relu(1 - real).mean() + torch.relu(1 + fake).mean()
        case Critic():
            return fake.mean() - real.mean()
        case RelativisticPairing():
            return torch.nn.functional.softplus(fake - real).mean()
    raise AssertionError(f"{spec} has no PyTorch equivalent here")


def generator_loss(spec: Any, fake: Any) -> Any:
    match spec:
        case NonSaturating():
            return entropy(fake, spec.generator_label)
        case Minimax():
            return -entropy(fake, spec.fake_label)
        case LeastSquares():
            return 0.5 * (fake - spec.generator_label).square().mean()
        case Hinge() | Critic():
            return -fake.mean()
        case RelativisticPairing():
            return torch.nn.functional.softplus(-fake).mean()
    raise AssertionError(f"{spec} has no PyTorch equivalent here")


def table(batch: Any) -> Any:
    """A batch, `(n,)` or `(inputs, n)`, in the layout of PyTorch, `(n, inputs)`."""
    return torch.tensor(np.atleast_2d(batch).T.copy())


def column(batch: Any) -> Any:
    return torch.tensor(batch).reshape(-1, 1)


def norm_of(network: Any) -> float:
    squares = [parameter.grad.square().sum() for parameter in network.parameters()]
    return float(torch.stack(squares).sum().sqrt())
