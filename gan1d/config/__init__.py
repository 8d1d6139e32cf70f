"""The settings of an experiment: a frozen, validated `Config`.

Read `sections` first (the networks and the noise), then `model`, the whole; `paths` addresses one setting by name,
`errors` has the messages for values that are not allowed.
"""

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config

__all__ = ["Config", "ConfigError"]
