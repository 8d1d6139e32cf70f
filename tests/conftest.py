"""What the whole suite shares: required tools, the order of tests, and Hypothesis without a stopwatch.

Tests that need a tool of `tools.MISSING` skip themselves where it is missing. With `GAN1D_REQUIRE_TORCH=1`, and the
same for every other tool, that is an error: CI must not pass by skipping.
"""

import gc
import os
from pathlib import Path

# As gan1d sets it, but before anything imports numpy: with more threads, sums of large batches are rounded otherwise.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import hypothesis
import pytest

from tests import tools

BROWSER_FOLDER = Path(__file__).parent / "browser"
BROWSER_TESTS = f"{BROWSER_FOLDER}{os.sep}"

# A busy machine is not a failing test. The examples are the same ones every time, and CI tries more of them. A failing
# one is shown as drawn: making it smaller takes longer than a test may, which would end the worker without a word.
IS_CI = "CI" in os.environ
hypothesis.settings.register_profile(
    "gan1d",
    deadline=None,
    derandomize=True,
    max_examples=100 if IS_CI else 25,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
# CONTRIBUTING says how to run it.
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
hypothesis.settings.load_profile("gan1d")


def pytest_sessionstart() -> None:
    missing = [
        reason for tool, reason in tools.MISSING.items() if reason and os.environ.get(f"GAN1D_REQUIRE_{tool.upper()}")
    ]
    if missing:
        pytest.exit(f"Required, but not there: {'; '.join(missing)}", returncode=1)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read the browser tests where the default selection leaves them out, which saves seconds."""
    is_left_out = config.getoption("markexpr") == "not slow and not browser"
    is_named = any("browser" in argument for argument in config.args)
    return True if collection_path == BROWSER_FOLDER and is_left_out and not is_named else None


def pytest_collection_finish() -> None:
    """Leave all that was collected, which lives to the end, out of further garbage collections."""
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop in the main thread until the session ends.

    In CI a browser test that fails is repeated, because Chromium, server and tests share few cores there; the report
    counts the repetitions.
    """
    is_repeated = IS_CI and config.pluginmanager.hasplugin("rerunfailures")
    others, browser = [], []
    for item in items:
        is_browser = str(item.path).startswith(BROWSER_TESTS)
        (browser if is_browser else others).append(item)
        if is_browser:
            item.add_marker(pytest.mark.browser)
            if is_repeated:
                item.add_marker(pytest.mark.flaky(reruns=3))
            if tools.MISSING["browser"]:
                item.add_marker(pytest.mark.skip(reason=tools.MISSING["browser"]))
    items[:] = others + browser
