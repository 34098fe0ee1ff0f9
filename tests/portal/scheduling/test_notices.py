"""Clients are told what became of their appointments: the newest truth, in their own zone, and nobody else's."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.messaging.models import Message
from portal.scheduling import services
from portal.scheduling.models import Acceptance, Appointment, SchedulingSettings, Service
from tenants.models import DeliveryState
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.notice_steps import deliver_at, list_subjects, read_event
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme", "outbox")

ANA = "ana@example.com"
BY_HAND = SchedulingSettings(acceptance=Acceptance.BY_HAND)
SOON = timedelta(minutes=1)


@pytest.fixture
def query():
    """The times of one service."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar, days=14)


@pytest.fixture
def request_query(query):
    """The same times at a business that answers every request by hand."""
    return rows.build_query(query.service, rules=BY_HAND, days=14)


@pytest.fixture
def ana():
    """A client with an email address and a number."""
    return ClientFactory(name="Ana Pereira", email=ANA, mobile="+491713920012")


def test_a_booking_is_confirmed_by_mail_with_what_where_and_when(query, ana):
    query.service.location = "12 Garden Street"
    query.service.save()
    booked = rows.book(rows.build_query(query.service), at(10), client=ana)
    [mail] = deliver_at(NOW + SOON)
    assert mail["to"] == ANA
    assert mail["subject"] == "Confirmed: Massage at Acme Physiotherapy on 11 January 2027, 10:00 (Europe/Berlin)"
    for text in ("with Mona", "12 Garden Street", f"/appointments/{booked.pk}/", "until 10 January 2027, 10:00"):
        assert text in mail["text"]
        assert text in mail["html"]


def test_a_mail_promises_no_move_of_what_clients_can_t_book_any_more(query, ana):
    rows.book(query, at(10), client=ana)
    Service.objects.update(archived_at=NOW)
    [mail] = deliver_at(NOW + SOON)
    assert "You can cancel it yourself until 10 January 2027, 10:00" in mail["text"]
    assert "move it" not in mail["text"]


def test_every_change_is_told_once(request_query, query, ana, staff):
    requested = rows.book(request_query, at(10), client=ana)
    fields = {"appointment_id": requested.pk, "staff": staff}
    assert list_subjects(deliver_at(NOW + SOON)) == ["Requested"]
    services.confirm_appointment(**fields, now=NOW + 2 * SOON)
    assert list_subjects(deliver_at(NOW + 3 * SOON)) == ["Requested", "Confirmed"]
    booking = services.StaffBooking(query=query, starts_at=at(11))
    services.reschedule_appointment(booking, **fields, now=NOW + 4 * SOON)
    assert "It is no longer on 11 January 2027, 10:00" in deliver_at(NOW + 5 * SOON)[-1]["text"]
    services.cancel_appointment(**fields, reason="The room is flooded.", now=NOW + 6 * SOON)
    mails = deliver_at(NOW + 7 * SOON)
    assert list_subjects(mails) == ["Requested", "Confirmed", "Moved", "Cancelled"]
    assert "The room is flooded." in mails[-1]["text"]


def test_a_declined_request_says_why_and_proposes_another_time(request_query, staff):
    requested = rows.book(request_query, at(10))
    services.decline_appointment(
        appointment_id=requested.pk, staff=staff, reason="Away", proposed_starts_at=at(15), now=NOW + SOON
    )
    [mail] = deliver_at(NOW + 2 * SOON)
    assert mail["subject"].startswith("Declined")
    assert "writes: Away" in mail["text"]
    assert "another time: 11 January 2027, 15:00 (Europe/Berlin)" in mail["text"]
    assert "attachments" not in mail


def test_the_link_of_a_call_is_mailed_only_while_it_is_confirmed(request_query, ana, staff):
    service, link = request_query.service, "https://meet.example.com/acme"
    service.location_kind, service.location = "video", link
    service.save()
    fields = {"appointment_id": rows.book(request_query, at(10), client=ana).pk, "staff": staff}
    assert link not in str(deliver_at(NOW + SOON))
    services.confirm_appointment(**fields, now=NOW + 2 * SOON)
    assert link in deliver_at(NOW + 3 * SOON)[-1]["text"]
    services.cancel_appointment(**fields, reason="", now=NOW + 4 * SOON)
    assert link not in str(deliver_at(NOW + 5 * SOON)[-1])


