"""The options of the server as its settings and its address."""

from argparse import Namespace

import pytest

from gan1d.cli.options import OPTIONS
from gan1d.cli.serve import chosen_values, server_address, settings_of


def test_options_come_from_the_command_line_then_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Namespace(**{option.key: None for option in OPTIONS})
    given.port, given.allow_host = 9000, ["lab.example"]
    monkeypatch.setenv("GAN1D_HISTORY", "3")
    monkeypatch.setenv("GAN1D_PORT", "9001")
    chosen = chosen_values(OPTIONS, given)
    settings = settings_of(chosen, preset="wgan_gp")
    assert settings.allow_hosts == ("lab.example", "127.0.0.1"), "a name that is listened on is a name of this server"
    assert (settings.history_bytes, settings.preset) == (3 * 2**20, "wgan_gp")
    address = server_address(chosen, "map")
    assert (address.port, address.page, address.browser) == (9000, "map", True)
