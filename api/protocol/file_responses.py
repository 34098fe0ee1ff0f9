"""Files as answers."""

from typing import IO, Any

from django.http import FileResponse
from rest_framework.renderers import BaseRenderer


class FileRenderer(BaseRenderer):
    """Stands for any file in the negotiation of content; the file itself is not rendered."""

    media_type = "*/*"
    format = "file"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """Return the data as it is."""
        return data


class CsvRenderer(BaseRenderer):
    """Answers with a CSV file that is written already."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """Return the text, or its bytes, as it is."""
        return data


def build_file_response(file: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """Return a response that sends a file for download, which nobody on the way may keep."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "no-store"
    return response
