"""Ottilie, whom Acme knows in every way that a business can know somebody, and Ben, who shares a mailbox with her."""

import io
import uuid
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.test import Client as Browser
from openpyxl import Workbook
from openpyxl.comments import Comment

from portal.access import services as access
from portal.branding.services import get_portal_settings
from portal.cards import services as cards
from portal.clients import services as clients
from portal.clients.identifiers import parse_identifier
from portal.clients.models import Client, Contact, ContactSource, CustomField, Note
from portal.clients.services import suggestions
from portal.clients.uploads import services as uploads
from portal.clients.uploads import upload_processing
from portal.impersonation import services as impersonation
from portal.intake import services as intake
from portal.intake.models import Enquiry
from portal.integrations.models import WebhookAttempt
from portal.integrations.webhooks import endpoints, replays
from portal.integrations.webhooks.events import load_events
from portal.messaging import suppressions
from portal.messaging.conversations import services as conversations
from portal.messaging.models import Message
from portal.scheduling import services as scheduling
from portal.scheduling.services.waiting_list import entries as waiting_list
from portal.scheduling.services.waiting_list import offers
from portal.scheduling.services.waiting_list.preferences import WaitingPreferences
from portal.signin_support import client_lookup, sign_in_diagnostics, support_tickets
from tenants import hostnames
from tenants import support_tickets as platform_tickets
from tenants.api_keys import create_api_key
from tenants.staff.staff_actor import StaffActor
from tenants.webhooks import streams
from tests.factories import create_session
from tests.portal.clients.uploads.conftest import iter_chunks
from tests.portal.passkeys.passkey_steps import add_passkey
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator
from tests.portal.scheduling import package_rows, scheduling_rows, series_rows

NAME, EMAIL, WORK, PHONE = "Ottilie Quarkmann", "ottilie@quark.example", "otti@work.example", "+491713920083"
FAMILY, BEN = "marsh.family@mail.example", "ben@marsh.example"
# What identifies her, in lower case; the mailbox that she shares is Ben's, too.
TRACES = ("ottilie", "quarkmann", "otti@work", "1713920083", "left knee", "zebra")
HEADINGS = "Name,Email,Phone,Note,Emergency phone\n"
# Her number as people write it, each with another error or oddity in its row.
ROWS = (
    "Ottilie Quarkmann,ottilie@quark.example,0171 3920083,left knee,\n"
    "Quarkmann Ottilie,OTTILIE@Quark.Example,,,\n"
    '"Ottilie\nQuarkmann",,0049 (0) 171-392.00.83,,\n'
    "Ottilie Quarkmann,otti@work.example,12,bad number,\n"
    "Ottilie Quarkmann,marsh.family@mail.example,,,\n"
    "O. Q.,,1713920083,surplus,cell,and,more,ottilie@quark.example\n"
    "Ottilie Quarkmann,otti@work.example,,,,\n"
)
OTHERS = (
    "Ben Marsh,ben@marsh.example,,call ottilie@quark.example,+49 171 3920083\n"
    "Bea Marsh,marsh.family@mail.example,,,\n"
    "Mara Quirk,mara@quark.example,+1 212 5550123,,\n"
)


def identify(*texts):
    """Return addresses as services take them."""
    return [parse_identifier(text, country="DE") for text in texts]


def add_client(name, *addresses, staff, now, **more):
    """Add a client as staff do."""
    return clients.add_client(name=name, identifiers=identify(*addresses), staff=staff, now=now, **more)


def use_passkeys(browser, *, acme):
    """Dismiss the offer of a passkey, and add one all the same."""
    browser.post("/passkeys/offer/dismissal/")
    add_passkey(browser, SoftwareAuthenticator(hostnames.build_portal_url(acme, "")))


