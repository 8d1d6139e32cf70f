"""The file of a recording: what stands in it, and that nothing in it can make a request."""

import base64
import hashlib
import re
import shutil
import zlib
from pathlib import Path

import pytest

from gan1d.config.model import Config
from gan1d.recording.run_log import End, RunLog
from gan1d.replay.html_page import PAGE_BEGINNING, data_block, policy, write_html
from gan1d.replay.page_directory import static_dir
from gan1d.replay.recorder import Replay, play
from tests.session.fakes import SMALL


@pytest.fixture(scope="module")
def replay() -> Replay:
    return play(RunLog(SMALL, end=End(10)), every=5)


def blocks(page: str, name: str) -> list[bytes]:
    found = re.findall(rf'data-block="{name}" data-length="(\d+)">([^<]*)</script>', page)
    assert all(len(text) == int(length) for length, text in found)
    return [base64.b64decode(text) for _, text in found]


def test_the_file_holds_the_recording_and_the_page(replay: Replay) -> None:
    page = write_html(replay, 'A <run> & "more"')
    assert page.startswith(PAGE_BEGINNING)
    assert "<title>A &lt;run&gt; &amp; &quot;more&quot;</title>" in page
    assert blocks(page, "frames") == replay.frames
    assert b'"gan1d_replay":1' in zlib.decompress(blocks(page, "recording")[0])
    assert page.rstrip().endswith("</html>")


def test_only_the_two_scripts_whose_hashes_the_policy_has_can_run(replay: Replay) -> None:
    page = write_html(replay)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    program = zlib.decompress(blocks(page, "program")[0]).decode()
    assert len(scripts) == 1
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', page)
    assert found
    assert found[1] == policy(scripts[0], program)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (scripts[0], program)]
    assert f"script-src 'sha256-{digests[0]}' 'sha256-{digests[1]}'; " in found[1]
    assert found[1].startswith("default-src 'none'; ")
    assert page.index("Content-Security-Policy") < page.index("<script>")


def test_nothing_in_the_file_names_another_one(replay: Replay) -> None:
    page = write_html(replay)
    assert re.findall(r'\b(?:src|href)="(?!#)[^"]*"', page) == []
    assert [url[:15] for url in re.findall(r'url\("?([^")]*)', page)] == ["data:font/woff2"]
    assert "@import" not in page
    assert "modulepreload" not in page


def test_without_scripts_the_file_says_what_it_needs(replay: Replay) -> None:
    page = write_html(replay)
    found = re.findall(r'<p class="requirement" role="alert">(.*?)</p>', page, re.DOTALL)
    assert len(found) == 1
    assert found[0].startswith("This file is a recording of gan1d. It needs JavaScript")
    assert ":root:not(.scripted) body > :not(.requirement)" in page


def test_no_part_of_the_page_can_end_an_element_too_early() -> None:
    static = static_dir()
    assert "</script" not in (static / "js" / "replay" / "loader.js").read_text("utf-8")
    for sheet in static.glob("*.css"):
        assert "</style" not in sheet.read_text("utf-8")
    assert "<" not in data_block("x", bytes(range(256))).removeprefix("<").removesuffix("</script>\n")


def test_a_page_without_a_body_is_an_error(replay: Replay, tmp_path: Path) -> None:
    shutil.copytree(static_dir(), tmp_path / "static")
    (tmp_path / "static" / "index.html").write_text("<p>", "utf-8")
    with pytest.raises(ValueError, match=r"Expected index\.html to have a body"):
        write_html(replay, directory=tmp_path / "static")


@pytest.mark.slow
def test_600_pictures_of_the_default_take_less_than_a_megabyte() -> None:
    replay = play(RunLog(Config(), end=End(3000)), preset="default", every=5)
    assert replay.count == 601
    assert len(write_html(replay).encode()) < 1_000_000
