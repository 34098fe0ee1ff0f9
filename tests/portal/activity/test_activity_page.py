"""Tests of the activity page: entries, filters, pagination, permissions and CSV export."""

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.access.kinds import AccessEvent
from portal.activity import services as activity
from portal.activity.kinds import ActivityExportEvent
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.domains.kinds import PortalAddressEvent
from portal.impersonation.kinds import ImpersonationEvent
from portal.messaging.kinds import MessagingEvent
from portal.team.kinds import TeamEvent
from portal.ui.formula_escaping import escape_formula
from tenants.context import use_business
from tenants.nouns import registry
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, next_primary_key
from tests.noun_apps import install_noun_apps, make_noun_app_with_areas

PAGE = "/console/acme/activity/"


@pytest.fixture
def sam():
    """Sam, who works at Acme."""
    return StaffActor(person_id=next_primary_key("person"), name="Sam Staff", ip="192.0.2.7")


@pytest.fixture
def record_staff_action(acme, sam, now):
    """Return a function that records an action of staff on Acme's timeline."""

    def record_staff_action(event_type=ClientEvent.CONTACT_CHANGED, *, staff=sam, ago=timedelta(0), **fields):
        with use_business(acme):
            return activity.record_event(event_type, at=now - ago, **fields, **activity.get_actor_fields(staff))

    return record_staff_action


def get_page_text(browser, query=""):
    answer = browser.get(PAGE + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def download_activity(browser, query=""):
    answer = browser.post(f"{PAGE}export/{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_entry_shows_actor_time_ip_and_change(staff_client, record_staff_action, ana):
    record_staff_action(client=ana, before={"email": "old@example.com"}, after={"email": "new@example.com"})

    text = get_page_text(staff_client())
    for phrase in (
        "Sam Staff",
        "192.0.2.7",
        "Ana Pereira",
        "Contact details changed",
        "old@example.com",
        "new@example.com",
    ):
        assert phrase in text
    assert "today at" in text


def test_an_entry_shows_added_and_removed_values_and_the_client(staff_client, record_staff_action, ana):
    record_staff_action(
        TeamEvent.MEMBER_REMOVED, subject_name="bo@acme.test", before={"role": "manager", "areas": ["visits"]}
    )
    record_staff_action(PortalAddressEvent.DOMAIN_ADDED, after={"domain": "my.acme.example"})
    record_staff_action(PortalAddressEvent.ADDRESS_CHANGED, before={"slug": "acme"}, after={"slug": "acme-physio"})
    record_staff_action(ImpersonationEvent.CLIENT_IMPERSONATED, client=ana, reason_text="Her number is missing")

    with install_noun_apps(make_noun_app_with_areas("visits")):
        text = get_page_text(staff_client())
    for phrase in (
        "bo@acme.test",
        "<dt>Role</dt> <dd> <del>Manager</del>",
        "<dt>Additional access</dt> <dd> <del>Visits</del>",
        "<ins>my.acme.example</ins>",
    ):
        assert phrase in text
    assert "<del>acme</del>" in text
    assert "<ins>acme-physio</ins>" in text
    assert "Her number is missing" in text


def test_every_kind_of_event_is_among_the_filters():
    assert {event_type.partition(".")[0] for event_type in registry.get_event_type_labels()} == set(
        registry.get_event_area_labels()
    )


def test_entries_of_clients_and_providers_are_left_out(staff_client, acme, ana, now):
    with use_business(acme):
        activity.record_event(AccessEvent.CODE_REJECTED, at=now, client=ana, actor=Entry.Actor.CLIENT)
        activity.record_event(MessagingEvent.BOUNCED, at=now, client=ana, actor=Entry.Actor.PROVIDER)

    text = get_page_text(staff_client())
    assert "Entered a wrong code" not in text.partition('<ul class="rows">')[2]
    assert "No changes yet." in text


def test_entries_about_a_demo_client_are_left_out(staff_client, record_staff_action, acme):
    with use_business(acme):
        demo = ClientFactory(name="Dora Demo", is_demo=True)
    record_staff_action(client=demo)

    assert "Dora Demo" not in get_page_text(staff_client())
    assert len(download_activity(staff_client())) == 1


def test_another_business_does_not_see_the_entries(staff_client, record_staff_action, globex):
    record_staff_action(TeamEvent.ROLE_CHANGED)

    answer = staff_client("owner", globex).get("/console/globex/activity/")
    assert "Sam Staff" not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?kind=team", {"Changed a colleague’s role"}),
        ("?kind=clients", {"Contact details changed"}),
        ("?client=PEREIRA", {"Contact details changed"}),
        ("?client=nobody", set()),
        ("?until=2000-01-01", set()),
        ("?since=2000-01-01", {"Changed a colleague’s role", "Contact details changed"}),
        ("?kind=%00&client=%00&since=x&person=y&cursor=z", {"Changed a colleague’s role", "Contact details changed"}),
        ("?since=0001-01-01&until=9999-12-31", {"Changed a colleague’s role", "Contact details changed"}),
    ],
)
def test_activity_is_filtered(staff_client, record_staff_action, ana, query, shown):
    record_staff_action(client=ana)
    record_staff_action(TeamEvent.ROLE_CHANGED)
    found = {row[3] for row in download_activity(staff_client(), query)[1:]}

    assert found == shown
    text = get_page_text(staff_client(), query)
    listed = text.partition('<ul class="rows">')[2]
    assert {phrase for phrase in ("Changed a colleague’s role", "Contact details changed") if phrase in listed} == shown


