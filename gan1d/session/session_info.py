"""What each hello says of the session and of the server."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gan1d import glossary
from gan1d.config.model import Config
from gan1d.gallery import DEFAULT_PRESET, find_preset
from gan1d.recording.key_frames import BUDGET
from gan1d.session import messages
from gan1d.session.flow_control import CREDIT
from gan1d.session.history import HISTORY_LENGTH
from gan1d.session.pacing import speeds
from gan1d.session.starting_data import STARTING_DATA, StartingData

NAME_DIGITS: Final = 12


@dataclass(frozen=True)
class Catalog:
    """The fields of hello that are the same for all sessions.

    Attributes:
        name: Name of `shared`, made from its content.
        own: The fields that every hello has, as a JSON object.
        shared: The others, far longer, which a page can load once and keep; as a JSON object, with `name` as `catalog`.
    """

    name: str
    own: str
    shared: str


@dataclass(frozen=True)
class SessionInfo:
    """The part of each hello that describes the session and the server.

    Attributes:
        session: Name by which a driver can come back.
        watch: Name by which others can watch.
        catalog: The rest of hello.
        data: The numbers with which sessions begin; None if they begin with a preset of the gallery.
        history_bytes: Memory for looking back, in bytes; 0 to switch it off.
    """

    session: str = ""
    watch: str = ""
    catalog: Catalog = field(default_factory=lambda: encode_catalog())
    data: StartingData | None = None
    history_bytes: int = BUDGET

    def config_of(self, name: str) -> Config | None:
        """Settings of the preset with this name or former name; None if there is none."""
        if self.data is not None and name == STARTING_DATA:
            return self.data.config
        preset = find_preset(name)
        return None if preset is None else preset.config


def encode_catalog(
    version: str = "",
    schema: Mapping[str, Any] | None = None,
    gallery: Sequence[Mapping[str, Any]] = (),
    start: str = DEFAULT_PRESET,
    network_host: str | None = None,
    arithmetic: str = "",
    is_private: bool = False,
) -> Catalog:
    """The fields of hello that are the same for all sessions.

    Args:
        version: Version of the server program.
        schema: JSON schema of the config.
        gallery: The presets, as `Preset.row` gives them.
        start: Name of the preset with which sessions begin.
        network_host: See `messages.Hello`.
        arithmetic: See `messages.Hello`.
        is_private: Whether the presets hold numbers of the user, which only pages of a session may have.
    """
    shared = {
        "schema": schema or {},
        "glossary": glossary.served(),
        **({} if is_private else {"presets": gallery}),
    }
    text = messages.to_text(shared)
    name = hashlib.sha256(text.encode()).hexdigest()[:NAME_DIGITS]
    own = {
        "protocol": messages.PROTOCOL,
        "version": version,
        "arithmetic": arithmetic,
        "default_preset": DEFAULT_PRESET,
        "start_preset": start,
        "network_host": network_host,
        "speeds": speeds(),
        "players": messages.PLAYERS,
        "limits": messages.ServerLimits(frames_in_flight=CREDIT, history_length=HISTORY_LENGTH),
        "catalog": name,
        **({"presets": gallery} if is_private else {}),
    }
    return Catalog(name, messages.to_text(own), f'{{"catalog":"{name}",{text[1:]}')
