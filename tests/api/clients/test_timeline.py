"""Tests of a client’s timeline in the business API."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.activity import services
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests import factories
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db
KIM = StaffActor(uuid4(), "Kim", "192.0.2.7")


@pytest.fixture
def record(acme, ana, now):
    """Return a function that puts an entry on Ana’s timeline."""

    def record(event_type=ClientEvent.CHANGED, *, age=timedelta(0), client=ana, **fields):
        with use_business(acme):
            return services.record_event(event_type, at=now - age, client=client, **fields)

    return record


def test_a_timeline_has_what_anybody_did(api_program, record, ana):
    by_client = record(ClientEvent.CONFIRMED, actor=Entry.Actor.CLIENT, age=timedelta(minutes=1))
    by_staff = record(after={"name": "Ana"}, before={"name": "Anna"}, **services.get_actor_fields(KIM))
    items = api_program().get(f"clients/{ana.pk}/timeline/").json()["items"]
    assert [item["id"] for item in items[:2]] == [str(by_staff.pk), str(by_client.pk)]
    assert [item["actor"] for item in items[:2]] == ["staff", "client"]
    assert items[0]["changes"] == [{"field": "Name", "before": "Anna", "after": "Ana"}]
    assert items[0]["client"] == {"id": str(ana.pk), "name": ana.name}


@pytest.mark.parametrize(
    ("limits", "ip"),
    [({}, "192.0.2.7"), ({"scopes": ["clients:read"]}, None), ({"role": "read-only"}, None)],
    ids=["may see the activity", "by its scopes", "by its maker"],
)
def test_an_address_is_shown_to_keys_for_the_activity_only(api_program, record, ana, limits, ip):
    record(**services.get_actor_fields(KIM))
    assert api_program(**limits).get(f"clients/{ana.pk}/timeline/").json()["items"][0]["ip"] == ip


def test_a_timeline_has_the_entries_of_merged_cards_and_of_nobody_else(api_program, record, acme, ana, now):
    with use_business(acme):
        merged, other = factories.ClientFactory(name="Anna"), factories.ClientFactory(name="Bo")
        type(ana).objects.filter(pk=merged.pk).update(merged_into=ana)
    wanted, _other = record(client=merged), record(client=other)
    items = api_program().get(f"clients/{ana.pk}/timeline/").json()["items"]
    assert [item["id"] for item in items] == [str(wanted.pk)]
    assert items[0]["client"]["id"] == str(merged.pk)


def test_a_timeline_is_read_in_pages_in_a_constant_number_of_statements(api_program, record, ana):
    entries = [str(record(age=timedelta(minutes=minutes)).pk) for minutes in range(5)]
    program, path, found, cursor = api_program(), f"clients/{ana.pk}/timeline/", [], ""
    while cursor is not None:
        page = program.get(f"{path}?limit=2&cursor={cursor}").json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert found == entries
    with capture_statements() as few:
        program.get(f"{path}?limit=1")
    with capture_statements() as many:
        program.get(f"{path}?limit=5")
    assert len(few.queries) == len(many.queries) > 0


@pytest.mark.parametrize(("query", "status"), [("limit=0", 422), ("person=1", 422), ("cursor=x", 400)])
def test_a_wrong_query_is_refused(api_program, ana, query, status):
    assert api_program().get(f"clients/{ana.pk}/timeline/?{query}").status_code == status


def test_another_business_s_client_is_not_found(api_program, globex):
    with use_business(globex):
        client = factories.ClientFactory()
    assert api_program().get(f"clients/{client.pk}/timeline/").status_code == 404
