"""The command line: serve, run, presets, schema.

Errors of the input are one line, what was expected and what came, and status 2; errors of the machine (a busy port,
say) are one line and status 1. There is never a traceback.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from gan1d import __version__
from gan1d.cli import check, run
from gan1d.cli.console import OutputClosedError, finish, prepare, print_error, print_json, print_output
from gan1d.cli.number_file import NumberFileError, numbers_of
from gan1d.cli.options import COLUMN, DATA, OPTIONS, PRESET, SEED, Parser, assignment, misuse, whole
from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import knob_at
from gan1d.engine.distributions.custom import FARTHEST, Samples
from gan1d.gallery import presets
from gan1d.interrupts import INTERRUPTED
from gan1d.server.app import ServerSettings
from gan1d.server.serving import Address, ServeError, UnknownHostError, serve

DEFAULT_STEPS: Final = 1000
"""Of `gan1d run`."""

SUCCESS: Final = 0
TROUBLE: Final = 1
"""Exit statuses, besides 2 for wrong input and 130 for Ctrl-C."""


def chosen_config(preset: str, seed: int | None) -> Config:
    """A preset, with another seed if one is given.

    Raises:
        ConfigError: The seed cannot be.
    """
    config = presets[preset].config
    return config if seed is None else config.patched("seed", seed)


def changed(config: Config, changes: Sequence[tuple[str, Any]]) -> Config:
    """The config with changes made one after the other.

    Raises:
        ConfigError: One cannot be made.
    """
    for path, value in changes:
        config = config.patched(path, value)
    return config


def with_data(program: str, config: Config, file: Path | None, column: str | None) -> Config:
    """The config, its target the numbers in a file, if one is given."""
    if file is None:
        if column is not None:
            misuse(program, "Expected --data with --column, but got none.")
        return config
    try:
        if str(file) != "-":
            text = file.read_text("utf-8-sig")
        elif sys.stdin is None:
            misuse(program, "Expected standard input for --data -, but it is closed.")
        else:
            text = sys.stdin.read()
    except OSError as error:
        misuse(program, f'Expected a file to read for --data, but got "{file}" ({error.strerror}).')
    except UnicodeDecodeError:
        misuse(program, f'Expected a text file such as CSV for --data, but got "{file}".')
    config = config.patched("target", Samples.kind)
    count = knob_at(config, "target.values")
    try:
        values = numbers_of(text, (-FARTHEST, FARTHEST), (count.low or 0, count.high or math.inf), column)
    except NumberFileError as error:
        misuse(program, f"{file}: {error}")
    return config.patched("target.values", values)


def serve_command(given: argparse.Namespace) -> int:
    """Serve the page."""
    chosen = {option.key: option.value(getattr(given, option.key), os.environ) for option in OPTIONS}
    config = chosen_config(chosen["preset"], chosen["seed"])
    settings = ServerSettings(
        config=with_data("gan1d serve", config, chosen["data"], chosen["column"]),
        preset=chosen["preset"],
        max_sessions=chosen["max_sessions"],
        allow_origins=tuple(chosen["allow_origin"]),
        # Whoever asks to listen on a name means to be called by it.
        allow_hosts=(*chosen["allow_host"], chosen["host"]),
        frame_ancestors=chosen["frame_ancestors"],
        root_path=chosen["root_path"],
        version=__version__,
    )
    place = Address(
        host=chosen["host"], port=chosen["port"], browser=not chosen["no_browser"], log_level=chosen["log_level"]
    )
    serve(settings, place, print_announcement)
    return SUCCESS


def print_announcement(line: str) -> None:
    """Print a line where standard output is open; the server runs without it, too."""
    with suppress(OutputClosedError):
        print_output(line)


def run_command(given: argparse.Namespace) -> int:
    """Train without a page."""
    if given.check is not None:
        return check_command(given)
    refuse(given, ("seeds", "first_seed"), "without --check")
    config = with_data("gan1d run", chosen_config(given.preset or "default", given.seed), given.data, given.column)
    config = changed(config, given.set)
    steps = DEFAULT_STEPS if given.steps is None else given.steps
    if given.csv is None:
        result = run.run(config, steps, progress=sys.stderr)
    else:
        try:
            table = given.csv.open("w", encoding="utf-8", newline="")
        except OSError as error:
            misuse("gan1d run", f'Expected a file to write for --csv, but got "{given.csv}" ({error.strerror}).')
        try:
            with table:
                result = run.run(config, steps, table, progress=sys.stderr)
        except OSError as error:
            print_error(f'gan1d run: Cannot write to "{given.csv}": {error.strerror}.')
            return TROUBLE
    print_json(result)
    return SUCCESS


def check_command(given: argparse.Namespace) -> int:
    """Measure how often a preset shows what it is there to show."""
    refuse(given, ("preset", "seed", "data", "column", "steps", "csv"), "with --check")
    first = check.FRESH if given.first_seed is None else given.first_seed
    seeds = range(first, first + (given.seeds or check.SEEDS))
    # A seed that is too large is refused as any other setting would be.
    config = changed(chosen_config(given.check, seeds[-1]), given.set)
    claim = presets[given.check].claim
    rate = check.measure_rate(config, claim, seeds, sys.stderr)
    print_json(check.to_json(given.check, claim, rate))
    return SUCCESS


def refuse(given: argparse.Namespace, keys: Sequence[str], where: str) -> None:
    """Options that mean nothing here are an error, not ignored."""
    for key in keys:
        if (value := getattr(given, key)) is not None:
            option = f"--{key.replace('_', '-')}"
            misuse("gan1d run", f"Expected no {option} {where}, but got {json.dumps(str(value), ensure_ascii=False)}.")


def presets_command(given: argparse.Namespace) -> int:
    """List the experiments that come with the program."""
    if given.json:
        print_json([preset.row() for preset in presets.values()])
    else:
        width = max(map(len, presets))
        print_output(
            "\n".join(f"{preset.name:<{width}}  {preset.title}. {preset.watch}" for preset in presets.values())
        )
    return SUCCESS


def schema_command(_: argparse.Namespace) -> int:
    """Say what there is to set."""
    print_json(Config.model_json_schema())
    return SUCCESS


def parser() -> Parser:
    """All commands and their options."""
    top = Parser(
        prog="gan1d",
        description="See how a generative adversarial network learns, in one dimension.",
        epilog="Without a command: serve. gan1d COMMAND --help says more.",
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
                     "Each option can also be set in the environment, such as GAN1D_PORT for --port.")  # fmt: skip
    for option in OPTIONS:
        option.add_to(served)
    ran = command("run", run_command, "train without a page and print how it ended, as JSON")
    PRESET.add_to(ran)
    SEED.add_to(ran)
    DATA.add_to(ran)
    COLUMN.add_to(ran)
    ran.add_argument("--steps", type=whole(0, None, "a number"), metavar="N",
                     help=f"steps to make (default: {DEFAULT_STEPS})")  # fmt: skip
    ran.add_argument("--set", action="append", type=assignment, default=[], metavar="PATH=VALUE",
                     help="change a setting, such as batch_size=128; may be repeated")  # fmt: skip
    ran.add_argument("--csv", type=Path, metavar="FILE",
                     help=f"write a row for each step; measurements every {run.METRICS_EVERY} steps")  # fmt: skip
    ran.add_argument("--check", type=PRESET.read, metavar="PRESET",
                     help="measure on fresh seeds how often a preset shows what it is there to show")  # fmt: skip
    ran.add_argument("--seeds", type=whole(1, None, "a number"), metavar="N",
                     help=f"seeds to check (default: {check.SEEDS})")  # fmt: skip
    ran.add_argument("--first-seed", type=whole(0, 2**32 - 1, "a seed"), metavar="N",
                     help=f"the first of them (default: {check.FRESH})")  # fmt: skip
    listed = command("presets", presets_command, "list the experiments that come with the program")
    listed.add_argument("--json", action="store_true", help="print all of each experiment")
    command("schema", schema_command, "print what there is to set, as a JSON schema")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status.

    Raises:
        SystemExit: The input is wrong, or help was asked for.
    """
    prepare()
    try:
        try:
            return dispatch(arguments)
        finally:
            finish()
    except OutputClosedError as error:
        if error.is_enough:
            return SUCCESS
        print_error(f"gan1d: {error}")
        return TROUBLE
    except KeyboardInterrupt:
        print_error("gan1d: interrupted")
        return INTERRUPTED


def dispatch(arguments: Sequence[str] | None) -> int:
    """Run one command; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "serve")
    top = parser()
    known = ("serve", "run", "presets", "schema")
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
        return TROUBLE
    except KeyboardInterrupt:
        print_error(f"{program}: interrupted")
        return INTERRUPTED
    except OSError as error:
        print_error(f"{program}: {error.strerror or error}")
        return TROUBLE
