"""All formats: what each text begins with, and what it takes to read it again."""

import json

import pytest
from hypothesis import given, settings

import gan1d
from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.exports.export import FORMATS, ExportFormat, export
from tests.configs import configs


@pytest.mark.parametrize("format", FORMATS)
def test_a_text_begins_as_an_earlier_file_is_recognized_and_ends_with_a_newline(format: ExportFormat) -> None:
    text = export(gan1d.presets["wgan"].config, format)
    assert text.startswith(FORMATS[format].beginning)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    others = [spec.beginning for name, spec in FORMATS.items() if name != format]
    assert not text.startswith(tuple(others))


@given(configs)
@settings(max_examples=30, deadline=None)
def test_exported_settings_are_the_same_config(config: Config) -> None:
    assert Config.parsed(json.loads(export(config, "json"))) == config


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r"^Expected a format \(json, python, pytorch, notebook\), but got 'matlab'\.$"
    ):
        export(Config(), "matlab")  # type: ignore[arg-type]


@pytest.mark.parametrize("format", ["pytorch", "notebook"])
def test_a_setting_without_a_program_is_refused(format: ExportFormat) -> None:
    with pytest.raises(ConfigError, match=r"\(generator\.hidden\)\.$"):
        gan1d.export(Config().patched("generator.hidden", [256, 256]), format)
