"""The parser of uploaded pictures, which runs in a sandbox and imports nothing of Django."""

import base64
import io
import struct
import warnings
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from tenants.sandbox.refusals import FileRefused

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_PIXELS = 12_000_000
# Twice the size shown, for high-resolution screens.
MAX_DIMENSIONS = (640, 192)
# What Pillow raises for files that no camera and no editor wrote.
READ_ERRORS = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, ArithmeticError, struct.error),
    *(Image.DecompressionBombWarning, Image.DecompressionBombError),
)


def parse_logo(file: BinaryIO) -> Iterator[str]:
    """Yield a PNG with the same picture and none of the file's other content, in base64. Raises FileRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _decode_image(file)
    except UnidentifiedImageError:
        raise FileRefused("no-image") from None
    except READ_ERRORS:
        raise FileRefused("damaged") from None
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    yield base64.b64encode(png.getvalue()).decode("ascii")


def _decode_image(file: BinaryIO) -> Image.Image:
    """Return the first frame, upright, shrunk, and without metadata. The header's size is checked before decoding."""
    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise FileRefused("too-many-pixels")
        image.load()
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail(MAX_DIMENSIONS, Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    return clean
