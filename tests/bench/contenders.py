"""The same training step, written by others: textbook NumPy, and PyTorch as usually written and tuned.

Each contender is a function (hidden, batch) → run, and run(n) makes n steps. One that is not installed raises
ImportError.
"""

from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np

Run = Callable[[int], object]

LEARNING_RATE, BETA1, BETA2, EPS = 1e-3, 0.5, 0.999, 1e-8


class TextbookNetwork:
    """A tanh network as a course would write it: matrices in a list, new arrays everywhere, Adam per parameter."""

    def __init__(self, hidden: tuple[int, ...], rng: np.random.Generator) -> None:
        sizes = (1, *hidden, 1)
        self.parameters = []
        for fan_in, fan_out in pairwise(sizes):
            self.parameters += [rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out)), np.zeros(fan_out)]
        self.means = [np.zeros_like(p) for p in self.parameters]
        self.squares = [np.zeros_like(p) for p in self.parameters]
        self.count = 0

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """(batch, 1) → (batch, 1), and the activations."""
        kept = [x]
        for i in range(0, len(self.parameters) - 2, 2):
            kept.append(np.tanh(kept[-1] @ self.parameters[i] + self.parameters[i + 1]))
        return kept[-1] @ self.parameters[-2] + self.parameters[-1], kept

    def backward(self, kept: list[np.ndarray], delta: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """Gradients of the parameters, and of the input."""
        gradients: list[np.ndarray] = []
        for i in range(len(self.parameters) - 2, -1, -2):
            a = kept[i // 2]
            gradients = [a.T @ delta, delta.sum(axis=0), *gradients]
            delta = delta @ self.parameters[i].T
            if i > 0:
                delta = delta * (1 - a**2)
        return gradients, delta

    def adam(self, gradients: list[np.ndarray]) -> None:
        """One update."""
        self.count += 1
        for p, g, m, v in zip(self.parameters, gradients, self.means, self.squares, strict=True):
            m[...] = BETA1 * m + (1 - BETA1) * g
            v[...] = BETA2 * v + (1 - BETA2) * g**2
            m_hat, v_hat = m / (1 - BETA1**self.count), v / (1 - BETA2**self.count)
            p -= LEARNING_RATE * m_hat / (np.sqrt(v_hat) + EPS)


def textbook(hidden: tuple[int, ...], batch: int) -> Run:
    """NumPy, float64, nothing kept between steps."""
    rng = np.random.default_rng(0)
    generator, discriminator = TextbookNetwork(hidden, rng), TextbookNetwork(hidden, rng)

    def real_samples() -> np.ndarray:
        centre = rng.choice([-2.0, 2.0], size=(batch, 1))
        return centre + 0.5 * rng.standard_normal((batch, 1))

    def step() -> None:
        fake, _ = generator.forward(rng.standard_normal((batch, 1)))
        scores, kept = discriminator.forward(np.concatenate([real_samples(), fake]))
        labels = np.concatenate([np.ones((batch, 1)), np.zeros((batch, 1))])
        gradients, _ = discriminator.backward(kept, (1 / (1 + np.exp(-scores)) - labels) / (2 * batch))
        discriminator.adam(gradients)
        fake, kept_g = generator.forward(rng.standard_normal((batch, 1)))
        scores, kept = discriminator.forward(fake)
        _, delta = discriminator.backward(kept, (1 / (1 + np.exp(-scores)) - 1) / batch)
        gradients, _ = generator.backward(kept_g, delta)
        generator.adam(gradients)

    def run(count: int) -> None:
        for _ in range(count):
            step()

    return run


def torch_networks(torch: Any, hidden: tuple[int, ...]) -> tuple[Any, Any]:
    """G and D as nn.Sequential."""

    def network() -> Any:
        sizes, layers = (1, *hidden), []
        for fan_in, fan_out in pairwise(sizes):
            layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh()]
        return torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], 1))

    return network(), network()


def torch_run(torch: Any, hidden: tuple[int, ...], batch: int, *, tuned: bool) -> Run:
    """PyTorch eager on one thread; tuned: fused Adam, frozen D in G's turn, gradients set to None, losses not read."""
    torch.set_num_threads(1)
    generator, discriminator = torch_networks(torch, hidden)
    options = {"lr": LEARNING_RATE, "betas": (BETA1, BETA2), "eps": EPS} | ({"fused": True} if tuned else {})
    optimizer_g = torch.optim.Adam(generator.parameters(), **options)
    optimizer_d = torch.optim.Adam(discriminator.parameters(), **options)
    bce = torch.nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(batch, 1), torch.zeros(batch, 1)
    both = torch.cat([ones, zeros])

    def real_samples() -> Any:
        return torch.randint(0, 2, (batch, 1)) * 4.0 - 2.0 + 0.5 * torch.randn(batch, 1)

    def usual() -> tuple[float, float]:
        optimizer_d.zero_grad()
        fake = generator(torch.randn(batch, 1)).detach()
        loss_d = 0.5 * bce(discriminator(fake), zeros) + 0.5 * bce(discriminator(real_samples()), ones)
        loss_d.backward()
        optimizer_d.step()
        optimizer_g.zero_grad()
        loss_g = bce(discriminator(generator(torch.randn(batch, 1))), ones)
        loss_g.backward()
        optimizer_g.step()
        return loss_d.item(), loss_g.item()

    def careful() -> None:
        with torch.no_grad():
            fake = generator(torch.randn(batch, 1))
        bce(discriminator(torch.cat([real_samples(), fake])), both).backward()
        optimizer_d.step()
        optimizer_d.zero_grad(set_to_none=True)
        discriminator.requires_grad_(False)
        bce(discriminator(generator(torch.randn(batch, 1))), ones).backward()
        discriminator.requires_grad_(True)
        optimizer_g.step()
        optimizer_g.zero_grad(set_to_none=True)

    step = careful if tuned else usual

    def run(count: int) -> None:
        for _ in range(count):
            step()

    return run


def torch_usual(hidden: tuple[int, ...], batch: int) -> Run:
    """PyTorch eager as a tutorial has it."""
    return torch_run(import_module("torch"), hidden, batch, tuned=False)


def torch_tuned(hidden: tuple[int, ...], batch: int) -> Run:
    """PyTorch eager with what its tuning guide says."""
    return torch_run(import_module("torch"), hidden, batch, tuned=True)


CONTENDERS: dict[str, Callable[[tuple[int, ...], int], Run]] = {
    "textbook NumPy": textbook,
    "PyTorch, as usually written": torch_usual,
    "PyTorch, tuned": torch_tuned,
}
