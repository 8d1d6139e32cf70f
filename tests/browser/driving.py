"""How a person's hands and eyes are spelled: what stands on the page, and waiting for it to change."""

import json
from collections.abc import Callable
from typing import Any

COUNT = "() => Number(document.querySelector('#step-count').textContent.replace(/\\D/g, ''))"


def step_count(page: Any) -> int:
    return int(page.evaluate(COUNT))


def wait_for_step(page: Any, least: int) -> None:
    page.wait_for_function(f"least => ({COUNT})() >= least", arg=least)


def wait_until_ready(page: Any) -> None:
    """The server has spoken and something is drawn."""
    # A window that was just opened has an empty document.
    page.wait_for_function("() => document.querySelector('#play')?.disabled === false")
    page.wait_for_function("() => document.querySelectorAll('canvas[data-chart]').length > 0")
    let_frames_pass(page, 2)


def let_frames_pass(page: Any, count: int) -> None:
    """Wait for this many pictures: what was going to be drawn has been drawn."""
    page.evaluate(
        """count => new Promise(done => {
            const tick = () => (count-- > 0 ? requestAnimationFrame(tick) : done());
            tick();
        })""",
        count,
    )


def pixels(page: Any) -> dict[str, str]:
    """Every chart's picture, by the chart's name."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('canvas[data-chart]')]
            .map(canvas => [canvas.dataset.chart, canvas.toDataURL()]))"""
    )


def readouts(page: Any) -> dict[str, str]:
    """Every number shown, by its name."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-metric]')]
            .map(shown => [shown.dataset.metric, shown.textContent.trim()]))"""
    )


def state(page: Any) -> tuple[int, dict[str, str], dict[str, str]]:
    return step_count(page), readouts(page), pixels(page)


def step_to(page: Any, step: int) -> None:
    """Press Step until the counter says `step`, one press at a time."""
    for wanted in range(step_count(page) + 1, step + 1):
        page.locator("#step").click()
        page.wait_for_function(f"wanted => ({COUNT})() === wanted", arg=wanted)
    let_frames_pass(page, 2)


def reset(page: Any) -> None:
    page.locator("#reset").click()
    page.wait_for_function(f"() => ({COUNT})() === 0")
    let_frames_pass(page, 2)


def control(page: Any, path: str) -> Any:
    """The first input of that config path."""
    return page.locator(f'[name="{path}"]').first


def type_value(page: Any, path: str, value: str) -> None:
    """Type into the field of that setting and press Enter, as a person would."""
    field = page.locator(f'input[name="{path}"]:not([type=range])').first
    unfold(field)
    field.fill(value)
    field.press("Enter")


def unfold(locator: Any) -> None:
    """Open whatever fold hides it."""
    locator.evaluate(
        "element => { for (let fold; (fold = element.closest('details:not([open])')); ) fold.open = true; }"
    )


def at_path(config: Any, path: str) -> Any:
    for part in path.split("."):
        config = config[int(part)] if isinstance(config, list) else config[part]
    return config


def last_told(page: Any) -> dict[str, Any]:
    """The newest message with a configuration that the server sent to this page."""
    return [message for message in page.wire.received if message["type"] in ("hello", "config")][-1]


def last_config(page: Any) -> dict[str, Any]:
    return last_told(page)["config"]


def wait_until(page: Any, condition: Callable[[], bool]) -> None:
    """Until it holds of what was received; pictures pass meanwhile, so that messages can arrive."""
    for _ in range(300):
        if condition():
            return
        let_frames_pass(page, 2)
    raise AssertionError(f"Waited in vain; last told: {json.dumps(last_told(page))[:500]}")


def wait_for_config(page: Any, path: str, value: Any) -> None:
    """Until the server has said that this setting has this value."""
    wait_until(page, lambda: at_path(last_config(page), path) == value)
