"""Share → Experiment as a file: each button saves what the command line writes, and a refusal is a sentence."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

import gan1d
from gan1d.cli.run import TABLE_COLUMNS, HeadlessRun
from gan1d.recording.repetition import play_log
from gan1d.recording.run_log import RunLog
from tests.browser import driving
from tests.browser.test_targets import dropped

FILES = {
    "Python": ("python", ".py"),
    "PyTorch": ("pytorch", "-pytorch.py"),
    "Notebook": ("notebook", ".ipynb"),
    "Configuration": ("json", ".json"),
}


def save(page: Any, button: str) -> tuple[str, str]:
    """Press a button of the open dialog; returns the name and the text of the file."""
    with page.expect_download() as download:
        page.locator("#share-dialog").get_by_role("button", name=button, exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_text("utf-8")


def test_files_hold_the_experiment_of_the_page(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.type_value(page, "generator.optimizer.learning_rate", "0.006")
    driving.wait_for_config(page, "generator.optimizer.learning_rate", 0.006)
    config = gan1d.Config.parsed(driving.last_config(page))
    page.locator("#share").click()
    for button, (format, suffix) in FILES.items():
        name, text = save(page, button)
        assert name == f"gan1d-default-{config.seed}{suffix}"
        assert text == gan1d.export(config, format)  # type: ignore[arg-type]
        expect(page.locator("#share-dialog")).to_contain_text(f"{name}: saved.")


def test_numbers_are_a_table_with_a_row_for_each_step(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.step_to(page, 7)
    page.locator("#share").click()
    name, text = save(page, "Numbers (CSV)")
    assert name == f"gan1d-default-{driving.last_config(page)['seed']}.csv"
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["step"]) for row in rows] == list(range(8))
    assert list(rows[0]) == list(TABLE_COLUMNS)
    reports = gan1d.Trainer(gan1d.Config.parsed(driving.last_config(page))).run(7)
    for row, loss_d, loss_g in zip(rows[1:], reports.loss_d, reports.loss_g, strict=True):
        # Six digits.
        assert float(row["loss_d"]) == pytest.approx(loss_d, rel=1e-5)
        assert float(row["loss_g"]) == pytest.approx(loss_g, rel=1e-5)
    assert rows[0]["diagnosis"] == "untrained"
    assert float(rows[5]["wasserstein1"]) > 0


def test_the_log_repeats_the_run(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    driving.type_value(page, "batch_size", "64")
    driving.wait_for_config(page, "batch_size", 64)
    driving.step_to(page, 5)
    page.locator("#share").click()
    name, text = save(page, "Log")
    assert name == f"gan1d-default-{driving.last_config(page)['seed']}.ndjson"
    log = RunLog.read(io.BytesIO(text.encode()))
    assert log.last_step == 5
    trained = HeadlessRun(log.config, log.last_step)
    play_log(trained, log)
    assert log.end is not None
    assert trained.end().digest == log.end.digest
    assert trained.config.batch_size == 64


def test_a_log_that_is_dropped_on_the_page_is_repeated(page: Any, open_page: Any) -> None:
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    driving.type_value(page, "batch_size", "64")
    driving.wait_for_config(page, "batch_size", 64)
    driving.step_to(page, 5)
    numbers = driving.readouts(page)
    page.locator("#share").click()
    _, text = save(page, "Log")
    other = open_page("#preset=wgan")
    driving.wait_until_ready(other)
    dropped(other, "run.ndjson", text)
    driving.wait_for_config(other, "loss.kind", "non_saturating")
    other.locator("#play").click()
    driving.wait_for_step(other, 5)
    expect(other.locator("#play")).to_have_text("Play")
    driving.let_frames_pass(other, 3)
    assert driving.step_count(other) == 5
    assert driving.readouts(other) == numbers
    driving.wait_for_config(other, "batch_size", 64)


def test_settings_that_are_dropped_on_the_page_begin_a_run(page: Any, open_page: Any) -> None:
    driving.wait_until_ready(page)
    driving.type_value(page, "batch_size", "64")
    driving.wait_for_config(page, "batch_size", 64)
    page.locator("#share").click()
    _, text = save(page, "Configuration")
    other = open_page("#preset=wgan")
    driving.wait_until_ready(other)
    dropped(other, "config.json", text)
    driving.wait_for_config(other, "batch_size", 64)
    assert driving.last_config(other) == json.loads(text)
    # As in a link, what is wrong is refused in a sentence, and the rest is taken.
    values = json.loads(text) | {"batch_size": 0, "discriminator_steps": 7}
    dropped(other, "config.json", json.dumps(values))
    expect(other.locator("#notice")).to_contain_text("Expected a number of 1 or more for batch_size, but got 0.")
    driving.wait_for_config(other, "discriminator_steps", 7)
    driving.wait_for_config(other, "batch_size", 256)


def test_a_setting_without_a_program_is_a_sentence(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.type_value(page, "training_points", "6000")
    driving.wait_for_config(page, "training_points", 6000)
    page.locator("#share").click()
    page.locator("#share-dialog").get_by_role("button", name="PyTorch", exact=True).click()
    expect(page.locator("#share-dialog")).to_contain_text("Expected at most 5\u202f000 training samples")
    save(page, "Python")
    page.wire.faults.clear()  # the browser's own line about the status 422


def test_without_the_server_a_sentence_says_so_and_the_numbers_are_still_saved(page: Any) -> None:
    driving.wait_until_ready(page)
    page.locator("#share").click()
    page.context.set_offline(True)
    page.locator("#share-dialog").get_by_role("button", name="Notebook", exact=True).click()
    expect(page.locator("#share-dialog")).to_contain_text("The server cannot be reached, so it cannot write the file.")
    assert save(page, "Numbers (CSV)")[1].startswith("step,")
    page.wire.faults.clear()  # the browser's own line about the network
