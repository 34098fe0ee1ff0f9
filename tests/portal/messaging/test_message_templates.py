"""Tests of the business's own mails: placeholders, default wording, timeline entries and samples."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from portal.access.kinds import AccessMessageKind
from portal.activity.models import Entry
from portal.branding.models import PortalSettings
from portal.messaging.kinds import ConversationMailKind
from portal.messaging.message_kinds import get_placeholders, list_code_message_kinds, list_editable_mail_kinds
from portal.messaging.message_templates import default_wording, placeholders
from portal.messaging.message_templates import services as message_templates
from portal.messaging.message_templates.placeholders import UnknownPlaceholder
from portal.messaging.models import Message, MessageTemplate
from portal.messaging.rendering import render_message
from tenants.context import use_business
from tenants.models import Channel
from tests import factories
from tests.portal.messaging.messaging_steps import (
    ANA,
    build_staff_actor,
    create_listed_client,
    deliver_due,
    write_chat_message,
)


@pytest.fixture
def message_context() -> dict:
    return {
        "device": "Firefox on Windows",
        "count": 2,
        "business": SimpleNamespace(name="Müller & Söhne {portal} <b>", time_zone="Europe/Berlin", language="en"),
        "portal_settings": PortalSettings(),
        "host": "acme.localhost",
        "portal_url": "http://acme.localhost:8000/",
        "sent_at": timezone.now(),
    }


@pytest.fixture
def sabine(acme):
    return build_staff_actor(factories.create_member(acme, "manager"))


def render_message_template(context, body, subject="Hello", kind=ConversationMailKind.NEW_MESSAGE):
    template = MessageTemplate(kind=kind, language="en", subject=subject, body=body)
    message = Message(kind=kind, channel=Channel.EMAIL, language="en")
    return render_message(message, context, language="en", template=template)


def test_placeholders_are_filled_in_every_part(message_context):
    mail = render_message_template(
        message_context, "From {business}:\n{count} new.\n\nRead: {messages}", subject="{count} from {business}"
    )

    assert mail.subject == "2 from Müller & Söhne {portal} <b>"
    assert "From Müller & Söhne {portal} <b>:\n2 new.\n\nRead: http://acme.localhost:8000/messages/" in mail.text
    assert 'href="http://acme.localhost:8000/messages/"' in mail.html


def test_placeholders_within_values_are_not_filled(message_context):
    assert "Söhne {portal}" in render_message_template(message_context, "{business}").text


@pytest.mark.parametrize("kind", list_editable_mail_kinds())
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_default_mail_saved_as_a_template_renders_the_same(kind, language, message_context):
    message_context = message_templates.get_sample_values(kind) | message_context
    message = Message(kind=kind, channel=Channel.EMAIL, language=language)
    template = MessageTemplate(
        kind=kind,
        language=language,
        **default_wording.render_default_mail(kind, language, now=message_context["sent_at"]),
    )

    placeholders.validate_placeholders(template.subject + template.body, kind=kind)
    theirs, ours = (
        render_message(message, message_context, language=language, template=text) for text in (template, None)
    )

    # What stands below the dashes is the portal's own.
    assert (theirs.subject, theirs.text.partition("\n--")[0]) == (ours.subject, ours.text.partition("\n--")[0])


@pytest.mark.parametrize("text", ["{code}", "{ business }", "{{ business }}", "{% debug %}", "{business.pk}", "{}"])
def test_an_unknown_placeholder_is_rejected(text):
    with pytest.raises(UnknownPlaceholder) as refusal:
        placeholders.validate_placeholders(text, kind=ConversationMailKind.NEW_MESSAGE)

    assert "{business}, {portal}, {messages}, {count}" in str(refusal.value)


@pytest.mark.parametrize("text", ["No names at all", "{business}", "100 % { of", "} {", "a {\n} b"])
def test_braces_without_a_name_are_text(text):
    placeholders.validate_placeholders(text, kind=AccessMessageKind.ACCESS_ENDED)


def test_mails_with_codes_are_not_editable(acme):
    assert not set(list_editable_mail_kinds()) & set(list_code_message_kinds())
    with use_business(acme):
        MessageTemplate.objects.create(
            kind=AccessMessageKind.SIGN_IN_CODE, language="en", subject="x", body="x", changed_at=timezone.now()
        )
        assert message_templates.find_template(AccessMessageKind.SIGN_IN_CODE, "en") is None


@pytest.mark.parametrize("kind", list_editable_mail_kinds())
def test_every_placeholder_has_a_meaning_and_a_value_in_previews(kind, message_context):
    message_context = message_context | message_templates.get_sample_values(kind)

    for offered in get_placeholders(kind).values():
        assert offered.label
        assert placeholders.compute_placeholder_value(offered, message_context)


def test_a_change_is_on_the_timeline_with_before_and_after(acme, sabine, now):
    fields = {"kind": ConversationMailKind.NEW_MESSAGE, "language": "en", "staff": sabine, "now": now}
    with use_business(acme):
        message_templates.save_template(**fields, subject="One\r\nBcc: x", body="First")
        message_templates.save_template(**fields, subject="Two", body="Second")
        message_templates.save_template(**fields, subject="Two", body="Second")
        message_templates.reset_template(**fields)
        message_templates.reset_template(**fields)
        entries = list(Entry.objects.filter(event_type__startswith="messaging.template").order_by("at", "event_type"))

    one, two = {"subject": "One Bcc: x", "body": "First"}, {"subject": "Two", "body": "Second"}
    steps = [(entry.data["before"], entry.data["after"]) for entry in entries]
    assert sorted(steps, key=str) == sorted([(None, one), (one, two), (two, None)], key=str)
    assert {(entry.actor_id, entry.ip) for entry in entries} == {(sabine.person_id, sabine.ip)}


def test_a_mail_template_applies_to_its_language_only(acme, globex, sabine, outbox, now):
    by = factories.create_member(acme, "staff")
    with use_business(acme):
        message_templates.save_template(
            kind=ConversationMailKind.NEW_MESSAGE,
            language="en",
            subject="News for you",
            body="Have a look: {messages}",
            staff=sabine,
            now=now,
        )
        write_chat_message(create_listed_client(), by=by)
        write_chat_message(create_listed_client("Bo", "bo@example.com", language="de"), by=by)
    with use_business(globex):
        write_chat_message(
            create_listed_client("Cleo", "cleo@example.com"), by=factories.create_member(globex, "staff")
        )

    subjects = {mail["to"]: mail["subject"] for mail in deliver_due(outbox)}

    assert subjects[ANA] == "News for you"
    assert subjects["bo@example.com"] == "Neue Nachricht von Acme Physiotherapy"
    assert subjects["cleo@example.com"] == "New message from Globex Legal"


@pytest.mark.parametrize("kind", list_editable_mail_kinds())
def test_a_sample_of_every_mail_is_sent(acme, outbox, kind, now):
    with use_business(acme):
        message_templates.send_sample(kind=kind, language="de", to="owner@acme.test", now=now)

    [mail] = deliver_due(outbox)

    assert mail["to"] == "owner@acme.test"
    assert "Acme Physiotherapy" in mail["subject"]
