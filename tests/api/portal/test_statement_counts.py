"""Tests that a list of the client API takes as many SQL statements for many rows as for few."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from portal.clients.models import Client
from tenants.context import use_business
from tests.api.list_rows import add_address, add_chat_message, add_session
from tests.api.portal.portal_programs import start_portal_program
from tests.api.scheduling.objects import create_appointment, create_service
from tests.attacks.api_objects import create_passkey
from tests.captured_statements import capture_statements

BUDGET = 6
ROWS: dict[str, Callable[[Client, int], object]] = {
    "me/contacts/": lambda client, number: add_address(client, f"ana-{number}@example.com"),
    "me/sessions/": lambda client, number: add_session({"client_id": str(client.pk)}, number),
    "me/passkeys/": lambda client, number: create_passkey(client, timezone.now()),
    "messages/": lambda client, number: add_chat_message(client, is_latest=False),
    "appointments/": lambda client, number: create_appointment(client, timezone.now()),
    "services/": lambda client, number: create_service(f"Service {number}", timezone.now()),
}


@pytest.mark.parametrize("path", ROWS)
def test_a_list_takes_as_many_statements_for_ten_more_rows(committed_db, acme, ana, path):
    program = start_portal_program(acme).sign_in()

    def add_rows(first: int, last: int) -> None:
        with use_business(acme):
            for number in range(first, last):
                ROWS[path](ana, number)

    def count() -> tuple[int, int]:
        """Return how many statements the list takes, and how many items it has."""
        with capture_statements() as captured:
            answer = program.get(path)
        return len(captured.sent), len(answer.json()["items"])

    add_rows(0, 1)
    count()
    few, few_items = count()
    add_rows(1, 11)
    many, many_items = count()

    assert (many, many_items) == (few, few_items + 10)
    assert many <= BUDGET
