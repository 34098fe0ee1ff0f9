"""Fixtures for tests of uploads."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from portal.clients.models import Client, Upload
from portal.clients.uploads import services, upload_processing


def iter_chunks(data: bytes, size: int = 1000):
    """Yield a file as it comes over the wire."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.fixture
def upload_list() -> Callable[..., Upload]:
    """Return a function that hands a file over."""

    def upload_list(text: str | bytes, name: str = "list.csv", encoding: str = "utf-8") -> Upload:
        data = text if isinstance(text, bytes) else text.encode(encoding)
        return services.receive_upload(
            chunks=iter_chunks(data), name=name, size=len(data), staff=None, now=timezone.now()
        )

    return upload_list


@pytest.fixture
def run_upload_job() -> Callable[[Upload], Upload]:
    """Return a function that lets a worker do what it has to do with a list."""

    def run_upload_job(upload: Upload) -> Upload:
        upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
        upload.refresh_from_db()
        return upload

    return run_upload_job


@pytest.fixture
def upload_checked_list(upload_list, run_upload_job) -> Callable[..., Upload]:
    """Return a function that hands a file over and has it checked, with the columns as guessed unless told."""

    def upload_checked_list(text: str | bytes, *, targets: list[str] | None = None, **options) -> Upload:
        upload = upload_list(text, **options)
        services.map_columns(upload=upload, targets=targets or upload.columns, now=timezone.now())
        return run_upload_job(upload)

    return upload_checked_list


@pytest.fixture
def import_rows(upload_checked_list, run_upload_job) -> Callable[..., Upload]:
    """Return a function that takes a whole file over."""

    def import_rows(text: str | bytes, on_match: str = "skip", **options) -> Upload:
        upload = upload_checked_list(text, **options)
        services.start_import(upload=upload, on_match=on_match, staff=None, now=timezone.now())
        return run_upload_job(upload)

    return import_rows


@pytest.fixture
def row_outcomes() -> Callable[[Upload], list[tuple[int, str, str]]]:
    """Return a function that says what became of each row: its number, outcome and reason."""
    return lambda upload: list(upload.rows.order_by("number").values_list("number", "outcome", "reason"))


@pytest.fixture
def listed_clients() -> Callable[[], dict[str, list[str]]]:
    """Return a function that says who is on the client list, and where each is reached."""

    def listed_clients() -> dict[str, list[str]]:
        clients = Client.objects.exclude_unlisted().prefetch_related("contacts").order_by("name")
        return {client.name: sorted(contact.value for contact in client.contacts.all()) for client in clients}

    return listed_clients
