"""The command line: `parser` lists the commands.

Wrong input ends with status 2 and one line with the expected and the given value. A failure of the machine, such as a
busy port, ends with status 1 and one line. There is never a traceback.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from gan1d import __version__
from gan1d.cli.console import OutputClosedError, flush_streams, prepare, print_error, print_json, print_output
from gan1d.cli.data import DATA_OPTIONS, starting_data
from gan1d.cli.experiment import chosen_config
from gan1d.cli.export import EXPORT_HELP, add_export_options, export_command
from gan1d.cli.game import GAME_HELP, add_game_options, game_command
from gan1d.cli.map import MAP_HELP, add_map_options, map_command
from gan1d.cli.options import FAILURE, INTERRUPTED, OPTIONS, SUCCESS, Parser, misuse
from gan1d.cli.record import RECORD_HELP, add_record_options, record_command
from gan1d.cli.serve import chosen_values, print_announcement, server_address, settings_of
from gan1d.cli.spectrum import SPECTRUM_HELP, add_spectrum_options, spectrum_command
from gan1d.cli.sweep import SWEEP_HELP, add_sweep_options, sweep_command
from gan1d.cli.train import add_replay_options, add_run_options, replay_command, run_command
from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.gallery import presets
from gan1d.server.serving import ServeError, UnknownHostError, serve


def serve_command(given: argparse.Namespace) -> int:
    """Serve the page."""
    chosen = chosen_values((*OPTIONS, *DATA_OPTIONS), given)
    config = chosen_config(chosen["preset"], chosen["seed"])
    data = starting_data("gan1d serve", config, chosen)
    settings = settings_of(chosen, config=data.config if data else config, preset=chosen["preset"], data=data)
    serve(settings, server_address(chosen), print_announcement)
    return SUCCESS


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


def parser() -> tuple[Parser, list[str]]:
    """The parser of all commands and their options, and the names of the commands."""
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
    add_run_options(command("run", run_command, "train without a page and print the result as JSON"))
    add_sweep_options(command("sweep", sweep_command, SWEEP_HELP))
    add_map_options(command("map", map_command, MAP_HELP))
    add_record_options(command("record", record_command, RECORD_HELP))
    add_replay_options(command("replay", replay_command, "repeat the run of a log and print the result as JSON",
                               "The exit status is 3 if the run took another course than the log's."))  # fmt: skip
    add_export_options(command("export", export_command, EXPORT_HELP))
    add_game_options(command("game", game_command, GAME_HELP))
    add_spectrum_options(command("spectrum", spectrum_command, SPECTRUM_HELP))
    listed = command("presets", presets_command, "list the presets")
    listed.add_argument("--json", action="store_true", help="print all settings of each preset")
    command("schema", schema_command, "print the JSON schema of the settings")
    return top, [*commands.choices]


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
    top, known = parser()
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
