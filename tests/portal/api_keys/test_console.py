"""Tests of the console's pages of API keys: what a key may do, how it ends, and who is told."""

import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from portal.activity.models import Entry
from portal.api_keys.services import MAX_KEYS
from tenants.api_keys import create_api_key
from tenants.context import use_business
from tenants.models import ApiKey, Business, Membership, Person
from tenants.nouns import registry
from tests.factories import create_member

PAGE = "/console/acme/settings/api-keys/"
CLIENTS = "/api/v1/business/clients/"


def fill_in(**changes) -> dict:
    """Return a filled-in form for a new key that may read clients."""
    typed = {"name": "Bookkeeping", "access": "chosen", "scopes": ["clients:read"], "lifetime": "90"}
    return {"key_id": str(uuid.uuid4()), "allowed_networks": ""} | typed | changes


def read_key_text(page: bytes) -> str:
    """Return the key that a page shows."""
    return re.search(r'id="api-key"[^>]*>(pk_\w+)<', page.decode())[1]


def call_api(text: str, ip: str = "127.0.0.1") -> int:
    """Ask the API for clients with a key and return the status."""
    program = Client(headers={"host": settings.PLATFORM_HOST, "authorization": f"Bearer {text}"}, REMOTE_ADDR=ip)
    return program.get(CLIENTS).status_code


@pytest.fixture
def owner(staff_client):
    """Return the browser of an owner."""
    return staff_client("owner")


@pytest.fixture
def key(owner) -> tuple[ApiKey, str]:
    """Return a key that the owner made, with its text."""
    text = read_key_text(owner.post(f"{PAGE}new/", fill_in()).content)
    return ApiKey.objects.get(), text


def test_a_new_key_works_and_is_shown_once(owner, key):
    saved, text = key

    assert call_api(text) == 200
    page = owner.get(PAGE).content.decode()
    assert saved.beginning in page
    assert text not in page


def test_the_key_itself_is_stored_nowhere(key, acme):
    _saved, text = key

    with use_business(acme):
        stored = [*ApiKey.objects.values(), *Entry.objects.values()]
    assert text not in str(stored)
    assert text[12:] not in str(stored)


def test_a_form_that_is_sent_twice_makes_one_key(owner):
    form = fill_in()
    owner.post(f"{PAGE}new/", form)

    assert owner.post(f"{PAGE}new/", form).status_code == 302
    assert ApiKey.objects.count() == 1


