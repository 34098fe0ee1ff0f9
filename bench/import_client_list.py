"""Imports one client list and prints the seconds and the peak memory as JSON.

`python -m bench.import_client_list portico FILE` imports as Portico does, `… import-export` with django-import-export
by default, `… import-export-bulk` with its fastest options: no preview, no diff, every row fetched beforehand.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path
from uuid import uuid4

import django

CHUNK = 2**20
COLUMNS = ["first_name", "last_name", "email", "mobile", "language", "tags", "note"]


def import_with_portico(path: Path) -> float:
    """Receive, check and import a list at a new business; return the seconds from file to report."""
    from django.utils import timezone

    from portal.clients.models import Client
    from portal.clients.uploads import services, upload_processing
    from tenants.context import use_business
    from tenants.provisioning import create_business

    slug = f"lists-{uuid4().hex[:12]}"
    regional = {"country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}
    business = create_business(name=slug, slug=slug, owner_email=f"o@{slug}.example", now=timezone.now(), **regional)
    began = time.perf_counter()
    with use_business(business), path.open("rb") as file:
        chunks = iter(lambda: file.read(CHUNK), b"")
        file_details = {"name": path.name, "size": path.stat().st_size, "staff": None, "now": timezone.now()}
        upload = services.receive_upload(chunks=chunks, **file_details)
        services.map_columns(upload=upload, targets=upload.columns, now=timezone.now(), inline=True)
        upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
        upload.refresh_from_db()
        services.start_import(upload=upload, on_match="fill", staff=None, now=timezone.now(), inline=True)
        upload_processing.process_upload(
            upload.pk, clock=timezone.now, time_slice=None, helpers=upload_processing.HELPER_COUNT
        )
        seconds = time.perf_counter() - began
        upload.refresh_from_db()
        assert upload.counts["created"] == upload.rows_total == Client.objects.count(), upload.counts
    return seconds


def import_with_import_export(path: Path, *, in_bulk: bool = False) -> float:
    """Import the list with django-import-export; return the seconds from file to table.

    By default that is a preview and then the import, as its admin pages do it; in bulk, the import without a diff.
    """
    import tablib
    from import_export import resources
    from import_export.instance_loaders import CachedInstanceLoader

    from bench.import_export_site.models import ImportedPerson

    _recreate_table(ImportedPerson)
    meta = {"model": ImportedPerson, "fields": COLUMNS, "import_id_fields": ["email"]}
    if in_bulk:
        meta |= {"use_bulk": True, "batch_size": 1000, "skip_diff": True, "instance_loader_class": CachedInstanceLoader}
    people = resources.modelresource_factory(ImportedPerson, meta_options=meta)()
    began = time.perf_counter()
    dataset = tablib.Dataset().load(path.read_text(encoding="utf-8"), format="csv")
    dataset.headers = COLUMNS
    for dry_run in (False,) if in_bulk else (True, False):
        result = people.import_data(dataset, raise_errors=True, dry_run=dry_run, use_transactions=True)
    seconds = time.perf_counter() - began
    assert not result.has_errors()
    assert ImportedPerson.objects.count() == len(dataset)
    return seconds


def read_peak_memory() -> int:
    """Return the largest resident memory of this process so far, in kB.

    `ru_maxrss` would not do: it counts the parent as well, from which the process was forked.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def _recreate_table(model) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {model._meta.db_table}")
    with connection.schema_editor() as editor:
        editor.create_model(model)


if __name__ == "__main__":
    django.setup()
    importers = {
        "portico": import_with_portico,
        "import-export": import_with_import_export,
        "import-export-bulk": partial(import_with_import_export, in_bulk=True),
    }
    seconds = importers[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({"seconds": seconds, "peak_kb": read_peak_memory()}))
