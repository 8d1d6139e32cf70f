"""The command line: serve, run, record, replay, export, presets, schema.

Wrong input ends with status 2 and one line with the expected and the given value. A failure of the machine, such as a
busy port, ends with status 1 and one line. There is never a traceback.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, TextIO

from gan1d import __version__
from gan1d.cli import check, run
from gan1d.cli.console import (
    OutputClosedError,
    ProgressBar,
    flush_streams,
    prepare,
    print_error,
    print_json,
    print_output,
)
from gan1d.cli.data import DATA_OPTIONS, starting_data
from gan1d.cli.experiment import add_experiment, changed, chosen_config, experiment_of, input_files
from gan1d.cli.export import EXPORT_HELP, add_export_options, export_command
from gan1d.cli.options import OPTIONS, PRESET, Parser, misuse, whole
from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.fingerprint import fingerprint
from gan1d.formatting import format_count
from gan1d.gallery import DEFAULT_PRESET, presets
from gan1d.output_files import OutputFileError, check_output, open_output
from gan1d.recording.recording import play_log
from gan1d.recording.run_log import BEGINNING, OTHER_COURSE, End, LogError, RunLog
from gan1d.replay.html_page import PAGE_BEGINNING, write_html
from gan1d.replay.recorder import USUAL_FRAMES, RecordingError, play
from gan1d.server.app import ServerSettings
from gan1d.server.serving import UNSPECIFIED_HOSTS, Address, ServeError, UnknownHostError, outward_address, serve

DEFAULT_STEPS: Final = 1000
"""Steps of `gan1d run`."""

SUCCESS: Final = 0
FAILURE: Final = 1
INTERRUPTED: Final = 130
"""Exit statuses; that of wrong input is `options.MISUSE`, 2."""


def serve_command(given: argparse.Namespace) -> int:
    """Serve the page."""
    chosen = {option.key: option.value(getattr(given, option.key), os.environ) for option in (*OPTIONS, *DATA_OPTIONS)}
    config = chosen_config(chosen["preset"], chosen["seed"])
    data = starting_data("gan1d serve", config, chosen)
    settings = ServerSettings(
        config=data.config if data else config,
        preset=chosen["preset"],
        data=data,
        max_sessions=chosen["max_sessions"],
        max_step=chosen["max_step"],
        history_bytes=chosen["history"] << 20,
        allow_origins=tuple(chosen["allow_origin"]),
        # A name that is listened on is a name of this server.
        allow_hosts=(*chosen["allow_host"], chosen["host"]),
        frame_ancestors=chosen["frame_ancestors"],
        root_path=chosen["root_path"],
        network_host=outward_address() if chosen["host"] in UNSPECIFIED_HOSTS else None,
        version=__version__,
    )
    address = Address(
        host=chosen["host"],
        port=chosen["port"],
        browser=not chosen["no_browser"],
        log_level=chosen["log_level"],
        token=chosen["token"],
    )
    serve(settings, address, print_announcement)
    return SUCCESS


def print_announcement(line: str) -> None:
    """Print a line where standard output is open; the server runs without it, too."""
    with suppress(OutputClosedError):
        print_output(line)


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


def train_and_print(given: argparse.Namespace, log: RunLog, inputs: Sequence[Path]) -> int:
    """Train as a log says, print the result, and write the table and the log that the command names.

    Args:
        given: The command line.
        log: What is to happen, up to its last step.
        inputs: Files that are read, which no output replaces.
    """
    program = f"gan1d {given.command}"
    with ExitStack() as stack:
        files, read = dict[str, TextIO](), list(inputs)
        for key, beginning in (("csv", f"{','.join(run.TABLE_COLUMNS)}\n"), ("log", BEGINNING)):
            name = getattr(given, key)
            if name is not None:
                try:
                    files[key] = stack.enter_context(open_output(name, read, beginning))
                except OutputFileError as error:
                    misuse(program, f"{option_of(key)}: {error}")
                read.append(name)
        try:
            trained = train(log, files.get("csv"), files.get("log"))
            stack.close()
        except OSError as error:
            names = " or ".join(f'"{getattr(given, key)}"' for key in files)
            print_error(f"{program}: Cannot write to {names}: {error.strerror}.")
            return FAILURE
    digest = "" if log.end is None else log.end.digest
    is_repeated = digest == trained.end().digest
    if digest and not is_repeated:
        print_error(f"{program}: {OTHER_COURSE}")
    print_json(trained.summary() | ({"repeated": is_repeated} if digest else {}))
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


def replay_command(given: argparse.Namespace) -> int:
    """Repeat the run of a log."""
    return train_and_print(given, read_log("gan1d replay", given.file), [given.file])


def read_log(program: str, file: Path) -> RunLog:
    """The log in a file."""
    try:
        with file.open("rb") as stream:
            return RunLog.read(stream)
    except LogError as error:
        misuse(program, f"{file}: {error}")


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
    else:
        preset = given.preset or (DEFAULT_PRESET if given.config is None else None)
        steps = DEFAULT_STEPS if given.steps is None else given.steps
        log, inputs = RunLog(experiment_of(program, given), end=End(steps)), input_files(given)
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
    pictures, megabytes = format_count(found.count), len(text.encode()) / 1e6
    print_output(f"{given.output}: {pictures} pictures of {format_count(found.last_step)} steps, {megabytes:.2f} MB")
    return SUCCESS


def check_command(given: argparse.Namespace) -> int:
    """Measure the success rate of a preset's claim."""
    for key in ("preset", "config", "seed", *(option.key for option in DATA_OPTIONS), "steps", "csv", "log"):
        if getattr(given, key) is not None:
            misuse("gan1d run", f"{option_of(key)} cannot be used with --check.")
    first = check.FIRST_FRESH_SEED if given.first_seed is None else given.first_seed
    seeds = range(first, first + (given.seeds or check.SEEDS))
    # The last seed is the largest: if it is out of bounds, this raises a ConfigError.
    config = changed(chosen_config(given.check, seeds[-1]), given.set)
    claim = presets[given.check].claim
    rate = check.measure_rate(config, claim, seeds, sys.stderr)
    print_json(check.rate_to_json(given.check, claim, rate))
    return SUCCESS


