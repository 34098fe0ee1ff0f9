"""Tests of message templates in the business API."""

import pytest

from portal.activity.models import Entry
from portal.branding.models import PortalSettings
from portal.messaging.kinds import MessagingEvent
from portal.messaging.models import Message, MessageTemplate
from tenants.context import use_business
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db
PATH = "message-templates/"
MAIL, TEXT = f"{PATH}email/new-message/en/", f"{PATH}sms/access-ended/en/"
WORDING = {"subject": "News from {business}", "body": "Look: {messages}\n\n<b>{count}</b>"}


def list_own(program):
    """Return channel, kind and language of the templates that the business wrote."""
    items = program.get(PATH).json()["items"]
    return [(item["channel"], item["kind"], item["language"]) for item in items if item["is_own"]]


def test_every_listed_template_is_read(api_program):
    program = api_program()
    items = program.get(PATH).json()["items"]
    assert {(item["channel"], item["language"]) for item in items} == {
        (channel, language) for channel in ("email", "sms") for language in ("en", "de")
    }
    for item in items:
        shown = program.get(f"{PATH}{item['channel']}/{item['kind']}/{item['language']}/").json()
        assert shown == shown | item
        assert bool(shown["subject"]) == (item["channel"] == "email")
        assert shown["body"]
        assert {"business", "portal"} <= {placeholder["name"] for placeholder in shown["placeholders"]}


def test_only_the_languages_of_the_business_are_listed(api_program, acme):
    with use_business(acme):
        PortalSettings.objects.update(languages=["de"])
    assert {item["language"] for item in api_program().get(PATH).json()["items"]} == {"de"}


def test_a_wording_is_set_read_and_reset(api_program, acme):
    program = api_program()
    default = program.get(MAIL).json()
    assert (default["is_own"], default["changed_at"]) == (False, None)
    answer = program.put(MAIL, WORDING)
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert shown == default | WORDING | {"is_own": True, "changed_at": shown["changed_at"]}
    assert program.get(MAIL).json() == shown
    assert list_own(program) == [("email", "new-message", "en")]
    assert program.delete(MAIL).status_code == 204
    assert program.get(MAIL).json() == default
    assert program.delete(MAIL).status_code == 204
    with use_business(acme):
        assert not MessageTemplate.objects.exists()
        types = set(Entry.objects.values_list("event_type", flat=True))
    assert types == {MessagingEvent.TEMPLATE_CHANGED, MessagingEvent.TEMPLATE_RESET}


def test_a_text_has_no_subject(api_program):
    program = api_program()
    answer = program.put(TEXT, {"body": "Your access to {business} ended."})
    assert (answer.status_code, answer.json()["subject"]) == (200, "")
    assert list_own(program) == [("sms", "access-ended", "en")]


