"""Settings as JSON: written and read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.exports.config_file import CONFIG_BEGINNING, LARGEST_CONFIG, config_as_json, config_from_json
from tests.configs import configs


@given(configs)
@settings(max_examples=30, deadline=None)
def test_written_settings_are_read_as_the_same_config(config: Config) -> None:
    text = config_as_json(config)
    assert text.startswith(CONFIG_BEGINNING)
    assert config_from_json(text.encode()) == config


def complaint_about(text: bytes) -> str:
    """The sentence with which a text is refused; empty if it is read."""
    try:
        config_from_json(text)
    except ConfigError as error:
        return str(error)
    return ""


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_any_other_text_is_refused_with_a_sentence(text: bytes) -> None:
    assert complaint_about(text).startswith("Expected ")


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4))
@settings(max_examples=200)
def test_damaged_settings_are_read_or_refused(place: int, damage: bytes) -> None:
    text = config_as_json(Config()).encode()
    complaint = complaint_about(text[:place] + damage + text[place + len(damage) :])
    assert complaint == "" or complaint.startswith("Expected ")


def test_a_text_beyond_the_bound_is_not_parsed() -> None:
    with pytest.raises(ConfigError, match=r"^Expected settings of at most 1 MB, but got more\.$"):
        config_from_json(b" " * LARGEST_CONFIG + b"{}")
