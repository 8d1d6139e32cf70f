"""Translations and their mirror images."""

import pytest

from gan1d.config.model import Config
from gan1d.engine.data.translation import is_translation, mirrored, source_of


def test_the_way_back_exchanges_target_and_source() -> None:
    config = Config().patched("latent", "source").patched("latent.distribution", "uniform").patched("target", "samples")
    back = mirrored(config)
    assert is_translation(config)
    assert is_translation(back)
    assert back.target == source_of(config).distribution
    assert source_of(back).distribution == config.target
    assert source_of(back).cycle_weight == source_of(config).cycle_weight
    assert mirrored(back) == config
    assert back.generator is config.generator


def test_a_run_from_noise_has_no_way_back() -> None:
    assert not is_translation(Config())
    for function in (mirrored, source_of):
        with pytest.raises(ValueError, match="Expected a source, but got the prior normal"):
            function(Config())