def use_program(ottilie, *, member, now):
    """Write a note by a program, which may ask again for the answer."""
    key = create_api_key(membership=member, name="Sync", scopes=["clients:read", "clients:write"], now=now)
    headers = {"host": settings.PLATFORM_HOST, "authorization": f"Bearer {key.text}", "idempotency-key": "note"}
    path, note = f"/api/v1/business/clients/{ottilie.pk}/notes/", {"body": "Ottilie, left knee"}
    response = Browser().post(path, note, content_type="application/json", headers=headers)
    assert response.status_code == 201, response.content


def fill_card(ottilie, *, staff, now):
    """Change, tag, note, label, invite and export."""
    field = CustomField.objects.create(name="Pet")
    everyone = Client.objects.filter(pk=ottilie.pk)
    clients.change_client_details(
        client=ottilie, name=NAME, language="de", time_zone="", custom={str(field.pk): "zebra"}, staff=staff, now=now
    )
    clients.tag_clients_by_name(clients=everyone, name=NAME, staff=staff, now=now)
    cards.add_note(client=ottilie, body="left knee", staff=staff, now=now)
    cards.change_note(note=Note.objects.get(client=ottilie), body="left knee again", staff=staff, now=now)
    phone = Contact.objects.get(client=ottilie, value=PHONE)
    cards.change_contact_label(client=ottilie, contact=phone, label="Ottilie’s", staff=staff, now=now)
    access.invite_clients(clients=[ottilie], staff=staff, now=now)
    clients.record_export(count=1, filters=[("Search", NAME), ("Status", "Active")], staff=staff, now=now)
    return field


def save_views(*, acme, staff, now):
    """Save searches for her: two that everybody has, one of which has her name, and one of somebody else’s."""
    fields = {"business": acme, "may_share": True, "now": now}
    clients.save_view(name="Hers", query="q=Ottilie+Quarkmann", is_shared=True, staff=staff, **fields)
    clients.save_view(name=NAME, query="status=active", is_shared=True, staff=staff, **fields)
    other = replace(staff, person_id=uuid.uuid4())
    clients.save_view(name="Wide", query=f"q={EMAIL}&status=active", is_shared=False, staff=other, **fields)


def merge_duplicate(ottilie, *, staff, now):
    """Merge a card of hers with another address into the first one."""
    duplicate = add_client("Ottilie Quarkmann-Alt", WORK, staff=staff, now=now)
    cards.add_note(client=duplicate, body="left knee", staff=staff, now=now)
    cards.merge_clients(survivor=ottilie, duplicate=duplicate, staff=staff, now=now)


def change_addresses(ottilie, *, staff, now):
    """Give her a further address and take it away again."""
    [new] = identify("ottilie.old@quark.example")
    fields = {"client": ottilie, "staff": staff, "now": now}
    access.change_contact(old=None, new=new, source=ContactSource.STAFF, label="old", **fields)
    access.remove_contact(contact=Contact.objects.get(value=new.value), **fields)


def converse(ottilie, *, staff, now):
    """Write to one another; a mail about it waits."""
    conversations.send_chat_message(client=ottilie, body="my left knee", now=now)
    conversations.send_chat_message(client=ottilie, body="Dear Ottilie", staff=staff, now=now)


def suppress(ottilie, *, now):
    """Let a provider refuse her mailbox."""
    message = Message.objects.filter(client=ottilie, to=EMAIL).first()
    suppressions.suppress_address(message, reason="mailbox-unknown", provider="sendgrid", at=now)


def impersonate(ottilie, *, acme, person, staff, now):
    """View the portal as her, for a reason that names her."""
    view = {"business": acme, "client": ottilie, "reason": f"{NAME} called", "person": person}
    view["staff_session_key"] = create_session(person)
    token = impersonation.impersonate_client(**view, staff=staff, now=now)
    access.start_impersonation(business=acme, token=token, now=now)


