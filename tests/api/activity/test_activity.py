"""Tests of the activity in the business API."""

import csv
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from portal.activity import services
from portal.activity.kinds import ActivityExportEvent
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db
KIM = StaffActor(uuid4(), "Kim", "192.0.2.7")


@pytest.fixture
def record(acme, ana, now):
    """Return a function that records what Kim did to Ana's card."""

    def record(event_type=ClientEvent.CHANGED, *, business=acme, age=timedelta(0), staff=KIM, **fields):
        fields = {"client": ana} | fields
        with use_business(business):
            return services.record_event(event_type, at=now - age, **fields, **services.get_actor_fields(staff))

    return record


def test_an_entry_says_who_did_what_to_whom(api_program, record, ana):
    entry = record(before={"name": "Ana P."}, after={"name": "Ana Pereira"})
    [shown] = api_program().get("activity/").json()["items"]
    assert shown == {
        "id": str(entry.pk),
        "at": shown["at"],
        "event_type": ClientEvent.CHANGED,
        "title": str(ClientEvent.CHANGED.label),
        "actor": "staff",
        "actor_name": "Kim",
        "person": str(KIM.person_id),
        "ip": "192.0.2.7",
        "client": {"id": str(ana.pk), "name": ana.name},
        "details": [],
        "changes": [{"field": "Name", "before": "Ana P.", "after": "Ana Pereira"}],
    }


def test_what_clients_do_is_no_activity_of_staff(api_program, record):
    record(staff=None)
    assert api_program().get("activity/").json()["items"] == []


def test_activity_is_filtered_like_on_its_page(api_program, record, now):
    changed = record(age=timedelta(days=3))
    export = record(ActivityExportEvent.EXPORTED, client=None, staff=StaffActor(uuid4(), "Lea"))
    # By the clocks of Acme, in Berlin.
    day = (now - timedelta(days=2)).astimezone(ZoneInfo("Europe/Berlin")).date().isoformat()
    program = api_program()

    def list_ids(query):
        return [entry["id"] for entry in program.get(f"activity/?{query}").json()["items"]]

    assert list_ids("") == [str(export.pk), str(changed.pk)]
    assert list_ids(f"person={KIM.person_id}") == [str(changed.pk)]
    assert list_ids("kind=activity") == [str(export.pk)]
    assert list_ids("client=pereira") == [str(changed.pk)]
    assert list_ids(f"since={day}") == [str(export.pk)]
    assert list_ids(f"until={day}") == [str(changed.pk)]


@pytest.mark.parametrize(
    ("query", "field"), [("kind=nothing", "kind"), ("since=0001-01-01", "since"), ("person=1", "person"), ("x=1", "x")]
)
def test_a_wrong_filter_is_named(api_program, query, field):
    answer = api_program().get(f"activity/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert api_program().get(f"activity/export/?{query}").status_code == 422


def test_every_entry_is_on_one_page_of_the_list(api_program, record):
    entries = [record() for _entry in range(5)]
    program, found, path = api_program(), [], "activity/?limit=2"
    while path:
        page = program.get(path).json()
        found += [entry["id"] for entry in page["items"]]
        path = page["next_cursor"] and f"activity/?limit=2&cursor={page['next_cursor']}"
    assert sorted(found) == sorted(str(entry.pk) for entry in entries)


def test_an_export_holds_what_matches_and_is_recorded(api_program, record, acme):
    record(before={"name": "=1+1"}, after={"name": "Ana"})
    record(ActivityExportEvent.EXPORTED, client=None)
    answer = api_program().get(f"activity/export/?kind=clients&person={KIM.person_id}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer["Content-Disposition"].startswith('attachment; filename="activity-')
    [_headings, row] = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    assert (row[1], row[6], row[7]) == ("Kim", "Name: =1+1", "Name: Ana")
    with use_business(acme):
        entry = Entry.objects.filter(event_type=ActivityExportEvent.EXPORTED).latest("at")
    assert entry.actor_name.endswith("(Sync)")
    assert entry.data == {"count": 1, "filters": [["Person", "Kim"], ["Type", "Clients"]]}


def test_another_business_s_activity_is_not_shown(api_program, record, globex):
    record(client=None, business=globex)
    program = api_program()
    assert program.get("activity/").json()["items"] == []
    assert b"Kim" not in program.get("activity/export/").content


def test_activity_is_for_keys_of_managers_with_its_scope(api_program):
    assert api_program(["activity:read"]).get("activity/").status_code == 200
    assert api_program(["activity:read"]).get("activity/export/").status_code == 403
    assert api_program(["activity:export"]).get("activity/").status_code == 403
    assert api_program(["clients:read"]).get("activity/").status_code == 403
    assert api_program(["activity:read"], role="staff").get("activity/").status_code == 403


def test_activity_takes_six_statements_at_most(api_program, record):
    for _entry in range(5):
        record()
    program = api_program()
    program.get("activity/")
    with capture_statements() as reading:
        assert program.get("activity/").status_code == 200
    assert len(reading.queries) <= 6, reading.queries
