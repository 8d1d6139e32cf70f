"""The step in PyTorch: as a tutorial has it, and with what PyTorch's tuning guide says."""

from itertools import pairwise
from typing import Any

import numpy as np
import torch

from benchmarks.game import (
    BETA1,
    BETA2,
    DRAWN_AT_ONCE,
    EPS,
    LEAK,
    LEARNING_RATE,
    MODES,
    WIDTH,
    Answer,
    Experiment,
    Script,
    flattened,
)


class Usual:
    """nn.Sequential, BCEWithLogitsLoss, two optimizers, and both losses read at every step."""

    options: dict[str, bool] = {}  # noqa: RUF012

    def __init__(self, experiment: Experiment) -> None:
        torch.set_num_threads(1)
        self.experiment = experiment
        self.bce = torch.nn.BCEWithLogitsLoss()
        self.ones, self.zeros = torch.ones(experiment.batch, 1), torch.zeros(experiment.batch, 1)
        self.both = torch.cat([self.ones, self.zeros])
        self.begin()

    def begin(self) -> None:
        """New networks and optimizers."""
        self.generator, self.discriminator = self.network(), self.network()
        options: dict[str, Any] = {"lr": LEARNING_RATE, "betas": (BETA1, BETA2), "eps": EPS} | self.options
        self.optimizer_g = torch.optim.Adam(self.generator.parameters(), **options)
        self.optimizer_d = torch.optim.Adam(self.discriminator.parameters(), **options)

    def network(self) -> Any:
        """One of the two."""
        sizes, layers = (1, *self.experiment.hidden), []
        for fan_in, fan_out in pairwise(sizes):
            leaky = self.experiment.activation == "leaky_relu"
            layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.LeakyReLU(LEAK) if leaky else torch.nn.Tanh()]
        return torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], 1))

    def step(self, real: Any, noise_d: Any, noise_g: Any) -> tuple[Any, Any]:
        """D's turn, then G's."""
        self.optimizer_d.zero_grad()
        fake = self.generator(noise_d).detach()
        loss_d = 0.5 * self.bce(self.discriminator(fake), self.zeros)
        loss_d = loss_d + 0.5 * self.bce(self.discriminator(real), self.ones)
        loss_d.backward()
        self.optimizer_d.step()
        self.optimizer_g.zero_grad()
        loss_g = self.bce(self.discriminator(self.generator(noise_g)), self.ones)
        loss_g.backward()
        self.optimizer_g.step()
        return loss_d.item(), loss_g.item()

    def run(self, count: int) -> tuple[float, float]:
        """See `Contender.run`."""
        losses, batch = (0.0, 0.0), self.experiment.batch
        for _ in range(count):
            real = torch.randint(0, 2, (batch, 1)) * (MODES[1] - MODES[0]) + MODES[0] + WIDTH * torch.randn(batch, 1)
            losses = self.step(real, torch.randn(batch, 1), torch.randn(batch, 1))
        return losses

    def replay(self, script: Script) -> Answer:
        """See `Contender.replay`."""
        self.begin()
        for network, flat in ((self.generator, script.generator), (self.discriminator, script.discriminator)):
            for linear, (weights, biases) in zip(network[::2], self.experiment.layers(flat), strict=True):
                linear.weight.data.copy_(torch.tensor(weights.T.copy()))
                linear.bias.data.copy_(torch.tensor(biases))
        losses = [[float(x) for x in self.step(*torch.tensor(three)[..., None])] for three in script.batches]
        return Answer(np.array(losses, np.float32), flat_of(self.generator), flat_of(self.discriminator))


class Tuned(Usual):
    """Fused Adam, one pass of D over both halves, D frozen in G's turn, gradients set to None, random numbers drawn for
    many steps at once, losses read at the end only."""

    options = {"fused": True}  # noqa: RUF012

    def step(self, real: Any, noise_d: Any, noise_g: Any) -> tuple[Any, Any]:
        """D's turn, then G's; the losses stay tensors."""
        with torch.no_grad():
            fake = self.generator(noise_d)
        loss_d = self.bce(self.discriminator(torch.cat([real, fake])), self.both)
        loss_d.backward()
        self.optimizer_d.step()
        self.optimizer_d.zero_grad(set_to_none=True)
        self.discriminator.requires_grad_(False)
        loss_g = self.bce(self.discriminator(self.generator(noise_g)), self.ones)
        loss_g.backward()
        self.discriminator.requires_grad_(True)
        self.optimizer_g.step()
        self.optimizer_g.zero_grad(set_to_none=True)
        return loss_d.detach(), loss_g.detach()

    def run(self, count: int) -> tuple[float, float]:
        """See `Contender.run`."""
        losses = (self.ones[0, 0], self.ones[0, 0])
        for done in range(0, count, DRAWN_AT_ONCE):
            for real, noise_d, noise_g in drawn(min(DRAWN_AT_ONCE, count - done), self.experiment.batch):
                losses = self.step(real, noise_d, noise_g)
        return float(losses[0]), float(losses[1])


def drawn(steps: int, batch: int) -> Any:
    """Reals, noise for D and noise for G, each `(batch, 1)`, of some steps."""
    noise = torch.randn(3, steps, batch, 1)
    real = noise[0].mul_(WIDTH).add_(torch.randint(0, 2, (steps, batch, 1)), alpha=MODES[1] - MODES[0]).add_(MODES[0])
    return zip(real.unbind(), noise[1].unbind(), noise[2].unbind(), strict=True)


def flat_of(network: Any) -> Any:
    """As `Answer` wants it."""
    return flattened([(linear.weight.detach().numpy().T, linear.bias.detach().numpy()) for linear in network[::2]])
