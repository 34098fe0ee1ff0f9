"""L23: HEAD changes nothing anywhere: no read mark, no line in the audit log, no session, no job."""

import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.urls import get_resolver

from portal.clients.uploads import services as uploads
from portal.intake.models import Enquiry
from portal.messaging.conversations import services as conversations
from portal.messaging.models import Notification
from tenants.context import use_business
from tenants.models import Business, Queue
from tenants.staff.staff_actor import StaffActor
from tests.attacks.console_routes import BUSINESS_PATTERNS, STAFF_PATTERNS, build_staff_path, iter_routes
from tests.factories import create_member
from workers import queue as task_queue

pytestmark = pytest.mark.slow

TABLES = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
     WHERE schemaname IN ('public', %s) ORDER BY 1
"""
LIST = b"Name,Email\nBo,bo@example.com\n"


def read_tables(business: Business) -> dict[str, str]:
    """Return a digest of the rows of each table that the platform and the business have."""
    digests = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [business.schema_name])
        for [table] in cursor.fetchall():
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t")
            [digests[table]] = cursor.fetchone()
    return digests


def list_changed_tables(before: dict[str, str], business: Business) -> list[str]:
    return [table for table, digest in read_tables(business).items() if digest != before[table]]


def count_jobs() -> int:
    return sum(task_queue.get_queue_length(queue) for queue in Queue)


@pytest.fixture
def owner(acme):
    return create_member(acme, "owner").person


@pytest.fixture
def row_ids(acme, ana, owner, now) -> dict[str, uuid.UUID]:
    """The rows that routes with these beginnings are about, unread and in progress."""
    with use_business(acme):
        conversations.send_chat_message(client=ana, body="When?", now=now)
        staff = StaffActor(person_id=owner.pk, name="Olga")
        conversations.send_chat_message(client=ana, body="At nine.", staff=staff, now=now)
        conversations.send_chat_message(client=ana, body="Thanks!", now=now)
        enquiry = Enquiry.objects.create(
            idempotency_key=uuid.uuid4(), name="Bo", message="Hello", network_digest=b"0" * 32, received_at=now
        )
        upload = uploads.receive_upload(chunks=[LIST], name="a.csv", size=len(LIST), staff=staff, now=now)
        notification = Notification.objects.filter(person_id=owner.pk).earliest("at")
    return {
        "clients/uploads/": upload.pk,
        "clients/": ana.pk,
        "messages/": ana.pk,
        "enquiries/": enquiry.pk,
        "notifications/": notification.pk,
        "sign-in-help/clients/": ana.pk,
    }


@pytest.fixture
def console_paths(row_ids) -> list[str]:
    """Every path of Acme's console, with the ids of rows that are there."""
    paths = []
    for route in BUSINESS_PATTERNS:
        pk = next((str(pk) for prefix, pk in row_ids.items() if route.startswith(f"{prefix}<uuid:pk>")), None)
        paths.append(build_staff_path("console/acme/" + (route.replace("<uuid:pk>", pk) if pk else route)))
    return paths


def test_no_page_of_the_console_changes_anything_on_head(acme, owner, platform_client, console_paths):
    browser = platform_client(owner)
    before, jobs = read_tables(acme), count_jobs()

    statuses = [browser.head(path).status_code for path in console_paths]

    assert statuses.count(200) > 40, "most pages were there"
    assert list_changed_tables(before, acme) == []
    assert count_jobs() == jobs


def test_no_page_of_staff_changes_anything_on_head(acme, owner, platform_client):
    browser = platform_client(owner)
    before = read_tables(acme)

    for route in STAFF_PATTERNS:
        browser.head(build_staff_path(route))

    assert list_changed_tables(before, acme) == []


def test_no_page_of_a_portal_changes_anything_on_head(acme, row_ids, sign_in_client):
    browser = sign_in_client(acme, "ana@example.com")
    before, jobs = read_tables(acme), count_jobs()

    routes = iter_routes(get_resolver(settings.PORTAL_URLCONF).url_patterns)
    statuses = [browser.head(f"/{route}").status_code for route, _page in routes if "<" not in route]

    assert statuses.count(200) > 10, "most pages were there"
    assert list_changed_tables(before, acme) == []
    assert count_jobs() == jobs


def test_reading_a_conversation_would_have_been_noticed(acme, owner, platform_client, row_ids):
    browser = platform_client(owner)
    before = read_tables(acme)

    assert browser.get(f"/console/acme/messages/{row_ids['messages/']}/").status_code == 200

    assert any(table.endswith(".messaging_chatmessage") for table in list_changed_tables(before, acme))


def test_an_export_of_the_activity_is_no_link_that_other_sites_can_open(acme, owner, platform_client):
    browser = platform_client(owner, enforce_csrf_checks=True)
    before = read_tables(acme)

    assert browser.get("/console/acme/activity/export/").status_code == 405
    assert browser.post("/console/acme/activity/export/").status_code == 403
    assert not any(table.endswith("activity_entry") for table in list_changed_tables(before, acme))
