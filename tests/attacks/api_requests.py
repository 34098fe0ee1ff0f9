"""Builds the bodies by which the attack tests try an operation: of the right content type, and short."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from tests.api.schema.operations import Operation


def get_media_type(operation: Operation) -> str:
    """Return the content type of the bodies that an operation takes, or nothing if it takes none."""
    return next(iter(operation.details.get("requestBody", {}).get("content", {})), "")


def build_body(operation: Operation) -> tuple[bytes, str]:
    """Return a body and its content type: a list of one client as a form, a picture, or an empty object."""
    match get_media_type(operation):
        case "multipart/form-data":
            form = {"file": SimpleUploadedFile("list.csv", b"name,email\nBo Lind,bo@example.com\n")}
            return encode_multipart(BOUNDARY, form), MULTIPART_CONTENT
        case "image/*":
            return build_picture(), "image/png"
    return b"" if operation.method in ("GET", "DELETE") else b"{}", "application/json"


def build_picture() -> bytes:
    """Return a picture of eight by eight pixels."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    return file.getvalue()
