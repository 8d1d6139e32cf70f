"""The answer to a page that sends a text, and the program that reads one in a process of its own."""

import json
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, BinaryIO, Final

from gan1d.number_file.cells import Decimal
from gan1d.number_file.checked_numbers import complaint, draw_sample
from gan1d.number_file.columns import NumberFileError
from gan1d.number_file.reading import Limits, read_file

READ_SECONDS: Final = 120.0
"""Longest time for reading a text."""
SAMPLE_SEED: Final = re.compile(r"\d{1,20}", re.ASCII)
REFUSED: Final = 2
"""Exit status of the program for a text or a query with something wrong."""


def answer(file: BinaryIO, query: Mapping[str, str], limits: Limits, largest_json: int | None = None) -> dict[str, Any]:
    """The content of a text as JSON; `values` is empty where there are too many and no sample is drawn.

    Args:
        file: The text, in any encoding that the reader knows.
        query: `column`, a name or a number from 1; `decimal`, the decimal mark; `sample`, the seed with which as many
            numbers as allowed are drawn from too many.
        limits: Allowed numbers.
        largest_json: See `read_file`.

    Raises:
        NumberFileError: The text cannot be read, or takes too long, or the query names an unknown column or mark.
    """
    end = time.monotonic() + READ_SECONDS

    def check(count: int) -> None:
        if time.monotonic() > end:
            raise NumberFileError(
                f"Expected a text that is read within {READ_SECONDS:.0f} s, but only {count / 1e6:.0f} MB of it were."
            )

    mark, seed = query.get("decimal"), query.get("sample", "")
    if mark not in (None, ".", ","):
        raise NumberFileError(f"Expected a decimal mark of . or , but got “{mark[:10]}”.")
    decimal: Decimal | None = "," if mark == "," else "." if mark == "." else None
    reading = read_file(file, limits, query.get("column"), decimal, check, largest_json)
    values, most = reading.values, limits.most
    if SAMPLE_SEED.fullmatch(seed) and len(values) > most:
        values = draw_sample(values, int(most), int(seed))
    return {
        **asdict(reading),
        "values": list(values) if len(values) <= most else [],
        "count": len(reading.values),
        "low": min(reading.values, default=None),
        "high": max(reading.values, default=None),
        "complaint": complaint(reading, limits),
    }


def encoded_answer(
    file: BinaryIO, query: Mapping[str, str], limits: Limits, largest_json: int | None = None
) -> tuple[int, bytes]:
    """The exit status, and the answer as JSON or a sentence on what is wrong."""
    try:
        # JSON may hold halves of characters, which UTF-8 does not allow.
        return 0, json.dumps(answer(file, query, limits, largest_json)).encode("ascii")
    except NumberFileError as error:
        return REFUSED, str(error).encode(errors="replace")


def answer_stdin() -> None:
    """Answer to standard input; the last argument is `[query, limits, largest_json]` as JSON."""
    query, limits, largest_json = json.loads(sys.argv[-1])
    status, found = encoded_answer(sys.stdin.buffer, query, Limits(**limits), largest_json)
    sys.stdout.buffer.write(found)
    sys.exit(status)