def test_activity_is_filtered_by_person(staff_client, record_staff_action, sam):
    kim = StaffActor(person_id=next_primary_key("person"), name="Kim Colleague")
    record_staff_action(TeamEvent.ROLE_CHANGED)
    record_staff_action(TeamEvent.MEMBER_REMOVED, staff=kim)

    assert [row[1] for row in download_activity(staff_client(), f"?person={kim.person_id}")[1:]] == ["Kim Colleague"]
    text = get_page_text(staff_client())
    assert f'value="{kim.person_id}"' in text
    assert f'value="{sam.person_id}"' in text


def test_days_begin_at_midnight_in_the_business_s_time_zone(staff_client, record_staff_action, acme, now):
    """Berlin is ahead of UTC: what happened there just after midnight is of the new day."""
    local = now.astimezone(ZoneInfo(acme.time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    record_staff_action(TeamEvent.ROLE_CHANGED, ago=now - midnight)
    record_staff_action(TeamEvent.MEMBER_REMOVED, ago=now - midnight + timedelta(seconds=1))

    found = [row[3] for row in download_activity(staff_client(), f"?since={local.date()}")[1:]]
    assert found == ["Changed a colleague’s role"]
    assert (
        len(download_activity(staff_client(), f"?until={local.date()}")) == 1 + 2 + 1
    )  # the heading, both, and the copy taken above


def test_pages_together_list_every_entry_once(staff_client, record_staff_action, acme):
    for number in range(120):
        record_staff_action(TeamEvent.ROLE_CHANGED, ago=timedelta(minutes=number // 7), number=number)
    browser, query, seen = staff_client(), "", 0
    for _page in range(3):
        answer = browser.get(PAGE + query)
        seen += len(answer.context["events"])
        query = answer.context["pager"].next_url

    assert seen == 120
    assert query == ""


@pytest.mark.parametrize("role", ["staff", "read-only"])
def test_only_owners_and_managers_see_the_activity_page(staff_client, role):
    assert staff_client(role).get(PAGE).status_code == 403
    assert staff_client(role).post(f"{PAGE}export/").status_code == 403


def test_an_export_is_recorded_on_the_timeline(staff_client, record_staff_action, acme):
    record_staff_action(TeamEvent.ROLE_CHANGED)
    download_activity(staff_client())

    with use_business(acme):
        line = Entry.objects.get(event_type=ActivityExportEvent.EXPORTED)
    assert (line.data["count"], line.actor_name) == (1, "Owner of Acme")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_are_escaped_in_the_export(staff_client, record_staff_action, acme, name):
    with use_business(acme):
        client = ClientFactory(name=name)
    record_staff_action(client=client, staff=StaffActor(person_id=next_primary_key("person"), name=name))

    [_head, row] = download_activity(staff_client())
    assert row[1] == row[4] == escape_formula(name)
    assert row[1].startswith("'")


@pytest.mark.parametrize("number", [1, 60])
def test_the_statement_count_does_not_grow_with_the_entries(
    staff_client, record_staff_action, ana, number, django_assert_max_num_queries
):
    for _line in range(number):
        record_staff_action(client=ana, before={"name": "a"}, after={"name": "b"})
    browser = staff_client()
    get_page_text(browser)

    with django_assert_max_num_queries(12):
        get_page_text(browser)
