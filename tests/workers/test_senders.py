"""Codes leave by a sender of their own, so that whoever stops notices still gets them."""

import json
from datetime import timedelta
from email import message_from_bytes

import pytest

from portal.access.kinds import AccessMessageKind
from portal.activity.models import Entry
from portal.activity.presenters import present_entry
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from portal.team.kinds import TeamEmail
from tenants import senders
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState, Queue, StaffEmail
from tests.factories import create_member
from tests.portal.access.sign_in_steps import ANA, MOBILE, request_code_for
from workers.actors.delivery_jobs import deliver_now

NUMBER, NUMBER_CODES = "+15005550006", "+15005550009"
SERVICE, SERVICE_CODES = "MG" + "0" * 32, "MG" + "1" * 32


@pytest.fixture(autouse=True)
def _two_mail_senders(settings):
    settings.MAIL_FROM, settings.MAIL_FROM_CODES = "portal@portals.example.com", "codes@portals.example.com"


@pytest.fixture
def send_code(acme, ana, now):
    """Return a function that has a code sent to an address."""

    def send_code(address: str) -> None:
        with use_business(acme):
            request_code_for(acme, address, now=now)
        deliver_now(Delivery.objects.get(queue=Queue.CODES, state=DeliveryState.QUEUED).pk)

    return send_code


@pytest.fixture
def send_notice(acme, create_delivery):
    """Return a function that has a notice sent to an address."""

    def send_notice(address: str) -> None:
        channel = Channel.EMAIL if "@" in address else Channel.SMS
        deliver_now(create_delivery(acme, to=address, channel=channel, kind=AccessMessageKind.ACCESS_ENDED).pk)

    return send_notice


def test_sendgrid_mails_codes_and_notices_from_their_own_addresses(sendgrid, send_code, send_notice):
    send_code(ANA)
    send_notice(ANA)

    code, notice = sendgrid.mails
    assert [mail["from"]["email"] for mail in (code, notice)] == [
        "codes@portals.example.com",
        "portal@portals.example.com",
    ]
    assert [set(mail["categories"]) for mail in (code, notice)] == [
        {"sign-in-code", "sender-codes"},
        {"access-ended", "sender-notices"},
    ]


def test_sendgrid_sends_a_code_to_whoever_unsubscribed_from_notices_but_to_no_bounced_mailbox(
    sendgrid, send_code, send_notice
):
    send_code(ANA)
    send_notice(ANA)

    code, notice = sendgrid.mails
    assert code["mail_settings"] == {
        "bypass_spam_management": {"enable": True},
        "bypass_unsubscribe_management": {"enable": True},
    }
    assert "mail_settings" not in notice
    assert "bounce" not in json.dumps(code)


def test_a_mail_server_gets_the_sender_in_envelope_and_header(smtp, settings, send_code, send_notice):
    settings.EMAIL_PROVIDERS = ["smtp"]

    send_code(ANA)
    send_notice(ANA)

    headers = [message_from_bytes(mail if isinstance(mail, bytes) else str(mail).encode()) for mail in smtp.mails]
    assert ["codes@" in str(mail["From"]) for mail in headers] == [True, False]


@pytest.mark.parametrize(
    ("configured", "of_code", "of_notice"),
    [
        ({"TWILIO_FROM": NUMBER, "TWILIO_FROM_CODES": NUMBER_CODES}, NUMBER_CODES, NUMBER),
        ({"TWILIO_FROM": NUMBER, "TWILIO_MESSAGING_SERVICE_SID_CODES": SERVICE_CODES}, SERVICE_CODES, NUMBER),
        ({"TWILIO_MESSAGING_SERVICE_SID": SERVICE, "TWILIO_FROM_CODES": NUMBER_CODES}, NUMBER_CODES, SERVICE),
        ({"TWILIO_FROM": NUMBER, "TWILIO_MESSAGING_SERVICE_SID": SERVICE}, SERVICE, SERVICE),
        ({"TWILIO_FROM": NUMBER}, NUMBER, NUMBER),
        ({"TWILIO_FROM_CODES": NUMBER_CODES}, NUMBER_CODES, NUMBER_CODES),
    ],
)
def test_texts_leave_by_the_sender_of_their_kind_and_by_the_only_one_if_there_is_but_one(
    twilio, settings, send_code, send_notice, configured, of_code, of_notice
):
    names = ("TWILIO_FROM", "TWILIO_FROM_CODES", "TWILIO_MESSAGING_SERVICE_SID", "TWILIO_MESSAGING_SERVICE_SID_CODES")
    for name in names:
        setattr(settings, name, configured.get(name, ""))

    send_code(MOBILE)
    send_notice(MOBILE)

    assert [text.get("From") or text.get("MessagingServiceSid") for text in twilio.texts] == [of_code, of_notice]
    assert senders.are_senders_apart(Channel.SMS) == (of_code != of_notice)


def test_a_stop_to_a_notice_blocks_no_code_and_the_card_says_so(acme, twilio, settings, send_code, send_notice):
    settings.TWILIO_FROM_CODES = NUMBER_CODES
    twilio.stopped = {(NUMBER, MOBILE)}

    send_notice(MOBILE)
    send_code(MOBILE)

    assert [text["From"] for text in twilio.texts] == [NUMBER_CODES]
    with use_business(acme):
        assert [suppressions.blocks_codes(one) for one in Suppression.objects.all()] == [False]
        [details] = [present_entry(one).details for one in Entry.objects.filter(event_type="messaging.failed")]
    assert "The client replied STOP to our notices. Sign-in codes come from another sender and still arrive." in details


def test_a_stop_to_the_only_sender_is_shown_as_blocking_codes(acme, twilio, settings, send_notice):
    settings.TWILIO_FROM_CODES = ""
    twilio.stopped = {(NUMBER, MOBILE)}

    send_notice(MOBILE)

    with use_business(acme):
        assert Suppression.objects.get().reason == "twilio-21610"
        [details] = [present_entry(one).details for one in Entry.objects.filter(event_type="messaging.failed")]
    assert "The client replied STOP, so the provider sends no text messages to this number." in details


def test_a_stop_to_the_sender_of_codes_is_shown_as_blocking_codes(acme, twilio, settings, send_code):
    settings.TWILIO_FROM_CODES = NUMBER_CODES
    twilio.stopped = {(NUMBER_CODES, MOBILE)}

    send_code(MOBILE)

    with use_business(acme):
        assert Suppression.objects.get().reason == "twilio-21610"


def test_staff_s_codes_come_from_the_sender_of_codes(acme, sendgrid, now):
    person = create_member(acme, "staff").person
    for kind in (TeamEmail.CODE, TeamEmail.FACTOR):
        email = StaffEmail.objects.create(
            kind=kind, person=person, key_id="k1", created_at=now, expires_at=now + timedelta(minutes=5)
        )
        delivery = Delivery.objects.create(
            message_id=email.pk,
            queue=Queue.CODES,
            channel=Channel.EMAIL,
            created_at=now,
            due_at=now,
            deadline_at=now + timedelta(minutes=5),
        )
        deliver_now(delivery.pk)

    assert [mail["from"]["email"].partition("@")[0] for mail in sendgrid.mails] == ["codes", "portal"]


def test_the_allow_list_card_names_the_sender_of_codes(acme, portal_client):
    card = portal_client(acme).get("/sign-in/allow-list/").content.decode()

    assert "codes@portals.example.com" in card
    assert "portal@portals.example.com" not in card
