"""The gallery: presets, the criteria of their claims, and the trajectories that criteria are applied to.

Read `criteria` first, then `preset` and one of `healthy`, `failures`, `cures` and `targets`, and `trajectory`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gan1d.gallery.cures import CURES
from gan1d.gallery.failures import FAILURES
from gan1d.gallery.healthy import HEALTHY
from gan1d.gallery.preset import Preset
from gan1d.gallery.targets import TARGETS

presets: Mapping[str, Preset] = MappingProxyType(
    {preset.name: preset for preset in (*HEALTHY, *FAILURES, *CURES, *TARGETS)}
)

DEFAULT_PRESET: Final = "default"
"""Name of the preset whose settings are the defaults of `Config`."""


def find_preset(name: str) -> Preset | None:
    """The preset with this name or former name; None if there is none."""
    former = (preset for preset in presets.values() if name in preset.former_names)
    return presets.get(name) or next(former, None)


__all__ = ["DEFAULT_PRESET", "Preset", "find_preset", "presets"]
