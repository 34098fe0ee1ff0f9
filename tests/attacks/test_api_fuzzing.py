"""Sends what schemathesis makes of the schema, right and wrong, to every operation with every kind of key.

`make fuzz` sends many more.
"""

import json
import os
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.conf import settings as configured
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.schema.documents import BUSINESS_SCHEMA, render_json
from tenants.api_keys import create_api_key
from tenants.context import use_business
from tenants.models import Business, Role
from tenants.nouns import registry
from tests.attacks.api_objects import create_objects
from tests.attacks.api_operations import OPERATIONS
from tests.database_setup import rollback_afterwards
from tests.factories import create_member

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
SCHEMA = schemathesis.openapi.from_dict(json.loads(render_json(BUSINESS_SCHEMA)))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def keys(module_db) -> list[str]:
    """No key, a key of each scope, and one with all of them, which is tried as often as all others."""
    owner = create_member(Business.objects.get(hostnames__slug="acme"), Role.OWNER)
    scopes = [*registry.get_api_scopes()]
    texts = [
        create_api_key(membership=owner, name="Sync", scopes=wanted, now=timezone.now()).text
        for wanted in (scopes, *([scope] for scope in scopes))
    ]
    return [*texts, "", *[texts[0]] * len(texts)]


@pytest.fixture(scope="module")
def object_ids(module_db) -> dict[str, str]:
    """The ids of objects that are there, by the parameter of the path."""
    with use_business(Business.objects.get(hostnames__slug="acme")):
        return create_objects(timezone.now())


@pytest.fixture(autouse=True)
def _kept_connection():
    """Let requests keep the test's connection, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.API_REQUESTS_PER_KEY = settings.API_REQUESTS_PER_BUSINESS = "1000000/minute"
    settings.API_REQUESTS_PER_NETWORK = "1000000/minute"


@cache
def build_application() -> Any:
    """Return the application, built once."""
    return get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer a request as the server does, which closes every response."""
    response = build_application()(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()


def build_request(key: str) -> dict[str, Any]:
    """Return where a request is sent, and its key."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return {"base_url": f"http://{configured.PLATFORM_HOST}", "headers": headers}


def send(case: Any, key: str) -> None:
    """Send a request, undo what it did, and compare the answer with the schema."""
    with rollback_afterwards():
        answer = case.call(app=application, **build_request(key))
    case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_of_the_schema(db, keys, object_ids, name):
    operation = SCHEMA.find_operation_by_id(name)
    cases = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]

    @settings(max_examples=EXAMPLES, derandomize=False, database=None)
    @given(case=st.one_of(cases), key=st.sampled_from(keys), is_known=st.booleans())
    def try_operation(case, key, is_known):
        if is_known:
            case.path_parameters = {key: object_ids.get(key, value) for key, value in case.path_parameters.items()}
        send(case, key)

    try_operation()


def test_every_answer_in_a_sequence_of_operations_is_one_of_the_schema(db, keys):
    class Program(SCHEMA.as_state_machine()):
        """Uses the ids of earlier answers in later requests."""

        def call(self, case, **kwargs):
            return case.call(app=application, **build_request(keys[0]))

        def validate_response(self, response, case, **kwargs):
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(Program, settings=settings(max_examples=EXAMPLES, stateful_step_count=10, database=None))
