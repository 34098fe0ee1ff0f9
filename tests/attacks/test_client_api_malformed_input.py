"""Tests that no operation of the client API breaks over what it is sent, or takes more from it than its schema says.

What isn't right is answered with a problem document of 400, 413 or 422, whatever the operation.
"""

import pytest

from api.schema.documents import PORTAL_SCHEMA
from tests.attacks.client_api_callers import create_client_objects, sign_in_with_program
from tests.attacks.client_api_operations import CLIENT_OPERATIONS
from tests.attacks.malformed_api_requests import (
    find_accepted_bodies,
    find_accepted_internal_fields,
    find_accepted_queries,
    find_breaking_values,
    get_problem,
    list_fields,
    list_operations_with_body,
    list_operations_without_body,
    list_paginated_operations,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WITH_BODY, PAGINATED = list_operations_with_body(CLIENT_OPERATIONS), list_paginated_operations(CLIENT_OPERATIONS)
WITHOUT_BODY = list_operations_without_body(CLIENT_OPERATIONS)
WITH_CODE = [name for name in WITH_BODY if "code" in list_fields(CLIENT_OPERATIONS[name], PORTAL_SCHEMA)]


@pytest.fixture
def send(acme, settings):
    """Return a function by which Ana's program sends a body to an operation, as often as it likes."""
    for limit in ("BOOKINGS_PER_IP", "CONTACT_FORMS_PER_IP", "LOGIN_REQUESTS_PER_IP", "LOGIN_GUESSES_PER_IP"):
        setattr(settings, limit, "1000000/minute")
    program = sign_in_with_program(acme)
    ids = create_client_objects(program)

    def send(name, body=None, query=""):
        operation = CLIENT_OPERATIONS[name]
        path = operation.path.format(**ids[name]).removeprefix("/api/v1/")
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
    assert find_breaking_values(send, name, list_fields(CLIENT_OPERATIONS[name], PORTAL_SCHEMA)) == []


@pytest.mark.parametrize("name", PAGINATED)
def test_a_malformed_query_is_a_problem(send, name):
    assert find_accepted_queries(send, name) == {}


@pytest.mark.parametrize("name", WITH_CODE)
def test_a_code_that_is_a_number_is_refused_since_it_may_have_lost_zeros(send, name):
    answer = send(name, {"code": 12345})
    assert get_problem(answer) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("code", "invalid")]
