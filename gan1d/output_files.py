"""Output files: written only where nothing of the user's is lost."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

STANDARD_OUTPUT: Final = Path("/dev/stdout")


class OutputFileError(Exception):
    """The file must not be, or cannot be, written. The message is shown to the user."""


def open_output(
    file: Path, inputs: Sequence[Path], beginning: str, is_earlier: Callable[[Path], bool] | None = None
) -> TextIO:
    """Open a text file for writing, if `check_output` allows it.

    Args:
        file: See `check_output`.
        inputs: See `check_output`.
        beginning: See `check_output`.
        is_earlier: See `check_output`.

    Returns:
        The file, empty and open.

    Raises:
        OutputFileError: See `check_output`.
    """
    check_output(file, inputs, beginning, is_earlier)
    try:
        return file.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise cannot_write(file, error) from None


def check_output(
    file: Path, inputs: Sequence[Path], beginning: str, is_earlier: Callable[[Path], bool] | None = None
) -> None:
    """Check that a file may be written, before much work is done for it.

    A file is replaced only if it is empty or an earlier output; devices and pipes are written to as they are.

    Args:
        file: Where to write.
        inputs: All other files of the command, which must not be overwritten under any name; "-" for standard input.
        beginning: Beginning of this kind of output, by which an earlier one is recognized.
        is_earlier: Whether a file with this beginning is an earlier output, where files of others begin alike.

    Raises:
        OutputFileError: The file is an input, holds something that is no earlier output, or cannot be opened, or the
            name is "-".
    """
    if str(file) == "-":
        raise OutputFileError('Expected the name of a file, but got "-": standard output has what the command prints.')
    try:
        # Two new files cannot be told apart by their numbers in the file system.
        is_other = os.path.realpath(file) in map(os.path.realpath, inputs)
        found = file.stat() if file.exists() else None
        if found is not None:
            is_other |= any(os.path.samestat(found, other) for other in map(_stat, inputs) if other is not None)
        if is_other:
            raise OutputFileError(f'Expected another file than all others of this command, but got "{file}".')
        if found is None:
            file.parent.stat()
            return
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        has_content = stat.S_ISREG(found.st_mode) and found.st_size > 0
        if has_content and not (_begins_with(file, beginning) and (is_earlier is None or is_earlier(file))):
            raise OutputFileError(
                f'Expected a new file or one that gan1d wrote, but "{file}" holds something else. '
                "Choose another name or delete it first."
            )
    except OSError as error:
        raise cannot_write(file, error) from None


def cannot_write(file: Path, error: OSError) -> OutputFileError:
    """The error for a file that the system does not let one write."""
    return OutputFileError(f'Expected a file to write, but got "{file}" ({error.strerror}).')


def standard_output() -> list[Path]:
    """Standard output if it is a file, for `check_output`: what is printed there and another output would overwrite one
    another. Terminals and pipes take both."""
    try:
        is_file = stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError, AttributeError):
        return []
    return [STANDARD_OUTPUT] if is_file else []


def _stat(file: Path) -> os.stat_result | None:
    streams = {"-": sys.stdin, str(STANDARD_OUTPUT): sys.stdout}
    try:
        return os.fstat(streams[str(file)].fileno()) if str(file) in streams else file.stat()
    except (OSError, ValueError, AttributeError):
        # Standard input and output may be closed or no file, and an input may be gone.
        return None


def _begins_with(file: Path, beginning: str) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(beginning.encode())) == beginning.encode()
