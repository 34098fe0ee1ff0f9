"""Bulk actions change the selected clients and no others."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.access.services.archiving import archive_clients, restore_clients
from portal.access.services.client_invitations import invite_clients
from portal.activity.models import Entry
from portal.clients.models import Client, Tag
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import Delivery
from tenants.staff.staff_actor import StaffActor
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory, ClientSessionFactory, ContactFactory

LIST = "/console/acme/clients/"


@pytest.fixture
def staff_browser(staff_client):
    """A member of staff's browser."""
    return staff_client("staff")


@pytest.fixture
def three_clients(acme):
    """Ana, Bo, and Chi who is archived."""
    with use_business(acme):
        ana = ClientFactory(name="Ana", email="ana@example.com", mobile="+4915112345678")
        bo = ClientFactory(name="Bo", email="bo@example.com")
        chi = ClientFactory(name="Chi", email="chi@example.com", archived=True)
    return ana, bo, chi


def list_client_ids(*clients):
    return [str(client.pk) for client in clients]


def list_tagged_clients(business, name):
    with use_business(business):
        return set(Client.objects.filter(tags__name__iexact=name).values_list("name", flat=True))


def sent_messages(business):
    with use_business(business):
        return list(Message.objects.order_by("to").values_list("kind", "to"))


def test_selected_clients_are_tagged_and_untagged(staff_browser, three_clients, acme):
    ana, bo, _chi = three_clients
    staff_browser.post(f"{LIST}selected/tag/", {"client": list_client_ids(ana, bo), "name": " Knee "})
    staff_browser.post(f"{LIST}selected/tag/", {"client": list_client_ids(ana, bo), "name": "knee"})
    assert list_tagged_clients(acme, "knee") == {"Ana", "Bo"}
    staff_browser.post(f"{LIST}selected/tag/", {"client": list_client_ids(bo), "name": "KNEE", "remove": "yes"})
    staff_browser.post(f"{LIST}selected/tag/", {"client": list_client_ids(bo), "name": "no such tag", "remove": "yes"})
    assert list_tagged_clients(acme, "knee") == {"Ana"}
    with use_business(acme):
        assert Tag.objects.count() == 1
        lines = Entry.objects.filter(event_type="clients.tagged").order_by("at", "client__name")
        assert [line.data for line in lines] == [
            {"before": {"tags": []}, "after": {"tags": ["Knee"]}},
            {"before": {"tags": []}, "after": {"tags": ["Knee"]}},
            {"before": {"tags": ["Knee"]}, "after": {"tags": []}},
        ]
        assert all(line.actor_id and line.actor_name for line in lines)


def test_selecting_everyone_includes_all_matches_of_the_query(staff_browser, three_clients, acme):
    staff_browser.post(f"{LIST}selected/tag/", {"everyone": "yes", "query": "q=bo", "name": "Found"})
    assert list_tagged_clients(acme, "Found") == {"Bo"}
    staff_browser.post(f"{LIST}selected/tag/", {"everyone": "yes", "query": "", "name": "All"})
    assert list_tagged_clients(acme, "All") == {"Ana", "Bo"}


def test_no_selection_and_unknown_keys_change_nothing(staff_browser, three_clients, acme):
    for chosen in ([], ["nonsense"], ["00000000-0000-4000-8000-000000000000"]):
        staff_browser.post(f"{LIST}selected/tag/", {"client": chosen, "name": "X"})
        staff_browser.post(f"{LIST}selected/archival/", {"client": chosen, "confirmed": "yes"})
        staff_browser.post(f"{LIST}selected/invitation/", {"client": chosen, "confirmed": "yes"})
    assert list_tagged_clients(acme, "X") == set()
    assert sent_messages(acme) == []


@pytest.mark.parametrize("action", ["archival", "invitation"])
def test_without_a_selection_nothing_is_to_be_confirmed(staff_browser, three_clients, action):
    page = staff_browser.post(f"{LIST}selected/{action}/", {"client": []}, follow=True).content.decode()
    assert "No clients selected." in page


@pytest.mark.parametrize("name", ["", " \u200b ", "x" * 41])
def test_a_tag_without_a_name_or_with_too_long_a_one_is_not_added(staff_browser, three_clients, acme, name):
    chosen = {"client": list_client_ids(*three_clients), "name": name}
    page = staff_browser.post(f"{LIST}selected/tag/", chosen, follow=True).content.decode()
    assert "A tag can have up to 40 characters." in page
    with use_business(acme):
        assert not Tag.objects.exists()


def test_archiving_asks_first_then_ends_sessions_and_notifies_clients(staff_browser, three_clients, acme):
    ana, _bo, chi = three_clients
    with use_business(acme):
        session = ClientSessionFactory(client=ana)
    chosen = {"client": list_client_ids(ana, chi)}
    page = staff_browser.post(f"{LIST}selected/archival/", chosen).content.decode()
    assert "Archive 2 clients?" in page
    assert sent_messages(acme) == []
    staff_browser.post(f"{LIST}selected/archival/", chosen | {"confirmed": "yes"})
    with use_business(acme):
        assert set(Client.objects.filter(status="archived").values_list("name", flat=True)) == {"Ana", "Chi"}
        session.refresh_from_db()
        assert session.ended_at
        line = Entry.objects.get(event_type="clients.archived")
        assert (line.client, line.data["before"], line.data["after"]) == (
            ana,
            {"status": "active"},
            {"status": "archived"},
        )
    assert sent_messages(acme) == [("access-ended", "+4915112345678"), ("access-ended", "ana@example.com")]
    assert Delivery.objects.count() == 2


