"""The server from the command line: its options as settings and address."""

import os
from argparse import Namespace
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from gan1d import __version__
from gan1d.cli.console import OutputClosedError, print_output
from gan1d.cli.options import Option
from gan1d.server.app import ServerSettings
from gan1d.server.serving import UNSPECIFIED_HOSTS, Address, outward_address


def chosen_values(options: Iterable[Option], given: Namespace) -> dict[str, Any]:
    """Values of some options by their names in Python: on the command line, in the environment, or the defaults."""
    return {option.key: option.value(getattr(given, option.key), os.environ) for option in options}


def settings_of(chosen: dict[str, Any], **more: Any) -> ServerSettings:
    """The settings of the server that the options of `serve` describe, and others by name."""
    return ServerSettings(
        max_sessions=chosen["max_sessions"],
        max_step=chosen["max_step"],
        history_bytes=chosen["history"] << 20,
        allow_origins=tuple(chosen["allow_origin"]),
        # A name that is listened on is a name of this server.
        allow_hosts=(*chosen["allow_host"], chosen["host"]),
        frame_ancestors=chosen["frame_ancestors"],
        root_path=chosen["root_path"],
        network_host=outward_address() if chosen["host"] in UNSPECIFIED_HOSTS else None,
        version=__version__,
        **more,
    )


def server_address(chosen: dict[str, Any], page: str = "") -> Address:
    """Where the server listens, and which page it opens."""
    return Address(
        host=chosen["host"],
        port=chosen["port"],
        browser=not chosen["no_browser"],
        log_level=chosen["log_level"],
        token=chosen["token"],
        page=page,
    )


def print_announcement(line: str) -> None:
    """Print a line where standard output is open; the server runs without it, too."""
    with suppress(OutputClosedError):
        print_output(line)
