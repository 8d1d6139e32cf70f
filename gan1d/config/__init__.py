"""The settings of an experiment: a frozen, validated `Config`.

Read `model` first; `paths` addresses one setting by name, `errors` words what was refused.
"""

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config

__all__ = ["Config", "ConfigError"]
