"""Tests of the command that makes an API key."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import ApiKey, Membership
from tests.factories import create_member
from tests.portal.api_keys.test_console import call_api


def run(**options: str) -> str:
    """Run the command for Acme and return what it prints."""
    output = io.StringIO()
    typed = {"business": "acme", "name": "Nightly sync", "scopes": "clients:read,clients:write"} | options
    call_command("create_api_key", stdout=output, **typed)
    return output.getvalue()


def test_the_printed_key_works(acme):
    text = run(expires="90").strip()

    assert call_api(text) == 200
    key = ApiKey.objects.get()
    assert (key.name, key.scopes) == ("Nightly sync", ["clients:read", "clients:write"])
    assert key.expires_at - key.created_at == timedelta(days=90)
    with use_business(acme):
        assert Entry.objects.get(subject_id=key.pk).event_type == "api-keys.created"


def test_the_key_acts_for_the_owner_who_has_been_on_the_team_longest(acme):
    first = Membership.objects.get(business=acme, role="owner")
    create_member(acme, "owner")

    run()

    assert ApiKey.objects.get().membership == first


def test_the_key_works_from_its_networks_only(acme):
    text = run(networks="203.0.113.0/24").strip()

    assert (call_api(text, "203.0.113.9"), call_api(text)) == (200, 403)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"scopes": "clients:read,all"}, "clients:read"),
        ({"scopes": ","}, "clients:read"),
        ({"name": " "}, "60 characters"),
        ({"expires": "soon"}, "number of days"),
        ({"networks": "home"}, "home"),
        ({"business": "nobody"}, "nobody"),
    ],
)
def test_what_is_wrong_is_said_and_no_key_made(acme, wrong, words):
    with pytest.raises(CommandError, match=words):
        run(**wrong)
    assert not ApiKey.objects.exists()


def test_a_business_without_an_owner_gets_no_key(acme):
    Membership.objects.filter(business=acme, role="owner").delete()
    create_member(acme, "manager")

    with pytest.raises(CommandError, match="no owner"):
        run()
