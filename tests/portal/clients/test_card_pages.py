"""Tests of the pages of a client's card: what they show, and in how few statements."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.access.kinds import AccessEvent
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ClientStatus, Contact, CustomField, Note, Suggestion, Tag
from tenants.context import use_business
from tests.factories import ClientFactory, ClientSessionFactory, ContactFactory

PAGES = ("", "timeline/", "contacts/", "notes/", "sessions/", "edit/", "merge/", "erasure/")
MAX_QUERIES = 12


def card_url(client, page=""):
    return f"/console/acme/clients/{client.pk}/{page}"


def add_card_rows(acme, client, number, now):
    """Add that many rows of each kind to a client."""
    with use_business(acme):
        for place in range(number):
            ContactFactory(client=client, value=f"ana+{place}-{number}@example.com")
            ClientSessionFactory(client=client, expires_at=now + timedelta(hours=1))
            Note.objects.create(client=client, body="Call back.", author_name="Timo", created_at=now)
            Entry.objects.create(
                at=now, event_type=AccessEvent.SIGNED_IN, client=client, data={"device": "Firefox on Linux"}
            )
            field = CustomField.objects.create(name=f"Field {place} {number}")
            client.custom[str(field.pk)] = "yes"
            client.tags.add(Tag.objects.create(name=f"tag {place} {number}"))
            Suggestion.objects.create(
                client=client, kind="name", value=f"Anna {place} {number}", source="contact-form", created_at=now
            )
            ClientFactory(name="Ana Pereira", email="ana@example.com")
        client.save()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_no_more_statements_for_many_rows_than_for_few(acme, ana, staff_client, now, page):
    browser, taken = staff_client("owner"), []
    browser.get(card_url(ana, page))  # what a process asks once and then knows is not counted
    for number in (1, 60):
        add_card_rows(acme, ana, number, now)
        cache.clear()  # so that this request also writes down when the session was last used
        with CaptureQueriesContext(connection) as statements:
            assert browser.get(card_url(ana, page)).status_code == 200
        taken.append(len(statements))

    assert taken[1] <= taken[0] + 1, taken
    assert max(taken) <= MAX_QUERIES, "\n".join(query["sql"][:150] for query in statements)


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_an_empty_card_suggest_the_next_step(acme, staff_client, page):
    with use_business(acme):
        nobody = ClientFactory(name="Nobody")

    assert staff_client("owner").get(card_url(nobody, page)).status_code == 200


def test_the_overview_shows_contacts_and_recent_events(acme, ana, staff_client, now):
    add_card_rows(acme, ana, 1, now)
    shown = staff_client("read-only").get(card_url(ana)).content.decode()

    for expected_text in (
        "Ana Pereira",
        "ana@example.com",
        "+44 7700 900101",
        "Call back.",
        "tag 0 1",
        "Field 0 1",
        "Signed in",
    ):
        assert expected_text in shown, expected_text
    assert "Archive" not in shown, "whoever only reads is offered nothing to press"


def test_the_timeline_shows_older_entries_page_by_page_and_each_once(acme, ana, staff_client, now):
    with use_business(acme):
        Entry.objects.bulk_create(
            Entry(
                at=now - timedelta(minutes=number // 2),
                event_type=AccessEvent.SIGNED_IN,
                client=ana,
                data={"device": f"No {number:03}"},
            )
            for number in range(120)
        )
    browser, seen, query = staff_client("staff"), [], ""
    for _page in range(3):
        shown = browser.get(card_url(ana, "timeline/") + query).content.decode()
        seen += [number for number in range(120) if f"No {number:03}" in shown]
        older = re.search(r'rel="next"\s+href="([^"]+)"', shown)
        query = older[1].replace("&amp;", "&") if older else ""

    assert (sorted(seen), query) == (list(range(120)), "")


def test_an_invalid_cursor_shows_the_newest_entries(ana, staff_client):
    for mark in ("x", "2026-01-01T00:00:00~x", "2026-01-01T00:00:00~6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10", "~"):
        assert staff_client("owner").get(card_url(ana, "timeline/"), {"cursor": mark}).status_code == 200


def test_details_and_custom_fields_are_changed_and_recorded(acme, ana, staff_client):
    with use_business(acme):
        number = CustomField.objects.create(name="Shoe size", kind="number")
        yes_no = CustomField.objects.create(name="Newsletter", kind="yes-no")
        born = CustomField.objects.create(name="Born", kind="date")
        choice = CustomField.objects.create(name="Side", kind="choice", choices=["left", "right"])
    typed = {"name": " Ana  Lima ", "language": "de", "time_zone": "Europe/Berlin"}
    own = {str(number.pk): "38,5", str(yes_no.pk): "no", str(born.pk): "1990-02-03", str(choice.pk): "left"}

    assert staff_client("staff").post(card_url(ana, "edit/"), typed | own).status_code == 302

    with use_business(acme):
        ana.refresh_from_db()
        entry = Entry.objects.get(client=ana, event_type=ClientEvent.CHANGED)
    assert (ana.language, ana.time_zone, ana.search.startswith("ana lima ")) == ("de", "Europe/Berlin", True)
    assert ana.custom == {
        str(number.pk): 38.5,
        str(yes_no.pk): False,
        str(born.pk): "1990-02-03",
        str(choice.pk): "left",
    }
    assert (entry.actor, bool(entry.actor_id), entry.ip) == ("staff", True, "127.0.0.1")
    assert entry.data["before"]["name"] == "Ana Pereira"


def test_an_invalid_field_value_is_refused_with_an_explanation(acme, ana, staff_client):
    with use_business(acme):
        number = CustomField.objects.create(name="Shoe size", kind="number")
    answer = staff_client("staff").post(card_url(ana, "edit/"), {"name": "", str(number.pk): "big"})

    assert answer.status_code == 422
    assert "Enter a number." in answer.content.decode()


def test_tags_are_added_and_removed(acme, ana, staff_client):
    browser = staff_client("staff")
    browser.post(card_url(ana, "tags/"), {"name": "Regular"})
    browser.post(card_url(ana, "tags/"), {"name": "regular"})
    with use_business(acme):
        assert [tag.name for tag in ana.tags.all()] == ["Regular"]
    browser.post(card_url(ana, "tags/"), {"name": "Regular", "remove": "yes"})

    with use_business(acme):
        assert not ana.tags.exists()
        assert Entry.objects.filter(client=ana, event_type=ClientEvent.TAGS_CHANGED, actor="staff").count() == 2


@pytest.mark.parametrize(("action", "status"), [("archival", "archived"), ("block", "blocked")])
def test_a_client_is_archived_or_blocked_and_restored(acme, ana, staff_client, action, status):
    browser = staff_client("staff")
    with use_business(acme):
        ClientSessionFactory(client=ana)
    browser.post(card_url(ana, f"{action}/"))
    with use_business(acme):
        ana.refresh_from_db()
        assert (ana.status, ana.sessions.filter(ended_at=None).count()) == (status, 0)
    assert browser.get(card_url(ana)).status_code == 200
    browser.post(card_url(ana, "restoration/"))

    with use_business(acme):
        ana.refresh_from_db()
        status_entries = Entry.objects.filter(client=ana, event_type__in=[f"clients.{status}", ClientEvent.RESTORED])
        assert ana.status == ClientStatus.ACTIVE
        assert {(entry.actor, bool(entry.actor_id)) for entry in status_entries} == {("staff", True)}
        assert status_entries.count() == 2


def test_a_demo_client_has_no_card(acme, ana, staff_client):
    with use_business(acme):
        Client.objects.update(is_demo=True)

    for page in PAGES:
        assert staff_client("owner").get(card_url(ana, page)).status_code == 404


def test_the_overview_links_to_open_suggestions(acme, ana, staff_client, now):
    browser = staff_client("staff")
    assert "Review" not in browser.get(card_url(ana)).content.decode()
    with use_business(acme):
        fields = {"kind": "name", "value": "Anna", "source": "contact-form", "created_at": now}
        Suggestion.objects.create(client=ana, **fields)
        Suggestion.objects.create(client=ana, resolved_at=now, **fields)
    shown = browser.get(card_url(ana)).content.decode()

    assert "Review" in shown
    assert '1<span class="sr-only"> pending</span>' in shown


def test_a_contact_row_says_whether_it_may_sign_in_and_is_confirmed(acme, ana, staff_client):
    with use_business(acme):
        Contact.objects.filter(kind="phone").update(confirmed_at=None, label="Work")
        Contact.objects.filter(kind="email").update(may_sign_in=False)
    shown = staff_client("staff").get(card_url(ana, "contacts/")).content.decode()

    assert "Work · from a form, not confirmed: receives no codes" in shown
    assert "not used for signing in" in shown
