"""Tests of the team pages' areas: who may assign them, and which there are."""

import pytest

from tenants.models import Membership
from tests.factories import create_member
from tests.noun_apps import install_noun_apps, make_noun_app_with_areas
from tests.portal.team.test_team import TEAM


@pytest.fixture(autouse=True)
def _noun_with_areas():
    """Every test here has a noun with two restricted areas besides the others."""
    with install_noun_apps(make_noun_app_with_areas("billing", "documents")):
        yield


def test_a_manager_cannot_assign_an_area_they_lack(staff_client, acme):
    someone = create_member(acme, "staff")
    browser = staff_client("manager", areas=["documents"])

    browser.post(f"{TEAM}{someone.person_id}/", {"role": "staff", "areas": "billing"})
    assert Membership.objects.get(pk=someone.pk).areas == []
    browser.post(f"{TEAM}{someone.person_id}/", {"role": "staff", "areas": "documents"})
    assert Membership.objects.get(pk=someone.pk).areas == ["documents"]


def test_the_page_offers_every_area_and_shows_which_somebody_has(staff_client, acme):
    someone = create_member(acme, "staff", areas=["documents"])
    page = " ".join(staff_client().get(TEAM).content.decode().split())
    assert "Staff · Documents · staff.0@acme.test" in page
    form = staff_client().get(f"{TEAM}{someone.person_id}/").context["form"]
    assert [(box.data["value"], box.data["selected"]) for box in form["areas"]] == [
        ("billing", False),
        ("documents", True),
    ]


def test_an_area_that_no_noun_declares_is_not_assigned(staff_client, acme):
    someone = create_member(acme, "staff")
    answer = staff_client().post(f"{TEAM}{someone.person_id}/", {"role": "manager", "areas": "payroll"})
    someone.refresh_from_db()
    assert (answer.status_code, someone.role, someone.areas) == (422, "staff", [])
