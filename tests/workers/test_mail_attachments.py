"""A mail has the files that its kind builds, whichever provider sends it; every other mail is what it was."""

from base64 import b64decode

import pytest
from django.utils import translation

from portal.access.kinds import AccessMessageKind
from portal.messaging import services as messaging
from tenants.context import use_business
from tenants.mail_attachments import MailAttachment
from tenants.models import Channel, Delivery, DeliveryState, Queue
from tenants.nouns import registry
from tenants.nouns.message_declarations import MessageKind
from tests.noun_apps import install_noun_apps, make_noun_app
from workers.actors.delivery_jobs import deliver_now

KIND = AccessMessageKind.ACCESS_ENDED
CALENDAR_TYPE = "text/calendar; method=REQUEST; charset=utf-8"


def build_files(message, context):
    """Return an invitation in the reader's language and a picture."""
    text = f"{context['business'].name} → {message.to}, {translation.get_language()} 📅\r\n"
    return [
        MailAttachment("Tërmin.ics", CALENDAR_TYPE, text.encode()),
        MailAttachment("map.png", "image/png", b"\x89PNG\r\n\x00"),
    ]


def fail_to_build_files(message, context):
    """Raise an error that a retry doesn't mend."""
    raise LookupError


@pytest.fixture
def use_files():
    """Return a context manager in which one kind of mail has the files of a function."""

    def use_files(build):
        declared = MessageKind(KIND, build_attachments=f"{__name__}.{build.__name__}")
        return install_noun_apps(make_noun_app(message_kinds=(declared,)))

    return use_files


@pytest.fixture
def create_german_delivery(acme, now):
    """Return a function that enqueues a message to a German reader and returns its delivery."""

    def create_german_delivery(**fields):
        with use_business(acme):
            message = messaging.build_message(
                KIND, **{"channel": Channel.EMAIL, "to": "ana@example.com"} | fields, language="de", now=now
            )
            messaging.enqueue_message(message, queue=Queue.NOTICES, deadline=now.replace(year=now.year + 1), now=now)
        return Delivery.objects.get(message_id=message.pk)

    return create_german_delivery


def test_the_kind_in_these_tests_is_declared_without_files():
    assert registry.get_message_kinds()[KIND].build_attachments == ""


def test_sendgrid_is_given_the_files_of_a_mail_with_the_one_parameter_that_it_takes(
    acme, sendgrid, use_files, create_german_delivery
):
    delivery = create_german_delivery()

    with use_files(build_files):
        deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.ACCEPTED
    calendar, picture = sendgrid.mails[0]["attachments"]
    assert b64decode(calendar.pop("content")).decode() == f"{acme.name} → ana@example.com, de 📅\r\n"
    assert calendar == {
        "filename": "Tërmin.ics",
        "type": "text/calendar; method=REQUEST",
        "disposition": "attachment",
    }
    assert (picture["type"], b64decode(picture["content"])) == ("image/png", b"\x89PNG\r\n\x00")


def test_a_mail_server_is_given_the_files_of_a_mail_beside_its_text(
    acme, smtp, settings, use_files, create_german_delivery
):
    settings.EMAIL_PROVIDERS = ["smtp"]

    with use_files(build_files):
        deliver_now(create_german_delivery().pk)

    [mail] = smtp.mails
    text, calendar, picture = mail.iter_parts()
    assert (mail.get_content_type(), text.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert (calendar.get_filename(), calendar.get_content_disposition()) == ("Tërmin.ics", "attachment")
    assert calendar.get_payload(decode=True).decode() == f"{acme.name} → ana@example.com, de 📅\r\n"
    assert (picture.get_content_type(), picture.get_content()) == ("image/png", b"\x89PNG\r\n\x00")


def test_the_demo_s_outbox_keeps_the_files_of_a_mail(acme, settings, outbox, use_files, create_german_delivery):
    settings.EMAIL_PROVIDERS = ["demo"]

    with use_files(build_files):
        deliver_now(create_german_delivery().pk)

    [mail] = outbox.sent()
    assert [(one["filename"], one["content_type"]) for one in mail["attachments"]] == [
        ("Tërmin.ics", CALENDAR_TYPE),
        ("map.png", "image/png"),
    ]


@pytest.mark.parametrize("provider", ["sendgrid", "smtp"])
def test_a_mail_without_files_is_as_it_was(acme, sendgrid, smtp, settings, create_german_delivery, provider):
    settings.EMAIL_PROVIDERS = [provider]

    deliver_now(create_german_delivery().pk)

    if provider == "sendgrid":
        assert "attachments" not in sendgrid.mails[0]
    else:
        assert [part.get_content_type() for part in smtp.mails[0].walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]


def test_a_text_has_no_files(acme, twilio, use_files, create_german_delivery):
    with use_files(fail_to_build_files):
        deliver_now(create_german_delivery(channel=Channel.SMS, to="+447700900101").pk)

    assert len(twilio.texts) == 1


def test_a_sample_of_a_mail_has_no_files(acme, sendgrid, use_files, create_german_delivery):
    with use_files(fail_to_build_files):
        deliver_now(create_german_delivery(data={"is_sample": True}).pk)

    assert len(sendgrid.mails) == 1


def test_a_mail_whose_files_can_t_be_built_fails_at_last(acme, sendgrid, use_files, create_german_delivery):
    delivery = create_german_delivery()

    with use_files(fail_to_build_files):
        for _attempt in range(2):
            with pytest.raises(LookupError):
                deliver_now(delivery.pk)
            Delivery.objects.update(due_at=delivery.due_at)
        deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, sendgrid.mails) == (DeliveryState.FAILED, "unrenderable", [])
