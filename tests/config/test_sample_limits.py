"""The limits of a user's numbers are those of the setting that takes them."""

import gan1d
from gan1d.config.sample_limits import sample_limits


def test_the_limits_are_accepted_and_one_more_is_not() -> None:
    limits = sample_limits()
    low, high, fewest, most = limits.low, limits.high, limits.fewest, limits.most
    config = gan1d.Config().patched("target", "samples")
    values = [low, high, *range(int(fewest) - 2)]
    assert config.patched("target.values", values).target.values[:2] == (low, high)
    for wrong in (values[:-1], [*values[:-1], 2 * high], [float(k) for k in range(int(most) + 1)]):
        try:
            config.patched("target.values", wrong)
        except gan1d.ConfigError:
            continue
        raise AssertionError(f"Expected {len(wrong)} numbers up to {max(wrong)} to be refused")
