"""Tests of how timeline entries are presented to people."""

from datetime import timedelta

import pytest
from django.db.models import TextChoices
from django.utils import translation

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.activity.presenters import EventPresenter, present_entry
from portal.clients.models import Tag
from portal.intake.services import change_contact_form_settings
from portal.messaging.message_templates import services as message_templates
from tenants.context import use_business
from tenants.nouns import registry
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, next_primary_key

LIST = "/console/acme/clients/"


NOUNS_WITH_EVENTS = [noun for noun in registry.list_noun_configs() if noun.event_types]


@pytest.fixture
def sam():
    """Sam, who works at Acme."""
    return StaffActor(person_id=next_primary_key("person"), name="Sam Staff", ip="192.0.2.7")


def present_latest_event(acme, language="en"):
    with use_business(acme), translation.override(language):
        return present_entry(Entry.objects.latest("at"))


@pytest.mark.parametrize("event_type", registry.get_event_type_labels())
def test_every_event_has_a_title_in_each_language(now, event_type):
    titles = set()
    for language in ("en", "de"):
        with translation.override(language):
            titles.add(present_entry(Entry(event_type=event_type, at=now)).title)
    assert len(titles - {event_type, ""}) == 2


@pytest.mark.parametrize("noun", NOUNS_WITH_EVENTS, ids=lambda noun: noun.label)
def test_a_noun_s_presenter_presents_the_entries_of_that_noun(noun, now, monkeypatch):
    if noun.event_presenter:
        presenter = registry.import_dotted_path(noun.event_presenter)
        assert issubclass(presenter, EventPresenter)
        monkeypatch.setattr(presenter, "field_labels", {"name": f"A name of {noun.label}"})
    for event_type in noun.event_types.values:
        [change] = present_entry(Entry(event_type=event_type, at=now, data={"after": {"name": "Ana"}})).changes
        assert change.field == (f"A name of {noun.label}" if noun.event_presenter else "Name")


def test_an_entry_of_a_noun_that_was_removed_is_shown_with_its_raw_type(now):
    data = {"channel": "email", "subject_name": "Ana", "after": {"fee": 3}}
    event = present_entry(Entry(event_type="scheduling.booked", at=now, data=data, actor="client"))
    assert (event.title, event.actor, event.details) == ("scheduling.booked", "The client", [])
    assert [(change.field, change.before, change.after) for change in event.changes] == [("fee", "", "3")]


def test_an_event_that_no_noun_declares_is_not_recorded(acme, now):
    class AppointmentEvent(TextChoices):
        BOOKED = "scheduling.booked"

    with use_business(acme), pytest.raises(activity.UnknownEventType):
        activity.record_event(AppointmentEvent.BOOKED, at=now)


def test_a_rejected_code_shows_the_address_and_the_browser(now):
    data = {"channel": "sms", "typed": "a•@example.com", "known": False, "new_browser": True, "device": "Opera on Mac"}
    event = present_entry(Entry(event_type="access.code-requested", at=now, data=data))
    assert event.details == [
        "by text message",
        "entered a•@example.com",
        "no client has this address",
        "in a new browser",
        "Opera on Mac",
    ]


def test_a_bounce_shows_its_reason(now):
    data = {"channel": "email", "kind": "sign-in-code", "provider": "sendgrid", "reason": "mailbox-full"}
    event = present_entry(Entry(event_type="messaging.bounced", at=now, data=data))
    assert event.details == ["by email", "The mailbox is full."]


@pytest.mark.parametrize(
    ("event_type", "details"),
    [
        ("access.code-resent", ["by text message", "Opera on Mac"]),
        ("messaging.suppression-removed", ["by text message", "a•@example.com"]),
        ("clients.contact-changed", ["a•@example.com", "Ana Pereira"]),
        ("portal.client-impersonated", ["She called"]),
        ("team.role-changed", ["Ana Pereira"]),
        ("support.ticket-opened", []),
    ],
)
def test_an_entry_says_what_its_own_noun_records(now, event_type, details):
    data = {
        "channel": "sms",
        "device": "Opera on Mac",
        "contact": "a•@example.com",
        "subject_name": "Ana Pereira",
        "reason_text": "She called",
    }
    assert present_entry(Entry(event_type=event_type, at=now, data=data)).details == details


