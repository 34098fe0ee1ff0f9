"""Tests that instants are shown alike everywhere: in UTC, whatever the zone of the business or the client."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.clients.models import Client
from tenants.context import use_business
from tenants.models import Business
from tests.api.portal.portal_programs import start_portal_program

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]


@pytest.fixture
def acme_in_berlin(acme):
    """Acme, in a zone that is never UTC."""
    Business.objects.filter(pk=acme.pk).update(time_zone="Europe/Berlin")
    acme.time_zone = "Europe/Berlin"
    return acme


def iter_instants(shown: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and text of each instant in an answer."""
    if isinstance(shown, dict):
        for key, value in shown.items():
            yield from iter_instants(value, key)
    elif isinstance(shown, list):
        for value in shown:
            yield from iter_instants(value, name)
    elif shown and (name == "at" or name.endswith("_at")):
        yield name, shown


def test_the_business_api_shows_utc(acme_in_berlin, api_program):
    program = api_program()
    created = program.post("clients/", {"name": "Ana", "contacts": [{"value": "ana@example.com"}]})
    upsert = program.post("clients/bulk/", {"rows": [{"name": "Bo"}]})
    assert (created.status_code, upsert.status_code) == (201, 202)
    for path in ("clients/", "activity/", upsert["Location"].removeprefix("/api/v1/business/")):
        instants = [*iter_instants(program.get(path).json())]
        assert instants, path
        for name, text in instants:
            assert text.endswith("Z"), (path, name)
            assert datetime.fromisoformat(text).tzinfo == UTC


def test_the_client_api_shows_utc(acme_in_berlin, ana):
    with use_business(acme_in_berlin):
        Client.objects.update(time_zone="Asia/Tokyo")
    program = start_portal_program(acme_in_berlin).sign_in()
    instants = [*iter_instants(program.get("me/contacts/").json()), *iter_instants(program.get("me/sessions/").json())]
    assert {"confirmed_at", "created_at"} <= {name for name, _text in instants}
    assert [text for _name, text in instants if not text.endswith("Z")] == []


def test_no_serializer_has_instants_of_another_kind():
    modules = {path for path in (ROOT / "api").rglob("*.py") if "serializers.DateTimeField" in path.read_text()}
    assert modules == {ROOT / "api/protocol/fields.py"}
