"""In which encoding was a list written, and by which sign are its cells separated?

Both are guessed, and shown before anything is done: a short file in an old encoding can't be told for sure.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterable
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
# By its own names, the encodings it may choose among.
ISOLATED = {"cp1252": "cp1252", "latin_1": "latin-1", "mac_roman": "mac-roman"}
BLOCK = 1 << 16
LINES_LOOKED_AT = 50


def guess_encoding(file: BinaryIO) -> str:
    """Return the encoding that a file is most probably in."""
    head = file.read(BLOCK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _alternates(head):
        return "utf-16"
    file.seek(0)
    unusual = _unusual_lines(file)
    if unusual is None:
        return "utf-8"
    best = from_bytes(unusual, cp_isolation=list(ISOLATED)).best()
    return ISOLATED.get(best.encoding if best else "", "cp1252")


def guess_separator(head: str) -> str:
    """Return the sign that cuts most lines into the same number of cells, two or more."""
    if head[:4].lower() == "sep=" and head[4:5] in SEPARATORS:
        return head[4]
    lines = head.splitlines()[:LINES_LOOKED_AT]
    return max(SEPARATORS, key=lambda separator: _evenness(lines, separator))


def decoder(encoding: str) -> str:
    """Return Python's name of an encoding that also swallows a byte order mark."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _alternates(head: bytes) -> bool:
    """Tell whether every other byte is empty, as in UTF-16 that doesn't say so."""
    return len(head) > 3 and head[1::2].count(0) > len(head) // 4 and not head[::2].count(0)


def _unusual_lines(file: BinaryIO) -> bytes | None:
    """Return the first lines that are not plain ASCII, or None for a file that is UTF-8 from end to end."""
    reader = codecs.getincrementaldecoder("utf-8")()
    unusual, is_utf8, size = [], True, 0
    for line in file:
        if line.isascii():
            continue
        if size < BLOCK:
            unusual.append(line)
            size += len(line)
        is_utf8 = is_utf8 and _decodes(reader, line)
        if not is_utf8 and size >= BLOCK:
            break
    return None if is_utf8 else b"".join(unusual)


def _decodes(reader: codecs.IncrementalDecoder, line: bytes) -> bool:
    try:
        reader.decode(line)
    except UnicodeDecodeError:
        return False
    return True


def _evenness(lines: Iterable[str], separator: str) -> tuple[float, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=separator) if any(cells)]
    except csv.Error:
        return 0.0, 0
    if not widths:
        return 0.0, 0
    width, times = Counter(widths).most_common(1)[0]
    return (times / len(widths) if width > 1 else 0.0), width
