"""The gallery: experiments worth watching, in the order of the menu."""

from collections.abc import Mapping
from types import MappingProxyType

from gan1d.gallery.cures import CURES
from gan1d.gallery.failures import FAILURES
from gan1d.gallery.healthy import HEALTHY
from gan1d.gallery.preset import Preset
from gan1d.gallery.targets import TARGETS

presets: Mapping[str, Preset] = MappingProxyType(
    {preset.name: preset for preset in (*HEALTHY, *FAILURES, *CURES, *TARGETS)}
)

__all__ = ["Preset", "presets"]