@pytest.mark.parametrize(
    ("path", "body", "field", "code"),
    [
        (MAIL, {"body": "Hello"}, "subject", "required"),
        (MAIL, {"subject": "\u200b ", "body": "Hello"}, "subject", "required"),
        (MAIL, {"subject": "Hello"}, "body", "required"),
        (MAIL, {"subject": "Hello", "body": " "}, "body", "blank"),
        (MAIL, {"subject": "H" * 121, "body": "Hello"}, "subject", "max_length"),
        (MAIL, {"subject": "Hello", "body": "H" * 2001}, "body", "max_length"),
        (MAIL, {"subject": "{kode}", "body": "Hello"}, "subject", "invalid"),
        (MAIL, {"subject": "Hello", "body": "{code}"}, "body", "invalid"),
        (MAIL, {"subject": "Hello", "body": ["Hello"]}, "body", "invalid"),
        (MAIL, {"subject": "Hello", "body": "Hello\0"}, "body", "null_characters_not_allowed"),
        (MAIL, {"subject": "Hello", "body": "Hello", "html": "Hello"}, "html", "unknown_field"),
        (TEXT, {"subject": "Hello", "body": "Hello"}, "subject", "not_allowed"),
        (TEXT, {"body": "H" * 451}, "body", "max_length"),
        (TEXT, {"body": "{code}"}, "body", "invalid"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(api_program, path, body, field, code):
    program = api_program()
    answer = program.put(path, body)
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert list_own(program) == []


@pytest.mark.parametrize(
    ("path", "body", "field", "code"),
    [
        (MAIL, {"subject": "{kode}"}, "subject", "invalid"),
        (MAIL, {"body": "{code}"}, "body", "invalid"),
        (MAIL, {"subject": ""}, "subject", "required"),
        (MAIL, {"html": "Hello"}, "html", "unknown_field"),
        (TEXT, {"subject": "Hello"}, "subject", "not_allowed"),
        (TEXT, {"body": "H" * 451}, "body", "max_length"),
    ],
)
def test_a_wrong_field_of_a_preview_is_named(api_program, path, body, field, code):
    answer = api_program().post(f"{path}preview/", body)
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    "path", ["fax/new-message/en/", "email/staff-notification/en/", "email/new-message/fr/", "sms/new-message/en/"]
)
def test_what_can_not_be_written_is_not_found(api_program, path):
    program = api_program()
    for answer in (
        program.get(PATH + path),
        program.put(PATH + path, WORDING),
        program.delete(PATH + path),
        program.post(f"{PATH}{path}preview/", {}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_mail_is_previewed_as_it_is_and_with_another_wording(api_program, acme):
    program = api_program()
    assert "Acme Physiotherapy" in program.post(f"{MAIL}preview/", {}).json()["html"]
    shown = program.post(f"{MAIL}preview/", WORDING).json()
    assert shown["subject"] == "News from Acme Physiotherapy"
    assert "&lt;b&gt;2&lt;/b&gt;" in shown["html"]
    assert "<b>2</b>" in shown["text"]
    assert (shown["segments"], shown["non_gsm_characters"]) == (None, "")
    program.put(MAIL, WORDING)
    assert program.post(f"{MAIL}preview/", {}).json() == shown
    assert program.post(f"{MAIL}preview/", {"subject": "Hi"}).json()["subject"] == "Hi"
    with use_business(acme):
        assert MessageTemplate.objects.get().subject == WORDING["subject"]
        assert not Message.objects.exists()


def test_a_text_is_previewed_with_its_segments(api_program):
    program = api_program()
    assert program.post(f"{TEXT}preview/", {}).json()["segments"] >= 1
    shown = program.post(f"{TEXT}preview/", {"body": "ę{business}" + "a" * 70}).json()
    assert shown["text"] == f"ęAcme Physiotherapy{'a' * 70}"
    assert (shown["segments"], shown["non_gsm_characters"], shown["html"]) == (2, "ę", "")


def test_a_change_by_somebody_else_is_not_overwritten(api_program):
    program, other = api_program(), api_program()
    seen = program.get(MAIL).headers["ETag"]
    other.put(MAIL, WORDING)
    for answer in (
        program.put(MAIL, WORDING | {"subject": "Mine"}, **{"If-Match": seen}),
        program.delete(MAIL, **{"If-Match": seen}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert program.get(MAIL).json()["subject"] == WORDING["subject"]
    seen = program.get(MAIL).headers["ETag"]
    assert program.get(MAIL, **{"If-None-Match": seen}).status_code == 304
    assert program.delete(MAIL, **{"If-Match": seen}).status_code == 204


@pytest.mark.parametrize("is_own", [False, True])
def test_a_template_is_locked_before_it_is_compared(api_program, is_own):
    program = api_program()
    if is_own:
        program.put(MAIL, WORDING)
    with capture_statements() as changing:
        program.put(MAIL, WORDING | {"subject": "Mine"})
    statements = changing.queries
    locks = [number for number, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql and "portalsettings" in sql]
    reads = [number for number, sql in enumerate(statements) if 'FROM "messaging_messagetemplate"' in sql]
    assert locks[0] < reads[0]


def test_a_request_that_is_sent_again_is_done_once(api_program, acme):
    program = api_program()
    answers = [program.put(MAIL, WORDING, **{"Idempotency-Key": "template-1"}) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    with use_business(acme):
        assert Entry.objects.filter(event_type=MessagingEvent.TEMPLATE_CHANGED).count() == 1


def test_reading_messages_includes_the_list_but_no_wording(api_program):
    program = api_program(["messages:read"])
    assert program.get(PATH).status_code == 200
    for answer in (program.get(MAIL), program.put(MAIL, WORDING), program.delete(MAIL)):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_another_business_keeps_its_wording(api_program, acme, globex):
    api_program().put(MAIL, WORDING)
    assert api_program(business=globex).get(MAIL).json()["is_own"] is False