def test_an_expired_request_is_told(request_query):
    rows.book(request_query, at(10))
    services.expire_requests(now=at(10))
    [mail] = deliver_at(at(10) + SOON)
    assert mail["subject"].startswith("Not answered in time")


def test_whoever_is_not_on_the_list_is_mailed_without_a_page_that_they_cannot_open(query):
    rows.book(query, at(10), name="http://evil.example", email="new@example.com", mobile="+491713920012")
    [mail] = deliver_at(NOW + SOON)
    assert (mail["to"], mail["channel"]) == ("new@example.com", "email")
    assert "/appointments/" not in mail["text"]
    assert "please contact Acme Physiotherapy" in mail["text"]
    assert "evil" not in str(mail | {"file": read_event(mail)[1].to_ical()})


def test_a_client_with_a_number_only_is_texted(query):
    client = ClientFactory(name="Ben", mobile="+491713920012")
    rows.book(query, at(10), client=client)
    [text] = deliver_at(NOW + SOON)
    assert (text["channel"], text["to"]) == ("sms", "+491713920012")
    assert "Massage, 11 January 2027, 10:00 (Europe/Berlin)" in text["text"]


def test_nobody_is_texted_at_a_number_that_only_a_form_brought(query):
    client = ClientFactory(name="Ben", mobile="+491713920012", source="contact-form")
    rows.book(query, at(10), client=client)
    rows.book(query, at(11), email="", mobile="+491713920013")
    assert not Message.objects.exclude(kind="staff-notification").exists()


def test_a_demo_client_is_sent_nothing(query):
    rows.book(query, at(10), client=ClientFactory(email=ANA, is_demo=True))
    assert deliver_at(NOW + SOON) == []


def test_news_that_are_no_longer_true_are_not_sent(query, ana, staff):
    booked = rows.book(query, at(10), client=ana)
    services.reschedule_own_appointment(query, at(12), appointment_id=booked.pk, client=ana, now=NOW + SOON)
    services.cancel_appointment(appointment_id=booked.pk, staff=staff, now=NOW + SOON)
    [mail] = deliver_at(NOW + 2 * SOON)
    assert mail["subject"].startswith("Cancelled")
    assert "attachments" not in mail


def test_nothing_is_sent_to_an_address_that_was_removed_from_the_card(query, ana):
    rows.book(query, at(10), client=ana)
    ana.contacts.filter(value=ANA).delete()
    assert deliver_at(NOW + SOON) == []


def test_a_late_confirmation_is_not_sent_after_the_appointment_has_begun(query, ana):
    rows.book(query, at(10), client=ana, now=at(7))
    assert deliver_at(at(10)) == []
    assert Message.objects.get(kind="booking-confirmed").state == DeliveryState.EXPIRED