def option_of(key: str) -> str:
    """The option as it is written on the command line."""
    return f"--{key.replace('_', '-')}"


def presets_command(given: argparse.Namespace) -> int:
    """List the presets."""
    if given.json:
        print_json([preset.row() for preset in presets.values()])
    else:
        width = max(map(len, presets))
        print_output(
            "\n".join(f"{preset.name:<{width}}  {preset.title}. {preset.watch}" for preset in presets.values())
        )
    return SUCCESS


def schema_command(_: argparse.Namespace) -> int:
    """Print the JSON schema of the settings."""
    print_json(Config.model_json_schema())
    return SUCCESS


def parser() -> Parser:
    """The parser of all commands and their options."""
    top = Parser(
        prog="gan1d",
        description="See how a generative adversarial network learns, in one dimension.",
        epilog="The default command is serve. gan1d COMMAND --help lists the options of a command.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"gan1d {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)

    def command(name: str, does: Callable[[argparse.Namespace], int], help: str, epilog: str = "") -> Parser:
        made = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.", epilog=epilog,
                                   allow_abbrev=False)  # fmt: skip
        made.set_defaults(does=does)
        return made

    served = command("serve", serve_command, "serve the page and open it",
                     "Each option can also be set in the environment: GAN1D_PORT for --port.")  # fmt: skip
    for option in (*OPTIONS, *DATA_OPTIONS):
        option.add_to(served)
    ran = command("run", run_command, "train without a page and print the result as JSON")
    add_experiment(ran)
    ran.add_argument("--steps", type=whole(0, None, "a number"), metavar="N",
                     help=f"training steps (default: {DEFAULT_STEPS})")  # fmt: skip
    add_outputs(ran)
    ran.add_argument("--check", type=PRESET.read, metavar="PRESET",
                     help="measure on fresh seeds how often a preset does what it claims")  # fmt: skip
    ran.add_argument("--seeds", type=whole(1, None, "a number"), metavar="N",
                     help=f"number of seeds to check (default: {check.SEEDS})")  # fmt: skip
    ran.add_argument("--first-seed", type=whole(0, 2**32 - 1, "a seed"), metavar="N",
                     help=f"first seed to check (default: {check.FIRST_FRESH_SEED})")  # fmt: skip
    recorded = command("record", record_command, "train and write the run as one HTML file that plays without a server")
    add_experiment(recorded)
    recorded.add_argument("--steps", type=whole(0, None, "a number"), metavar="N",
                          help=f"training steps (default: {DEFAULT_STEPS})")  # fmt: skip
    recorded.add_argument("--log", type=Path, metavar="FILE", help="repeat the run of a log instead")
    recorded.add_argument("--every", type=whole(1, None, "a number"), metavar="N",
                          help=f"steps between two pictures (default: enough for {USUAL_FRAMES} pictures)")  # fmt: skip
    recorded.add_argument("--title", metavar="TEXT", help="title of the page (default: that of the preset)")
    recorded.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="HTML file to write")
    replayed = command("replay", replay_command, "repeat the run of a log and print the result as JSON")
    replayed.add_argument("file", type=Path, metavar="FILE", help="a log that --log has written")
    add_outputs(replayed)
    add_export_options(command("export", export_command, EXPORT_HELP))
    listed = command("presets", presets_command, "list the presets")
    listed.add_argument("--json", action="store_true", help="print all settings of each preset")
    command("schema", schema_command, "print the JSON schema of the settings")
    return top


