"""Re-encoding of uploaded logos: uploaded bytes are never served, only a PNG written here."""

import hashlib
import io
import struct
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 2_000_000
MAX_PIXELS = 12_000_000
# Twice the size shown, for high-resolution screens.
MAX_DIMENSIONS = (640, 192)


class InvalidLogo(ValueError):
    """The file can't be used as a logo; the message tells the user why."""


def reencode_logo(upload: bytes) -> tuple[bytes, str]:
    """Return a PNG with the same picture and none of the file's other content, and its digest. Raises InvalidLogo."""
    if len(upload) > MAX_BYTES:
        raise InvalidLogo(_("This file is too large. A logo can have up to 2 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _decode_image(upload)
    except InvalidLogo:
        raise
    except UnidentifiedImageError:
        raise InvalidLogo(_("Choose an image: PNG, JPEG, WebP or GIF.")) from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
        TypeError,
        LookupError,
        ArithmeticError,
        struct.error,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ):
        raise InvalidLogo(_("This image is damaged or too large to open.")) from None
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue(), hashlib.sha256(file.getvalue()).hexdigest()[:16]


def _decode_image(upload: bytes) -> Image.Image:
    """Return the first frame, upright, shrunk, and without metadata. The header's size is checked before decoding."""
    with Image.open(io.BytesIO(upload), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise InvalidLogo(
                _("This image has too many pixels. Save it in a smaller size; a width of 640 pixels is enough.")
            )
        image.load()
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail(MAX_DIMENSIONS, Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    return clean
