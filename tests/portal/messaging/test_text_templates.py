"""Tests of the business's own text messages and of counting their segments."""

import pytest
from django.utils import timezone

from portal.access.kinds import AccessMessageKind
from portal.access.services import archive_client
from portal.activity.models import Entry
from portal.branding.models import PortalSettings
from portal.messaging.message_kinds import list_code_message_kinds, list_editable_text_kinds
from portal.messaging.message_templates import default_wording
from portal.messaging.message_templates import services as message_templates
from portal.messaging.message_templates.sms_segments import count_segments
from portal.messaging.models import Message, MessageTemplate
from portal.messaging.rendering import render_message
from tenants.context import use_business
from tenants.models import Channel
from tests import factories
from tests.portal.messaging.messaging_steps import build_staff_actor

PLACE = "/console/acme/settings/message-templates/texts/"
ENDED = f"{PLACE}access-ended/en/"


@pytest.mark.parametrize(
    ("text", "units", "segments", "non_gsm"),
    [
        ("", 0, 1, ""),
        ("a" * 160, 160, 1, ""),
        ("a" * 161, 161, 2, ""),
        ("ä" * 306, 306, 2, ""),
        ("a" * 307, 307, 3, ""),
        ("€" * 80, 160, 1, ""),
        ("a" * 152 + "€" * 5, 162, 2, ""),
        ("€" * 153, 306, 3, ""),
        ("’" + "a" * 69, 70, 1, "’"),
        ("’" + "a" * 70, 71, 2, "’"),
        ("ę🙂", 3, 1, "ę🙂"),
        ("🙂" * 35, 70, 1, "🙂"),
        ("🙂" * 67, 134, 3, "🙂"),
    ],
)
def test_segments_are_counted_as_the_networks_count_them(text, units, segments, non_gsm):
    segment_count = count_segments(text)
    assert (segment_count.units, segment_count.segments, segment_count.non_gsm) == (units, segments, non_gsm)


def render_sms(acme, kind=AccessMessageKind.ACCESS_ENDED):
    with use_business(acme):
        message = Message(kind=kind, channel=Channel.SMS, language="en")
        context = message_templates.get_sample_values(kind) | {
            "business": acme,
            "portal_settings": PortalSettings(),
            "portal_url": "http://x/",
            "sent_at": timezone.now(),
        }
        context |= {"code": "123456", "host": "acme.localhost"}
        return render_message(
            message, context, language="en", template=message_templates.find_template(kind, "en", Channel.SMS)
        ).text


def test_a_text_template_is_edited_and_reset(acme, staff_client):
    browser = staff_client("manager")
    answer = browser.post(ENDED, {"body": "Good bye from {business}."}, follow=True)
    assert "now uses your text." in answer.content.decode()
    assert render_sms(acme) == f"Good bye from {acme.name}."
    with use_business(acme):
        assert message_templates.find_template("access-ended", "en") is None, "the mail keeps its words"
        assert Entry.objects.latest("at").data["channel"] == "sms"

    browser.post(f"{ENDED}reset/")
    assert "has ended" in render_sms(acme)


def test_a_worker_sends_the_edited_text(acme, now, outbox):
    with use_business(acme):
        ana, sabine = (
            factories.ClientFactory(name="Ana", mobile="+447700900101"),
            build_staff_actor(factories.create_member(acme, "owner")),
        )
        message_templates.save_template(
            kind="access-ended", language="en", channel="sms", body="So long!", staff=sabine, now=now
        )
        archive_client(client=ana, staff=sabine, now=now)
    outbox.deliver_due()
    assert "So long!" in [sent["text"] for sent in outbox.sent()]


def test_the_preview_shows_the_filled_text_and_its_segments_without_saving(acme, staff_client):
    browser = staff_client("manager")
    page = browser.post(ENDED, {"body": "“Bye” " + "a" * 70 + " {business}", "preview": "1"}).content.decode()
    assert f"a {acme.name}" in page
    assert "2 text messages" in page
    assert "Because of ““””, a text message has only 70" in page
    part = browser.post(ENDED, {"body": "Bye", "preview": "1"}, headers={"hx-request": "true"}).content.decode()
    assert "3 characters · 1 text message" in " ".join(part.split())
    assert "<html" not in part
    with use_business(acme):
        assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize("body", ["", "{code}", "{device}", "a" * 451])
def test_an_invalid_text_is_rejected(acme, staff_client, body):
    assert staff_client("manager").post(ENDED, {"body": body}).status_code == 422
    with use_business(acme):
        assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize("kind", list_code_message_kinds())
def test_a_text_with_a_code_is_not_editable(acme, staff_client, now, kind):
    assert staff_client("owner").post(f"{PLACE}{kind}/en/", {"body": "Nothing"}).status_code == 404
    with use_business(acme):
        MessageTemplate.objects.create(kind=kind, language="en", channel="sms", body="Nothing", changed_at=now)
    text = render_sms(acme, kind)
    assert text.startswith("123456 is your")
    assert text.endswith("\n\n@acme.localhost #123456")


def test_the_default_text_saved_as_a_template_renders_the_same(acme, now):
    for kind in list_editable_text_kinds():
        with use_business(acme):
            ours = render_sms(acme, kind)
            body = default_wording.render_default_text(kind, "en", now=now)
            MessageTemplate.objects.create(kind=kind, language="en", channel="sms", body=body, changed_at=now)
            assert render_sms(acme, kind) == ours
