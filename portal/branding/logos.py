"""Re-encoding of uploaded logos: uploaded bytes are never served, only a PNG that a sandbox wrote."""

import base64
import hashlib
import tempfile

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ui.formatting import format_megabytes
from tenants.limits import LOGO_BYTES
from tenants.sandbox.limits import ParserLimits
from tenants.sandbox.parser_processes import ParserFailed, ParserLimitExceeded, parse_in_sandbox
from tenants.sandbox.refusals import FileRefused
from tenants.sandbox.slots import SandboxBusy

PARSER = "portal.branding.logo_parser.parse_logo"
MAX_OUTPUT_SIZE = 2 * 2**20
MAX_SECONDS = 10
SLOT_WAIT_SECONDS = 5
DAMAGED = gettext_lazy("This image is damaged or too large to open.")
REFUSALS = {
    "no-image": gettext_lazy("Choose an image: PNG, JPEG, WebP or GIF."),
    "too-many-pixels": gettext_lazy(
        "This image has too many pixels. Save it in a smaller size; a width of 640 pixels is enough."
    ),
}


class InvalidLogo(ValueError):
    """The file can't be used as a logo; the message tells the user why."""


def reencode_logo(upload: bytes) -> tuple[bytes, str]:
    """Return a PNG with the same picture and none of the file's other content, and its digest. Raises InvalidLogo."""
    if len(upload) > LOGO_BYTES:
        text = _("This file is too large. A logo can have up to %(size)s.")
        raise InvalidLogo(text % {"size": format_megabytes(LOGO_BYTES)})
    try:
        png = _reencode_in_sandbox(upload)
    except FileRefused as refusal:
        raise InvalidLogo(str(REFUSALS.get(str(refusal), DAMAGED))) from None
    except (ParserLimitExceeded, ParserFailed):
        raise InvalidLogo(str(DAMAGED)) from None
    except SandboxBusy:
        raise InvalidLogo(_("Many files are being opened right now. Try again in a minute.")) from None
    return png, hashlib.sha256(png).hexdigest()[:16]


def _reencode_in_sandbox(upload: bytes) -> bytes:
    limits = ParserLimits(settings.SANDBOX_MEMORY * 2**20, MAX_SECONDS, MAX_SECONDS, MAX_OUTPUT_SIZE)
    with tempfile.TemporaryFile() as file:
        file.write(upload)
        file.flush()
        [encoded] = parse_in_sandbox(PARSER, file, limits=limits, slot_wait_seconds=SLOT_WAIT_SECONDS)
    return base64.b64decode(encoded)
