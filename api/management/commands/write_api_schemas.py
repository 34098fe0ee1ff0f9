"""Command: write the schemas of the API into the documentation."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

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
        """Write the files."""
        for schema in SCHEMAS:
            paths = [FOLDER / f"{schema.name}.yaml"]
            if released:
                paths.append(FOLDER / "released" / f"{schema.name}-{VERSION}.yaml")
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(render_yaml(schema))
                self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
