"""`gan1d run` and `gan1d replay`: training as a command line or a log says."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final, TextIO

from gan1d.cli import check, run
from gan1d.cli.console import print_error, print_json
from gan1d.cli.data import DATA_OPTIONS
from gan1d.cli.experiment import add_experiment, chosen_config, experiment_of, input_files
from gan1d.cli.options import FAILURE, NOT_REPEATED, PRESET, SUCCESS, Parser, misuse, option_of, whole
from gan1d.fingerprint import fingerprint
from gan1d.gallery import presets
from gan1d.output_files import OutputFileError, check_output, open_output, standard_output
from gan1d.recording.digest import took_other_course
from gan1d.recording.repetition import play_log
from gan1d.recording.run_log import BEGINNING, MADE_ELSEWHERE, OTHER_COURSE, End, LogError, RunLog

DEFAULT_STEPS: Final = 1000
"""Steps of `gan1d run` and `gan1d record`."""


def add_run_options(to: Parser) -> None:
    """Add the options of `gan1d run`."""
    add_experiment(to)
    add_steps(to)
    add_outputs(to)
    to.add_argument("--check", type=PRESET.read, metavar="PRESET",
                    help="measure on fresh seeds how often a preset does what it claims")  # fmt: skip
    to.add_argument("--seeds", type=whole(1, None, "a number"), metavar="N",
                    help=f"number of seeds to check (default: {check.SEEDS})")  # fmt: skip
    to.add_argument("--first-seed", type=whole(0, 2**32 - 1, "a seed"), metavar="N",
                    help=f"first seed to check (default: {check.FIRST_FRESH_SEED})")  # fmt: skip


def add_replay_options(to: Parser) -> None:
    """Add the options of `gan1d replay`."""
    to.add_argument("file", type=Path, metavar="FILE", help="a log that --log has written")
    add_outputs(to)


def add_steps(to: Parser) -> None:
    """Add the number of steps."""
    to.add_argument("--steps", type=whole(0, None, "a number"), metavar="N",
                    help=f"training steps (default: {DEFAULT_STEPS})")  # fmt: skip


def add_outputs(to: Parser) -> None:
    """Add the options that name output files."""
    to.add_argument("--csv", type=Path, metavar="FILE",
                    help=f"write one row per step, with metrics every {run.METRICS_EVERY} steps")  # fmt: skip
    to.add_argument("--log", type=Path, metavar="FILE", help="write the log of the run, which gan1d replay repeats")


def run_command(given: argparse.Namespace) -> int:
    """Train without a page."""
    if given.check is not None:
        return check_command(given)
    for key in ("seeds", "first_seed"):
        if getattr(given, key) is not None:
            misuse("gan1d run", f"{option_of(key)} needs --check.")
    config = experiment_of("gan1d run", given)
    steps = DEFAULT_STEPS if given.steps is None else given.steps
    return train_and_print(given, RunLog(config, end=End(steps)), input_files(given))


def check_command(given: argparse.Namespace) -> int:
    """Measure the success rate of a preset's claim."""
    for key in ("preset", "config", "seed", *(option.key for option in DATA_OPTIONS), "steps", "csv", "log"):
        if getattr(given, key) is not None:
            misuse("gan1d run", f"{option_of(key)} cannot be used with --check.")
    first = check.FIRST_FRESH_SEED if given.first_seed is None else given.first_seed
    seeds = range(first, first + (given.seeds or check.SEEDS))
    # The last seed is the largest: if it is out of bounds, this raises a ConfigError.
    config = chosen_config(given.check, seeds[-1]).with_changes(given.set)
    claim = presets[given.check].claim
    rate = check.measure_rate(config, claim, seeds, sys.stderr)
    print_json(check.rate_to_json(given.check, claim, rate))
    return SUCCESS


def replay_command(given: argparse.Namespace) -> int:
    """Repeat the run of a log."""
    log = read_log("gan1d replay", given.file)
    if log.is_from_elsewhere:
        print_error(f"gan1d replay: {MADE_ELSEWHERE}")
    return train_and_print(given, log, [given.file])


def train_and_print(given: argparse.Namespace, log: RunLog, inputs: Sequence[Path]) -> int:
    """Train as a log says, print the result, and write the table and the log that the command names.

    Args:
        given: The command line.
        log: What is to happen, up to its last step.
        inputs: Files that are read, which no output replaces.
    """
    program = f"gan1d {given.command}"
    with ExitStack() as stack:
        files, others = dict[str, TextIO](), [*inputs, *standard_output()]
        outputs = [("csv", f"{','.join(run.TABLE_COLUMNS)}\n"), ("log", BEGINNING)]
        # All are checked before one is opened, which empties it.
        for open_or_check in (check_output, open_output):
            others_so_far = list(others)
            for key, beginning in outputs:
                if (name := getattr(given, key)) is None:
                    continue
                try:
                    file = open_or_check(name, others_so_far, beginning)
                except OutputFileError as error:
                    misuse(program, f"{option_of(key)}: {error}")
                if file is not None:
                    files[key] = stack.enter_context(file)
                others_so_far.append(name)
        try:
            trained = train(log, files.get("csv"), files.get("log"))
            stack.close()
        except OSError as error:
            names = " or ".join(f'"{getattr(given, key)}"' for key in files)
            print_error(f"{program}: Cannot write to {names}: {error.strerror}.")
            return FAILURE
    is_other = took_other_course(trained.trainer, log.digest)
    print_json(trained.summary() | ({"repeated": not is_other} if log.digest else {}))
    if is_other:
        print_error(f"{program}: {OTHER_COURSE}")
        return NOT_REPEATED
    return SUCCESS


def train(log: RunLog, table: TextIO | None, log_file: TextIO | None) -> run.HeadlessRun:
    """Train as a log says; a log file is also written if the user interrupts the run, up to the step it has reached."""
    trained = run.HeadlessRun(log.config, log.last_step, table, sys.stderr)
    # An interruption may leave a step half done, whose parameters have no digest.
    end = End(log.last_step)
    try:
        play_log(trained, log)
        end = trained.end()
    finally:
        if log_file is not None:
            done = replace(log.up_to(trained.step), end=replace(end, step=trained.step), fingerprint=fingerprint())
            log_file.writelines(f"{line}\n" for line in done.lines())
    return trained


def read_log(program: str, file: Path) -> RunLog:
    """The log in a file."""
    try:
        with file.open("rb") as stream:
            return RunLog.read(stream)
    except LogError as error:
        misuse(program, f"{file}: {error}")