def ask_support(ottilie, *, acme, staff, now):
    """Open a ticket about her, and one about what she typed."""
    diagnostics = sign_in_diagnostics.build_sign_in_diagnostics(
        ottilie, business=acme, portal_settings=get_portal_settings(), now=now
    )
    ticket, _is_new = support_tickets.open_ticket(business=acme, diagnostics=diagnostics, staff=staff, now=now)
    platform_tickets.save_ticket_answer(ticket=ticket, text="Tell Ottilie to try again.", now=now)
    typed = client_lookup.find_clients(typed=WORK.upper(), country="DE", portal_settings=get_portal_settings())
    support_tickets.open_support_ticket_without_client(business=acme, result=typed, attempts=[], staff=staff, now=now)


def send_enquiry(*, acme, name, addresses, now, client=None, message="left knee"):
    """Send the contact form and have it matched; return the enquiry."""
    data = intake.EnquiryData(uuid.uuid4(), name, identify(*addresses), "203.0.113.0/24", message=message)
    intake.receive_enquiry(business=acme, data=data, client=client, now=now)
    enquiry = Enquiry.objects.get(idempotency_key=data.idempotency_key)
    return intake.match_enquiry(enquiry_id=enquiry.pk, now=now)


def send_enquiries(ottilie, ben, *, acme, now):
    """Send forms that match her, several clients, Ben, or nobody yet, and dismiss one suggestion."""
    send_enquiry(acme=acme, name="Ottilie Quark", addresses=[EMAIL, "+491713920084"], now=now)
    send_enquiry(acme=acme, name=NAME, addresses=[FAMILY], now=now)
    send_enquiry(acme=acme, name=NAME, addresses=[PHONE], client=ben, now=now)
    send_enquiry(acme=acme, name="Ben Marsh", addresses=[BEN, PHONE], message=f"or ask {EMAIL}", now=now)
    [first, *_others] = suggestions.query_open_suggestions(ottilie)
    suggestions.resolve_suggestion(first, "dismissed", now=now)
    pending = intake.EnquiryData(uuid.uuid4(), NAME, identify(EMAIL), "203.0.113.0/24", message="left knee")
    intake.receive_enquiry(business=acme, data=pending, now=now)


def book_appointments(ottilie, ben, *, staff):
    """Book as her, as nobody who has signed in, and as Ben, each with something about her, as times of staff have."""
    calendar = scheduling_rows.create_calendar()
    query = scheduling_rows.build_query(scheduling_rows.create_service(calendar))
    note = "left knee"
    scheduling_rows.book(query, scheduling_rows.at(9), client=ottilie, note=note, answers=[("Pain?", note)])
    scheduling_rows.book(query, scheduling_rows.at(10), name=NAME, email=EMAIL, mobile=PHONE, note=note)
    scheduling_rows.book(query, scheduling_rows.at(11), client=ben, note=f"with my wife {NAME}, {EMAIL}")
    scheduling_rows.book(query, scheduling_rows.at(12), name="Ben Marsh", email=BEN, mobile=PHONE)
    wait_for_a_time(ottilie, query.service)
    scheduling.create_feed(owner=ottilie, now=scheduling_rows.NOW)
    give_packages(ottilie, ben, query.service)
    series_rows.book_two_fridays(scheduling_rows.build_query(query.service, calendar), ottilie, note=note)
    block_times(calendar, {"staff": staff, "now": scheduling_rows.NOW})


def wait_for_a_time(ottilie, service):
    """Put her on the waiting list, and offer her a time."""
    day = scheduling_rows.at(9).date()
    waiting_list.join_waiting_list(WaitingPreferences(service, day, day), client=ottilie, now=scheduling_rows.NOW)
    offers.offer_free_times(now=scheduling_rows.NOW)


def block_times(calendar, by):
    """Keep an hour and a day for her."""
    starts_at, ends_at = scheduling_rows.at(14), scheduling_rows.at(15)
    scheduling.block_time(calendar=calendar, title=f"Call {EMAIL}", starts_at=starts_at, ends_at=ends_at, **by)
    day = starts_at.date()
    scheduling.add_exception(calendar=calendar, starts_on=day, ends_on=day, label=f"With {NAME}, {PHONE}", **by)


