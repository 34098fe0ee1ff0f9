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
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FAMILIAR = frozenset("äöüÄÖÜßéèêëÉÈáàâãÁÀíìîïÍóòôõÓúùûÚñÑçÇåÅøØæÆœýÿ–—’“”„«»€§°\u00a0")
BLOCK = 1 << 16
LINES_LOOKED_AT = 50


def guess_encoding(file: BinaryIO) -> str:
    """Return the encoding that a file is most probably in."""
    head = file.read(BLOCK)
    if head.startswith(MARKS) or _alternates(head):
        return "utf-16"
    file.seek(0)
    unusual = _unusual_lines(file)
    if unusual is None:
        return "utf-8"
    best = from_bytes(unusual, cp_isolation=list(ISOLATED)).best()
    likely = ISOLATED.get(best.encoding if best else "", "cp1252")
    # A few names are too little for statistics; then the letters that names are made of decide.
    return max(ISOLATED.values(), key=lambda encoding: (_familiar(unusual, encoding), encoding == likely))


def guess_separator(head: str) -> str:
    """Return the sign that cuts most lines into the same number of cells, two or more."""
    if head[:4].lower() == "sep=" and head[4:5] in SEPARATORS:
        return head[4]
    lines = head.splitlines()[:LINES_LOOKED_AT]
    return max(SEPARATORS, key=lambda separator: _evenness(lines, separator))


def decoder(encoding: str, head: bytes) -> str:
    """Return Python's name of an encoding for a file that begins so; a byte order mark is swallowed, or done without."""
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding == "utf-16" and not head.startswith(MARKS):
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    return encoding


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


def _familiar(lines: bytes, encoding: str) -> int:
    """Count the letters beyond ASCII that European names and words are made of, less the signs that they are not."""
    unusual = [sign for sign in lines.decode(encoding, errors="replace") if not sign.isascii()]
    return sum(1 if sign in FAMILIAR else -1 for sign in unusual)


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
