"""The config of a stack of runs: columns of the numbers in which the runs differ."""

import pytest

from gan1d.config.model import Config
from gan1d.engine.training.stacked_config import common_config


def test_equal_configs_have_themselves_in_common() -> None:
    assert common_config([Config(), Config()]) == Config()


def test_numbers_that_differ_are_columns() -> None:
    """A column has as many further axes as the arrays that it multiplies."""
    configs = [Config().patched("generator.optimizer.learning_rate", rate) for rate in (1e-3, 2e-3)]
    rate = common_config(configs).generator.optimizer.learning_rate
    assert (rate.shape, rate.ravel().tolist()) == ((2, 1), [1e-3, 2e-3])  # type: ignore[attr-defined]
    configs = [Config().patched("penalty.gamma", gamma) for gamma in (0.1, 0.2, 0.3)]
    assert common_config(configs).penalty.gamma.shape == (3, 1, 1)  # type: ignore[union-attr]


def test_the_configs_stay_as_they_are() -> None:
    configs = [Config().patched("generator.ema_decay", decay) for decay in (0.5, 0.9)]
    common_config(configs)
    assert [config.generator.ema_decay for config in configs] == [0.5, 0.9]


def test_settings_of_the_draws_are_those_of_the_first_run() -> None:
    configs = [Config().patched("seed", seed) for seed in (5, 6)]
    assert common_config(configs).seed == 5


def test_other_differences_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^Expected runs that agree in batch_size, but got 256 and 8\.$"):
        common_config([Config(), Config().patched("batch_size", 8)])
    with pytest.raises(ValueError, match="Expected at least one config, but got none"):
        common_config([])