def add_outputs(to: Parser) -> None:
    """Add the options that name output files."""
    to.add_argument("--csv", type=Path, metavar="FILE",
                    help=f"write one row per step, with metrics every {run.METRICS_EVERY} steps")  # fmt: skip
    to.add_argument("--log", type=Path, metavar="FILE", help="write the log of the run, which gan1d replay repeats")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Raises:
        SystemExit: The input is wrong, or the help was printed.
    """
    prepare()
    try:
        try:
            return dispatch(arguments)
        finally:
            flush_streams()
    except OutputClosedError as error:
        if error.is_broken_pipe:
            return SUCCESS
        print_error(f"gan1d: {error}")
        return FAILURE
    except KeyboardInterrupt:
        print_error("gan1d: interrupted")
        return INTERRUPTED


def dispatch(arguments: Sequence[str] | None) -> int:
    """Parse the arguments, run the command and return its exit status; failures become one line and a status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "serve")
    top = parser()
    known = ("serve", "run", "record", "replay", "export", "presets", "schema")
    if not words[0].startswith("-") and words[0] not in known:
        misuse("gan1d", f"Expected a command ({', '.join(known)}), but got {json.dumps(words[0], ensure_ascii=False)}.")
    given, rest = top.parse_known_args(words)
    program = f"gan1d {given.command}"
    if rest:
        misuse(program, f"Expected an option that {program} --help lists, but got {json.dumps(rest[0])}.")
    try:
        return int(given.does(given))
    except (ConfigError, UnknownHostError) as error:
        misuse(program, str(error))
    except ServeError as error:
        print_error(f"{program}: {error}")
        return FAILURE
    except KeyboardInterrupt:
        print_error(f"{program}: interrupted")
        return INTERRUPTED
    except OSError as error:
        where = f'"{error.filename}": ' if error.filename else ""
        print_error(f"{program}: {where}{error.strerror or error}")
        return FAILURE
