"""The training step as a textbook writes it: to read first, and to step through in a debugger.

Plain NumPy in float64: a network is a list of (W, b), and every operation allocates its result. `Trainer` makes the
same updates, up to rounding, in a fraction of the time. The module covers every activation, SGD and Adam, and all
losses but Wasserstein-GP; it has no penalties, no class labels and no other extensions of the game.
`examples/step_by_step.py` is a program to put a breakpoint in.
"""

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.networks.activations import Activation, LeakyReLU, ReLU, Sine, Softplus, Tanh
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.networks.optimizers import SGD, Adam, Optimizer
from gan1d.engine.objectives.critics import Wasserstein
from gan1d.engine.objectives.losses import Hinge, LeastSquares, Loss, Minimax, NonSaturating
from gan1d.engine.objectives.relativistic import RelativisticPairing
from gan1d.engine.units import IDENTITY, Units

Cache = list[tuple[Float64, Float64]]
"""Inputs a and derivatives φ′(s) of each layer, kept by the forward pass for the backward pass."""


class ReferenceNetwork:
    """Multilayer perceptron with its optimizer.

    Args:
        start: Network whose layers, activation φ and scale of the inputs are copied.
        optimizer: SGD or Adam.
        rate_half_life: Number of updates after which the learning rate is half; 0 keeps it constant.
    """

    def __init__(self, start: MLP, optimizer: Optimizer, rate_half_life: int = 0) -> None:
        self.layers = [(layer[:-1].astype(np.float64), layer[-1].astype(np.float64)) for layer in start.layers]
        self.parameters = [parameter for layer in self.layers for parameter in layer]
        self.activation, self.optimizer, self.input_scale = start.activation, optimizer, start.input_scale
        self.count, self.rate_half_life = 0, rate_half_life
        self.means = [np.zeros_like(parameter) for parameter in self.parameters]
        self.squares = [np.zeros_like(parameter) for parameter in self.parameters]

    def forward(self, x: Float64) -> tuple[Float64, Cache]:
        """Outputs `(batch, 1)` at inputs `(batch, inputs)`: s = a·W + b and a = φ(s), layer by layer."""
        a, cache = self.input_scale * x, []
        for W, b in self.layers[:-1]:
            h, derivative = activate(self.activation, a @ W + b)
            cache.append((a, derivative))
            a = h
        W, b = self.layers[-1]
        s = a @ W + b
        cache.append((a, np.ones_like(s)))  # the last layer is linear: φ(s) = s
        return s, cache

    def backward(self, cache: Cache, gradient: Float64) -> tuple[list[Float64], Float64]:
        """Backpropagate d loss / d outputs: gradients of `parameters`, and of the inputs, `(batch, inputs)`."""
        gradients: list[Float64] = []
        for (W, _), (a, derivative) in zip(reversed(self.layers), reversed(cache), strict=True):
            ds = gradient * derivative
            gradients = [a.T @ ds, ds.sum(axis=0), *gradients]
            gradient = ds @ W.T
        return gradients, self.input_scale * gradient

    def update(self, gradients: list[Float64]) -> None:
        """One update by the optimizer, in place."""
        share = 1 / (1 + self.count / self.rate_half_life) if self.rate_half_life else 1.0
        self.count += 1
        for i, (parameter, gradient) in enumerate(zip(self.parameters, gradients, strict=True)):
            match self.optimizer:
                case SGD(learning_rate=rate):
                    parameter -= share * rate * gradient
                case Adam(learning_rate=rate, beta1=beta1, beta2=beta2, eps=eps):  # Kingma & Ba 2015, algorithm 1
                    self.means[i] = beta1 * self.means[i] + (1 - beta1) * gradient
                    self.squares[i] = beta2 * self.squares[i] + (1 - beta2) * gradient**2
                    mean = self.means[i] / (1 - beta1**self.count)
                    square = self.squares[i] / (1 - beta2**self.count)
                    parameter -= share * rate * mean / (np.sqrt(square) + eps)
                case other:
                    raise ValueError(f"Expected SGD or Adam, but got {other.kind}.")


def activate(activation: Activation, s: Float64) -> tuple[Float64, Float64]:
    """φ(s) and φ′(s)."""
    match activation:
        case ReLU():
            return np.maximum(s, 0.0), np.where(s > 0, 1.0, 0.0)
        case LeakyReLU(negative_slope=slope):
            return np.where(s >= 0, s, slope * s), np.where(s >= 0, 1.0, slope)
        case Softplus():
            return np.logaddexp(0.0, s), 1 / (1 + np.exp(-s))
        case Tanh():
            return np.tanh(s), 1 - np.tanh(s) ** 2
        case Sine():
            return np.sin(s), np.cos(s)


# Costs of each sample, and their derivatives by its score s.


