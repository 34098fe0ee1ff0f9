"""T14: every operation of the business API is in the table and gives each key what its row says.

The first tests find an operation that is not in the table, or whose view or schema differs from its row; then each
operation has a test that tries it with every kind of key.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from tenants.api_keys import create_api_key, revoke_api_key
from tenants.context import use_business
from tenants.models import ApiKey, Business, Membership, Role
from tenants.nouns import registry
from tenants.staff.permissions import has_permission
from tests.api.schema.operations import Operation
from tests.attacks.api_objects import CHOICES, OBJECTS, create_objects
from tests.attacks.api_operations import FURTHER_PERMISSIONS, OPERATIONS, PERMISSIONS
from tests.attacks.api_requests import build_body, get_media_type
from tests.database_setup import rollback_afterwards
from tests.factories import create_member
from tests.tenants.domains.conftest import dns_server

__all__ = ["dns_server"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("dns_server")]

# A note is changed by its author only.
ADMITTED_CODES = {"not_author"}
# What somebody is told who may do it: the tests send an empty object, which many operations refuse.
ADMITTED = {200, 201, 202, 204, 400, 404, 409, 412, 413, 415, 422}
OUTSIDERS = {
    "nobody": (401, "unauthenticated"),
    "a key that is not one": (401, "unauthenticated"),
    "a revoked key": (401, "unauthenticated"),
    "an expired key": (401, "unauthenticated"),
    "a key of who left": (401, "unauthenticated"),
    "a key for another network": (403, "network_not_allowed"),
}
ELSEWHERE = "an owner’s key elsewhere"
WITH_FILES = [
    name for name, operation in OPERATIONS.items() if get_media_type(operation) not in ("", "application/json")
]
NESTED = [name for name, operation in OPERATIONS.items() if set(operation.path_parameters) - set(CHOICES)]


def create_key(membership: Membership, *scopes: str, **fields) -> tuple[ApiKey, str]:
    """Make a key, with all scopes unless some are given."""
    new = create_api_key(
        membership=membership,
        name="Sync",
        scopes=scopes or [*registry.get_api_scopes()],
        now=timezone.now(),
        **fields,
    )
    return new.key, new.text


@pytest.fixture(scope="module")
def keys(module_db) -> dict[str, str]:
    """The texts of all kinds of keys by what they are."""
    acme, globex = (Business.objects.get(hostnames__slug=slug) for slug in ("acme", "globex"))
    owner, gone = create_member(acme, Role.OWNER), create_member(acme, Role.OWNER)
    made = {role.value: create_key(create_member(acme, role)) for role in Role}
    made |= {scope: create_key(owner, scope) for scope in registry.get_api_scopes()}
    made["a revoked key"] = create_key(owner)
    revoke_api_key(key=made["a revoked key"][0], now=timezone.now())
    made["an expired key"] = create_key(owner, expires_at=timezone.now() - timedelta(seconds=1))
    made["a key of who left"] = create_key(gone)
    gone.delete()
    made["a key for another network"] = create_key(owner, allowed_networks=["192.0.2.0/24"])
    made[ELSEWHERE] = create_key(create_member(globex, Role.OWNER))
    return {name: text for name, (_key, text) in made.items()} | {"nobody": "", "a key that is not one": "pk_x"}


@pytest.fixture(scope="module")
def object_ids(module_db) -> dict[str, str]:
    """The ids of Acme's objects by the parameter of the path."""
    with use_business(Business.objects.get(hostnames__slug="acme")):
        return create_objects(timezone.now())


def send(operation: Operation, ids: dict[str, str], key: str) -> tuple[int, str]:
    """Send a request with a short body, undo what it did, and return its status and the code of its problem."""
    browser = Client(headers={"host": configured.PLATFORM_HOST})
    headers = {"authorization": f"Bearer {key}"} if key else {}
    body, content_type = build_body(operation)
    with rollback_afterwards():
        answer = browser.generic(
            operation.method, operation.path.format(**ids), body, content_type=content_type, headers=headers
        )
        is_problem = answer.headers.get("Content-Type") == "application/problem+json"
        return answer.status_code, json.loads(answer.content)["code"] if is_problem else ""


def iter_expected_keys(operation: str) -> Iterator[tuple[str, bool]]:
    """Return for each role and each scope whether a key of it is admitted."""
    permissions = {PERMISSIONS[operation], FURTHER_PERMISSIONS.get(operation, PERMISSIONS[operation])}
    for role in Role:
        yield role.value, all(has_permission(Membership(role=role), permission) for permission in permissions)
    for name, scope in registry.get_api_scopes().items():
        yield name, permissions <= set(scope.permissions)


def test_every_operation_is_listed():
    assert set(OPERATIONS) == set(PERMISSIONS)


def test_every_operation_s_scopes_are_those_of_its_row():
    assert {name: set(operation.scopes) for name, operation in OPERATIONS.items()} == {
        name: {scope.name for scope in registry.get_api_scopes().values() if permission in scope.permissions}
        for name, permission in PERMISSIONS.items()
    }


def test_there_is_an_object_for_every_parameter():
    parameters = {name for operation in OPERATIONS.values() for name in operation.path_parameters}
    assert parameters <= set(OBJECTS) | set(CHOICES)


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_key_does_what_its_scope_and_its_maker_s_role_allow(db, keys, object_ids, name):
    wrong = []
    for key, is_admitted in iter_expected_keys(name):
        status, code = send(OPERATIONS[name], object_ids, keys[key])
        is_done = status in ADMITTED or code in ADMITTED_CODES
        is_right = is_done if is_admitted else (status, code) == (403, "forbidden")
        wrong += [] if is_right else [(key, status, code)]
    assert wrong == []


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_key_that_is_none_does_nothing(db, keys, object_ids, name):
    got = {key: send(OPERATIONS[name], object_ids, keys[key]) for key in OUTSIDERS}
    assert got == OUTSIDERS


@pytest.mark.parametrize("name", WITH_FILES)
def test_a_file_from_a_key_that_may_send_it_is_taken(db, keys, object_ids, name):
    status, code = send(OPERATIONS[name], object_ids, keys[Role.OWNER.value])
    assert (status, code) in {(200, ""), (201, "")}


@pytest.mark.parametrize("name", NESTED)
def test_another_business_s_key_finds_none_of_the_objects(db, keys, object_ids, name):
    operation = OPERATIONS[name]
    if operation.method == "GET":
        assert send(operation, object_ids, keys[Role.OWNER.value])[0] == 200
    status, _code = send(operation, object_ids, keys[ELSEWHERE])
    # Some operations judge the body before they look for the object.
    assert status in ({404} if operation.method in ("GET", "DELETE") else {404, 422})
