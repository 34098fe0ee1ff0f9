"""Tests that no operation of the API breaks over what it is sent, or takes more from it than its schema says.

What isn't right is answered with a problem document of 400, 413 or 422, whatever the operation.
"""

import pytest

from api.schema.documents import BUSINESS_SCHEMA
from portal.clients.models import Note
from tenants.context import use_business
from tenants.models import Membership
from tests.api.conftest import api_program
from tests.attacks.api_objects import create_objects
from tests.attacks.api_operations import OPERATIONS
from tests.attacks.malformed_api_requests import (
    find_accepted_bodies,
    find_accepted_internal_fields,
    find_accepted_queries,
    find_breaking_values,
    list_fields,
    list_operations_with_body,
    list_operations_without_body,
    list_paginated_operations,
)

__all__ = ["api_program"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WITH_BODY, WITHOUT_BODY, PAGINATED = (
    list_operations_with_body(OPERATIONS),
    list_operations_without_body(OPERATIONS),
    list_paginated_operations(OPERATIONS),
)


@pytest.fixture
def send(api_program, acme, now):
    """Return a function that sends a body to an operation on objects that are there."""
    with use_business(acme):
        ids = create_objects(now)
    program = api_program()
    with use_business(acme):
        Note.objects.update(author_id=Membership.objects.get(api_keys__beginning=program.key[:9]).person_id)

    def send(name, body=None, query=""):
        operation = OPERATIONS[name]
        path = operation.path.format(**ids).removeprefix("/api/v1/business/")
        return program.send(operation.method, f"{path}?{query}" if query else path, body)

    return send


@pytest.mark.parametrize("name", WITH_BODY + WITHOUT_BODY)
def test_a_malformed_body_is_a_problem(send, name):
    assert find_accepted_bodies(send, name) == {}


@pytest.mark.parametrize("name", WITH_BODY + WITHOUT_BODY)
def test_fields_that_the_operation_does_not_have_are_refused_by_name(send, name):
    assert find_accepted_internal_fields(send, name) == []


@pytest.mark.parametrize("name", WITH_BODY)
def test_no_value_of_any_field_breaks_the_operation(send, name):
    assert find_breaking_values(send, name, list_fields(OPERATIONS[name], BUSINESS_SCHEMA)) == []


@pytest.mark.parametrize("name", PAGINATED)
def test_a_malformed_query_is_a_problem(send, name):
    assert find_accepted_queries(send, name) == {}
