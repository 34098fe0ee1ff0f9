"""Does the activity page show what staff did, to those who may see it, and find it again?"""

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.forms import KINDS, kind_choices
from portal.activity.models import Entry
from portal.clients.services import escape_formula, update_search_text
from tenants.context import use_business
from tenants.staff.actor import Staff
from tests.factories import ClientFactory, next_key

PAGE = "/console/acme/activity/"


@pytest.fixture
def sam():
    """Sam, who works at Acme."""
    return Staff(person_id=next_key("person"), name="Sam Staff", ip="192.0.2.7")


@pytest.fixture
def did(acme, sam, now):
    """Return a function that puts a deed of staff on Acme's timeline."""

    def did(event_type=EventType.CONTACT_CHANGED, *, staff=sam, ago=timedelta(0), **facts):
        with use_business(acme):
            return activity.record(event_type, at=now - ago, **facts, **activity.actor_fields(staff))

    return did


@pytest.fixture
def ana(acme):
    """Ana Pereira of Acme."""
    with use_business(acme):
        client = ClientFactory(name="Ana Pereira")
        update_search_text([client.pk])
        return client


def read(browser, query=""):
    answer = browser.get(PAGE + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def rows(browser, query=""):
    answer = browser.get(f"{PAGE}export/{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_who_when_from_where_before_and_after(staff_client, did, ana):
    did(client=ana, before={"email": "old@example.com"}, after={"email": "new@example.com"})

    text = read(staff_client())
    for words in (
        "Sam Staff",
        "192.0.2.7",
        "Ana Pereira",
        "Changed contact data",
        "old@example.com",
        "new@example.com",
    ):
        assert words in text
    assert "today at" in text


def test_it_says_what_came_and_what_went_and_whom_it_concerns(staff_client, did, ana):
    did(EventType.TEAM_MEMBER_REMOVED, who="bo@acme.test", before={"role": "manager", "billing": True})
    did(EventType.DOMAIN_ADDED, after={"domain": "my.acme.example"})
    did(EventType.PORTAL_ADDRESS_CHANGED, before={"slug": "acme"}, after={"slug": "acme-physio"})
    did(EventType.CLIENT_IMPERSONATED, client=ana, why="Her number is missing")

    text = read(staff_client())
    for words in (
        "bo@acme.test",
        "<dt>Role</dt><dd><del>Manager</del>",
        "<dt>Money</dt>",
        "<ins>my.acme.example</ins>",
    ):
        assert words in text
    assert "<del>acme</del>" in text
    assert "<ins>acme-physio</ins>" in text
    assert "Her number is missing" in text


def test_every_kind_of_deed_has_a_name_that_is_translated():
    assert {kind for kind, _name in kind_choices()} <= set(KINDS)


def test_what_clients_and_providers_did_is_not_here(staff_client, acme, ana, now):
    with use_business(acme):
        activity.record(EventType.CODE_REJECTED, at=now, client=ana, actor=Entry.Actor.CLIENT)
        activity.record(EventType.MESSAGE_BOUNCED, at=now, client=ana, actor=Entry.Actor.PROVIDER)

    text = read(staff_client())
    assert "Typed a wrong code" not in text.partition('<ul class="rows">')[2]
    assert "Nobody has changed anything yet" in text


def test_what_was_done_for_a_demo_client_is_nowhere(staff_client, did, acme):
    with use_business(acme):
        demo = ClientFactory(name="Dora Demo", is_demo=True)
    did(client=demo)

    assert "Dora Demo" not in read(staff_client())
    assert len(rows(staff_client())) == 1


def test_another_business_sees_nothing_of_it(staff_client, did, globex):
    did(EventType.TEAM_ROLE_CHANGED)

    answer = staff_client("owner", globex).get("/console/globex/activity/")
    assert "Sam Staff" not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?kind=team", {"Changed what a colleague may do"}),
        ("?kind=clients", {"Changed contact data"}),
        ("?client=PEREIRA", {"Changed contact data"}),
        ("?client=nobody", set()),
        ("?until=2000-01-01", set()),
        ("?since=2000-01-01", {"Changed what a colleague may do", "Changed contact data"}),
        ("?kind=%00&client=%00&since=x&person=y&before=z", {"Changed what a colleague may do", "Changed contact data"}),
        ("?since=0001-01-01&until=9999-12-31", {"Changed what a colleague may do", "Changed contact data"}),
    ],
)
def test_it_is_filtered(staff_client, did, ana, query, shown):
    did(client=ana)
    did(EventType.TEAM_ROLE_CHANGED)
    found = {row[3] for row in rows(staff_client(), query)[1:]}

    assert found == shown
    text = read(staff_client(), query)
    listed = text.partition('<ul class="rows">')[2]
    assert {words for words in ("Changed what a colleague may do", "Changed contact data") if words in listed} == shown