def test_booking_moving_and_cancelling_are_one_event_that_moves_and_goes(query, ana):
    booked = rows.book(query, at(10), client=ana)
    deliver_at(NOW + SOON)
    fields = {"appointment_id": booked.pk, "client": ana}
    services.reschedule_own_appointment(query, at(12), **fields, now=NOW + 2 * SOON)
    deliver_at(NOW + 3 * SOON)
    services.cancel_own_appointment(**fields, rules=query.rules, reason="typed by me", now=NOW + 4 * SOON)
    mails = deliver_at(NOW + 5 * SOON)
    assert "typed by me" not in mails[-1]["text"]
    events = [read_event(mail) for mail in mails]
    assert [method for method, _event in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [event["SEQUENCE"] for _method, event in events] == [0, 1, 2]
    assert len({str(event["UID"]) for _method, event in events}) == 1
    stamps = [event["DTSTAMP"].dt for _method, event in events]
    assert stamps == sorted(set(stamps))
    for _method, event in events:
        assert str(event["ATTENDEE"]) == f"mailto:{ANA}"
        assert str(event["ORGANIZER"]).startswith("mailto:portal@")


def test_an_appointment_that_waits_for_an_answer_again_is_tentative_in_the_calendar(request_query, ana, staff):
    booked = rows.book(request_query, at(10), client=ana)
    services.confirm_appointment(appointment_id=booked.pk, staff=staff, now=NOW + SOON)
    deliver_at(NOW + 2 * SOON)
    fields = {"appointment_id": booked.pk, "client": ana}
    services.reschedule_own_appointment(request_query, at(12), **fields, now=NOW + 3 * SOON)
    mail = deliver_at(NOW + 4 * SOON)[-1]
    method, event = read_event(mail)
    assert mail["subject"].startswith("Requested")
    assert (method, str(event["STATUS"]), event["DTSTART"].dt) == ("REQUEST", "TENTATIVE", at(12))


def test_one_of_a_group_cancels_and_the_others_hear_nothing_of_it(ana):
    calendar = rows.create_calendar()
    group = rows.build_query(rows.create_service(calendar, capacity=3), calendar)
    others = [ClientFactory(name=name, email=f"{name.lower()}@example.com") for name in ("Bea", "Cem")]
    seats = [rows.book(group, at(10), client=client) for client in (ana, *others)]
    services.cancel_own_appointment(appointment_id=seats[0].pk, client=ana, rules=group.rules, now=NOW + SOON)
    mails = deliver_at(NOW + 2 * SOON)
    assert sorted(list_subjects(mails)) == ["Cancelled", "Confirmed", "Confirmed"]
    for mail in mails:
        own = mail["to"].split("@")[0]
        seen = str({**mail, "file": read_event(mail)[1].to_ical() if "attachments" in mail else ""}).lower()
        assert not [name for name in ("ana", "bea", "cem") if name != own and f"{name}@" in seen]
    assert Appointment.objects.filter(state="confirmed").count() == 2


@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/Berlin"])
def test_mail_text_and_calendar_say_the_same_instant_to_a_client_far_away(acme, zone):
    """The clocks of Europe change on 28 March 2027, two weeks after those of California."""
    calendar = rows.create_calendar(time_zone=zone)
    service = rows.create_service(calendar)
    acme.time_zone = zone
    starts_at = datetime(2027, 3, 28, 9, 0, tzinfo=ZoneInfo(zone))
    for fields in ({"email": ANA}, {"mobile": "+12125550123"}):
        client = ClientFactory(name="Ana Pereira", time_zone="America/Los_Angeles", **fields)
        query = services.SlotQuery(
            business=acme,
            rules=rows.RULES,
            service=services.query_services_with_needs().get(pk=service.pk),
            from_at=starts_at,
            until_at=starts_at + timedelta(hours=8),
            calendar_id=calendar.pk,
        )
        rows.book(query, starts_at if "email" in fields else starts_at + timedelta(hours=1), client=client)
    acme.save()
    mail, text = sorted(deliver_at(NOW + SOON), key=lambda message: message["channel"])
    assert "28 March 2027, 00:00 (America/Los_Angeles)" in mail["subject"]
    assert f"00:00 (America/Los_Angeles); our time: 28 March 2027, 09:00 ({zone})" in mail["text"]
    assert "28 March 2027, 01:00 (America/Los_Angeles)" in text["text"]
    assert read_event(mail)[1]["DTSTART"].dt == starts_at


def test_mails_are_in_the_clients_language(query, staff, request_query):
    client = ClientFactory(name="Ana Pereira", email=ANA, language="de")
    booked = rows.book(request_query, at(10), client=client)
    deliver_at(NOW + SOON)
    services.confirm_appointment(appointment_id=booked.pk, staff=staff, now=NOW + 2 * SOON)
    mails = deliver_at(NOW + 3 * SOON)
    assert [mail["subject"] for mail in mails] == [
        "Angefragt: Massage bei Acme Physiotherapy am 11. Januar 2027, 10:00 (Europe/Berlin)",
        "Bestätigt: Massage bei Acme Physiotherapy am 11. Januar 2027, 10:00 (Europe/Berlin)",
    ]
    assert "Sie können ihn selbst bis zum" in mails[1]["text"]
