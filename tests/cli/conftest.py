"""What the tests of the command line share: programs that can be interrupted, however the tests were started."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def default_signals() -> Iterator[None]:
    """Let Ctrl-C and a hang-up reach the programs that a test starts.

    A shell starts programs in the background, and nohup any program, with one of these signals ignored; their own
    programs would inherit that. A handler is not inherited: the program begins with the default.
    """
    numbers = [signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    ignored = [number for number in numbers if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.default_int_handler)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)
