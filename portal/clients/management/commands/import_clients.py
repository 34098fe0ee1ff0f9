"""Import a list of people into a business's client list."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from portal.clients.models import CustomField, Upload, UploadState
from portal.clients.uploads import column_mapping, error_texts, row_reviews, services, upload_processing
from portal.clients.uploads.column_mapping import InvalidMapping
from portal.clients.uploads.encodings import ENCODINGS
from portal.clients.uploads.error_texts import explain_row_error
from portal.clients.uploads.models import RowDecision
from portal.clients.uploads.outcome_reports import FAILED_OUTCOMES
from portal.clients.uploads.upload_files import UnsupportedFile
from tenants import database_clock
from tenants.context import use_business
from tenants.django_internals import output_stream
from tenants.management.business_command import BusinessCommand
from tenants.sandbox.slots import SandboxBusy

CHUNK_SIZE = 2**20
MAX_ROWS_SHOWN = 20


class Command(BusinessCommand):
    help = "Import a CSV or .xlsx list of clients, as the console does. Nobody is invited."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show what would happen and change nothing")
        parser.add_argument(
            "--on-match",
            choices=Upload.OnMatch.values,
            default="skip",
            help="what happens to existing clients",
        )
        parser.add_argument(
            "--other-name",
            choices=(*RowDecision.values, "skip"),
            default="skip",
            help="who a row is whose address somebody with another name has: the same person, a separate person who "
            "shares the address, or unknown, so that the row is skipped",
        )
        targets = ", ".join(column_mapping.TARGETS)
        parser.add_argument(
            "--mapping",
            metavar="JSON",
            help='JSON object from headings to fields, such as {"Mail": "email", "Fax": ""}; '
            "an empty string skips the column. "
            f"Fields: {targets}, or a custom field by its name.",
        )
        parser.add_argument("--encoding", choices=ENCODINGS, help="detected if omitted")
        parser.add_argument("--separator", help="detected if omitted; write tab for a tab")

    def handle(self, *, business, file, **options):
        business = self.find_business_by_slug(business)
        with use_business(business):
            upload = self._store_file(file)
            try:
                self._run_import(upload, **options)
            except SandboxBusy as error:
                raise CommandError(error_texts.explain_reading_error(error)) from error
            finally:
                # An upload that was not imported is not kept.
                Upload.objects.filter(pk=upload.pk).exclude(state__in=(UploadState.DONE, UploadState.RUNNING)).delete()

    def _store_file(self, file) -> Upload:
        file_details = {"name": file.name, "staff": None, "now": database_clock.now()}
        try:
            return services.receive_upload(chunks=self._read_chunks(file), size=file.stat().st_size, **file_details)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        except (UnsupportedFile, SandboxBusy) as error:
            raise CommandError(error_texts.explain_reading_error(error)) from error

    def _run_import(self, upload, *, dry_run, on_match, other_name, **options) -> None:
        self._apply_options(upload, **options)
        self._run_with_progress(upload, "Checking")
        if other_name in RowDecision.values and upload.state == UploadState.CHECKED:
            row_reviews.answer_all_rows(upload=upload, decision=RowDecision(other_name))
            upload.refresh_from_db()
        self._print_outcomes(upload)
        if dry_run:
            return
        services.start_import(upload=upload, on_match=on_match, staff=None, now=database_clock.now(), inline=True)
        self._run_with_progress(upload, "Importing")
        created, changed = (upload.counts.get(key, 0) for key in ("created", "changed"))
        self.stdout.write(self.style.SUCCESS(f"{created} new clients, {changed} cards changed."))

    def _apply_options(self, upload, *, mapping, encoding, separator, **_options) -> None:
        upload.person_name = "import_clients"
        chosen = {
            "encoding": encoding or upload.encoding,
            "separator": {"tab": "\t"}.get(separator, separator) or upload.separator,
        }
        try:
            services.set_file_format(upload=upload, has_headings=upload.has_headings, **chosen)
            targets = self._map_headings(upload, mapping)
            services.map_columns(upload=upload, targets=targets, now=database_clock.now(), inline=True)
        except (UnsupportedFile, SandboxBusy) as error:
            raise CommandError(error_texts.explain_reading_error(error)) from error
        except InvalidMapping as error:
            raise CommandError(str(error_texts.MAPPING_ERRORS[str(error)])) from error

    def _read_chunks(self, file) -> Iterator[bytes]:
        with file.open("rb") as source:
            while chunk := source.read(CHUNK_SIZE):
                yield chunk

    def _map_headings(self, upload, mapping) -> list[str]:
        if not mapping:
            return upload.columns
        custom = {
            field.name.casefold(): f"{column_mapping.CUSTOM_PREFIX}{field.pk}" for field in CustomField.objects.all()
        }
        try:
            mapped = {heading.strip().casefold(): target for heading, target in json.loads(mapping).items()}
        except (ValueError, AttributeError) as error:
            raise CommandError('--mapping is a JSON object: {"Mail": "email"}.') from error
        for target in mapped.values():
            if target and target not in column_mapping.TARGETS and str(target).casefold() not in custom:
                raise CommandError(f"“{target}” is not a field that a column can be mapped to.")
        [(_number, headings)] = services.preview_rows(upload, limit=1)
        targets = [mapped.get(heading.strip().casefold(), "") or "" for heading in headings]
        return [custom.get(target.casefold(), target) for target in targets]

    def _run_with_progress(self, upload, description) -> None:
        upload.refresh_from_db()
        bar_columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*bar_columns, console=Console(file=output_stream(self.stdout))) as bar:
            task = bar.add_task(description, total=upload.rows_total or None)
            for _chunk in upload_processing.run_upload_step(
                upload, clock=database_clock.now, helpers=upload_processing.HELPER_COUNT
            ):
                bar.update(task, completed=upload.rows_done, total=upload.rows_total or None)
            bar.update(task, completed=upload.rows_done, total=upload.rows_done)

    def _print_outcomes(self, upload) -> None:
        if upload.state == UploadState.FAILED:
            raise CommandError(error_texts.explain_file_error(upload.failure))
        for outcome in ("new", "known", "duplicate", "review", "conflict", "error"):
            self.stdout.write(f"{upload.counts[outcome]:>8}  {outcome}")
        failed = upload.rows.filter(outcome__in=FAILED_OUTCOMES)
        for row in failed[:MAX_ROWS_SHOWN]:
            self.stdout.write(f"row {row.number}: {explain_row_error(row.reason, row.reason_detail)}")
        if (more := failed.count() - MAX_ROWS_SHOWN) > 0:
            self.stdout.write(f"and {more} more")
