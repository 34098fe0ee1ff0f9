"""Command: write the schemas of the API into the documentation."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.schema.documents import SCHEMAS, VERSION, render_yaml

FOLDER: Path = settings.BASE_DIR / "docs" / "openapi"


class Command(BaseCommand):
    """Writes each schema to docs/openapi, where tests compare it with the code."""

    help = "Write the schemas of the API to docs/openapi."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option for a release."""
        parser.add_argument(
            "--released", action="store_true", help="Also keep them as released, for later versions to be compatible."
        )

    def handle(self, *, released: bool, **options: Any) -> None:
        """Write the files. Raises CommandError for a release that has other ones."""
        for schema in SCHEMAS:
            document = render_yaml(schema)
            if released:
                self._write_release(FOLDER / "released" / f"{schema.name}-{VERSION}.yaml", document)
            self._write(FOLDER / f"{schema.name}.yaml", document)

    def _write_release(self, path: Path, document: bytes) -> None:
        if path.exists() and path.read_bytes() != document:
            raise CommandError(f"{path.name} is released: nothing in it changes. Raise VERSION in api/schema first.")
        self._write(path, document)

    def _write(self, path: Path, document: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document)
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
