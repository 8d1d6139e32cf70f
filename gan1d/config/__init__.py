"""The settings of an experiment: a frozen, validated `Config`.

Read `sections` first (the networks and the noise), then `model`, the whole, and `settings_tree`, what every whole
config can do; `paths` addresses one setting by name, `errors` has the messages for values that are not allowed,
`conflicts` those for settings that exclude each other, and `sample_limits` the limits of numbers that a user gives as a
target.
"""

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config

__all__ = ["Config", "ConfigError"]
