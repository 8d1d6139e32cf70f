"""The step in JAX: one jitted `lax.scan` over many steps, random numbers included."""

import os
from functools import partial
from typing import Any

# Before jax is imported.
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random

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


def forward(layers: Any, x: Any, activation: str) -> Any:
    """`(batch, 1)` → `(batch, 1)`."""
    for weights, biases in layers[:-1]:
        s = x @ weights + biases
        x = jnp.where(s > 0, s, LEAK * s) if activation == "leaky_relu" else jnp.tanh(s)
    return x @ layers[-1][0] + layers[-1][1]


def adam(layers: Any, gradients: Any, memory: Any, count: Any) -> tuple[Any, Any]:
    """New parameters and memory."""
    correction = jnp.sqrt(1 - BETA2**count)
    rate, eps = LEARNING_RATE * correction / (1 - BETA1**count), EPS * correction
    mean = jax.tree.map(lambda m, g: m + (1 - BETA1) * (g - m), memory[0], gradients)
    square = jax.tree.map(lambda v, g: v + (1 - BETA2) * (g * g - v), memory[1], gradients)
    layers = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + eps), layers, mean, square)
    return layers, (mean, square)


def step(state: Any, batches: Any, activation: str) -> tuple[Any, Any]:
    """D's turn, then G's; returns the state and both losses."""
    (g, memory_g), (d, memory_d), count = state
    real, noise_d, noise_g = batches
    count = count + 1

    def loss_d(d: Any) -> Any:
        scores = forward(d, jnp.concatenate([real, forward(g, noise_d, activation)]), activation)
        return 0.5 * (jax.nn.softplus(-scores[: len(real)]).mean() + jax.nn.softplus(scores[len(real) :]).mean())

    def loss_g(g: Any) -> Any:
        return jax.nn.softplus(-forward(d, forward(g, noise_g, activation), activation)).mean()

    value_d, gradients = jax.value_and_grad(loss_d)(d)
    d, memory_d = adam(d, gradients, memory_d, count)
    value_g, gradients = jax.value_and_grad(loss_g)(g)
    g, memory_g = adam(g, gradients, memory_g, count)
    return ((g, memory_g), (d, memory_d), count), (value_d, value_g)


def draw(key: Any, batch: int) -> Any:
    """Reals, noise for D and noise for G, each `(batch, 1)`."""
    key_normal, key_mode = random.split(key)
    noise = random.normal(key_normal, (3, batch, 1))
    chosen = random.bernoulli(key_mode, 0.5, (batch, 1))
    return WIDTH * noise[0] + jnp.where(chosen, MODES[0], MODES[1]), noise[1], noise[2]


@partial(jax.jit, static_argnames=("batch", "activation", "steps"), donate_argnums=0)
def block(state: Any, key: Any, *, batch: int, activation: str, steps: int) -> tuple[Any, Any]:
    """Some steps at once; returns the state and the losses of the last."""

    def run_seed(state: Any, key: Any) -> tuple[Any, Any]:
        return step(state, draw(key, batch), activation)

    state, losses = lax.scan(run_seed, state, random.split(key, steps))
    return state, (losses[0][-1], losses[1][-1])


class Scan:
    """Blocks of steps, and the rest one by one."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.block = partial(block, batch=experiment.batch, activation=experiment.activation)
        self.key = random.key(0)
        self.begin(experiment.first_weights(1), experiment.first_weights(2))
        self.run(DRAWN_AT_ONCE + 1)  # compiles both lengths

    def begin(self, generator: Any, discriminator: Any) -> None:
        """Start from these layers, with empty memories."""

        def player(layers: Any) -> Any:
            layers = jax.tree.map(jnp.array, layers)
            return layers, (jax.tree.map(jnp.zeros_like, layers), jax.tree.map(jnp.zeros_like, layers))

        self.state = player(generator), player(discriminator), jnp.zeros(())

    def run(self, count: int) -> tuple[float, float]:
        """See `Contender.run`."""
        losses: Any = (0.0, 0.0)
        for steps in [DRAWN_AT_ONCE] * (count // DRAWN_AT_ONCE) + [1] * (count % DRAWN_AT_ONCE):
            self.key, key = random.split(self.key)
            self.state, losses = self.block(self.state, key, steps=steps)
        return float(losses[0]), float(losses[1])

    def replay(self, script: Script) -> Answer:
        """See `Contender.replay`."""
        self.begin(self.experiment.layers(script.generator), self.experiment.layers(script.discriminator))
        run_seed, losses = jax.jit(partial(step, activation=self.experiment.activation)), []
        for batches in script.batches:
            self.state, values = run_seed(self.state, tuple(jnp.array(batches)[..., None]))
            losses.append([float(value) for value in values])
        g, d = (flattened([(np.array(w), np.array(b)) for w, b in self.state[player][0]]) for player in (0, 1))
        return Answer(np.array(losses, np.float32), g, d)
