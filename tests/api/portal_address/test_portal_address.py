"""Tests of the portal's address in the business API."""

from uuid import uuid4

import pytest

from portal.activity.models import Entry
from portal.domains.kinds import PortalAddressEvent
from portal.messaging.models import Message
from tenants import hostnames
from tenants.context import use_business
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
PATH = "portal/address/"


def test_the_address_is_changed_and_the_former_one_is_kept(api_program, acme):
    program = api_program()
    assert program.get(PATH).json()["slug"] == "acme"
    answer = program.patch(PATH, {"slug": "acme-physio"})
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert (shown["slug"], shown["former_slugs"]) == ("acme-physio", ["acme"])
    assert "//acme-physio." in shown["url"]
    assert hostnames.get_current_slug(acme) == "acme-physio"
    with use_business(acme):
        assert Entry.objects.filter(event_type=PortalAddressEvent.ADDRESS_CHANGED).count() == 1
    assert program.patch(PATH, {"slug": "acme"}).json()["former_slugs"] == ["acme-physio"]


@pytest.mark.parametrize("slug", ["globex", "www", "A", "a b", "acme_", "xn--acme", "acme.evil"])
def test_an_address_that_can_t_be_taken_is_refused(api_program, acme, globex, slug):
    program = api_program()
    [error] = program.patch(PATH, {"slug": slug}).json()["errors"]
    assert (error["field"], error["code"]) == ("slug", "not_available")
    shown = program.get(f"{PATH}availability/?slug={slug}").json()
    assert (shown["is_available"], shown["refusal"]) == (False, error["message"])
    assert hostnames.get_current_slug(acme) == "acme"


def test_a_free_address_is_available(api_program):
    shown = api_program().get(f"{PATH}availability/?slug=acme-physio").json()
    assert shown == {"slug": "acme-physio", "is_available": True, "refusal": ""}


def test_new_addresses_can_t_be_taken_one_after_another(api_program):
    program = api_program()
    assert program.patch(PATH, {"slug": "acme-one"}).status_code == 200
    assert program.get(PATH).json()["refusal"]
    assert program.patch(PATH, {"slug": "acme-two"}).status_code == 422


def test_an_address_that_changed_meanwhile_is_not_changed(api_program):
    program = api_program()
    seen = program.get(PATH)["ETag"]
    assert program.patch(PATH, {"slug": "acme-one"}, **{"If-Match": seen}).status_code == 200
    assert program.patch(PATH, {"slug": "acme"}, **{"If-Match": seen}).json()["code"] == "precondition_failed"


def test_changing_the_address_needs_the_scope_and_a_manager(api_program):
    for program in (
        api_program(["portal:read"]),
        api_program(["portal:read", "portal:write"], role="staff"),
    ):
        assert program.get(PATH).status_code == 200
        assert program.patch(PATH, {"slug": "acme-one"}).json()["code"] == "forbidden"
        assert program.get(f"{PATH}availability/?slug=x").json()["code"] == "forbidden"


def test_a_client_is_mailed_the_address_once_a_day(api_program, acme, ana):
    program, path = api_program(["messages:send"]), f"{PATH}invitations/"
    assert program.post(path, {"client": str(ana.pk)}).status_code == 202
    with use_business(acme):
        assert [(mail.kind, mail.to) for mail in Message.objects.all()] == [("invitation", "ana@example.com")]
    answer = program.post(path, {"client": str(ana.pk)})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert api_program(["portal:write"]).post(path, {"client": str(ana.pk)}).json()["code"] == "forbidden"


def test_a_client_who_is_none_of_the_business_s_is_mailed_nothing(api_program, acme, globex):
    with use_business(globex):
        stranger = ClientFactory(id=uuid4(), name="Gus", email="gus@example.com")
    for body, code in (({"client": str(stranger.pk)}, "not_found"), ({"client": "Gus"}, "invalid"), ({}, "required")):
        answer = api_program().post(f"{PATH}invitations/", body)
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("client", code)]
    for business in (acme, globex):
        with use_business(business):
            assert not Message.objects.exists()
