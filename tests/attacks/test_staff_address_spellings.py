"""L31: an invitation splits nobody's staff account, in whatever spelling of its domain the address is on file."""

import uuid
from datetime import timedelta
from importlib import import_module
from secrets import token_urlsafe

import pytest
from django.apps import apps

from tenants.models import Invitation, Membership, Person
from tenants.staff import invitations
from tenants.staff.invitations import InvalidInvitation
from tenants.staff.people import find_person
from tenants.validators import InvalidBusiness
from tests.factories import create_member

SIGN_IN, CODE = "/staff/sign-in/", "/staff/sign-in/code/"
WRITTEN, ENCODED = "anna@müller.test", "anna@xn--mller-kva.test"
SPELLINGS = [WRITTEN, ENCODED, "Anna@MÜLLER.test", "anna@mu\N{COMBINING DIAERESIS}ller.test"]
encode_stored_addresses = import_module("tenants.migrations.0011_staff_addresses_encoded").encode_stored_addresses


@pytest.fixture(params=[WRITTEN, ENCODED])
def anna(acme, request) -> Person:
    """Anna, who works at Acme and whose address is on file as somebody typed it, or encoded."""
    person = create_member(acme, "staff").person
    Person.objects.filter(pk=person.pk).update(email=request.param)
    person.refresh_from_db()
    return person


def invite(business, email, now, *, by=None) -> Invitation:
    """Invite an address to a business."""
    by = by or create_member(business, "owner")
    return invitations.create_invitation(by=by, email=email, role="staff", token=token_urlsafe(), now=now)


@pytest.mark.parametrize("typed", SPELLINGS)
def test_an_invitation_makes_no_second_account_and_is_found_by_the_first(anna, globex, typed, now):
    people = Person.objects.count()

    invitation = invite(globex, typed, now)

    assert Person.objects.count() == people + 1  # the owner of Globex, who invites
    assert list(invitations.query_invitations_to(anna.email, now=now)) == [invitation]
    assert invitations.accept_invitation(invitation=invitation, person=anna, now=now).person == anna


def test_a_code_signs_in_to_the_account_that_was_there_before(anna, globex, platform_client, outbox, now):
    invite(globex, WRITTEN, now)
    browser = platform_client()

    browser.post(SIGN_IN, {"email": WRITTEN})
    outbox.deliver_due()
    browser.post(CODE, {"code": outbox.code(anna.email)})

    assert browser.get("/console/acme/").status_code == 200


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_member_is_on_the_team_in_every_spelling(anna, acme, typed, now):
    with pytest.raises(InvalidInvitation, match="already on the team"):
        invite(acme, typed, now)


@pytest.mark.parametrize("typed", SPELLINGS)
def test_an_open_invitation_is_open_in_every_spelling(globex, typed, now):
    owner = create_member(globex, "owner")
    invitation = invite(globex, WRITTEN, now, by=owner)
    Invitation.objects.filter(pk=invitation.pk).update(email=WRITTEN)

    with pytest.raises(InvalidInvitation, match="already has an open invitation"):
        invite(globex, typed, now, by=owner)


def test_spellings_share_the_invitations_of_a_day(globex, now):
    owner = create_member(globex, "owner")
    invitation = invite(globex, WRITTEN, now, by=owner)
    Invitation.objects.filter(pk=invitation.pk).update(email=WRITTEN, sends=5)
    invitations.withdraw_invitation(invitation=invitation, now=now)

    with pytest.raises(InvalidInvitation, match="more invitations today"):
        invite(globex, ENCODED, now, by=owner)


def test_the_page_of_an_invitation_is_theirs_in_every_spelling(anna, globex, platform_client, now):
    token = token_urlsafe()
    owner = create_member(globex, "owner")
    invitation = invitations.create_invitation(by=owner, email=WRITTEN, role="staff", token=token, now=now)
    Invitation.objects.filter(pk=invitation.pk).update(email="Anna@müller.test")

    page = platform_client(anna).get(f"/staff/invitation/{token}/")

    assert page.context["is_theirs"]


def test_an_address_that_is_too_long_once_it_is_encoded_is_no_address(globex, now):
    typed = f"{'x' * 40}@{('ö' + 'a' * 50 + '.') * 4}test"

    assert len(typed) <= 254
    with pytest.raises(InvalidBusiness):
        invite(globex, typed, now)


@pytest.mark.parametrize("first", [WRITTEN, ENCODED])
def test_the_older_of_two_accounts_is_found(db, first, now):
    second = ENCODED if first == WRITTEN else WRITTEN
    older = Person.objects.create(pk=uuid.UUID(int=2), email=first, created_at=now - timedelta(days=1))
    Person.objects.create(pk=uuid.UUID(int=1), email=second, created_at=now)

    assert {find_person(typed) for typed in SPELLINGS} == {older}


def test_stored_addresses_are_encoded(anna, globex, now):
    invitation = invite(globex, "kim@müller.test", now)
    Invitation.objects.filter(pk=invitation.pk).update(email="Kim@müller.test")

    encode_stored_addresses(apps, None)

    anna.refresh_from_db()
    invitation.refresh_from_db()
    assert (anna.email, invitation.email) == (ENCODED, "Kim@xn--mller-kva.test")


def test_what_can_not_be_encoded_stays_as_it_is_and_is_reported_by_its_id_only(acme, globex, caplog, now):
    values = [WRITTEN, ENCODED, "x@ü_\N{RIGHT-TO-LEFT OVERRIDE}.test", f"{'x' * 240}@öööö.test", "zoë@strauß.test"]
    people = [Person.objects.create(email=value, created_at=now) for value in values]
    for business in (acme, globex):
        Membership.objects.create(person=people[0], business=business, role="staff", created_at=now)

    encode_stored_addresses(apps, None)

    kept = [Person.objects.get(pk=person.pk).email for person in people]
    assert kept == [*values[:4], "zoë@xn--strau-pqa.test"]
    assert {str(record.args[1]) for record in caplog.records} == {str(people[index].pk) for index in (0, 2, 3)}
    assert "müller" not in caplog.text
