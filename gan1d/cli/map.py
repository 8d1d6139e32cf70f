"""`gan1d map`: the map of a sweep, as a page that fills while the sweep runs, or as one HTML file."""

import argparse
import threading
from pathlib import Path
from typing import Final

from gan1d.cli.console import print_error, print_output
from gan1d.cli.options import OPTIONS, PRESET, SEED, SUCCESS, Parser, misuse, option_of
from gan1d.cli.serve import chosen_values, print_announcement, server_address, settings_of
from gan1d.formatting import format_count
from gan1d.maps.growing_results import GrowingResults
from gan1d.maps.map_page import MAP_BEGINNING, write_map
from gan1d.output_files import OutputFileError, open_output, standard_output
from gan1d.server.serving import DEFAULT_PORT, ServeError, serve, url_of
from gan1d.sweeps.results import ResultsError

MAP_HELP: Final = "show the map of a sweep, or write it as one HTML file"
MAP_PROGRAM: Final = "gan1d map"
MAP_OPTIONS: Final = tuple(option for option in OPTIONS if option not in (PRESET, SEED))
"""Options of `serve` that do not choose an experiment."""


def add_map_options(to: Parser) -> None:
    """Add the options of the command."""
    to.add_argument("file", type=Path, metavar="FILE", help="results that gan1d sweep writes, or has written")
    to.add_argument("-o", "--out", type=Path, metavar="FILE",
                    help="write the map as one HTML file that needs no server, and end")  # fmt: skip
    to.add_argument("--title", metavar="TEXT", help="title of the HTML file (default: what was swept)")
    for option in MAP_OPTIONS:
        option.add_to(to)


def map_command(given: argparse.Namespace) -> int:
    """Show or write a map."""
    try:
        results = GrowingResults(given.file)
        if given.out is not None:
            for option in MAP_OPTIONS:
                if getattr(given, option.key) is not None:
                    misuse(MAP_PROGRAM, f"{option_of(option.key)} cannot be used with --out: a file needs no server.")
            write_file(results, given.out, given.title or "")
            return SUCCESS
    except (ResultsError, OutputFileError) as error:
        misuse(MAP_PROGRAM, str(error))
    if given.title is not None:
        misuse(MAP_PROGRAM, "--title needs --out FILE: the page has the title of the sweep.")
    chosen = chosen_values(MAP_OPTIONS, given)
    serve(settings_of(chosen, results=given.file), server_address(chosen, "map"), print_announcement)
    return SUCCESS


def write_file(results: GrowingResults, out: Path, title: str) -> None:
    """Write a map as an HTML file.

    Raises:
        OutputFileError: The file must not be, or cannot be, written.
    """
    text = write_map(results, title, lab=url_of("127.0.0.1", DEFAULT_PORT))
    with open_output(out, [results.file, *standard_output()], MAP_BEGINNING) as stream:
        stream.write(text)
    if results.is_torn:
        print_error(f"{MAP_PROGRAM}: the last line of {results.file} is not whole and was left out")
    print_output(f"{out}: {format_count(results.done)} of {format_count(results.content['runs'])} runs")


def begin_map(program: str, file: Path) -> threading.Thread:
    """Serve the map of a file beside the sweep that writes it; the thread runs until the program ends."""
    chosen = chosen_values(MAP_OPTIONS, argparse.Namespace(**{option.key: None for option in MAP_OPTIONS}))

    def serve_map() -> None:
        try:
            serve(settings_of(chosen, results=file), server_address(chosen, "map"), print_announcement)
        except ServeError as error:
            # The sweep goes on without its map.
            print_error(f"{program}: --open: {error}")

    thread = threading.Thread(target=serve_map, daemon=True)
    thread.start()
    return thread
