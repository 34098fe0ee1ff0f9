"""What somebody else deletes while a request uses it is answered with 404 or 409, and does not come back."""

import pytest
from django.db import IntegrityError
from django.utils import timezone
from structlog.testing import capture_logs

from config.logging import render_exception, scrub_event
from portal.branding.models import PortalSettings
from portal.clients.models import Contact, CustomField, CustomFieldKind, Note, Tag, TagColour
from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.models import WebhookEndpoint
from tenants.context import use_business
from tenants.deleted_rows import find_deletion_status
from tenants.models import Business, Person
from tests.api.conftest import api_program
from tests.lock_contention import run_blocked

__all__ = ["api_program"]

pytestmark = pytest.mark.usefixtures("committed_db")
CARD = "/console/acme/clients/{client}/"
WEBHOOK = "/console/acme/settings/webhooks/{row}/"
WEBHOOK_FORM = {"url": "https://hooks.example/new", "description": "", "is_enabled": "on"}


@pytest.fixture
def staff(staff_client):
    """The browser of an owner."""
    return staff_client()


@pytest.fixture
def rows(acme, ana, staff):
    """One row of each kind that staff may delete while others use it."""
    now = timezone.now()
    author = Person.objects.get(pk=staff.session["_auth_user_id"]).pk
    with use_business(acme):
        return {
            "tag": Tag.objects.create(name="VIP", colour=TagColour.BLUE),
            "field": CustomField.objects.create(name="Size", kind=CustomFieldKind.TEXT),
            "note": Note.objects.create(client=ana, body="Hello", author_id=author, author_name="O", created_at=now),
            "contact": ana.contacts.get(kind="phone"),
            "webhook": endpoints.add_endpoint(business=acme, url="https://hooks.example/", staff=None, now=now),
        }


def delete_during(business, row, request):
    """Delete a row, uncommitted until a request waits for it, and return what the request is answered."""
    with run_blocked(request) as answers, use_business(business):
        type(row).objects.filter(pk=row.pk).delete()
    [answer] = answers
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.mark.parametrize(
    ("kind", "path", "form", "status"),
    [
        ("tag", f"{CARD}tags/", {"name": "VIP"}, 409),
        ("tag", "/console/acme/clients/selected/tag/", {"name": "VIP", "client": "{client}"}, 409),
        ("tag", "/console/acme/clients/tags/{row}/", {"name": "Regular", "colour": "blue"}, 404),
        ("field", "/console/acme/settings/client-fields/{row}/", {"name": "Length"}, 404),
        ("note", f"{CARD}notes/{{row}}/", {"body": "Hello again"}, 404),
        ("contact", f"{CARD}contacts/{{row}}/", {"identifier": "+447700900101", "label": "Work"}, 404),
        ("webhook", f"{WEBHOOK}edit/", WEBHOOK_FORM, 404),
        ("webhook", f"{WEBHOOK}secret/", {"new": "yes"}, 404),
        ("webhook", f"{WEBHOOK}test/", {}, 404),
        ("webhook", f"{WEBHOOK}replay/", {"period": "day"}, 404),
    ],
)
def test_a_console_page_says_that_a_row_is_gone(acme, ana, staff, rows, kind, path, form, status):
    keys = {"client": ana.pk, "row": rows[kind].pk}
    form = {name: value.format(**keys) for name, value in form.items()}

    answer = delete_during(acme, rows[kind], lambda: staff.post(path.format(**keys), form))

    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    with use_business(acme):
        assert not type(rows[kind]).objects.exists() or kind == "contact"
        assert not Contact.objects.filter(pk=rows["contact"].pk).exists() or kind != "contact"


@pytest.mark.parametrize(
    ("kind", "method", "path", "body", "code"),
    [
        ("tag", "post", "clients/{client}/tags/", {"name": "VIP"}, "conflict"),
        ("tag", "put", "clients/{client}/tags/", {"items": [{"name": "VIP"}]}, "conflict"),
        ("tag", "post", "clients/tags/{row}/additions/", {"clients": ["{client}"]}, "conflict"),
        ("tag", "patch", "tags/{row}/", {"name": "Regular"}, "not_found"),
        ("webhook", "post", "webhooks/{row}/tests/", None, "not_found"),
        ("webhook", "post", "webhooks/{row}/secret/", None, "not_found"),
        ("webhook", "post", "webhooks/{row}/replays/", {"since": "2026-01-01T00:00:00Z"}, "not_found"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "once"}])
def test_the_api_says_that_a_row_is_gone(acme, ana, rows, api_program, kind, method, path, body, code, headers):
    program, keys = api_program(), {"client": str(ana.pk), "row": rows[kind].pk}
    if body and "clients" in body:
        body = {"clients": [keys["client"]]}

    send = getattr(program, method)
    answer = delete_during(acme, rows[kind], lambda: send(path.format(**keys), body, **headers))

    assert (answer.status_code, answer.json()["code"]) == ({"conflict": 409, "not_found": 404}[code], code)
    with use_business(acme):
        assert not ana.tags.exists()
        assert not type(rows[kind]).objects.exists()


def test_a_tag_that_a_client_just_got_is_not_deleted_without_them(acme, ana, rows, api_program):
    """The deletion found no client with the tag, and meets one when it commits."""
    program = api_program()

    with run_blocked(lambda: program.delete(f"tags/{rows['tag'].pk}/")) as answers, use_business(acme):
        ana.tags.add(rows["tag"])
        # As the database's own check of the reference does when the transaction commits.
        Tag.objects.raw("SELECT id FROM clients_tag FOR KEY SHARE")[0]

    assert (answers[0].status_code, answers[0].json()["code"]) == (409, "conflict")
    with use_business(acme):
        assert ana.tags.get() == rows["tag"]


@pytest.mark.parametrize(
    ("kind", "path", "body", "place"),
    [
        ("tag", "clients/{client}/tags/", {"name": "VIP"}, 'on table "clients_client_tags" violates foreign key'),
        ("webhook", "webhooks/{row}/tests/", None, "in send_test_event"),
    ],
)
def test_the_log_says_where_a_row_was_missing(acme, ana, rows, api_program, kind, path, body, place):
    program, path = api_program(), path.format(client=ana.pk, row=rows[kind].pk)

    with capture_logs() as events:
        delete_during(acme, rows[kind], lambda: program.post(path, body))

    [event] = [event for event in events if event["event"] == "row.deleted_meanwhile"]
    line = scrub_event(None, "warning", render_exception(None, "warning", event))
    assert place in line["exception"]
    # The database names the row in the details of its error, which are left out.
    assert str(rows[kind].pk) not in str(line)


def test_a_missing_row_that_nobody_can_delete_is_a_fault_of_ours(acme, api_program):
    program = api_program()
    program.browser.raise_request_exception = False
    with use_business(acme):
        PortalSettings.objects.all().delete()

    assert program.send("PATCH", "portal/settings/", {"welcome": "Hello."}).status_code == 500
    assert find_deletion_status(Business.DoesNotExist(), method="POST") is None


def test_only_a_change_may_meet_a_deleted_row():
    gone = WebhookEndpoint.DoesNotExist()

    assert [find_deletion_status(gone, method=method) for method in ("POST", "GET")] == [404, None]
    assert find_deletion_status(IntegrityError("another constraint"), method="POST") is None
