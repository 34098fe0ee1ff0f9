"""I6: nothing leaves a suspended or closed business, by any entry; its staff read and export, and change nothing."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from portal.access import services as access
from portal.activity.models import Entry
from portal.activity.presenters import present_entry
from portal.clients.models import Client
from portal.messaging import services as messaging
from portal.messaging.conversations import services as conversations
from portal.messaging.models import Message
from portal.team import services as team
from tenants import hostnames
from tenants.context import use_business
from tenants.domains import custom_domains
from tenants.models import (
    Business,
    BusinessStatus,
    Channel,
    Delivery,
    DeliveryState,
    Invitation,
    Membership,
    Queue,
    Role,
)
from tenants.staff.staff_actor import StaffActor
from tests.attacks.console_routes import ALLOWED_METHODS, BUSINESS_PATTERNS, build_console_path, iter_routes
from tests.attacks.test_head_requests import count_jobs, list_changed_tables, read_tables
from tests.factories import ClientFactory, create_member

pytestmark = pytest.mark.slow

POST_ROUTES = [route for route, methods in ALLOWED_METHODS.items() if "POST" in methods]
# Forms that change nothing of the business's: exports, and a search whose text doesn't belong into a log.
ANSWERED_ROUTES = {"clients/export/", "clients/<uuid:pk>/export/", "activity/export/", "sign-in-help/"}
REFUSAL = "While Acme Physiotherapy is suspended, nothing can be saved or sent."
STATUSES = [BusinessStatus.SUSPENDED, BusinessStatus.CLOSED]


def set_status(business: Business, status: BusinessStatus) -> None:
    """Change a business's status, and let this process know at once."""
    Business.objects.filter(pk=business.pk).update(status=status)
    business.refresh_from_db()
    hostnames.invalidate_host_cache()


def is_refused(answer) -> bool:
    """Return whether an answer is the page that says why nothing was changed."""
    if answer.streaming:  # a file is closed once it was read
        list(answer.streaming_content)
        return False
    return answer.status_code == 403 and REFUSAL in answer.content.decode()


@pytest.fixture
def owner(acme) -> Membership:
    return create_member(acme, "owner")


@pytest.fixture
def suspended_acme(acme, ana) -> Business:
    set_status(acme, BusinessStatus.SUSPENDED)
    return acme


def test_every_form_of_the_console_is_refused_and_changes_nothing(suspended_acme, owner, platform_client):
    browser = platform_client(owner.person)
    before, jobs = read_tables(suspended_acme), count_jobs()

    refused = {route for route in POST_ROUTES if is_refused(browser.post(build_console_path(route)))}

    assert set(POST_ROUTES) - refused == ANSWERED_ROUTES
    # The exports with a line in the audit log are the only change.
    assert [table.partition(".")[2] for table in list_changed_tables(before, suspended_acme)] == ["activity_entry"]
    assert count_jobs() == jobs


def test_every_page_of_the_console_can_still_be_read_under_a_banner(suspended_acme, owner, platform_client, settings):
    settings.SUPPORT_EMAIL = "help@portico.example"
    browser = platform_client(owner.person)

    for route in BUSINESS_PATTERNS:
        answer = browser.get(build_console_path(route))
        if "GET" not in ALLOWED_METHODS[route] or "<" in route or not answer.content.startswith(b"<!doctype html>"):
            continue
        assert answer.status_code == 200, route
        assert "Acme Physiotherapy is suspended" in answer.content.decode(), route
        assert "mailto:help@portico.example" in answer.content.decode(), route


def test_an_open_business_has_no_such_banner(acme, owner, platform_client):
    assert "is suspended" not in platform_client(owner.person).get("/console/acme/").content.decode()


def test_staff_of_a_suspended_business_can_export(suspended_acme, ana, owner, platform_client):
    browser = platform_client(owner.person)

    clients = browser.post("/console/acme/clients/export/", {"format": "csv", "everyone": "yes", "query": ""})
    card = browser.post(f"/console/acme/clients/{ana.pk}/export/")
    activity = browser.post("/console/acme/activity/export/")

    assert b"ana@example.com" in b"".join(clients)
    assert b"".join(card)[:2] == b"PK"
    assert activity.headers["Content-Type"].startswith("text/csv")


def test_a_member_without_the_permission_is_told_so_first(suspended_acme, staff_client):
    answer = staff_client("read-only").post("/console/acme/clients/new/", {"name": "Bo"})

    assert answer.status_code == 403
    assert REFUSAL not in answer.content.decode()


