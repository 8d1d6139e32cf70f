"""`gan1d.record`: train, and write the run as one HTML file."""

from pathlib import Path

from gan1d.config.model import Config
from gan1d.gallery import DEFAULT_PRESET, Preset, find_preset, presets
from gan1d.output_files import check_output, open_output
from gan1d.recording.run_log import End, RunLog
from gan1d.replay.html_page import PAGE_BEGINNING, write_html
from gan1d.replay.recorder import play

USUAL_STEPS = 1000
"""Steps of a recording for which no number is given."""


def record(
    experiment: Config | Preset | RunLog | str = DEFAULT_PRESET,
    file: str | Path = "run.html",
    *,
    steps: int = USUAL_STEPS,
    every: int | None = None,
    title: str = "",
) -> Path:
    """Train, and write the run as one HTML file that plays without a server, without a network and without Python.

    The file holds what was seen: single numbers as they are, curves rounded to less than 1/4,000 of their axis.

    Args:
        experiment: A config, a preset, the name of a preset, or a log, whose run is repeated.
        file: Where to write. A file that holds something else than an earlier recording is not replaced.
        steps: Training steps; a log has its own number.
        every: Steps between two pictures, at least 1; None for as many as give at most 600 pictures.
        title: Title of the page; "" for that of the preset.

    Returns:
        The path of the file.

    Raises:
        ValueError: There is no preset of this name, a number is out of bounds, or there would be too many pictures.
        OutputFileError: The file must not be, or cannot be, written.
    """
    if steps < 0 or (every is not None and every < 1):
        raise ValueError(f"Expected 0 steps or more and a picture every 1 or more, but got {steps} and {every}.")
    log, preset = planned_run(experiment, steps)
    path = Path(file)
    check_output(path, [], PAGE_BEGINNING)
    text = write_html(play(log, preset=preset, every=every, title=title), title or "gan1d")
    with open_output(path, [], PAGE_BEGINNING) as page:
        page.write(text)
    return path


def planned_run(experiment: Config | Preset | RunLog | str, steps: int) -> tuple[RunLog, str | None]:
    """The log to play, and the name of the preset on which it is based; None for none.

    Raises:
        ValueError: There is no preset of this name.
    """
    match experiment:
        case RunLog():
            return experiment, None
        case Config():
            return RunLog(experiment, end=End(steps)), None
        case Preset():
            return RunLog(experiment.config, end=End(steps)), experiment.name
    preset = find_preset(experiment)
    if preset is None:
        raise ValueError(f"Expected a preset ({', '.join(presets)}), but got {experiment!r}.")
    return RunLog(preset.config, end=End(steps)), preset.name