def test_inviting_asks_first_and_invites_only_clients_who_can_sign_in(staff_browser, three_clients, acme, outbox):
    ana, bo, chi = three_clients
    with use_business(acme):
        blocked = ClientFactory(name="Dee", email="dee@example.com", status="blocked")
        shut = ClientFactory(name="Eli", email=None)
        ContactFactory(client=shut, value="eli@example.com", may_sign_in=False)
        by_phone = ClientFactory(name="Fay", mobile="+4915112345679")
        demo = ClientFactory(name="Demo", email="demo@example.com", is_demo=True)
    chosen = {"client": list_client_ids(ana, bo, chi, blocked, shut, by_phone, demo)}
    assert "Invite 6 clients?" in staff_browser.post(f"{LIST}selected/invitation/", chosen).content.decode()
    assert sent_messages(acme) == []
    page = staff_browser.post(
        f"{LIST}selected/invitation/", chosen | {"confirmed": "yes"}, follow=True
    ).content.decode()
    assert "2 invitations are being sent" in page
    assert "4 clients were skipped" in page
    assert sent_messages(acme) == [("invitation", "ana@example.com"), ("invitation", "bo@example.com")]
    outbox.deliver_due()
    mails = outbox.sent()
    assert {mail["to"] for mail in mails} == {"ana@example.com", "bo@example.com"}
    assert all("http://acme.localhost" in mail["text"] for mail in mails)
    assert not any(re.search(r"\b\d{6}\b", mail["text"]) for mail in mails)


def test_nobody_is_invited_twice_within_a_day(acme, three_clients, now):
    from tests.portal.clients.test_search_text import SABINE

    with use_business(acme):
        for later, sent in ((0, 2), (23, 0), (25, 2)):
            at = now + timedelta(hours=later)
            assert invite_clients(clients=Client.objects.active(), staff=SABINE, now=at).sent == sent, later


def test_inviting_and_archiving_take_as_many_statements_for_fifty_as_for_one(
    acme, three_clients, now, django_assert_max_num_queries
):
    from portal.access.services.archiving import archive_clients
    from tests.portal.clients.test_search_text import SABINE

    with use_business(acme):
        for number in range(50):
            ClientFactory(email=f"client-{number}@example.com")
        with django_assert_max_num_queries(8):
            invite_clients(clients=Client.objects.active(), staff=SABINE, now=now)
        with django_assert_max_num_queries(12):
            assert archive_clients(clients=Client.objects.active(), staff=SABINE, now=now) == 52


def test_more_than_a_thousand_clients_are_refused(staff_browser, acme):
    with use_business(acme):
        Client.objects.bulk_create(
            Client(name=f"C {n}", search=f"c {n}", created_at=timezone.now()) for n in range(1001)
        )
    for action in ("archival", "invitation"):
        everybody = {"everyone": "yes", "query": "", "confirmed": "yes"}
        page = staff_browser.post(f"{LIST}selected/{action}/", everybody, follow=True).content.decode()
        assert "Select up to 1,000 clients" in page
    with use_business(acme):
        assert not Client.objects.filter(status="archived").exists()


def test_adding_a_client_with_a_known_address_requires_confirmation(staff_browser, three_clients, acme):
    fields = {"name": "Ana’s son", "email": "ANA@example.com", "mobile": "", "language": ""}
    answer = staff_browser.post(f"{LIST}new/", fields)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"/console/acme/clients/{three_clients[0].pk}/" in page
    with use_business(acme):
        assert Client.objects.count() == 3
    staff_browser.post(f"{LIST}new/", fields | {"add_anyway": "on"})
    with use_business(acme):
        son = Client.objects.get(name="Ana’s son")
        assert (son.source, son.search) == ("staff", "ana’s son ana@example.com")
        assert son.entries.get(event_type="clients.added").actor_id
        assert not Message.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "email": "x@example.com"},
        {"name": "X"},
        {"name": "X", "email": "nonsense"},
        {"name": "X", "mobile": "12"},
        {"name": "\u202e\u3164", "email": "x@example.com"},
    ],
)
def test_an_invalid_new_client_is_refused_with_a_reason(staff_browser, acme, fields):
    answer = staff_browser.post(f"{LIST}new/", {"name": "", "email": "", "mobile": "", "language": ""} | fields)
    assert answer.status_code == 422
    with use_business(acme):
        assert not Client.objects.exists()


@pytest.mark.parametrize("change", [archive_clients, restore_clients, invite_clients])
def test_clients_are_locked_in_one_order_so_that_no_two_requests_wait_for_one_another(three_clients, acme, now, change):
    with use_business(acme), capture_statements() as captured:
        change(clients=Client.objects.order_by("-name"), staff=StaffActor(None, "Sam", None), now=now)
    [locking] = [sql for sql in captured.queries if "FOR NO KEY UPDATE" in sql and "clients_client" in sql]
    assert 'ORDER BY "clients_client"."id" ASC' in locking
