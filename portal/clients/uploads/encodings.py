"""Guessing the encoding and the separator of a CSV file.

Staff see the guess and can correct it: a short file in an old encoding is ambiguous.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from charset_normalizer import from_bytes

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16 (Unicode text)",
    "cp1252": "Windows (cp1252)",
    "latin-1": "ISO 8859-1 (Latin-1)",
    "mac-roman": "Macintosh",
}
SEPARATORS = (";", ",", "\t", "|")
# The encodings that charset_normalizer may choose, by its own names.
CANDIDATES = {"cp1252": "cp1252", "latin_1": "latin-1", "mac_roman": "mac-roman"}
UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FAMILIAR_LETTERS = frozenset("äöüÄÖÜßéèêëÉÈáàâãÁÀíìîïÍóòôõÓúùûÚñÑçÇåÅøØæÆœýÿ–—’“”„«»€§°\u00a0")
BLOCK_SIZE = 1 << 16
SAMPLE_LINES = 50


def guess_encoding(file: BinaryIO) -> str:
    """Return the most probable encoding of a file, a key of ENCODINGS."""
    head = file.read(BLOCK_SIZE)
    if head.startswith(UTF16_BOMS) or _is_probably_utf16(head):
        return "utf-16"
    file.seek(0)
    non_ascii = _read_non_ascii_lines(file)
    if non_ascii is None:
        return "utf-8"
    best = from_bytes(non_ascii, cp_isolation=list(CANDIDATES)).best()
    likely = CANDIDATES.get(best.encoding if best else "", "cp1252")
    # A few names are too little for statistics; then the number of familiar letters decides.
    return max(CANDIDATES.values(), key=lambda encoding: (_score_letters(non_ascii, encoding), encoding == likely))


def guess_separator(head: str) -> str:
    """Return the separator that splits most lines into the same number of cells, two or more."""
    if head[:4].lower() == "sep=" and head[4:5] in SEPARATORS:
        return head[4]
    lines = head.splitlines()[:SAMPLE_LINES]
    return max(SEPARATORS, key=lambda separator: _score_separator(lines, separator))


def get_codec_name(encoding: str, head: bytes) -> str:
    """Return Python's codec for an encoding and a file with this head; it skips a byte order mark, if there is one."""
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding == "utf-16" and not head.startswith(UTF16_BOMS):
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    return encoding


def _is_probably_utf16(head: bytes) -> bool:
    """Return whether every other byte is zero, as in UTF-16 without a byte order mark."""
    return len(head) > 3 and head[1::2].count(0) > len(head) // 4 and not head[::2].count(0)


def _read_non_ascii_lines(file: BinaryIO) -> bytes | None:
    """Return the first lines that are not ASCII, or None if the whole file is UTF-8."""
    reader = codecs.getincrementaldecoder("utf-8")()
    non_ascii, is_utf8, size = [], True, 0
    for line in _iter_non_ascii_lines(file):
        if size < BLOCK_SIZE:
            non_ascii.append(line)
            size += len(line)
        is_utf8 = is_utf8 and _can_decode(reader, line)
        if not is_utf8 and size >= BLOCK_SIZE:
            break
    return None if is_utf8 else b"".join(non_ascii)


def _iter_non_ascii_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that are not ASCII; a line may be as long as the file and comes in pieces then."""
    for block in iter(partial(file.read, BLOCK_SIZE), b""):
        if not block.isascii():
            yield from (line for line in block.splitlines(keepends=True) if not line.isascii())


def _score_letters(lines: bytes, encoding: str) -> int:
    """Return the number of familiar letters beyond ASCII minus that of other characters."""
    non_ascii = [char for char in lines.decode(encoding, errors="replace") if not char.isascii()]
    return sum(1 if char in FAMILIAR_LETTERS else -1 for char in non_ascii)


def _can_decode(reader: codecs.IncrementalDecoder, line: bytes) -> bool:
    try:
        reader.decode(line)
    except UnicodeDecodeError:
        return False
    return True


def _score_separator(lines: Iterable[str], separator: str) -> tuple[float, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=separator) if any(cells)]
    except csv.Error:
        return 0.0, 0
    if not widths:
        return 0.0, 0
    width, times = Counter(widths).most_common(1)[0]
    return (times / len(widths) if width > 1 else 0.0), width
