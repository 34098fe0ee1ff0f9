"""How long does it take to take a list over, and with how much memory? Says both as JSON.

`python -m bench.taking_over ours FILE` does it as Portico does, `… rival` with django-import-export as it comes,
`… rival-in-bulk` in its quickest form: without a preview or a diff, every person fetched beforehand.
"""

import json
import resource
import sys
import time
from functools import partial
from pathlib import Path
from uuid import uuid4

import django

PIECE = 2**20
HEADINGS = ["first_name", "last_name", "email", "mobile", "language", "tags", "note"]


def ours(path: Path) -> float:
    """Receive, check and take over a list at a new business; return the seconds from file to report."""
    from django.utils import timezone

    from portal.clients.models import Client
    from portal.clients.uploads import services, work
    from tenants.context import use_business
    from tenants.provisioning import create_business

    slug = f"lists-{uuid4().hex[:12]}"
    facts = {"country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}
    business = create_business(name=slug, slug=slug, owner_email=f"o@{slug}.example", now=timezone.now(), **facts)
    began = time.perf_counter()
    with use_business(business), path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        told = {"name": path.name, "size": path.stat().st_size, "staff": None, "now": timezone.now()}
        upload = services.receive(pieces=pieces, **told)
        services.choose_columns(upload=upload, words=upload.columns, now=timezone.now(), here=True)
        work.work(upload.pk, clock=timezone.now, turn=None)
        upload.refresh_from_db()
        services.take_over(upload=upload, on_match="fill", staff=None, now=timezone.now(), here=True)
        work.work(upload.pk, clock=timezone.now, turn=None, helpers=work.HELPERS)
        took = time.perf_counter() - began
        upload.refresh_from_db()
        assert upload.counts["created"] == upload.rows_total == Client.objects.count(), upload.counts
    return took


def rival(path: Path, *, in_bulk: bool = False) -> float:
    """Import the list with django-import-export; return the seconds from file to table.

    As it comes, that is a preview and then the import, as its pages do it; in bulk, the import alone without a diff.
    """
    import tablib
    from import_export import resources
    from import_export.instance_loaders import CachedInstanceLoader

    from bench.uploading_site.models import Person

    _fresh_table(Person)
    meta = {"model": Person, "fields": HEADINGS, "import_id_fields": ["email"]}
    if in_bulk:
        meta |= {"use_bulk": True, "batch_size": 1000, "skip_diff": True, "instance_loader_class": CachedInstanceLoader}
    people = resources.modelresource_factory(Person, meta_options=meta)()
    began = time.perf_counter()
    dataset = tablib.Dataset().load(path.read_text(encoding="utf-8"), format="csv")
    dataset.headers = HEADINGS
    for dry_run in (False,) if in_bulk else (True, False):
        result = people.import_data(dataset, raise_errors=True, dry_run=dry_run, use_transactions=True)
    took = time.perf_counter() - began
    assert not result.has_errors()
    assert Person.objects.count() == len(dataset)
    return took


def _fresh_table(model) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {model._meta.db_table}")
    with connection.schema_editor() as editor:
        editor.create_model(model)


if __name__ == "__main__":
    django.setup()
    ways = {"ours": ours, "rival": rival, "rival-in-bulk": partial(rival, in_bulk=True)}
    seconds = ways[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({"seconds": seconds, "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
