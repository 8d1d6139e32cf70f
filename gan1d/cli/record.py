"""`gan1d record`: a run as one HTML file."""

import argparse
import sys
from pathlib import Path
from typing import Final

from gan1d.cli.console import ProgressBar, print_error, print_output
from gan1d.cli.data import DATA_OPTIONS
from gan1d.cli.experiment import add_experiment, experiment_of, input_files
from gan1d.cli.options import SUCCESS, Parser, misuse, option_of, whole
from gan1d.cli.train import DEFAULT_STEPS, add_steps, read_log
from gan1d.formatting import format_count
from gan1d.gallery import DEFAULT_PRESET
from gan1d.output_files import OutputFileError, check_output, open_output, standard_output
from gan1d.recording.run_log import MADE_ELSEWHERE, OTHER_COURSE, End, RunLog
from gan1d.replay.html_page import PAGE_BEGINNING, write_html
from gan1d.replay.recorder import USUAL_FRAMES, RecordingError, play

RECORD_HELP: Final = "train and write the run as one HTML file that plays without a server"


def add_record_options(to: Parser) -> None:
    """Add the options of the command."""
    add_experiment(to)
    add_steps(to)
    to.add_argument("--log", type=Path, metavar="FILE", help="repeat the run of a log instead")
    to.add_argument("--every", type=whole(1, None, "a number"), metavar="N",
                    help=f"steps between two pictures (default: enough for {USUAL_FRAMES} pictures)")  # fmt: skip
    to.add_argument("--title", metavar="TEXT", help="title of the page (default: that of the preset)")
    to.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="HTML file to write")


def record_command(given: argparse.Namespace) -> int:
    """Write a run as one HTML file."""
    program, inputs = "gan1d record", list[Path]()
    if given.log is not None:
        for key in ("preset", "config", "seed", "steps", *(option.key for option in DATA_OPTIONS)):
            if getattr(given, key) not in (None, False):
                misuse(program, f"{option_of(key)} cannot be used with --log: the log has all settings and steps.")
        if given.set:
            misuse(program, "--set cannot be used with --log: the log has all settings.")
        log, preset, inputs = read_log(program, given.log), None, [given.log]
        if log.is_from_elsewhere:
            print_error(f"{program}: {MADE_ELSEWHERE}")
    else:
        preset = given.preset or (DEFAULT_PRESET if given.config is None else None)
        steps = DEFAULT_STEPS if given.steps is None else given.steps
        log, inputs = RunLog(experiment_of(program, given), end=End(steps)), input_files(given)
    inputs = [*inputs, *standard_output()]
    bar = ProgressBar(sys.stderr, log.last_step)
    try:
        check_output(given.output, inputs, PAGE_BEGINNING)
        found = play(
            log,
            preset=preset,
            every=given.every,
            title=given.title or "",
            on_step=lambda step: bar.update(step, f"step {format_count(step)} of {format_count(log.last_step)}"),
        )
        text = write_html(found, given.title or "gan1d")
        with open_output(given.output, inputs, PAGE_BEGINNING) as file:
            file.write(text)
    except (RecordingError, OutputFileError) as error:
        misuse(program, str(error))
    finally:
        bar.close()
    if found.took_other_course:
        print_error(f"{program}: {OTHER_COURSE}")
    pictures = f"{format_count(found.count)} picture{'s' * (found.count != 1)}"
    steps = f"{format_count(found.last_step)} step{'s' * (found.last_step != 1)}"
    print_output(f"{given.output}: {pictures} of {steps}, {len(text.encode()) / 1e6:.2f} MB")
    return SUCCESS
