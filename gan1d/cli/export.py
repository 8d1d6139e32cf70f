"""`gan1d export`: an experiment as a file to take along."""

import argparse
from pathlib import Path

from gan1d.cli.console import print_output
from gan1d.cli.experiment import add_experiment, experiment_of, input_files
from gan1d.cli.options import Parser, misuse, one_of
from gan1d.exports.export import FORMATS
from gan1d.output_files import OutputFileError, open_output

EXPORT_HELP = "print an experiment as settings, a program or a notebook"


def add_export_options(to: Parser) -> None:
    """Add the options of the command."""
    add_experiment(to)
    to.add_argument("--as", dest="format", type=one_of(list(FORMATS), "a format"), default="json", metavar="FORMAT",
                    help="json: settings; python: a program with gan1d; pytorch: a program with PyTorch alone; "
                         "notebook: that program as a Jupyter notebook (default: json)")  # fmt: skip
    to.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write to a file instead of standard output, which is -"
    )


def export_command(given: argparse.Namespace) -> int:
    """Print an experiment, or write it to a file; returns the exit status.

    Raises:
        ConfigError: A setting is not allowed, or no PyTorch program is written for it.
    """
    program = "gan1d export"
    written = FORMATS[given.format]
    text = written.write(experiment_of(program, given))
    if given.output is None or str(given.output) == "-":
        print_output(text.removesuffix("\n"))
        return 0
    try:
        with open_output(given.output, input_files(given), written.beginning, written.is_earlier) as file:
            file.write(text)
    except OutputFileError as error:
        misuse(program, f"--output: {error}")
    return 0