def give_packages(ottilie, ben, service):
    """Give her and Ben a package, and take a session of each, with something about her."""
    staff = StaffActor(person_id=uuid.uuid4(), name="Sabine Acker")
    for client in (ottilie, ben):
        given = package_rows.give(client, service, note=f"agreed with {NAME}, {EMAIL}", staff=staff)
        scheduling.take_session(
            client_package=given, reason=f"for {NAME}, {EMAIL}", staff=staff, now=scheduling_rows.NOW
        )


def mention_on_other_card(ben, field, *, staff, now):
    """Mention her in what belongs to Ben."""
    cards.add_note(client=ben, body=f"Wife: {NAME}, {EMAIL}, 0171/392 00 83.", staff=staff, now=now)
    conversations.send_chat_message(client=ben, body="Ring my wife at 0171 3920083, please.", now=now)
    clients.change_client_details(
        client=ben, name="Ben Marsh", language="", time_zone="", custom={str(field.pk): EMAIL}, staff=staff, now=now
    )


def send_webhooks(ottilie, *, acme, now):
    """Send all that happened to another program, which greets her."""
    endpoint = endpoints.add_endpoint(business=acme, url="http://127.0.0.1:9000/", staff=None, now=now)
    replays.replay_since(endpoint=endpoint, since=now - timedelta(days=1), now=now)
    pending = streams.list_pending(endpoint.pk).values_list("event_id", flat=True)
    for event in load_events(list(pending), now=now).values():
        answer = f"Hello {NAME}" if event.client_id == ottilie.pk else f"not for {EMAIL}"
        attempt = {"number": 1, "at": now, "duration_ms": 1, "succeeded": True, "status": 200, "answer": answer}
        WebhookAttempt.objects.create(endpoint=endpoint, event=event, url=endpoint.url, **attempt)


def upload(data, name, *, now, staff=None, check=True):
    """Upload a list, and have it checked."""
    data = data if isinstance(data, bytes) else data.encode()
    received = uploads.receive_upload(chunks=iter_chunks(data), name=name, size=len(data), staff=staff, now=now)
    if check:
        targets = ["name", "email", "phone", "note", ""]
        uploads.map_columns(upload=received, targets=targets, now=now)
        process_list(received, now=now)
    return received


def process_list(received, *, now):
    """Do what a worker does with a list."""
    upload_processing.process_upload(received.pk, clock=lambda: now, time_slice=None)
    received.refresh_from_db()


def import_list(received, *, now, on_match="overwrite"):
    """Import a checked list."""
    uploads.start_import(upload=received, on_match=on_match, staff=None, now=now)
    process_list(received, now=now)


def upload_lists(*, staff, now):
    """Leave lists with her in every state in which a list can wait; return those that are checked."""
    text = HEADINGS + ROWS + OTHERS
    upload(text, "received.csv", now=now, check=False)
    upload(text.encode("utf-16"), "received in utf-16.csv", now=now, check=False)
    checked = [upload(text, "checked.csv", now=now), upload(build_workbook(), "Ottilie_Quarkmann.xlsx", now=now)]
    done = upload(text, "done.csv", now=now)
    import_list(done, now=now)
    undone = upload(text.replace(WORK, "otti@work.example;otti.two@quark.example"), "undone.csv", now=now)
    import_list(undone, now=now)
    uploads.undo_import(upload=undone, staff=staff, now=now)
    process_list(undone, now=now)
    failed = upload(text, "failed.csv", now=now, check=False)
    type(failed).objects.filter(pk=failed.pk).update(state="failed", failure="too-wide")
    return checked, done


def build_workbook():
    """Return a workbook that names her in cells, as a number, in a comment, on another sheet and as its author."""
    book = Workbook()
    book.properties.creator = NAME
    sheet = book.active
    for line in ("Name,Email,Phone,Note,Emergency phone", *OTHERS.splitlines()):
        sheet.append(line.split(","))
    sheet.append([NAME, EMAIL, 1713920083, "left knee", ""])
    sheet["A2"].comment = Comment(f"Not {NAME}", NAME)
    book.create_sheet("Old").append([NAME, WORK])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
