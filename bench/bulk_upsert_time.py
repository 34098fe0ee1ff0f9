"""Time of a bulk upsert of 10,000 new clients, compared with plain `bulk_create` of the same rows.

Clients with an email address, a mobile number and a tag, in one call of the business API at a new business. Ours is
all of it: the JSON is parsed and checked, every row normalised and matched with the client list and with the other
rows, then written with search text and timeline, as a worker does it. `bulk_create`
gets the finished rows of the same tables (clients, addresses, tags, timeline) from memory, in one transaction.
"""

import json
import random
import time
from collections.abc import Iterator
from functools import partial
from statistics import median
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.test import Client as Browser
from django.utils import timezone

from bench import large_businesses, sample_businesses
from bench.benchmark_report import Measurement, at_most
from bench.timing_statistics import run_alternately
from portal.activity.models import Entry
from portal.clients.models import Client, Contact, Tag
from portal.clients.uploads import jobs
from portal.clients.uploads.models import Upload
from tenants.context import use_business
from tenants.models import Business
from tenants.provisioning import create_business

ROWS = 10_000
ROUNDS = 3
BATCH = 1_000
TABLES: list[type[Model]] = [Client, Contact, Tag, Client.tags.through, Entry]


def run_benchmark() -> list[Measurement]:
    """Run both in turn, each time at new businesses."""
    body = json.dumps({"rows": list(_generate_rows())})
    upserted: list[Business] = []
    ours, theirs = run_alternately(
        ROUNDS, lambda: _time_bulk_upsert(body, upserted), lambda: _time_bulk_create(upserted[-1])
    )
    return [
        Measurement(
            "bulk upsert of 10,000 clients, `bulk_create`",
            f"{median(ours):.1f} s",
            f"{median(theirs):.1f} s",
            median(ours) / median(theirs),
            target=at_most(4),
        )
    ]


def _time_bulk_upsert(body: str, upserted: list[Business]) -> float:
    """Send the call and do its work; return the seconds until every row has its result."""
    business = _create_business()
    upserted.append(business)
    key = sample_businesses.create_api_key(business.hostnames.get().slug, "uploads:run")
    headers = {"host": settings.PLATFORM_HOST, "authorization": f"Bearer {key}"}
    post = partial(Browser(headers=headers).post, "/api/v1/business/clients/bulk/", content_type="application/json")
    began = time.perf_counter()
    assert (response := post(body)).status_code == 202, response.content
    with use_business(business):
        upload = Upload.objects.get()
        while jobs.process_upload(upload.pk, clock=timezone.now):
            pass
        seconds = time.perf_counter() - began
        upload.refresh_from_db()
        assert upload.counts["created"] == Client.objects.count() == ROWS, upload.counts
    return seconds


def _time_bulk_create(upserted: Business) -> float:
    """Write what a bulk upsert has written at a business into the tables of a new one; return the seconds."""
    with use_business(upserted):
        rows = {table: list(table._default_manager.all()) for table in TABLES}
    with use_business(_create_business()):
        for table in reversed(TABLES):
            table._default_manager.all().delete()
        began = time.perf_counter()
        with transaction.atomic():
            for table, found in rows.items():
                table._default_manager.bulk_create(found, batch_size=BATCH)
        seconds = time.perf_counter() - began
        assert Client.objects.count() == ROWS
    return seconds


def _create_business() -> Business:
    slug = f"bulk-{uuid4().hex[:12]}"
    regional = {"country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}
    return create_business(name=slug, slug=slug, owner_email=f"o@{slug}.example", now=timezone.now(), **regional)


def _generate_rows() -> Iterator[dict[str, Any]]:
    rng = random.Random(14)
    for number in range(ROWS):
        last = f"{rng.choice(large_businesses.LAST_NAME_STARTS)}{rng.choice(large_businesses.LAST_NAME_ENDS)}"
        yield {
            "name": f"{rng.choice(large_businesses.FIRST_NAMES)} {last}",
            "emails": [f"person.{number}@example{number % 97}.com"],
            "phones": [f"+49151{10_000_000 + number}"],
            "tags": [f"Tag {number % 8}"],
        }
