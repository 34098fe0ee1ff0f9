"""Tests of how timeline entries are presented to people."""

from datetime import timedelta

import pytest
from django.utils import translation

from portal.activity.models import Entry
from portal.clients.models import Tag
from portal.intake.services import change_contact_form
from portal.messaging.message_templates import services as message_templates
from portal.ui.timeline import present_entry
from tenants.context import use_business
from tenants.staff.actor import Staff
from tests.factories import ClientFactory, next_key

LIST = "/console/acme/clients/"


@pytest.fixture
def sam():
    """Sam, who works at Acme."""
    return Staff(person_id=next_key("person"), name="Sam Staff", ip="192.0.2.7")


def latest_event(acme, language="en"):
    with use_business(acme), translation.override(language):
        return present_entry(Entry.objects.latest("at"))


def test_a_copy_of_the_list_says_how_many_rows_and_which(acme, staff_client):
    with use_business(acme):
        tag = Tag.objects.create(name="Regular")
        client = ClientFactory(name="Ana Pereira", email="ana@example.com")
        client.tags.add(tag)
    query = f"q=ana&status=active&tag={tag.pk}&can=yes"
    staff_client("owner").post(f"{LIST}export/", {"everyone": "1", "query": query})

    expected = ["1 row", "Search: ana", "Status: Active", "Tag: Regular", "Can sign in: Yes"]
    assert latest_event(acme).details == expected
    assert "Status: Aktiv" in latest_event(acme, "de").details, "in the reader's language, whoever took it"

    staff_client("owner").post(f"{LIST}export/", {"client": [client.pk]})
    assert latest_event(acme).details == ["1 row", "Chosen: manually"]


def test_a_copy_of_the_activity_says_which_lines(acme, staff_client):
    staff_client("owner").get("/console/acme/activity/export/?kind=clients&since=2026-01-31&client=ana")
    assert latest_event(acme).details == ["0 rows", "Type: Clients", "Client: ana", "From: 2026-01-31"]


def test_a_wording_says_which_message_in_which_language_and_what_it_said(acme, sam, now):
    fields = {"kind": "access-ended", "language": "de", "staff": sam, "now": now}
    with use_business(acme):
        message_templates.save_template(**fields, subject="Tschüss", body="Bis bald.")
        message_templates.save_template(
            **fields | {"now": now + timedelta(seconds=1)}, subject="Servus", body="Bis bald."
        )
    event = latest_event(acme)
    assert event.details == ["by email", "A client’s access has ended", "Deutsch"]
    assert [(change.field, change.before, change.after) for change in event.changes] == [
        ("Subject", "Tschüss", "Servus")
    ]


def test_the_contact_form_says_its_choices_in_words(acme, sam, now):
    with use_business(acme):
        change_contact_form(business=acme, staff=sam, now=now, mobile="no", message="optional")
    assert {(change.field, change.before, change.after) for change in latest_event(acme).changes} == {
        ("Mobile number", "Optional", "Hidden"),
        ("Message", "Required", "Optional"),
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("", "9f", ("", "an image")), ("9f", "3a", ("an image", "a different image")), ("9f", "", ("an image", ""))],
)
def test_a_logo_is_a_picture_and_not_a_digest(now, before, after, expected):
    entry = Entry(
        event_type="portal.branding-changed", at=now, data={"before": {"logo": before}, "after": {"logo": after}}
    )
    change = present_entry(entry).changes[0]
    assert (change.before, change.after) == expected


def test_an_own_field_that_says_no_is_not_taken_for_the_form(now):
    entry = Entry(event_type="clients.changed", at=now, data={"before": {"mobile": ""}, "after": {"mobile": "no"}})
    assert present_entry(entry).changes[0].after == "no"
