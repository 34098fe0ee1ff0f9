"""Client lists that go through the steps of an upload within a test, as staff take them and workers run them."""

from django.utils import timezone

from portal.clients.models import Client
from portal.clients.uploads import services, upload_processing
from portal.clients.uploads.models import RowOutcome, Upload


def process_upload(upload: Upload) -> Upload:
    """Do what a worker does with an upload in its state, to the end."""
    upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
    upload.refresh_from_db()
    return upload


def check_list(text: str) -> Upload:
    """Upload a list, take the columns as they are guessed, and check it."""
    chunks, now = [text.encode()], timezone.now()
    upload = services.receive_upload(chunks=chunks, name="list.csv", size=len(text), staff=None, now=now)
    services.map_columns(upload=upload, targets=upload.columns, now=timezone.now(), inline=True)
    return process_upload(upload)


def import_checked_list(upload: Upload, on_match: str = Upload.OnMatch.OVERWRITE) -> Upload:
    """Import a list that was checked."""
    services.start_import(upload=upload, on_match=on_match, staff=None, now=timezone.now(), inline=True)
    return process_upload(upload)


def list_cards() -> dict[str, set[str]]:
    """Return the addresses on each card by its name."""
    return {
        client.name: {contact.value for contact in client.contacts.all()}
        for client in Client.objects.prefetch_related("contacts")
    }


def count_rows(upload: Upload) -> dict[str, int]:
    """Return how many rows of an upload came to each outcome, without those of none."""
    return {outcome: upload.counts[outcome] for outcome in RowOutcome.values if upload.counts[outcome]}
