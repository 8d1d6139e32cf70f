"""The step in PyTorch as one function without side effects but on its own state, compiled by TorchInductor."""

from typing import Any

import numpy as np
import torch
from torch.nn.functional import leaky_relu, softplus

from benchmarks.contenders.pytorch import drawn
from benchmarks.game import (
    BETA1,
    BETA2,
    DRAWN_AT_ONCE,
    EPS,
    LEAK,
    LEARNING_RATE,
    Answer,
    Experiment,
    Script,
    flattened,
)

Parameters = list[Any]
"""Weights and biases in turn."""


def forward(parameters: Parameters, x: Any, activation: str) -> Any:
    """`(batch, 1)` → `(batch, 1)`."""
    for weights, biases in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        s = torch.addmm(biases, x, weights)
        x = leaky_relu(s, LEAK) if activation == "leaky_relu" else torch.tanh(s)
    return torch.addmm(parameters[-1], x, parameters[-2])


def adam(parameters: Parameters, gradients: Parameters, memory: list[Parameters], count: Any) -> None:
    """One update in place; `count` is a tensor, so that its value is no part of the program."""
    correction = (1 - BETA2**count).sqrt()
    rate, eps = LEARNING_RATE * correction / (1 - BETA1**count), EPS * correction
    for p, g, m, v in zip(parameters, gradients, *memory, strict=True):
        m.lerp_(g, 1 - BETA1)
        v.lerp_(g * g, 1 - BETA2)
        p.sub_(rate * m / (v.sqrt() + eps))


class Compiled:
    """torch.func for the gradients, Adam by hand, torch.compile around the whole."""

    def __init__(self, experiment: Experiment) -> None:
        torch.set_num_threads(1)
        self.experiment = experiment
        self.begin(experiment.first_weights(1), experiment.first_weights(2))
        self.step = torch.compile(self.plain_step, fullgraph=True, options={"cpp_wrapper": True})

    def begin(self, generator: Any, discriminator: Any) -> None:
        """Start from these layers, with empty memories."""
        self.g = [torch.tensor(part) for layer in generator for part in layer]
        self.d = [torch.tensor(part) for layer in discriminator for part in layer]
        self.memories = [[[torch.zeros_like(p) for p in network] for _ in "mv"] for network in (self.g, self.d)]
        self.count = torch.zeros(())

    def plain_step(
        self, g: Parameters, d: Parameters, memories: Any, count: Any, real: Any, noise_d: Any, noise_g: Any
    ) -> tuple[Any, Any]:
        """D's turn, then G's, all in place."""
        kind = self.experiment.activation
        memory_g, memory_d = memories

        def loss_d(d: Parameters) -> Any:
            scores = forward(d, torch.cat([real, forward(g, noise_d, kind)]), kind)
            return 0.5 * softplus(-scores[: len(real)]).mean() + 0.5 * softplus(scores[len(real) :]).mean()

        def loss_g(g: Parameters) -> Any:
            return softplus(-forward(d, forward(g, noise_g, kind), kind)).mean()

        count.add_(1)
        gradients, value_d = torch.func.grad_and_value(loss_d)(d)
        adam(d, gradients, memory_d, count)
        gradients, value_g = torch.func.grad_and_value(loss_g)(g)
        adam(g, gradients, memory_g, count)
        return value_d, value_g

    def play(self, real: Any, noise_d: Any, noise_g: Any) -> tuple[Any, Any]:
        """One step of the game that is on."""
        return self.step(self.g, self.d, self.memories, self.count, real, noise_d, noise_g)

    @torch.no_grad()
    def run(self, count: int) -> tuple[float, float]:
        """See `Contender.run`."""
        losses = (self.count, self.count)
        for done in range(0, count, DRAWN_AT_ONCE):
            for real, noise_d, noise_g in drawn(min(DRAWN_AT_ONCE, count - done), self.experiment.batch):
                losses = self.play(real, noise_d, noise_g)
        return float(losses[0]), float(losses[1])

    @torch.no_grad()
    def replay(self, script: Script) -> Answer:
        """See `Contender.replay`."""
        self.begin(self.experiment.layers(script.generator), self.experiment.layers(script.discriminator))
        # Clones, because the compiler tells aligned inputs from others.
        losses = [
            [float(x) for x in self.play(*(torch.tensor(part)[:, None].clone() for part in three))]
            for three in script.batches
        ]
        return Answer(np.array(losses, np.float32), flat_of(self.g), flat_of(self.d))


def flat_of(parameters: Parameters) -> Any:
    """As `Answer` wants it."""
    return flattened([(w.numpy(), b.numpy()) for w, b in zip(parameters[::2], parameters[1::2], strict=True)])