def test_custom_fields_of_a_card_are_changes_of_their_own(now):
    field_id = str(next_primary_key("field"))
    before, after = (
        {"custom": {field_id: value}, "status": status} for value, status in (("A", "active"), (True, "blocked"))
    )
    entry = Entry(event_type="clients.changed", at=now, data={"before": before, "after": after})
    changes = {(change.field, change.before, change.after) for change in present_entry(entry).changes}
    assert changes == {("Status", "Active", "Blocked"), ("Custom field", "A", "yes")}


def test_an_export_of_clients_shows_its_row_count_and_filters(acme, staff_client):
    with use_business(acme):
        tag = Tag.objects.create(name="Regular")
        client = ClientFactory(name="Ana Pereira", email="ana@example.com")
        client.tags.add(tag)
    query = f"q=ana&status=active&tag={tag.pk}&can=yes"
    staff_client("owner").post(f"{LIST}export/", {"everyone": "1", "query": query})

    expected = ["1 row", "Search: ana", "Status: Active", "Tag: Regular", "Can sign in: Yes"]
    assert present_latest_event(acme).details == expected
    assert "Status: Aktiv" in present_latest_event(acme, "de").details, "in the reader's language, whoever took it"

    staff_client("owner").post(f"{LIST}export/", {"client": [client.pk]})
    assert present_latest_event(acme).details == ["1 row", "Chosen: manually"]


def test_an_export_of_the_activity_shows_its_filters(acme, staff_client):
    staff_client("owner").post("/console/acme/activity/export/?kind=clients&since=2026-01-31&client=ana")
    assert present_latest_event(acme).details == ["0 rows", "Type: Clients", "Client: ana", "From: 2026-01-31"]


def test_a_template_change_shows_the_message_the_language_and_the_old_text(acme, sam, now):
    fields = {"kind": "access-ended", "language": "de", "staff": sam, "now": now}
    with use_business(acme):
        message_templates.save_template(**fields, subject="Tschüss", body="Bis bald.")
        message_templates.save_template(
            **fields | {"now": now + timedelta(seconds=1)}, subject="Servus", body="Bis bald."
        )
    event = present_latest_event(acme)
    assert event.details == ["by email", "A client’s access has ended", "Deutsch"]
    assert [(change.field, change.before, change.after) for change in event.changes] == [
        ("Subject", "Tschüss", "Servus")
    ]


def test_a_contact_form_change_shows_the_requirements_by_label(acme, sam, now):
    with use_business(acme):
        change_contact_form_settings(business=acme, staff=sam, now=now, mobile="no", message="optional")
    assert {(change.field, change.before, change.after) for change in present_latest_event(acme).changes} == {
        ("Mobile number", "Optional", "Hidden"),
        ("Message", "Required", "Optional"),
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("", "9f", ("", "an image")), ("9f", "3a", ("an image", "a different image")), ("9f", "", ("an image", ""))],
)
def test_a_logo_change_does_not_show_the_digest(now, before, after, expected):
    entry = Entry(
        event_type="portal.branding-changed", at=now, data={"before": {"logo": before}, "after": {"logo": after}}
    )
    change = present_entry(entry).changes[0]
    assert (change.before, change.after) == expected


def test_the_value_no_outside_the_contact_form_is_shown_as_it_is(now):
    entry = Entry(event_type="clients.changed", at=now, data={"before": {"mobile": ""}, "after": {"mobile": "no"}})
    assert present_entry(entry).changes[0].after == "no"


def test_ended_sessions_are_counted_as_sessions(now):
    entry = Entry(event_type="access.session-ended", at=now, data={"count": 3})
    event = present_entry(entry)
    assert (event.title, event.details) == ("Session ended", ["3 sessions"])
