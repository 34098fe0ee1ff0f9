"""Tests of the kinds of messages that nouns declare, and of a placeholder that a noun brings along."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from portal.access.kinds import AccessMessageKind
from portal.messaging.message_kinds import list_code_message_kinds, list_editable_mail_kinds
from portal.messaging.message_templates import services as message_templates
from portal.messaging.models import Message, Notification
from tenants.context import use_business
from tenants.nouns import registry
from tenants.nouns.message_declarations import Placeholder
from tests.portal.messaging.messaging_steps import deliver_due

TEMPLATES = Path(settings.BASE_DIR) / "templates/messages"
MAIL_PARTS = {"subject.txt", "body.txt", "body.html"}


def test_every_kind_fits_the_columns_that_hold_it():
    for kinds, model in ((registry.get_message_kinds(), Message), (registry.get_notification_kinds(), Notification)):
        assert max(map(len, kinds)) <= model._meta.get_field("kind").max_length


@pytest.mark.parametrize("kind", registry.get_message_kinds().values(), ids=str)
def test_a_kind_has_the_templates_of_its_channels_and_no_others(kind):
    parts = {path.name for path in (TEMPLATES / kind.key).iterdir()}

    assert parts == (MAIL_PARTS | {"sms.txt"} if kind.is_sent_as_text else MAIL_PARTS)


def test_a_message_with_a_code_comes_from_a_builder_and_is_not_for_businesses_to_write():
    kinds = registry.get_message_kinds()

    assert list_code_message_kinds() == [AccessMessageKind.SIGN_IN_CODE, AccessMessageKind.CONFIRM_CODE]
    assert all(kinds[key].build_context and key not in list_editable_mail_kinds() for key in list_code_message_kinds())


@pytest.fixture
def weather_placeholder(monkeypatch):
    """A placeholder of one kind of message, without a value function, as a noun would declare it."""
    placeholder = Placeholder("weather", "the weather of the day", sample="Sunny")
    kind = replace(registry.get_message_kinds()[AccessMessageKind.ACCESS_ENDED], placeholders=(placeholder,))
    monkeypatch.setattr(registry, "get_message_kinds", lambda: {kind.key: kind})
    return kind


def test_a_noun_declares_its_own_placeholder(acme, weather_placeholder, staff_client, outbox, now):
    staff, page = staff_client("owner"), f"/console/acme/settings/message-templates/{weather_placeholder.key}/en/"

    saved = staff.post(page, {"subject": "{weather}", "body": "Today: {weather}."}, follow=True).content.decode()
    with use_business(acme):
        message_templates.send_sample(kind=weather_placeholder.key, language="en", to="owner@acme.test", now=now)
    [mail] = deliver_due(outbox)

    assert "the weather of the day" in saved
    assert "Today: Sunny." in staff.get(f"{page}preview/").content.decode()
    assert mail["subject"] == "Sunny"
    assert "Today: Sunny." in mail["text"]
