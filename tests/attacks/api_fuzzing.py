"""Sends what schemathesis makes of a schema to the application, and compares the answers with the schema."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.schema.documents import ApiSchema, render_json
from tests.attacks.client_api_callers import Caller
from tests.database_setup import rollback_afterwards

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
# Among all tests the same requests are sent each time; `make fuzz` makes up others.
IS_QUICK = "FUZZ_EXAMPLES" not in os.environ
SEQUENCE_SETTINGS = settings(max_examples=EXAMPLES, stateful_step_count=10, derandomize=IS_QUICK, database=None)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LIMITS = (
    "API_REQUESTS_PER_KEY",
    "API_REQUESTS_PER_BUSINESS",
    "API_REQUESTS_PER_NETWORK",
    "API_REQUESTS_PER_SESSION",
    "CONTACT_FORMS_PER_IP",
    "LOGIN_REQUESTS_PER_IP",
    "LOGIN_GUESSES_PER_IP",
)


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """Let requests keep the test's connection, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    """Let anybody send as many requests as they like."""
    for name in LIMITS:
        setattr(settings, name, "1000000/minute")


def load_schema(api: ApiSchema) -> BaseSchema:
    """Return a schema for schemathesis."""
    return schemathesis.openapi.from_dict(json.loads(render_json(api)))


def try_operation(operation: Any, callers: list[Caller], known_ids: dict[str, str]) -> None:
    """Send made-up requests to an operation, right and wrong, half of them for objects that are there."""
    cases = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]

    @settings(max_examples=EXAMPLES, derandomize=IS_QUICK, database=None)
    @given(case=st.one_of(cases), caller=st.sampled_from(callers), is_known=st.booleans())
    def try_request(case: Any, caller: Caller, is_known: bool) -> None:
        if is_known:
            case.path_parameters = {key: known_ids.get(key, value) for key, value in case.path_parameters.items()}
        with rollback_afterwards():
            answer = _send(case, caller)
        case.validate_response(answer, checks=CHECKS)

    try_request()


def try_sequences(schema: BaseSchema, caller: Caller) -> None:
    """Send made-up requests one after the other, with the ids of earlier answers. Each sequence is undone."""

    class Program(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.changes = ExitStack()
            self.changes.enter_context(rollback_afterwards())

        def teardown(self) -> None:
            self.changes.close()

        def call(self, case: Any, **kwargs: Any) -> Any:
            return _send(case, caller)

        def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(Program, settings=SEQUENCE_SETTINGS)


def _send(case: Any, caller: Caller) -> Any:
    # Whoever has no key, token or cookie sends none of those that schemathesis makes up.
    case.headers = {name: value for name, value in case.headers.items() if name.lower() != "authorization"}
    case.cookies = {}
    return case.call(app=_application, base_url=f"http://{caller.host}", headers=caller.headers)


@cache
def _build_application() -> Any:
    return get_wsgi_application()


def _application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer a request as the server does, which closes every response."""
    response = _build_application()(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()
