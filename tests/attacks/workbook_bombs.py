"""Files that are small and need gigabytes, or minutes, to be opened."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable

from openpyxl import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'
NAMES = '<row r="1"><c t="str"><v>Name</v></c><c t="str"><v>Email</v></c></row>'
# What can't be compressed beside the bomb keeps the ratio of the whole archive harmless.
PADDING = 320_000


def build_workbook(sheet: str = "", **parts: str) -> bytes:
    """Return a workbook with this sheet and with other parts replaced: `styles`, `strings`."""
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Name", "Email"])
    book.save(file)
    names = {"sheet": "xl/worksheets/sheet1.xml", "styles": "xl/styles.xml", "strings": "xl/sharedStrings.xml"}
    replaced = {names[part]: text.encode() for part, text in ({"sheet": sheet} | parts).items() if text}
    result = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in replaced:
                new.writestr(name, old.read(name))
        for name, data in replaced.items():
            new.writestr(name, data)
        new.writestr("xl/media/padding.png", os.urandom(PADDING))
    return result.getvalue()


def build_fonts_bomb() -> bytes:
    """Return a workbook with 5.9 million fonts."""
    styles = f'<styleSheet xmlns="{MAIN}"><fonts>{"<font/>" * 5_900_000}</fonts></styleSheet>'
    return build_workbook(styles=styles)


def build_wide_row_bomb() -> bytes:
    """Return a workbook with a row of ten million cells."""
    return build_workbook(SHEET % (NAMES + f"<row>{'<c/>' * 10_000_000}</row>"))


def build_shared_strings_bomb() -> bytes:
    """Return a workbook with eight million strings, the last of which stands in the first cell."""
    strings = f'<sst xmlns="{MAIN}">{"<si/>" * 7_999_999}<si><t>Name</t></si></sst>'
    return build_workbook(SHEET % '<row r="1"><c r="A1" t="s"><v>7999999</v></c></row>', strings=strings)


def build_nested_bomb() -> bytes:
    """Return a workbook whose sheet is four million elements inside one another."""
    return build_workbook(SHEET % (NAMES + "<a>" * 4_000_000 + "</a>" * 4_000_000))


def build_huge_cell_bomb() -> bytes:
    """Return a workbook with a cell of fifty million characters."""
    return build_workbook(SHEET % (NAMES + f'<row><c t="str"><v>{"x" * 50_000_000}</v></c></row>'))


def build_far_row_bomb() -> bytes:
    """Return a workbook of a hundred thousand rows, each of which says that it is the last that Excel knows."""
    return build_workbook(SHEET % (NAMES + '<row r="1048576"><c t="str"><v>x</v></c></row>' * 100_000))


WORKBOOK_BOMBS: dict[str, Callable[[], bytes]] = {
    "fonts": build_fonts_bomb,
    "a wide row": build_wide_row_bomb,
    "shared strings": build_shared_strings_bomb,
    "nested elements": build_nested_bomb,
    "a huge cell": build_huge_cell_bomb,
}


def build_png_chunk(name: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def build_png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    """Return a grey PNG with further chunks before its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = [build_png_chunk(b"IHDR", head), *chunks, build_png_chunk(b"IDAT", zlib.compress(pixels))]
    return b"".join((b"\x89PNG\r\n\x1a\n", *body, build_png_chunk(b"IEND", b"")))


def build_pixel_bomb() -> bytes:
    """Return a PNG that has 50,000 by 50,000 pixels."""
    return build_png(50_000, 50_000, pixels=bytes(10 * 2**20))


def build_text_bomb() -> bytes:
    """Return a small PNG with a hundred compressed texts of a megabyte each."""
    text = b"note\0\0" + zlib.compress(b"x" * 2**20, 9)
    return build_png(4, 4, *[build_png_chunk(b"zTXt", text)] * 100, pixels=bytes(20))


def build_colour_profile_bomb() -> bytes:
    """Return a small PNG with a colour profile of 128 MB."""
    compressor, block = zlib.compressobj(9), bytes(2**20)
    packed = b"".join(compressor.compress(block) for _number in range(128)) + compressor.flush()
    return build_png(4, 4, build_png_chunk(b"iCCP", b"icc\0\0" + packed), pixels=bytes(20))


IMAGE_BOMBS: dict[str, Callable[[], bytes]] = {
    "pixels": build_pixel_bomb,
    "texts": build_text_bomb,
    "a colour profile": build_colour_profile_bomb,
}
