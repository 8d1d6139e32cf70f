"""Ctrl-C while the program is still being imported, which takes a while: the end in one line, and not a traceback."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

INTERRUPTED: Final = 130
"""Exit status, as shells make it of Ctrl-C."""


@contextmanager
def exit_quietly_on_interrupt() -> Iterator[None]:
    """Let Ctrl-C end the program at once, where it means the program; whoever imports a library decides for themselves.

    It is no exception as usual, because what is being imported might catch it.
    """
    if not is_program() or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def is_program() -> bool:
    """Whether the program `gan1d` is being started, be it as a script or by `python -m gan1d`."""
    start = Path(sys.argv[0] if sys.argv else "")
    # Python says -m until it has found the module, and then where it is.
    is_module = start.name == "-m" and "gan1d" in sys.orig_argv
    return is_module or start.stem == "gan1d" or start == Path(__file__).with_name("__main__.py")


def end(*_: Any) -> None:
    """The end, without anything that might be half imported."""
    with suppress(OSError):
        os.write(2, b"gan1d: interrupted\n")
    os._exit(INTERRUPTED)
