"""The gallery: presets, and the criteria of their claims.

Read `criteria` first, then `rates`, `preset` and `presets.toml`, and `goal`, a criterion for a run that goes on.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gan1d.gallery.preset import Preset, read_presets

presets: Mapping[str, Preset] = MappingProxyType(read_presets())

DEFAULT_PRESET: Final = "default"
"""Name of the preset whose settings are the defaults of `Config`."""


def find_preset(name: str) -> Preset | None:
    """The preset with this name or former name; None if there is none."""
    former = (preset for preset in presets.values() if name in preset.former_names)
    return presets.get(name) or next(former, None)


__all__ = ["DEFAULT_PRESET", "Preset", "find_preset", "presets"]
