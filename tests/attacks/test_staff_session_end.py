"""I7: a visit to a portal, and a token that leads to one, end with the staff session in which they began."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from tenants.models import Membership, Person
from tests.factories import create_member
from tests.portal.impersonation.impersonation_steps import follow_impersonation, read_token, submit_token
from tests.tenants.staff.test_sign_in import sign_in_staff

DEMO = "/console/acme/portal/demo/"


@pytest.fixture
def manager(acme) -> Person:
    return create_member(acme, "manager").person


@pytest.fixture
def console(manager, platform_client) -> Client:
    """The browser in which the manager is signed in to the console."""
    browser = platform_client()
    sign_in_staff(browser, manager)
    return browser


def sign_out(console: Client, manager: Person) -> None:
    assert console.post("/staff/sign-out/").status_code == 302


def be_signed_out_by_another_device(console: Client, manager: Person) -> None:
    other = Client(headers={"host": settings.PLATFORM_HOST})
    sign_in_staff(other, manager)
    assert other.post("/staff/sessions/others/sign-out/").status_code == 302


def be_signed_out_singly(console: Client, manager: Person) -> None:
    other = Client(headers={"host": settings.PLATFORM_HOST})
    sign_in_staff(other, manager)
    row = UserSession.objects.get(session_key=console.cookies["staff"].value)
    assert other.post(f"/staff/sessions/{row.pk}/sign-out/").status_code == 302


def let_session_expire(console: Client, manager: Person) -> None:
    session = Session.objects.get(session_key=console.cookies["staff"].value)
    session.expire_date -= settings.STAFF_SESSION_LIFETIME + timedelta(seconds=1)
    session.save()


def be_removed(console: Client, manager: Person) -> None:
    Membership.objects.filter(person=manager).delete()


def lose_the_permission(console: Client, manager: Person) -> None:
    Membership.objects.filter(person=manager).update(role="read-only")


def be_deactivated(console: Client, manager: Person) -> None:
    Person.objects.filter(pk=manager.pk).update(is_active=False)


def let_somebody_else_sign_in(console: Client, manager: Person) -> None:
    """As if the same session were another person's now."""
    store = SessionStore(console.cookies["staff"].value)
    store["_auth_user_id"] = str(create_member(Membership.objects.get(person=manager).business, "owner").person.pk)
    store.save()


SESSION_ENDS: list[Callable[[Client, Person], None]] = [
    sign_out,
    be_signed_out_by_another_device,
    be_signed_out_singly,
    let_session_expire,
    let_somebody_else_sign_in,
]
ENDS = [*SESSION_ENDS, be_removed, lose_the_permission, be_deactivated]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_visit_ends_with_the_next_request(acme, console, manager, end):
    visit = follow_impersonation(console, DEMO, acme)
    assert visit.get("/").status_code == 200

    end(console, manager)

    assert visit.get("/").status_code == 302
    assert "Demo client." not in visit.get("/sign-in/").content.decode()


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_token_that_is_not_used_yet_is_worth_nothing(acme, console, manager, portal_client, end):
    token, portal = read_token(console.post(DEMO)), portal_client(acme)

    end(console, manager)
    answer = submit_token(portal, token)

    # A role that doesn't suffice is noticed by the portal's home.
    assert answer.status_code == (302 if end is lose_the_permission else 403)
    assert portal.get("/").status_code == 302


def test_a_visit_outlasts_the_end_of_another_session(acme, console, manager):
    visit = follow_impersonation(console, DEMO, acme)
    other = Client(headers={"host": settings.PLATFORM_HOST})
    sign_in_staff(other, manager)
    other.post("/staff/sign-out/")

    assert visit.get("/").status_code == 200


@pytest.fixture
def passkey(manager) -> Authenticator:
    return Authenticator.objects.create(user=manager, type=Authenticator.Type.WEBAUTHN, data={})


@pytest.fixture
def verified_console(console, manager, passkey, settings) -> Client:
    """The manager's browser, whose session has passed the passkey, which is required."""
    settings.STAFF_MFA_REQUIRED = True
    record_factor(console, id=passkey.pk, type="webauthn")
    return console


def record_factor(console: Client, **record: object) -> None:
    """Record in a browser's session that it has passed a second factor."""
    store = SessionStore(console.cookies["staff"].value)
    store[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0} | record]
    store.save()


def test_a_visit_ends_when_its_second_factor_is_removed(acme, verified_console, passkey):
    visit = follow_impersonation(verified_console, DEMO, acme)
    assert visit.get("/").status_code == 200

    passkey.delete()

    assert visit.get("/").status_code == 302


def test_the_console_asks_again_when_the_second_factor_of_its_session_is_removed(verified_console, manager, passkey):
    assert verified_console.get("/console/acme/").status_code == 200
    other = Authenticator.objects.create(user=manager, type=Authenticator.Type.TOTP, data={})

    passkey.delete()
    assert verified_console.get("/console/acme/").headers["Location"].startswith("/staff/security/reauthentication/")

    other.delete()
    assert verified_console.get("/console/acme/").headers["Location"].startswith("/staff/security/?")


def test_another_person_s_factor_counts_for_nobody_else(acme, verified_console, passkey):
    Authenticator.objects.filter(pk=passkey.pk).update(user=create_member(acme, "owner").person)

    assert verified_console.get("/console/acme/").status_code == 302


def test_new_recovery_codes_don_t_end_a_session_that_one_of_the_old_ones_opened(verified_console, manager):
    codes = {"user": manager, "type": Authenticator.Type.RECOVERY_CODES, "data": {}}
    record_factor(verified_console, id=Authenticator.objects.create(**codes).pk, type="recovery_codes")
    Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    assert verified_console.get("/console/acme/").status_code == 302

    Authenticator.objects.create(**codes)

    assert verified_console.get("/console/acme/").status_code == 200


def test_a_staff_session_that_required_no_second_factor_opens_no_visit_once_it_is_required(acme, console, settings):
    visit = follow_impersonation(console, DEMO, acme)

    settings.STAFF_MFA_REQUIRED = True

    assert visit.get("/").status_code == 302
