"""U6: a file that is no image, is two formats at once or is far too large does no harm as a logo."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.branding.models import Logo, PortalSettings
from tenants.context import use_business
from tenants.limits import LOGO_BYTES

UPLOAD = "/console/acme/portal/branding/logo/"
SCRIPT = b"<script>alert(1)</script>"


def build_image(kind="PNG", size=(300, 120), **more) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#0f766e").save(file, kind, **more)
    return file.getvalue()


def build_png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def decompression_bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + build_png_chunk(b"IHDR", head)
        + build_png_chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + build_png_chunk(b"IEND", b"")
    )


def upload_logo(browser, content: bytes, name="logo.png", media_type="image/png"):
    return browser.post(UPLOAD, {"logo": SimpleUploadedFile(name, content, media_type)}, follow=True)


def stored_logo(business) -> tuple[bytes, str] | None:
    with use_business(business):
        logo = Logo.objects.filter(pk=1).first()
        return (bytes(logo.image), PortalSettings.objects.get().logo_digest) if logo else None


def build_unwritable_image() -> bytes:
    """Return a photo that lies on its side, with a tag beside it that can be read and not written again."""
    tags = struct.pack("<HHII", 0x0112, 3, 1, 6) + struct.pack("<HHI4s", 0x014A, 2, 4, b"abc\0")
    return build_image("JPEG", exif=b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + tags + b"\0\0\0\0")


MALICIOUS_FILES = {
    "a photo with a hostile note": build_unwritable_image(),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html>" + SCRIPT,
    "empty": b"",
    "nonsense": b"\x00" * 5000,
    "half a png": build_image()[:-40],
    "bare png head": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "pixel bomb": decompression_bomb(60_000, 60_000),
    "smaller pixel bomb": build_image(size=(5_000, 5_000)),
    "too big a file": build_image() + b"\0" * LOGO_BYTES,
    "bmp": build_image("BMP"),
    "tiff": build_image("TIFF"),
    "ico": build_image("ICO", size=(32, 32)),
    "pdf": b"%PDF-1.7\n" + SCRIPT,
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run",
}


@pytest.mark.parametrize("what", MALICIOUS_FILES)
def test_a_file_that_is_no_small_image_is_refused_with_a_sentence(acme, staff_client, what):
    before = stored_logo(acme)

    answer = upload_logo(staff_client(), MALICIOUS_FILES[what])

    assert answer.status_code == 200
    assert "tone-error" in answer.content.decode()
    assert stored_logo(acme) == before


def test_a_file_far_too_big_is_refused_before_it_is_read(acme, staff_client):
    answer = staff_client().post(UPLOAD, {"logo": SimpleUploadedFile("logo.png", b"\0" * 4_000_000, "image/png")})

    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_polyglot_file_is_reduced_to_its_image(acme, staff_client, portal_client, kind):
    upload_logo(staff_client(), build_image(kind) + SCRIPT, name="logo.html", media_type="text/html")

    answer = portal_client(acme).get("/logo/")

    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"script" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size[1] <= 192


def test_metadata_is_removed_from_images(acme, staff_client):
    exif = Image.Exif()
    exif[0x010E] = "taken at home, 52.5N 13.4E"
    upload_logo(staff_client(), build_image("JPEG", exif=exif))

    image, _digest = stored_logo(acme)

    assert b"taken at home" not in image
    assert not Image.open(io.BytesIO(image)).getexif()


@pytest.mark.parametrize("name", ["../../x.png", "a\r\nSet-Cookie: a=b.png", "x" * 400 + ".png", "\0.png", "<b>.png"])
def test_a_hostile_file_name_is_ignored(acme, staff_client, name):
    answer = upload_logo(staff_client(), build_image(), name=name)

    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()
    assert stored_logo(acme)


def test_a_logo_is_shown_and_removed_at_once(acme, staff_client, portal_client):
    browser = staff_client()
    upload_logo(browser, build_image())
    digest = stored_logo(acme)[1]
    assert f"/logo/?v={digest}" in portal_client(acme).get("/sign-in/").content.decode()

    browser.post(UPLOAD, {"remove": "yes"})

    assert stored_logo(acme) is None
    assert "/logo/?v=" not in portal_client(acme).get("/sign-in/").content.decode()
