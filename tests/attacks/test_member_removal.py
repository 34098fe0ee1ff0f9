"""I7: removing somebody from one team ends what concerns that business, at once, and nothing at the others."""

import pytest

from portal.access.models import ImpersonationSession
from portal.clients.models import SavedView
from portal.messaging.models import Notification, NotificationPreference
from tenants.context import use_business
from tenants.models import Business, BusinessStatus, Membership, Person, Role
from tests.factories import create_member
from tests.portal.impersonation.impersonation_steps import follow_impersonation
from tests.tenants.staff.test_sign_in import sign_in_staff

DEMO = "/console/{slug}/portal/demo/"


@pytest.fixture
def tess(acme, globex, now) -> Person:
    """Tess, who works at Acme and at Globex."""
    person = create_member(acme, "manager").person
    Membership.objects.create(person=person, business=globex, role=Role.MANAGER, created_at=now)
    return person


@pytest.fixture
def remove_tess(staff_client, tess):
    """Return a function that removes Tess from Acme's team, by the page."""
    return lambda: staff_client().post(f"/console/acme/settings/team/{tess.pk}/removal/", follow=True)


def create_own_rows(business: Business, person: Person, now) -> None:
    """Create what a member has at one business: a notification, a preference and a view of their own."""
    with use_business(business):
        Notification.objects.create(person_id=person.pk, kind="new-message", path="/", at=now)
        NotificationPreference.objects.create(person_id=person.pk, kind="new-message", method="mail")
        SavedView.objects.create(person_id=person.pk, name="Mine", created_at=now)


def count_own_rows(business: Business, person: Person) -> list[int]:
    with use_business(business):
        models = (Notification, NotificationPreference, SavedView)
        return [model.objects.filter(person_id=person.pk).count() for model in models]


def test_a_removed_member_stays_signed_in_at_the_other_business(platform_client, tess, remove_tess):
    browser = platform_client()
    sign_in_staff(browser, tess)
    remove_tess()

    assert browser.get("/console/acme/").status_code == 404
    assert browser.get("/console/globex/").status_code == 200


def test_the_page_does_not_tell_whether_the_removed_member_works_elsewhere(
    acme, globex, tess, remove_tess, staff_client
):
    single = create_member(acme, "staff").person
    texts = [
        remove_tess().content.decode(),
        staff_client().post(f"/console/acme/settings/team/{single.pk}/removal/", follow=True).content.decode(),
    ]

    assert all("Removed. They no longer have access." in text for text in texts)
    assert not any("Globex" in text or "signed out" in text for text in texts)


def test_whoever_works_nowhere_any_more_is_signed_out_everywhere(acme, staff_client, platform_client):
    single = create_member(acme, "staff").person
    browsers = [platform_client(), platform_client()]
    for browser in browsers:
        sign_in_staff(browser, single)

    staff_client().post(f"/console/acme/settings/team/{single.pk}/removal/")

    for browser in browsers:
        assert browser.get("/console/").headers["Location"].startswith("/staff/sign-in/")


def test_a_member_of_another_but_closed_business_is_signed_out(globex, tess, remove_tess, platform_client):
    Business.objects.filter(pk=globex.pk).update(status=BusinessStatus.CLOSED)
    browser = platform_client()
    sign_in_staff(browser, tess)
    remove_tess()

    assert browser.get("/console/").headers["Location"].startswith("/staff/sign-in/")


def test_a_removed_member_s_visit_ends_there_and_goes_on_elsewhere(acme, globex, tess, remove_tess, platform_client):
    visits = {
        business: follow_impersonation(platform_client(tess), DEMO.format(slug=slug), business)
        for slug, business in (("acme", acme), ("globex", globex))
    }
    remove_tess()

    assert visits[acme].get("/").status_code == 302
    assert visits[globex].get("/").status_code == 200
    with use_business(acme):
        assert not ImpersonationSession.objects.filter(ended_at=None).exists()


def test_a_removed_member_who_returns_finds_no_visit_open(acme, tess, remove_tess, platform_client, now):
    visit = follow_impersonation(platform_client(tess), DEMO.format(slug="acme"), acme)
    remove_tess()
    Membership.objects.create(person=tess, business=acme, role=Role.OWNER, created_at=now)

    assert visit.get("/").status_code == 302


def test_what_a_removed_member_had_is_deleted_at_that_business_alone(acme, globex, tess, remove_tess, now):
    for business in (acme, globex):
        create_own_rows(business, tess, now)
    remove_tess()

    assert count_own_rows(acme, tess) == [0, 0, 0]
    assert count_own_rows(globex, tess) == [1, 1, 1]


@pytest.mark.parametrize("change", [{"role": "read-only"}, {"role": "staff"}])
def test_a_change_of_role_ends_no_session_and_counts_at_that_business_alone(
    acme, globex, tess, staff_client, platform_client, change
):
    browser = platform_client(tess)

    staff_client().post(f"/console/acme/settings/team/{tess.pk}/", change)

    assert browser.get("/console/acme/activity/").status_code == 403
    assert browser.get("/console/globex/activity/").status_code == 200
