"""The console admits members of the business alone, and redirects others where they belong."""

import pytest
from django.test import Client

from tenants import hostnames
from tenants.context import get_current_business
from tenants.models import Business, BusinessStatus, Invitation, Membership, Person
from tests.captured_statements import capture_statements
from tests.factories import create_member

HOME = "/console/acme/"


def test_a_member_sees_the_business_of_the_path(staff_client):
    page = staff_client("staff").get(HOME)

    assert page.status_code == 200
    assert "Acme Physiotherapy" in page.content.decode()
    assert get_current_business() is None


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_stranger_is_redirected_to_sign_in_with_the_requested_url(acme, platform_client, method):
    answer = getattr(platform_client(), method)("/console/acme/?x=1")

    if method == "post":
        assert answer.status_code == 405
    else:
        assert answer.headers["Location"] == "/staff/sign-in/?next=%2Fconsole%2Facme%2F%3Fx%3D1"


@pytest.mark.parametrize("slug", ["globex", "nobody", "ACME", "acme-2"])
def test_another_business_and_an_unknown_one_answer_the_same(staff_client, globex, slug):
    browser = staff_client("owner")

    nowhere = browser.get("/console/no-such-business/")
    answer = browser.get(f"/console/{slug}/")

    assert answer.status_code == nowhere.status_code == 404
    assert answer.content == nowhere.content


def test_a_former_slug_redirects_members_and_nobody_else(staff_client, acme, globex, now):
    browser, stranger = staff_client("owner"), staff_client("owner", globex)
    hostnames.change_slug(business=acme, slug="acme-berlin", now=now)

    answer = browser.get("/console/acme/?x=1")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/console/acme-berlin/?x=1")
    assert stranger.get("/console/acme/").status_code == 404


def test_a_form_posted_to_a_former_slug_is_redirected_unchanged(staff_client, acme, globex, now):
    browser, stranger = staff_client("owner"), staff_client("owner", globex)
    hostnames.change_slug(business=acme, slug="acme-berlin", now=now)
    form = {"email": "kim@example.com", "role": "staff"}

    first = browser.post("/console/acme/settings/team/invitations/", form)
    assert (first.status_code, first.headers["Location"]) == (308, "/console/acme-berlin/settings/team/invitations/")
    browser.post("/console/acme/settings/team/invitations/", form, follow=True)

    assert Invitation.objects.get().email == "kim@example.com"
    assert stranger.post("/console/acme/settings/team/invitations/", form).status_code == 404


def test_a_form_without_a_csrf_token_is_rejected_at_a_former_slug_too(acme, platform_client, now, settings):
    careful = Client(headers={"host": settings.PLATFORM_HOST}, enforce_csrf_checks=True)
    careful.force_login(create_member(acme, "owner").person)
    hostnames.change_slug(business=acme, slug="acme-berlin", now=now)

    for slug in ("acme", "acme-berlin"):
        assert (
            careful.post(f"/console/{slug}/settings/team/invitations/", {"email": "kim@example.com"}).status_code == 403
        )


def test_staff_of_a_suspended_business_can_still_read(staff_client, acme):
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.SUSPENDED)

    assert staff_client("staff").get(HOME).status_code == 200


def test_a_closed_business_is_not_found(staff_client, acme):
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.CLOSED)

    assert staff_client("owner").get(HOME).status_code == 404


def test_a_removed_membership_ends_access_at_once(staff_client):
    browser = staff_client("staff")
    assert browser.get(HOME).status_code == 200

    Membership.objects.filter(role="staff").delete()

    assert browser.get(HOME).status_code == 404


def test_an_inactive_person_is_a_stranger(staff_client):
    browser = staff_client("staff")

    Person.objects.update(is_active=False)

    assert browser.get(HOME).status_code == 302


def test_a_person_with_one_business_skips_the_selection(staff_client):
    assert staff_client("staff").get("/console/").headers["Location"] == HOME


def test_a_person_with_several_businesses_selects_one(acme, globex, platform_client):
    person = create_member(acme, "owner").person
    Membership.objects.create(person=person, business=globex, role="staff", created_at=person.created_at)

    page = platform_client(person).get("/console/").content.decode()

    assert 'href="/console/acme/"' in page
    assert 'href="/console/globex/"' in page


def test_a_person_without_a_business_learns_what_to_do(acme, platform_client, now):
    person = Person.objects.create(email="new@example.com", created_at=now)

    page = platform_client(person).get("/console/")

    assert page.status_code == 200
    assert "new@example.com" in page.content.decode()


def test_the_console_is_not_served_at_a_portal(acme, staff_client, portal_client):
    browser = portal_client(acme)
    browser.cookies.update(staff_client("owner").cookies)

    assert browser.get(HOME).status_code == 404
    assert browser.get("/staff/sign-in/").status_code == 404


def test_a_portal_reads_no_session_whatever_cookie_is_sent(acme, staff_client, portal_client, settings):
    browser = portal_client(acme)
    browser.cookies.update(staff_client("owner").cookies)
    browser.get("/sign-in/")

    with capture_statements() as captured:
        answer = browser.get("/sign-in/")

    assert settings.SESSION_COOKIE_NAME in browser.cookies
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert not {"session", "user", "_messages", "htmx"} & set(vars(answer.wsgi_request))
    assert not [statement for statement in captured.sent if "django_session" in statement or "person" in statement]


def test_a_console_page_runs_few_statements(staff_client):
    browser = staff_client("owner")
    browser.get(HOME)

    with capture_statements() as captured:
        assert browser.get(HOME).status_code == 200

    assert len(captured.sent) <= 12, captured.sent


def test_a_client_s_cookie_opens_no_console_page(acme, sign_in_client, settings):
    from tenants.context import use_business
    from tests.factories import ClientFactory

    with use_business(acme):
        ClientFactory(email="ana@example.com")
    browser = Client(headers={"host": settings.PLATFORM_HOST})
    browser.cookies.update(sign_in_client(acme, "ana@example.com").cookies)

    assert browser.get(HOME).headers["Location"].startswith("/staff/sign-in/")