def cross_entropy_cost(s: Float64, label: float, weight: float = 1.0) -> tuple[Float64, Float64]:
    """weight·(−label·log σ(s) − (1 − label)·log(1 − σ(s)))."""
    return weight * (np.logaddexp(0.0, s) - label * s), weight * (1 / (1 + np.exp(-s)) - label)


def squared_cost(s: Float64, label: float) -> tuple[Float64, Float64]:
    """½·(s − label)²."""
    return 0.5 * (s - label) ** 2, s - label


def hinge_cost(s: Float64, sign: float) -> tuple[Float64, Float64]:
    """max(0, 1 − sign·s)."""
    return np.maximum(1 - sign * s, 0.0), np.where(1 - sign * s > 0, -sign, 0.0)


def linear_cost(s: Float64, sign: float) -> tuple[Float64, Float64]:
    """sign·s."""
    return sign * s, np.full_like(s, sign)


def discriminator_costs(loss: Loss, s: Float64, *, is_real: bool) -> tuple[Float64, Float64]:
    """Costs of real samples or of fakes for D; L_D is the sum of both means."""
    match loss:
        case NonSaturating() | Minimax():
            return cross_entropy_cost(s, loss.real_label if is_real else loss.fake_label, weight=0.5)
        case LeastSquares():
            return squared_cost(s, loss.real_label if is_real else loss.fake_label)
        case Hinge():
            return hinge_cost(s, 1.0 if is_real else -1.0)
        case Wasserstein():
            return linear_cost(s, -1.0 if is_real else 1.0)
        case other:
            raise ValueError(f"Expected a loss without a gradient penalty, but got {other.kind}.")


def generator_costs(loss: Loss, s: Float64) -> tuple[Float64, Float64]:
    """Costs of fakes for G; L_G is their mean."""
    match loss:
        case NonSaturating():
            return cross_entropy_cost(s, loss.generator_label)
        case RelativisticPairing():
            return cross_entropy_cost(s, 1.0)
        case Minimax():
            return cross_entropy_cost(s, loss.fake_label, weight=-1.0)
        case LeastSquares():
            return squared_cost(s, loss.generator_label)
        case _:
            return linear_cost(s, -1.0)


class ReferenceGAN:
    """Generator and discriminator in float64 (Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1).

    Standardized: a fake is x = location + scale·G(z), and D receives u = (x − location)/scale of a sample.
    """

    def __init__(
        self, generator: ReferenceNetwork, discriminator: ReferenceNetwork, loss: Loss, units: Units = IDENTITY
    ) -> None:
        self.generator, self.discriminator, self.loss, self.units = generator, discriminator, loss, units

    def update_discriminator(self, real: Float64, z: Float64) -> float:
        """One update of D on real samples and fakes G(z); G is fixed. Returns L_D before the update.

        Args:
            real: Real samples, `(batch, 1)`.
            z: Latents of the fakes, `(batch, dimension)`.
        """
        output, _ = self.generator.forward(z)
        fake = self.units.to_x(output)
        scores, cache = self.discriminator.forward(self.units.standardize(np.concatenate([real, fake])))
        real_scores, fake_scores = np.split(scores, 2)
        if isinstance(self.loss, RelativisticPairing):  # a pair has one cost, that of the difference
            real_costs, real_slopes = cross_entropy_cost(real_scores - fake_scores, 1.0)
            fake_costs, fake_slopes = np.zeros_like(real_costs), -real_slopes
        else:
            real_costs, real_slopes = discriminator_costs(self.loss, real_scores, is_real=True)
            fake_costs, fake_slopes = discriminator_costs(self.loss, fake_scores, is_real=False)
        gradients, _ = self.discriminator.backward(cache, np.concatenate([real_slopes, fake_slopes]) / len(real))
        self.discriminator.update(gradients)
        if isinstance(self.loss, Wasserstein):
            for parameter in self.discriminator.parameters:
                np.clip(parameter, -self.loss.clip, self.loss.clip, out=parameter)
        return float(real_costs.mean() + fake_costs.mean())

    def update_generator(self, z: Float64, real: Float64 | None = None) -> float:
        """One update of G on the fakes of latents z; D is fixed. Returns L_G before the update.

        Args:
            z: Latents of the fakes, `(batch, dimension)`.
            real: Real samples with which a relativistic loss pairs the fakes, `(batch, 1)`.
        """
        output, cache_g = self.generator.forward(z)
        fake = self.units.to_x(output)
        scores, cache_d = self.discriminator.forward(self.units.standardize(fake))
        if real is not None:
            scores = scores - self.discriminator.forward(self.units.standardize(real))[0]
        costs, slopes = generator_costs(self.loss, scores)
        _, d_input = self.discriminator.backward(cache_d, slopes / len(z))  # through D, whose parameters stay
        d_fake = d_input / self.units.scale
        gradients, _ = self.generator.backward(cache_g, d_fake * self.units.scale)
        self.generator.update(gradients)
        return float(costs.mean())
