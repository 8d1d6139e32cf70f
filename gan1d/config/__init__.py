"""The settings of an experiment: a frozen, validated `Config`.

Read `model` first; `paths` addresses one setting by name, `errors` has the messages for values that are not allowed.
"""

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config

__all__ = ["Config", "ConfigError"]
