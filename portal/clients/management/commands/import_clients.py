"""Take a list of people onto a business's client list."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from portal.clients.models import CustomField, Upload
from portal.clients.uploads import columns, services, wording, work
from portal.clients.uploads.columns import NotEnough
from portal.clients.uploads.encodings import ENCODINGS
from portal.clients.uploads.files import NotAList
from portal.clients.uploads.reports import FAILED
from portal.clients.uploads.wording import of_row
from tenants.context import use_business
from tenants.management.business_command import BusinessCommand

PIECE = 2**20
State = Upload.State
SHOWN = 20


class Command(BusinessCommand):
    help = "Take a CSV or .xlsx list onto a business's client list, as the console's upload does. Nobody is messaged."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument(
            "--on-match",
            choices=Upload.OnMatch.values,
            default="skip",
            help="what happens to clients who are there already",
        )
        words = ", ".join(columns.WORDS)
        parser.add_argument(
            "--mapping",
            metavar="JSON",
            help=f"a word for each heading, {{“Mail”: “email”}}: {words}, or a field of the business's own by its name; nothing for a column to leave out",
        )
        parser.add_argument("--encoding", choices=ENCODINGS, help="as guessed when left out")
        parser.add_argument("--separator", help="as guessed when left out; “tab” for a tab")

    def handle(self, *, business, file, **options):
        business = self.get_business(business)
        with use_business(business):
            upload = self._kept(file)
            try:
                self._take(upload, **options)
            finally:
                # Nothing is left behind of a list that was not taken over.
                Upload.objects.filter(pk=upload.pk).exclude(state__in=(State.DONE, State.RUNNING)).delete()

    def _kept(self, file) -> Upload:
        told = {"name": file.name, "staff": None, "now": timezone.now()}
        try:
            return services.receive(pieces=self._pieces(file), size=file.stat().st_size, **told)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        except NotAList as refusal:
            raise CommandError(wording.of_file(str(refusal))) from refusal

    def _take(self, upload, *, dry_run, on_match, **options) -> None:
        self._choose(upload, **options)
        self._work(upload, "Checking")
        self._report(upload)
        if dry_run:
            return
        services.take_over(upload=upload, on_match=on_match, staff=None, now=timezone.now(), here=True)
        self._work(upload, "Taking over")
        made, changed = (upload.counts.get(word, 0) for word in ("created", "changed"))
        self.stdout.write(self.style.SUCCESS(f"{made} new clients, {changed} cards changed."))

    def _choose(self, upload, *, mapping, encoding, separator, **_options) -> None:
        upload.person_name = "import_clients"
        chosen = {
            "encoding": encoding or upload.encoding,
            "separator": {"tab": "\t"}.get(separator, separator) or upload.separator,
        }
        try:
            services.choose_format(upload=upload, has_headings=upload.has_headings, **chosen)
            words = self._words(upload, mapping)
            services.choose_columns(upload=upload, words=words, now=timezone.now(), here=True)
        except NotAList as refusal:
            raise CommandError(wording.of_file(str(refusal))) from refusal
        except NotEnough as missing:
            raise CommandError(str(wording.COLUMNS[str(missing)])) from missing

    def _pieces(self, file) -> Iterator[bytes]:
        with file.open("rb") as source:
            while piece := source.read(PIECE):
                yield piece

    def _words(self, upload, mapping) -> list[str]:
        if not mapping:
            return upload.columns
        own = {field.name.casefold(): f"{columns.CUSTOM}{field.pk}" for field in CustomField.objects.all()}
        try:
            given = {heading.strip().casefold(): word for heading, word in json.loads(mapping).items()}
        except (ValueError, AttributeError) as error:
            raise CommandError('--mapping is a JSON object: {"Mail": "email"}.') from error
        for word in given.values():
            if word and word not in columns.WORDS and str(word).casefold() not in own:
                raise CommandError(f"“{word}” is nothing a column can hold.")
        [(_number, headings)] = services.preview(upload, limit=1)
        words = [given.get(heading.strip().casefold(), "") or "" for heading in headings]
        return [own.get(word.casefold(), word) for word in words]

    def _work(self, upload, what) -> None:
        upload.refresh_from_db()
        look = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*look, console=Console(file=cast(Any, self.stdout._out))) as bar:
            task = bar.add_task(what, total=upload.rows_total or None)
            for _chunk in work.steps(upload, clock=timezone.now, helpers=work.HELPERS):
                bar.update(task, completed=upload.rows_done, total=upload.rows_total or None)
            bar.update(task, completed=upload.rows_done, total=upload.rows_done)

    def _report(self, upload) -> None:
        if upload.state == State.FAILED:
            raise CommandError(wording.of_file(upload.failure))
        for word in ("new", "known", "twice", "conflict", "error"):
            self.stdout.write(f"{upload.counts[word]:>8}  {word}")
        failed = upload.rows.filter(outcome__in=FAILED)
        for row in failed[:SHOWN]:
            self.stdout.write(f"row {row.number}: {of_row(row.reason, row.about)}")
        if (more := failed.count() - SHOWN) > 0:
            self.stdout.write(f"and {more} more")
