"""The cost of one step, estimated from the settings, so that no page can ask for a step that stops all others.

A step is not interrupted, and its cost is a product of settings that are each allowed: the largest networks, batches
and numbers of updates together would need minutes and gigabytes.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gan1d.config.model import Config
from gan1d.config.sections import NetworkConfig
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator
from gan1d.engine.data.translation import is_translation
from gan1d.engine.objectives.unrolling import Unrolled
from gan1d.formatting import format_count

MILLION: Final = 10**6

UNIT_COST: Final = 24
"""Multiply-adds that take as long as the activation of one hidden unit for one sample."""
BACKWARD: Final = 2
"""Cost of a backward pass, in forward passes."""
PENALTY: Final = 6
"""Cost of the gradient of a penalty on D's slopes."""
UNROLLED: Final = 3
"""Cost of one update ahead: a forward and a backward pass."""
UNROLLED_GRADIENT: Final = 8
"""Cost of the gradient of G through one update ahead."""
ARRAYS: Final = 10
"""Arrays of the size of a network's hidden layers in one update."""
UNROLLED_ARRAYS: Final = 6
"""The same for one update ahead."""

LARGEST_BYTES: Final = 2**30
"""Largest memory for the arrays of one step."""
DEFAULT_LIMIT: Final = 50_000
"""Largest number of million multiply-adds in a step, which take about 2 s on a common core. The largest networks with
the largest batch and the default number of updates have 48,000."""
HEAVY: Final = 150
"""Million multiply-adds, about 5 ms, above which a session trains where it delays no others; the default has 14."""
HEAVY_BATCH: Final = 256
"""Smallest batch that counts for this: the rebuild of a network takes as long whatever the batch."""

SAVINGS: Final = {
    "batch_size": "the batch size",
    "discriminator.hidden": "D's layers",
    "generator.hidden": "G's layers",
    "discriminator_steps": "D updates",
    "generator_steps": "G updates",
    "generator.lookahead": "G's lookahead",
    "discriminator.view": "the input of D",
}
"""Settings that decide the cost, and their names in a sentence."""


@dataclass(frozen=True)
class StepCost:
    """The cost of one step.

    Attributes:
        multiply_adds: Number of multiply-adds, with other operations counted by the time that they take.
        bytes: Memory for all arrays of a step.
    """

    multiply_adds: float
    bytes: float


def step_cost(config: Config) -> StepCost:
    """Estimate the cost of one step under these settings."""
    batch, samples = config.batch_size, config.discriminator.view.samples
    pass_g = forward_cost(config.generator, inputs_of_generator(config).rows)
    pass_d = forward_cost(config.discriminator, inputs_of_discriminator(config).rows)
    lookahead = config.generator.lookahead
    steps, full = (lookahead.steps, lookahead.full) if isinstance(lookahead, Unrolled) else (0, False)
    penalties = config.penalty.points_per_pair + config.loss.penalty.points_per_pair
    update_d = samples * pass_g + (2 * (1 + BACKWARD) + PENALTY * samples * penalties) * pass_d
    ahead = 2 * steps * (UNROLLED + UNROLLED_GRADIENT * full)
    features = 2 * (1 + BACKWARD) if config.generator.feature_matching else 0
    paired = 1 if config.loss.is_paired else 0
    update_g = (1 + BACKWARD) * samples * pass_g + (1 + BACKWARD + ahead + features + paired) * pass_d
    units_g, units_d = sum(config.generator.hidden) * samples, 2 * sum(config.discriminator.hidden)
    arrays = ARRAYS * (units_g + units_d) + UNROLLED_ARRAYS * steps * units_d
    if is_translation(config):
        # The way back makes the same updates, and the common losses pass through both maps once or twice.
        update_d, update_g, arrays = 2 * update_d, 2 * update_g + 6 * (1 + BACKWARD) * pass_g, 3 * arrays
    updates = batch * (2 if config.update_order.extrapolates else 1)
    multiply_adds = updates * (config.discriminator_steps * update_d + config.generator_steps * update_g)
    return StepCost(multiply_adds, 4.0 * batch * arrays)


def forward_cost(network: NetworkConfig, inputs: int) -> float:
    """Multiply-adds of a forward pass for one sample."""
    sizes = [inputs, *network.hidden, 1]
    weights = sum((rows + 1) * columns for rows, columns in pairwise(sizes))
    return weights + UNIT_COST * sum(network.hidden)


def is_heavy(config: Config) -> bool:
    """Whether a step, or the rebuild of a network, delays other sessions of the same thread too long."""
    usual = config if config.batch_size >= HEAVY_BATCH else config.model_copy(update={"batch_size": HEAVY_BATCH})
    return step_cost(usual).multiply_adds > HEAVY * MILLION


def step_cost_error(config: Config, limit: float) -> str:
    """Why a step under these settings is not allowed, and what to lower; "" if it is.

    Args:
        config: The settings.
        limit: Largest number of million multiply-adds.
    """
    cost = step_cost(config)
    is_slow, is_large = cost.multiply_adds > limit * MILLION, cost.bytes > LARGEST_BYTES
    if not is_slow and not is_large:
        return ""
    # Only for a refusal: this takes longer than all else that a change of a setting needs.
    first, second = largest_savings(config)
    if is_slow:
        count, most = (format_count(round(number)) for number in (cost.multiply_adds / MILLION, limit))
        return (
            f"Expected settings with at most {most} million multiply-adds in a step, but got {count} million. "
            f"Lower {first} or {second}, or start the server with another --max-step."
        )
    return (
        f"Expected settings that need at most {LARGEST_BYTES >> 20} MB for a step, "
        f"but got {cost.bytes / 2**20:.0f} MB. Lower {first} or {second}."
    )


def largest_savings(config: Config) -> list[str]:
    """Names of the two settings whose default would lower the cost the most."""
    costs, default = {}, Config()
    for path, name in SAVINGS.items():
        costs[name] = step_cost(config.patched(path, default.value_at(path))).multiply_adds
    return sorted(costs, key=costs.__getitem__)[:2]
