"""What becomes of a picture that somebody calls their logo? Only what we drew ourselves is ever served."""

import hashlib
import io
import struct
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_BYTES = 2_000_000
MOST_PIXELS = 12_000_000
# Twice the size it is shown at, for sharp screens.
BOX = (640, 192)


class LogoRefused(ValueError):
    """The file can't be the logo; the message says why, in a sentence for people."""


def draw_again(upload: bytes) -> tuple[bytes, str]:
    """Return a PNG of our own with the same picture and nothing else of the file, and its digest. Raises LogoRefused."""
    if len(upload) > MOST_BYTES:
        raise LogoRefused(_("This file is too big. A logo may have 2 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _read(upload)
    except LogoRefused:
        raise
    except UnidentifiedImageError:
        raise LogoRefused(_("Choose a picture: PNG, JPEG, WebP or GIF.")) from None
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
        raise LogoRefused(_("This picture is damaged or too large to open.")) from None
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue(), hashlib.sha256(file.getvalue()).hexdigest()[:16]


def _read(upload: bytes) -> Image.Image:
    """Return the first frame, upright, small, and as bare colours. What a file says of its size is believed first."""
    with Image.open(io.BytesIO(upload), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise LogoRefused(_("This picture has too many pixels. Save it smaller, 640 wide is plenty."))
        image.load()
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail(BOX, Image.Resampling.LANCZOS)
    bare = Image.new("RGBA", upright.size)
    bare.paste(upright)
    return bare