def test_it_is_filtered_by_person(staff_client, did, sam):
    kim = Staff(person_id=next_key("person"), name="Kim Colleague")
    did(EventType.TEAM_ROLE_CHANGED)
    did(EventType.TEAM_MEMBER_REMOVED, staff=kim)

    assert [row[1] for row in rows(staff_client(), f"?person={kim.person_id}")[1:]] == ["Kim Colleague"]
    text = read(staff_client())
    assert f'value="{kim.person_id}"' in text
    assert f'value="{sam.person_id}"' in text


def test_a_day_is_the_business_s_own(staff_client, did, acme, now):
    """Berlin is ahead of UTC: what happened there just after midnight is of the new day."""
    local = now.astimezone(ZoneInfo(acme.time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    did(EventType.TEAM_ROLE_CHANGED, ago=now - midnight)
    did(EventType.TEAM_MEMBER_REMOVED, ago=now - midnight + timedelta(seconds=1))

    found = [row[3] for row in rows(staff_client(), f"?since={local.date()}")[1:]]
    assert found == ["Changed what a colleague may do"]
    assert (
        len(rows(staff_client(), f"?until={local.date()}")) == 1 + 2 + 1
    )  # the heading, both, and the copy taken above


def test_pages_follow_one_another_without_loss(staff_client, did, acme):
    for number in range(120):
        did(EventType.TEAM_ROLE_CHANGED, ago=timedelta(minutes=number // 7), number=number)
    browser, query, seen = staff_client(), "", 0
    for _page in range(3):
        answer = browser.get(PAGE + query)
        seen += len(answer.context["events"])
        query = f"?{answer.context['older']}"

    assert seen == 120
    assert query == "?"


@pytest.mark.parametrize("role", ["staff", "read-only"])
def test_it_is_for_owners_and_managers(staff_client, role):
    assert staff_client(role).get(PAGE).status_code == 403
    assert staff_client(role).get(f"{PAGE}export/").status_code == 403


def test_a_copy_taken_is_a_line_of_its_own(staff_client, did, acme):
    did(EventType.TEAM_ROLE_CHANGED)
    rows(staff_client())

    with use_business(acme):
        line = Entry.objects.get(event_type=EventType.ACTIVITY_EXPORTED)
    assert (line.data["count"], line.actor_name) == (1, "Owner of Acme")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_runs_nothing_of_it(staff_client, did, acme, name):
    with use_business(acme):
        client = ClientFactory(name=name)
    did(client=client, staff=Staff(person_id=next_key("person"), name=name))

    [_head, row] = rows(staff_client())
    assert row[1] == row[4] == escape_formula(name)
    assert row[1].startswith("'")


@pytest.mark.parametrize("number", [1, 60])
def test_it_takes_the_same_statements_however_many_lines(staff_client, did, ana, number, django_assert_max_num_queries):
    for _line in range(number):
        did(client=ana, before={"name": "a"}, after={"name": "b"})
    browser = staff_client()
    read(browser)

    with django_assert_max_num_queries(12):
        read(browser)
