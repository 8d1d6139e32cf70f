"""Settings that make no sense together: refused, but never on the way from one config to another."""

import pytest

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [("conditional", True, "with labels"), ("generator.lookahead", "unrolled", "with a lookahead of G")],
)
def test_combinations_without_meaning_are_refused(path: str, value: object, words: str) -> None:
    paired = Config().patched("loss", "relativistic_pairing")
    with pytest.raises(ConfigError, match=words):
        paired.patched(path, value)
    other = Config().patched(path, value)
    with pytest.raises(ConfigError, match=words):
        other.patched("loss", "relativistic_pairing")
    config = other  # each change of a link is applied by itself
    for changed, to in paired.differences(other).items():
        config = config.patched(changed, to)
    assert config == paired
    for changed, to in other.differences(paired).items():
        config = config.patched(changed, to)
    assert config == other


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("loss", "wasserstein", "a loss whose optimal D is known beside the optimal D, but got wasserstein"),
        ("conditional", True, "a run without labels beside the optimal D, but got labels"),
        ("discriminator.view", "pack", "one sample as D's input beside the optimal D, but got pack"),
        ("latent.dimension", 3, "a z of one dimension beside the optimal D, but got 3 of them"),
        ("training_points", 12, "new real samples in each step beside the optimal D, but got 12 training samples"),
        ("instance_noise.deviation", 0.5, "no instance noise beside the optimal D, but got some"),
        ("generator.lookahead", "unrolled", "no lookahead of G beside the optimal D, but got unrolled"),
        ("generator.feature_matching", 1.0, "no feature matching beside the optimal D, but got some"),
        ("code", "continuous", "no code beside the optimal D, but got continuous"),
    ],
)
def test_what_the_best_d_cannot_play_is_refused(path: str, value: object, words: str) -> None:
    best = Config().patched("discriminator.optimal", True).patched("loss", "hinge")
    with pytest.raises(ConfigError, match=words):
        best.patched(path, value)
    other = Config().patched(path, value)
    for new, old in ((best, other), (other, best)):
        config = old
        for changed, to in new.differences(old).items():
            config = config.patched(changed, to)
        assert config == new


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("conditional", True, "no labels beside a source, but got labels"),
        ("code", "categorical", "no code beside a source, but got categorical"),
        ("training_points", 12, "new samples in each step beside a source, but got 12 training samples"),
        ("discriminator.view", "pack", "a D that judges one sample beside a source, but got pack"),
        ("discriminator.optimal", True, "a D that is a network beside a source, but got the optimal D"),
    ],
)
def test_a_source_excludes_some_settings(path: str, value: object, words: str) -> None:
    source, other = Config().patched("latent", "source"), Config().patched(path, value)
    source = source.patched("latent.distribution", "laplace").patched("latent.cycle_weight", 3.0)
    with pytest.raises(ConfigError, match=words):
        source.patched(path, value)
    with pytest.raises(ConfigError, match=words):
        other.patched("latent", "source")
    for start, end in ((source, other), (other, source)):
        config = start  # each change of a link is applied by itself
        for changed, to in end.differences(start).items():
            config = config.patched(changed, to)
        assert config == end


@pytest.mark.parametrize(
    ("code", "path", "value", "words"),
    [
        ("categorical", "conditional", True, "labels or a code, but got both"),
        ("continuous", "conditional", True, "labels or a code, but got both"),
        ("categorical", "discriminator.view", "pack", "one sample beside a code, but got pack"),
        ("categorical", "discriminator.view", "batch_deviation", "one sample beside a code, but got batch_deviation"),
        ("continuous", "latent.dimension", 3, "one dimension beside a continuous code, but got 3"),
    ],
)
def test_a_code_excludes_some_settings(code: str, path: str, value: object, words: str) -> None:
    coded, other = Config().patched("code", code), Config().patched(path, value)
    with pytest.raises(ConfigError, match=words):
        coded.patched(path, value)
    with pytest.raises(ConfigError, match=words):
        other.patched("code", code)
    for start, end in ((coded, other), (other, coded)):
        config = start  # each change of a link is applied by itself
        for changed, to in end.differences(start).items():
            config = config.patched(changed, to)
        assert config == end


def test_from_a_code_beside_several_coordinates_to_a_continuous_one_and_back() -> None:
    several = Config().patched("latent.dimension", 3).patched("code", {"kind": "categorical", "values": 5, "weight": 2})
    one = Config().patched("code", {"kind": "continuous", "weight": 3})
    for start, end in ((several, one), (one, several)):
        config = start
        for changed, to in end.differences(start).items():
            config = config.patched(changed, to)
        assert config == end