@pytest.mark.parametrize("status", STATUSES)
def test_every_form_of_the_portal_is_refused_and_changes_nothing(acme, ana, sign_in_client, settings, status):
    browser = sign_in_client(acme, "ana@example.com")
    set_status(acme, status)
    before, jobs = read_tables(acme), count_jobs()

    for route, _page in iter_routes(get_resolver(settings.PORTAL_URLCONF).url_patterns):
        answer = browser.post(build_console_path(route).replace("/console/acme", ""), {"identifier": "ana@example.com"})
        assert answer.status_code in (403, 404), route

    assert list_changed_tables(before, acme) == []
    assert count_jobs() == jobs


def enqueue_every_kind(business: Business, ana: Client, staff: StaffActor, now) -> int:
    """Enqueue messages on every queue and channel, with and without a context of their own; return how many."""
    texts = {"subject": "Pay now", "body": "https://evil.example"}
    with use_business(business):
        access.invite_clients(clients=Client.objects.filter(pk=ana.pk), staff=staff, now=now)
        conversations.send_chat_message(client=ana, body="Hello", staff=staff, now=now)
        for queue in Queue:
            for channel, to in ((Channel.EMAIL, "ana@example.com"), (Channel.SMS, "+447700900101")):
                for data in ({}, {"is_sample": True} | texts):
                    message = messaging.build_message(
                        "access-ended", channel=channel, to=to, client=ana, data=data, now=now
                    )
                    messaging.enqueue_message(message, queue=queue, deadline=now + timedelta(days=1), now=now)
        return Message.objects.count()


@pytest.mark.parametrize("status", STATUSES)
def test_nothing_that_waits_is_sent_then_or_after_resuming(acme, ana, owner, outbox, time_machine, now, status):
    staff = StaffActor(person_id=owner.person_id, name="Olga")
    count = enqueue_every_kind(acme, ana, staff, now)
    assert count >= 14
    set_status(acme, status)
    time_machine.move_to(now + timedelta(minutes=10), tick=False)
    outbox.deliver_due()
    assert set(Delivery.objects.filter(business=acme).values_list("state", flat=True)) == {DeliveryState.EXPIRED}

    set_status(acme, BusinessStatus.ACTIVE)
    time_machine.move_to(now + timedelta(minutes=20), tick=False)
    outbox.deliver_due()

    assert outbox.sent() == []


def test_the_timeline_says_why_a_message_was_not_sent(acme, ana, owner, outbox, now):
    with use_business(acme):
        staff = StaffActor(person_id=owner.person_id, name="Olga")
        access.invite_clients(clients=Client.objects.filter(pk=ana.pk), staff=staff, now=now)
    set_status(acme, BusinessStatus.SUSPENDED)
    outbox.deliver_due()

    with use_business(acme):
        event = present_entry(Entry.objects.get(event_type="messaging.expired"))
        assert "Your business was suspended, so it was not sent, and won’t be." in event.details
        assert Message.objects.get().reason == "business-suspended"


def test_the_other_businesses_go_on_sending(suspended_acme, globex, sign_in_client, outbox, now):
    with use_business(globex):
        ClientFactory(name="Gil", email="gil@example.com")

    assert sign_in_client(globex, "gil@example.com").get("/").status_code == 200


def test_an_invitation_to_its_team_is_neither_sent_nor_accepted(acme, owner, outbox, platform_client, globex, now):
    staff = StaffActor(person_id=owner.person_id, name="Olga")
    guest = create_member(globex, "staff").person
    with use_business(acme):
        invitation = team.invite_member(by=owner, staff=staff, email=guest.email, role=Role.STAFF, areas=[], now=now)
    set_status(acme, BusinessStatus.SUSPENDED)
    outbox.deliver_due()

    answer = platform_client(guest).post(f"/staff/invitations/{invitation.pk}/acceptance/", follow=True)

    assert outbox.sent() == []
    assert "This business is suspended at the moment." in answer.content.decode()
    assert Invitation.objects.get().accepted_at is None
    assert not Membership.objects.filter(person=guest, business=acme).exists()


def test_its_domains_are_not_checked(acme, now):
    domain = custom_domains.add_domain(business=acme, domain="portal.acme.example", now=now)
    type(domain).objects.update(verified_at=now)
    assert list(custom_domains.list_due_for_recheck()) == [domain]

    set_status(acme, BusinessStatus.SUSPENDED)

    assert list(custom_domains.list_due_for_recheck()) == []


def test_staff_still_get_their_own_sign_in_codes(suspended_acme, owner, platform_client, outbox):
    platform_client().post("/staff/sign-in/", {"email": owner.person.email})
    outbox.deliver_due()

    assert [message["to"] for message in outbox.sent()] == [owner.person.email]


def test_all_is_as_before_once_the_business_is_resumed(suspended_acme, owner, platform_client):
    call_command("resume_business", business="acme", verbosity=0)

    answer = platform_client(owner.person).post("/console/acme/clients/new/", {"name": "Bo Lind"})

    assert answer.status_code != 403
