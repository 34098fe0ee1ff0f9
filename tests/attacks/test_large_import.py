"""U4: a list of a hundred thousand rows, with every kind of error, is imported correctly."""

import pytest
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, Upload
from portal.clients.uploads import outcome_reports, services, upload_processing
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import Delivery

pytestmark = pytest.mark.slow

ROWS = 100_000
# Of every thousand rows so many are of each kind; the rest are plain.
DUPLICATE, SHARED, BAD_PHONE, FORMULA, NO_ADDRESS, NAMELESS = 20, 10, 10, 20, 5, 5


def build_row(number: int) -> str:
    """Return a row of the list; what is wrong with it depends on its number."""
    kind, name = number % 1000, f"Jörg Größer-{number}"
    email, phone = f"Client.{number}@Example.COM", f"0151 {10_000_000 + number}"
    if kind < DUPLICATE:  # somebody who comes again further down, in other letters
        other_number = number + 950
        return f"JÖRG GRÖßER-{other_number};client.{other_number}@EXAMPLE.com;\n"
    kind -= DUPLICATE
    if kind < SHARED:
        return f"{name};client.{number // 1000 * 1000 + 900}@example.com;\n"
    kind -= SHARED
    if kind < BAD_PHONE:
        return f"{name};{email};12\n"
    kind -= BAD_PHONE
    if kind < FORMULA:
        return f'"=HYPERLINK(""http://evil.example"",""{number}"")";{email};\'+49151{10_000_000 + number}\n'
    kind -= FORMULA
    if kind < NO_ADDRESS:
        return f"{name};;\n"
    kind -= NO_ADDRESS
    return f";{email};{phone}\n" if kind < NAMELESS else f"{name};{email};{phone}\n"


def import_rows(data: bytes, on_match: str) -> Upload:
    chunks = (data[start : start + 2**20] for start in range(0, len(data), 2**20))
    upload = services.receive_upload(chunks=chunks, name="all.csv", size=len(data), staff=None, now=timezone.now())
    services.map_columns(upload=upload, targets=upload.columns, now=timezone.now(), inline=True)
    upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
    upload.refresh_from_db()
    services.start_import(upload=upload, on_match=on_match, staff=None, now=timezone.now(), inline=True)
    upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
    upload.refresh_from_db()
    return upload


def count_clients_and_contacts() -> tuple:
    """Return what an upload could change."""
    newest = Client.objects.order_by("-updated_at").values_list("updated_at", flat=True).first()
    return Client.objects.count(), Contact.objects.count(), newest


@pytest.mark.parametrize("encoding", [pytest.param("utf-16", marks=pytest.mark.long), "cp1252"])
def test_a_hundred_thousand_rows_are_classified_and_a_second_import_changes_nothing(acme, encoding):
    rows = ROWS if encoding == "utf-16" else ROWS // 50
    data = ("Name;E-Mail;Mobil\n" + "".join(map(build_row, range(rows)))).encode(encoding)

    with use_business(acme):
        upload = import_rows(data, "overwrite")
        thousands = rows // 1000
        expected = {"duplicate": DUPLICATE, "review": SHARED, "error": BAD_PHONE + NO_ADDRESS + NAMELESS}
        assert upload.encoding == encoding
        assert {word: upload.counts[word] for word in expected} == {
            word: number * thousands for word, number in expected.items()
        }
        taken = rows - upload.counts["review"] - upload.counts["error"] - upload.counts["duplicate"]
        assert upload.counts["created"] == taken == Client.objects.count()
        assert Entry.objects.filter(event_type=ClientEvent.ADDED).count() == taken
        assert Client.objects.filter(name__startswith="=HYPERLINK(").count() == FORMULA * thousands
        assert not Contact.objects.filter(value__regex="[A-Z' ]").exists()
        before = count_clients_and_contacts()

        again = import_rows(data, "overwrite")

        assert count_clients_and_contacts() == before
        assert (again.counts["created"], again.counts["changed"], again.counts["new"]) == (0, 0, 0)
        assert again.counts["known"] == taken
        assert not Message.objects.exists()
        file = b"".join(outcome_reports.iter_failed_rows_csv(upload)).decode("utf-8-sig")
        assert file.count("\n") == 1 + upload.counts["review"] + upload.counts["error"]
    assert not Delivery.objects.exists()
