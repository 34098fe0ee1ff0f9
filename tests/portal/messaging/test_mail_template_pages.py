"""Tests of the pages that edit, preview and reset mail templates."""

import pytest

from portal.access.kinds import AccessMessageKind
from portal.messaging.kinds import NotificationMailKind
from portal.messaging.message_kinds import list_editable_mail_kinds
from portal.messaging.models import MessageTemplate
from tenants.context import use_business
from tenants.nouns import registry
from tests.portal.messaging.test_conversation_pages import read_page_text

MAILS = "/console/acme/settings/message-templates/"


@pytest.mark.parametrize("kind", list_editable_mail_kinds())
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_mail_can_be_previewed(acme, staff_client, kind, language):
    staff = staff_client("manager")
    place = f"{MAILS}{kind}/{language}/"

    shown, frame = staff.get(place), staff.get(f"{place}preview/")

    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "script-src" not in frame.headers["Content-Security-Policy"]
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Acme Physiotherapy" in frame.content.decode()


@pytest.mark.parametrize("path", ["sign-in-code/en/", "staff-notification/en/", "new-message/fr/", "nothing/en/"])
def test_mails_that_are_not_editable_are_not_found(staff_client, path):
    for ending in ("", "preview/"):
        assert staff_client("owner").get(f"{MAILS}{path}{ending}").status_code == 404


def test_a_mail_template_is_edited_previewed_and_reset(acme, staff_client, outbox):
    staff, place = staff_client("manager"), f"{MAILS}new-message/en/"
    form_data = {"subject": "News", "body": "Look: {messages}\n\n<b>{count}</b>"}

    frame = staff.post(f"{place}preview/", form_data).content.decode()
    assert "&lt;b&gt;2&lt;/b&gt;" in frame
    with use_business(acme):
        assert not MessageTemplate.objects.exists()
    assert staff.post(place, form_data).status_code == 302
    assert "customised" in read_page_text(staff, MAILS)
    staff.post(f"{place}sample/")
    outbox.deliver_due()
    assert [mail["subject"] for mail in outbox.sent()] == ["News"]
    assert staff.post(f"{place}reset/").status_code == 302
    with use_business(acme):
        assert not MessageTemplate.objects.exists()


def test_a_wrong_placeholder_is_reported_on_the_page_and_in_the_preview(acme, staff_client):
    staff, place = staff_client("manager"), f"{MAILS}new-message/en/"

    for path in (place, f"{place}preview/"):
        answer = staff.post(path, {"subject": "{kode}", "body": "x"})
        assert answer.status_code == 422
        assert "Unknown placeholder {kode}." in answer.content.decode()


def test_businesses_write_neither_mails_with_codes_nor_mails_to_staff():
    ours = {
        AccessMessageKind.SIGN_IN_CODE,
        AccessMessageKind.CONFIRM_CODE,
        AccessMessageKind.CODE_ISSUED,
        NotificationMailKind.STAFF_NOTIFICATION,
    }

    assert ours <= set(registry.get_message_kinds())
    assert not ours & set(list_editable_mail_kinds())