def test_reading_everything_is_every_scope_that_changes_nothing(owner):
    owner.post(f"{PAGE}new/", fill_in(access="read", scopes=[]))

    scopes = ApiKey.objects.get().scopes
    assert scopes == sorted(name for name in registry.get_api_scopes() if name.endswith(":read"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"scopes": []},
        {"access": "read"},
        {"scopes": ["everything:write"]},
        {"allowed_networks": "203.0.113.7\nhome"},
        {"lifetime": "4000"},
        {"key_id": "1"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_field_makes_no_key(owner, wrong):
    assert owner.post(f"{PAGE}new/", fill_in(**wrong)).status_code == 422
    assert not ApiKey.objects.exists()


def test_a_key_works_from_its_networks_only(owner):
    page = owner.post(f"{PAGE}new/", fill_in(allowed_networks="203.0.113.0/24\n2001:db8::/32"))
    text = read_key_text(page.content)

    assert (call_api(text, "203.0.113.9"), call_api(text, "198.51.100.9")) == (200, 403)


def test_a_key_ends_when_its_lifetime_is_over(owner, key, now):
    saved, text = key
    assert timedelta(days=89) < saved.expires_at - saved.created_at <= timedelta(days=90)

    ApiKey.objects.update(expires_at=saved.created_at - timedelta(seconds=1))

    assert call_api(text) == 401
    assert "Expired" in owner.get(PAGE).content.decode()


def test_a_replaced_key_works_until_the_overlap_has_passed(owner, key):
    saved, old = key

    new = read_key_text(owner.post(f"{PAGE}{saved.pk}/replacement/", fill_in(overlap="3600")).content)

    assert (call_api(old), call_api(new)) == (200, 200)
    saved.refresh_from_db()
    assert saved.expires_at - saved.replaced_by.created_at == timedelta(hours=1)
    assert saved.replaced_by.scopes == saved.scopes
    ApiKey.objects.filter(pk=saved.pk).update(expires_at=saved.created_at - timedelta(seconds=1))
    assert (call_api(old), call_api(new)) == (401, 200)


def test_a_key_is_replaced_once(owner, key):
    saved, _text = key
    owner.post(f"{PAGE}{saved.pk}/replacement/", fill_in(overlap="3600"))

    assert owner.post(f"{PAGE}{saved.pk}/replacement/", fill_in(overlap="3600")).status_code == 422
    assert ApiKey.objects.count() == 2


def test_an_overlap_that_is_not_offered_is_refused(owner, key):
    saved, _text = key

    assert owner.post(f"{PAGE}{saved.pk}/replacement/", fill_in(overlap="99999999")).status_code == 422
    assert ApiKey.objects.count() == 1


def test_a_revoked_key_is_refused_at_once(owner, key):
    saved, text = key
    assert owner.get(f"{PAGE}{saved.pk}/revocation/").status_code == 200
    assert call_api(text) == 200

    owner.post(f"{PAGE}{saved.pk}/revocation/")

    assert call_api(text) == 401


def test_the_key_of_a_member_who_left_ends_and_the_page_says_why(owner, acme, platform_client):
    manager = create_member(acme, "manager")
    text = read_key_text(platform_client(manager.person).post(f"{PAGE}new/", fill_in()).content)
    assert call_api(text) == 200

    Membership.objects.filter(pk=manager.pk).delete()

    assert call_api(text) == 401
    assert "has left the team" in owner.get(PAGE).content.decode()


def test_the_page_says_what_the_maker_of_a_key_may_no_longer_do(owner, acme, now):
    member = create_member(acme, "manager")
    create_api_key(membership=member, name="Sync", scopes=["clients:merge"], now=now)
    assert "no longer" not in owner.get(PAGE).content.decode()

    Membership.objects.filter(pk=member.pk).update(role="staff")

    assert "neither may the key: Merge clients" in owner.get(PAGE).content.decode()


@pytest.mark.parametrize("role", ["staff", "read-only"])
def test_only_owners_and_managers_have_the_page(staff_client, role):
    browser = staff_client(role)

    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}new/", fill_in()).status_code == 403
    assert not ApiKey.objects.exists()


def test_the_keys_of_another_business_are_not_found(key, globex, platform_client):
    saved, text = key
    stranger = platform_client(create_member(globex, "owner").person)

    for action in ("replacement", "revocation"):
        path = f"/console/globex/settings/api-keys/{saved.pk}/{action}/"
        assert stranger.post(path, fill_in(overlap="3600")).status_code == 404
    assert saved.beginning not in stranger.get("/console/globex/settings/api-keys/").content.decode()
    assert call_api(text) == 200


def test_a_business_has_no_more_keys_than_a_page_shows(owner, acme, now):
    member = create_member(acme, "owner")
    for number in range(MAX_KEYS):
        create_api_key(membership=member, name=str(number), scopes=["clients:read"], now=now)

    assert owner.post(f"{PAGE}new/", fill_in()).status_code == 422
    assert ApiKey.objects.count() == MAX_KEYS


def test_each_change_of_a_key_is_on_the_timeline(owner, key, acme):
    saved, _text = key
    owner.post(f"{PAGE}{saved.pk}/replacement/", fill_in(overlap="3600"))
    owner.post(f"{PAGE}{saved.pk}/revocation/")

    with use_business(acme):
        entries = list(Entry.objects.filter(subject_id=saved.pk).order_by("at"))
    assert [entry.event_type for entry in entries] == ["api-keys.created", "api-keys.replaced", "api-keys.revoked"]
    page = owner.get("/console/acme/activity/").content.decode()
    assert "Revoked an API key" in page
    assert "Bookkeeping" in page


def test_every_owner_is_mailed_when_a_key_is_made(
    owner, acme, platform_client, outbox, django_capture_on_commit_callbacks
):
    other, manager = create_member(acme, "owner").person, create_member(acme, "manager").person
    with django_capture_on_commit_callbacks(execute=True):
        page = platform_client(manager).post(f"{PAGE}new/", fill_in())
    outbox.deliver_due()

    mails = [mail for mail in outbox.sent() if "API key" in mail["subject"]]
    owners = Person.objects.filter(memberships__business=acme, memberships__role="owner")
    assert {mail["to"] for mail in mails} == {person.email for person in owners} >= {other.email}
    assert all("Manager of Acme" in mail["text"] and "/settings/api-keys/" in mail["text"] for mail in mails)
    assert read_key_text(page.content) not in str(mails)


def test_the_mail_about_a_key_names_what_it_may_do_in_the_language_of_the_business(
    owner, acme, outbox, django_capture_on_commit_callbacks
):
    Business.objects.filter(pk=acme.pk).update(language="de")
    with django_capture_on_commit_callbacks(execute=True):
        owner.post(f"{PAGE}new/", fill_in(access="chosen", scopes=["clients:read"]))
    outbox.deliver_due()

    text = next(mail["text"] for mail in outbox.sent() if "API-Schlüssel" in mail["subject"])
    assert "darf: Kunden lesen" in text
