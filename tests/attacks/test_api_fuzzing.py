"""Sends what schemathesis makes of the schemas, right and wrong, to every operation of both APIs.

The business API is tried with every kind of key; the client API as nobody, by a client's program and by their browser,
with the CSRF token and without. `make fuzz` sends many more requests.
"""

import pytest
from django.conf import settings as configured
from django.utils import timezone

from api.schema.documents import BUSINESS_SCHEMA, PORTAL_SCHEMA
from tenants.api_keys import create_api_key
from tenants.context import use_business
from tenants.models import Business, Role
from tenants.nouns import registry
from tests.api.portal.portal_programs import PortalProgram
from tests.attacks.api_fuzzing import kept_connection, load_schema, no_limits, try_operation, try_sequences
from tests.attacks.api_objects import create_objects
from tests.attacks.api_operations import OPERATIONS
from tests.attacks.client_api_callers import (
    Caller,
    build_caller,
    create_client_objects,
    sign_in_with_browser,
    sign_in_with_program,
)
from tests.attacks.client_api_operations import CLIENT_OPERATIONS
from tests.factories import create_member

__all__ = ["kept_connection", "no_limits"]

pytestmark = pytest.mark.slow

BUSINESS_API, CLIENT_API = load_schema(BUSINESS_SCHEMA), load_schema(PORTAL_SCHEMA)


@pytest.fixture(scope="module")
def acme_business(module_db) -> Business:
    """Acme, for what the tests of this module share."""
    return Business.objects.get(hostnames__slug="acme")


@pytest.fixture(scope="module")
def keys(acme_business) -> list[Caller]:
    """No key, a key of each scope, and one with all of them, which is tried as often as all others."""
    owner, scopes = create_member(acme_business, Role.OWNER), [*registry.get_api_scopes()]
    callers = [
        Caller(configured.PLATFORM_HOST, {"Authorization": f"Bearer {key.text}"})
        for wanted in (scopes, *([scope] for scope in scopes))
        for key in [create_api_key(membership=owner, name="Sync", scopes=wanted, now=timezone.now())]
    ]
    return [*callers, Caller(configured.PLATFORM_HOST), *[callers[0]] * len(callers)]


@pytest.fixture(scope="module")
def object_ids(acme_business) -> dict[str, str]:
    """The ids of objects that are there, by the parameter of the path."""
    with use_business(acme_business):
        return create_objects(timezone.now())


@pytest.fixture(scope="module")
def program(acme_business, object_ids) -> PortalProgram:
    """Ana's program, signed in."""
    return sign_in_with_program(acme_business)


@pytest.fixture(scope="module")
def clients(program) -> list[Caller]:
    """Ana's program and her browser, with the CSRF token and without, and nobody."""
    in_browser = sign_in_with_browser(program.business)
    browsers = [in_browser, {"Cookie": in_browser["Cookie"]}, {"X-Nobody": "1"}]
    with_token = build_caller(program.business, program.tokens["access_token"])
    return [with_token, *(build_caller(program.business, headers=headers) for headers in browsers)]


@pytest.fixture(scope="module")
def client_object_ids(program, clients) -> dict[str, dict[str, str]]:
    """The ids of objects of Ana's, by operation and parameter of the path."""
    return create_client_objects(program)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_of_the_schema(db, keys, object_ids, name):
    try_operation(BUSINESS_API.find_operation_by_id(name), keys, object_ids)


@pytest.mark.parametrize("name", CLIENT_OPERATIONS)
def test_every_answer_to_a_client_is_one_of_the_schema(db, clients, client_object_ids, name):
    try_operation(CLIENT_API.find_operation_by_id(name), clients, client_object_ids[name])


def test_every_answer_in_a_sequence_of_operations_is_one_of_the_schema(db, keys):
    try_sequences(BUSINESS_API, keys[0])


def test_every_answer_to_a_client_in_a_sequence_of_operations_is_one_of_the_schema(db, clients):
    try_sequences(CLIENT_API, clients[0])
