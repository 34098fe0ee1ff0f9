"""U3: a list that adds a sign-in address to a card tells the addresses already there, once."""

import pytest
from django.utils import timezone

from portal.access.services.import_notices import notify_of_imported_addresses
from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.kinds import ClientEvent
from portal.clients.models import Contact, ContactSource
from portal.clients.uploads import services, upload_processing
from portal.clients.uploads.models import Upload
from portal.messaging.models import Message
from tenants.models import Delivery, Queue
from tests.attacks.client_lists import check_list, import_checked_list, process_upload

pytestmark = pytest.mark.usefixtures("in_acme")

ANA, NUMBER, WORK = "ana@example.com", "+491713920555", "ana@work.example"
LIST = f"Name,Email,Email 2,Phone\nAna Pereira,{ANA},{WORK},{NUMBER}\nBo Sand,bo@example.com,,\n"


@pytest.fixture
def ana(now):
    return clients.add_client(name="Ana Pereira", identifiers=[parse_email(ANA)], now=now)


def import_list(on_match):
    return import_checked_list(check_list(LIST), on_match)


def list_notified():
    return sorted(Message.objects.filter(kind="contact-changed").values_list("to", flat=True))


@pytest.mark.parametrize("on_match", [Upload.OnMatch.FILL, Upload.OnMatch.OVERWRITE])
def test_the_address_on_the_card_is_told_once_of_those_that_a_list_added(ana, now, on_match):
    import_list(on_match)
    for _run in range(2):
        notify_of_imported_addresses(now=now)

    assert list_notified() == [ANA]
    assert Delivery.objects.get().queue == Queue.NOTICES
    import_list(on_match)
    notify_of_imported_addresses(now=now)
    assert list_notified() == [ANA]


def test_a_list_that_adds_no_address_tells_nobody(ana, now):
    import_list(Upload.OnMatch.SKIP)
    notify_of_imported_addresses(now=now)

    assert list_notified() == []


def test_a_number_that_a_list_confirms_counts_as_added_and_unconfirmed_ones_get_no_text(ana, now):
    for number in (NUMBER, "+491713920556"):
        form_number = parse_phone(number, country="DE")
        clients.add_contact(client=ana, identifier=form_number, source=ContactSource.FORM, now=now)

    import_list(Upload.OnMatch.FILL)
    notify_of_imported_addresses(now=now)

    assert list_notified() == [ANA]


@pytest.mark.parametrize("change", ["removed", "sign-in disallowed", "moved to another card"])
def test_an_added_address_that_is_gone_before_the_notice_tells_nobody(ana, now, change):
    import_list(Upload.OnMatch.OVERWRITE)
    added = Contact.objects.filter(client=ana, value__in=(WORK, NUMBER))
    assert added.count() == 2

    if change == "removed":
        added.delete()
    elif change == "sign-in disallowed":
        added.update(may_sign_in=False)
    else:
        added.update(client=clients.add_client(name="Ida", identifiers=[parse_email("ida@example.com")], now=now))
    notify_of_imported_addresses(now=now)

    assert list_notified() == []


def test_an_import_that_is_undone_before_tells_nobody(ana, now):
    upload = import_list(Upload.OnMatch.OVERWRITE)
    services.undo_import(upload=upload, staff=None, now=now)
    process_upload(upload)

    notify_of_imported_addresses(now=now)

    assert list_notified() == []


def start_import(on_match):
    upload = check_list(LIST)
    services.start_import(upload=upload, on_match=on_match, staff=None, now=timezone.now(), inline=True)
    return upload


def test_an_import_that_is_stopped_tells_of_the_addresses_that_it_has_added(ana, now):
    upload = start_import(Upload.OnMatch.OVERWRITE)
    upload.refresh_from_db()
    next(upload_processing.run_upload_step(upload, clock=timezone.now))
    services.discard_upload(upload=upload, now=now)

    for _run in range(2):
        notify_of_imported_addresses(now=now)

    assert list_notified() == [ANA]


def test_notices_wait_while_an_import_is_undone_and_are_sent_if_that_is_stopped(ana, now):
    upload = import_list(Upload.OnMatch.OVERWRITE)
    services.undo_import(upload=upload, staff=None, now=now)
    notify_of_imported_addresses(now=now)
    assert list_notified() == []
    services.discard_upload(upload=upload, now=now)

    notify_of_imported_addresses(now=now)

    assert list_notified() == [ANA]


def test_nothing_is_left_to_tell_once_an_import_is_undone(ana, now):
    upload = import_list(Upload.OnMatch.OVERWRITE)
    services.undo_import(upload=upload, staff=None, now=now)
    notify_of_imported_addresses(now=now)
    process_upload(upload)

    notify_of_imported_addresses(now=now)

    upload.refresh_from_db()
    assert (upload.notice_cursor, list_notified()) == (None, [])


def test_the_timeline_shows_the_added_addresses_masked(ana):
    import_list(Upload.OnMatch.OVERWRITE)

    entry = Entry.objects.get(event_type=ClientEvent.CHANGED)
    assert entry.data["after"]["contacts"] == ["a•••@work.example", "+49•••555"]


def test_the_preview_says_how_many_clients_will_be_told(ana, staff_client):
    upload = check_list(LIST)

    page = staff_client().get(f"/console/acme/clients/uploads/{upload.pk}/").content.decode()

    assert (upload.counts["notices_fill"], upload.counts["notices_overwrite"]) == (1, 1)
    assert "1 client is told that an address was added to their card." in page
