"""Impersonation of the demo client and of real clients: permissions, read-only access, and when it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from portal.access import services as access
from portal.access.models import ChallengePurpose, ClientSession, ImpersonationSession
from portal.activity.models import Entry
from portal.clients import models as clients
from portal.clients.identifiers import parse_email
from portal.impersonation.kinds import ImpersonationEvent
from portal.messaging.models import Message
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Delivery, Membership
from tenants.visitor_networks import build_visitor_network
from tests.portal.impersonation.impersonation_steps import follow_impersonation, read_token, submit_token

DEMO = "/console/acme/portal/demo/"
RESET = f"{DEMO}reset/"


@pytest.fixture
def impersonation_url(ana):
    return f"/console/acme/portal/impersonation/{ana.pk}/"


def open_home(browser):
    return browser.get("/")


def test_one_click_opens_the_portal_as_the_demo_client_under_a_banner(acme, staff_client):
    portal = follow_impersonation(staff_client("staff"), DEMO, acme)

    for path in ("/", "/account/", "/sessions/", "/sign-in/help/", "/nothing/"):
        page = portal.get(path).content.decode()
        assert "Demo client." in page, path
        assert 'action="/impersonation/exit/"' in page
    assert "Robin" in open_home(portal).content.decode()


def test_the_content_security_policy_allows_forms_to_the_portal_only(acme, staff_client):
    browser = staff_client()
    page, opening = browser.get("/console/acme/portal/"), browser.post(DEMO)

    assert "form-action 'self' http://acme.localhost:8000" in opening.headers["Content-Security-Policy"]
    assert "acme.localhost" not in page.headers["Content-Security-Policy"]


def test_exiting_ends_the_impersonation_and_returns_to_the_console(acme, staff_client):
    portal = follow_impersonation(staff_client(), DEMO, acme)
    cookie = portal.cookies["impersonation"].value

    answer = portal.post("/impersonation/exit/", follow=True)

    assert "http://localhost:8000/console/acme/portal/" in answer.content.decode()
    assert open_home(portal).status_code == 302
    portal.cookies["impersonation"] = cookie
    assert open_home(portal).status_code == 302


def test_signing_out_ends_the_impersonation_too(acme, staff_client):
    portal = follow_impersonation(staff_client(), DEMO, acme)
    portal.post("/sign-out/")

    assert open_home(portal).status_code == 302


def test_an_impersonation_lasts_sixty_minutes(acme, staff_client, time_machine):
    time_machine.move_to(datetime.now(UTC))
    portal = follow_impersonation(staff_client(), DEMO, acme)
    time_machine.shift(timedelta(minutes=59))
    assert open_home(portal).status_code == 200

    time_machine.shift(timedelta(minutes=2))

    assert open_home(portal).status_code == 302


def test_the_client_s_own_session_applies_again_after_the_impersonation(acme, ana, staff_client, sign_in_client):
    own = sign_in_client(acme, "ana@example.com")
    submit_token(own, read_token(staff_client().post(DEMO)))
    assert "Robin" in open_home(own).content.decode()

    own.post("/impersonation/exit/")

    assert "Ana" in open_home(own).content.decode()


def test_the_demo_client_is_created_once_on_demand(acme, staff_client):
    with use_business(acme):
        assert not clients.Client.objects.filter(is_demo=True).exists()
    for role in ("owner", "manager"):
        follow_impersonation(staff_client(role), DEMO, acme)

    with use_business(acme):
        assert clients.Client.objects.filter(is_demo=True).count() == 1
        assert (
            len(
                Entry.objects.filter(event_type=ImpersonationEvent.DEMO_CLIENT_IMPERSONATED, client=None, actor="staff")
            )
            == 2
        )


def test_resetting_deletes_the_demo_client_s_data_and_keeps_the_impersonation(acme, staff_client):
    console = staff_client()
    portal = follow_impersonation(console, DEMO, acme)
    portal.post("/account/preferences/", {"language": "de", "time_zone": ""})
    with use_business(acme):
        robin = clients.Client.objects.get(is_demo=True)
        clients.Note.objects.create(client=robin, body="x", created_at=robin.created_at)
        robin.tags.add(clients.Tag.objects.create(name="VIP"))
        clients.Client.objects.filter(pk=robin.pk).update(custom={"x": "y"}, blocked_at=robin.created_at)
        before = set(Entry.objects.filter(client=robin).values_list("pk", flat=True))

    console.post(RESET)

    with use_business(acme):
        robin.refresh_from_db()
        assert (robin.name, robin.language, robin.custom, robin.blocked_at) == ("Robin Demo", "", {}, None)
        assert not robin.tags.exists()
        assert not robin.notes.exists()
        assert robin.contacts.count() == 2
        assert robin.sessions.count() == 1
        assert robin.entries.count() == 3
        assert robin.chat_messages.count() == 2
        assert not before & set(Entry.objects.values_list("pk", flat=True))
    assert open_home(portal).status_code == 200


def test_resetting_before_there_is_a_demo_client_does_nothing(acme, staff_client):
    assert staff_client().post(RESET).status_code == 302


def test_an_impersonation_ends_when_its_owner_leaves_the_business(acme, staff_client):
    portal = follow_impersonation(staff_client("staff"), DEMO, acme)
    Membership.objects.filter(business=acme, role="staff").delete()

    assert open_home(portal).status_code == 302


def test_an_impersonation_ends_when_its_owner_loses_the_permission(acme, ana, impersonation_url, staff_client):
    console = staff_client("manager")
    read_only, as_demo_client = (
        follow_impersonation(console, impersonation_url, acme, reason="trying"),
        follow_impersonation(console, DEMO, acme),
    )
    mine = Membership.objects.filter(business=acme, role="manager")

    mine.update(role="staff")
    assert (open_home(read_only).status_code, open_home(as_demo_client).status_code) == (302, 200)
    Membership.objects.filter(business=acme, role="staff").update(role="read-only")
    assert open_home(as_demo_client).status_code == 302


def test_a_token_of_a_demoted_member_is_denied(acme, impersonation_url, staff_client, portal_client):
    token = read_token(staff_client("manager").post(impersonation_url, {"reason": "trying"}))
    portal = portal_client(acme)
    Membership.objects.filter(business=acme, role="manager").update(role="staff")

    submit_token(portal, token)

    assert open_home(portal).status_code == 302


def test_impersonating_a_real_client_records_the_reason(acme, ana, impersonation_url, staff_client):
    console = staff_client("manager")
    assert console.post(impersonation_url, {"reason": " "}).status_code == 422

    portal = follow_impersonation(console, impersonation_url, acme, reason="Ana says her number is missing")

    page = open_home(portal).content.decode()
    assert "You are viewing the portal as Ana Pereira." in page
    with use_business(acme):
        [entry] = Entry.objects.filter(client=ana, event_type=ImpersonationEvent.CLIENT_IMPERSONATED)
        assert entry.data == {"reason_text": "Ana says her number is missing"}
        assert entry.actor_name == "Manager of Acme"
        assert not ClientSession.objects.exists()
        assert ImpersonationSession.objects.exclude_demo().count() == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "path",
    ["/account/preferences/", "/account/contact/", "/sessions/end-others/", "/language/", "/sign-in/", "/contact/"],
)
def test_impersonating_a_real_client_is_read_only(acme, ana, impersonation_url, staff_client, method, path):
    portal = follow_impersonation(staff_client(), impersonation_url, acme, reason="trying")

    answer = getattr(portal, method)(path, {"language": "de"})

    assert answer.status_code == 403
    assert "Nothing was changed." in answer.content.decode()
    with use_business(acme):
        ana.refresh_from_db()
        assert ana.language == ""


def test_a_read_only_impersonation_can_be_exited(acme, impersonation_url, staff_client):
    for path in ("/impersonation/exit/", "/sign-out/"):
        portal = follow_impersonation(staff_client(), impersonation_url, acme, reason="trying")
        assert portal.post(path).status_code == 302
        assert open_home(portal).status_code == 302


def test_an_impersonation_ends_when_the_client_is_archived(acme, ana, impersonation_url, staff_client):
    portal = follow_impersonation(staff_client(), impersonation_url, acme, reason="trying")
    with use_business(acme):
        clients.Client.objects.filter(pk=ana.pk).update(status="archived")

    assert open_home(portal).status_code == 302


@pytest.mark.parametrize("role", ["staff", "read-only"])
def test_impersonating_real_clients_is_a_permission_of_its_own(acme, impersonation_url, staff_client, role):
    assert staff_client(role).post(impersonation_url, {"reason": "curious"}).status_code == 403


def test_the_demo_client_cannot_be_impersonated_as_a_real_one(acme, staff_client):
    console = staff_client()
    follow_impersonation(console, DEMO, acme)
    with use_business(acme):
        robin = clients.Client.objects.get(is_demo=True)

    assert console.post(f"/console/acme/portal/impersonation/{robin.pk}/", {"reason": "why not"}).status_code == 404


def test_no_message_is_sent_for_the_demo_client(acme, staff_client, outbox, now):
    follow_impersonation(staff_client(), DEMO, acme)
    with use_business(acme):
        visit = ImpersonationSession.objects.select_related("client").get()
        code_request = {
            "purpose": ChallengePurpose.NEW_CONTACT,
            "identifier": parse_email("real.person@example.com"),
            "network": build_visitor_network("192.0.2.1", "192.0.2.1"),
            "language": "en",
        }
        access.open_confirmation_challenge(business=acme, session=visit, now=now, **code_request)

    outbox.deliver_due()

    assert outbox.sent() == []
    with use_business(acme):
        assert Message.objects.exclude_demo().count() == 0
    assert not Delivery.objects.filter(calls__gt=0).exists()


def test_a_closed_portal_cannot_be_viewed_as_a_client(acme, staff_client):
    acme.status = "suspended"
    acme.save()

    answer = staff_client().post(DEMO, follow=True)

    assert (answer.status_code, "Nothing was changed" in answer.content.decode()) == (403, True)
    with use_business(acme):
        assert not Entry.objects.filter(event_type=ImpersonationEvent.DEMO_CLIENT_IMPERSONATED).exists()


def test_impersonation_without_a_token_is_denied(acme):
    browser = Client(headers={"host": hostnames.get_portal_host(acme)})

    for token in ("", "x", "x" * 5000, "\0"):
        assert submit_token(browser, token).status_code == 403
    assert browser.post("/impersonation/exit/").status_code == 302
    assert open_home(browser).status_code == 302
