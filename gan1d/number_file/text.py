"""Bytes as text: encodings by byte order mark, else UTF-16, UTF-8 or the code page of Western European Windows."""

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final
from unicodedata import normalize

LARGEST_FILE: Final = 2**30
"""Largest number of bytes of a file; it also ends the reading of a device or pipe without end."""
LINE_BYTES: Final = 2**26
"""Largest number of bytes without the end of a line, which are in memory at once."""
SAMPLE_BYTES: Final = 2**20
"""Bytes from which encoding, separator and header are found."""
PIECE_BYTES: Final = 2**18

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK: Final = "cp1252"
CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
"""Characters that no text of a code page has."""
INVISIBLE: Final = dict.fromkeys(map(ord, "\x1a\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
"""Characters without a width, which come along when text is copied, and the end mark of DOS."""
LINE_DRAWING: Final = (
    dict.fromkeys(range(0x2500, 0x2580), "+")
    | dict.fromkeys(map(ord, "─━┄┅┈┉╌╍═"), "-")
    | dict.fromkeys(map(ord, "│┃┆┇┊┋╎╏║"), "|")
)
"""Characters with which programs draw a table, and those of a table in ASCII."""
USUAL: Final = INVISIBLE | LINE_DRAWING
UNUSUAL: Final = re.compile(
    "[\v\f\x1a\x1c-\x1e\x85\u00ad\u0300-\u036f\u200b-\u200f\u2028\u2029\u2060\u2500-\u257f\ufeff]"
)
"""Those characters, accents apart from their letters, and the line ends of Unicode beside line feed and carriage
return."""


Progress = Callable[[int], object]
"""Called with the bytes read so far."""


class NotTextError(ValueError):
    """The bytes are no text, or too many. The message is shown to the user."""


def usual(text: str) -> str:
    """A text without invisible characters, with each accent joined to its letter and with tables drawn in ASCII."""
    return normalize("NFC", text.translate(USUAL))


def encoding_of(sample: bytes, is_whole: bool = True) -> str:
    """The encoding of a text that begins with these bytes.

    Raises:
        NotTextError: They are no text, such as a spreadsheet or an archive.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        for name, high in (("utf-16-le", 1), ("utf-16-be", 0)):
            # Without a mark: the high bytes of most letters and digits are zero, and no low byte is.
            if 0 not in sample[1 - high :: 2] and 2 * sample[high::2].count(0) > len(sample[high::2]):
                return name
        raise NotTextError("Expected a text file such as CSV, but got something else.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, is_whole)
    except UnicodeDecodeError:
        if CONTROL.search(sample):
            raise NotTextError("Expected a text file such as CSV, but got something else.") from None
        return FALLBACK
    return "utf-8"


def lines_of(file: BinaryIO, encoding: str, progress: Progress | None = None) -> Iterator[str]:
    """Lines of a file, read in pieces: each ends with a line feed whatever ended it, and has no invisible characters.

    Raises:
        NotTextError: The file does not have this encoding, or is larger than `LARGEST_FILE`, or a line than
            `LINE_BYTES`.
    """
    counted = _Counted(file, progress)
    # Other code pages have letters where cp1252 has none; what they write of numbers is the same.
    errors = "replace" if encoding == FALLBACK else "strict"
    text = io.TextIOWrapper(io.BufferedReader(counted, PIECE_BYTES), encoding, errors, newline=None)
    try:
        for line in text:
            if UNUSUAL.search(line):
                yield from (f"{part}\n" for part in usual(line).splitlines())
            else:
                yield line
    except UnicodeError:
        raise NotTextError("Expected a text file such as CSV, but got something else.") from None
    finally:
        text.detach()


class _Counted(io.RawIOBase):
    """A file that reports how much of it was read."""

    def __init__(self, file: BinaryIO, progress: Progress | None) -> None:
        self._file, self._progress, self._count, self._line_begun = file, progress, 0, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        self._line_begun = self._line_begun if end < 0 else self._count + end
        self._count += len(piece)
        if self._count - self._line_begun > LINE_BYTES:
            raise NotTextError(f"Expected lines of at most {LINE_BYTES >> 20} MB, but got a longer one.")
        if self._count > LARGEST_FILE:
            raise NotTextError(f"Expected a file of at most {LARGEST_FILE >> 20} MB, but got more.")
        if self._progress is not None:
            self._progress(self._count)
        return len(piece)
