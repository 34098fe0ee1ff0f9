"""Tests that reads and writes of the business API take few SQL statements, unless a row here says why not.

Of lists, that they take as many for ten rows as for one.
"""

from typing import Any

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tenants.api_keys import create_api_key
from tenants.context import use_business
from tenants.models import Business, Role
from tenants.nouns import registry
from tests.api.list_rows import ROWS
from tests.api.request_examples import EXAMPLES, Example, Ids
from tests.api.schema.operations import Operation
from tests.attacks.api_objects import create_objects
from tests.attacks.api_operations import OPERATIONS
from tests.captured_statements import capture_statements
from tests.database_setup import rollback_afterwards
from tests.factories import create_member
from tests.tenants.domains.conftest import dns_server

__all__ = ["dns_server"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("dns_server")]

READ_BUDGET, WRITE_BUDGET = 6, 8
READ = Example()
READS = [name for name, operation in OPERATIONS.items() if operation.method == "GET"]
QUERIES = {
    "check_portal_address": "?slug=acme-physio",
    "get_availability": "?service={service_id}&from=2027-01-01T00:00:00Z&to=2027-02-01T00:00:00Z",
}
# Why an operation takes more.
ADDRESS = "locks the client, ends what depends on the address, looks for other cards with it, and notifies them all"
NOTIFIES = "ends the sessions and attempts of clients, and notifies them"
TEAM = "locks the team, checks that an owner stays, and ends what the person has begun elsewhere"
TAKES_TIME = (
    "locks the client and what the appointment may take, in one order, reads what is free, and lets the database "
    "refuse what is not"
)
TELLS_CLIENT = (
    "locks the client and then the appointment, reads it again with what is shown of it, frees or keeps its time, and "
    "plans mails to the client"
)
LOCKS_PACKAGE = "reads the package with what is shown of it before and after, and locks its client and the package"
# Lists that show no more rows, however many there are: all kinds of messages, and the last eight failures.
SHORT_LISTS = {"list_message_templates", "list_recent_sign_in_failures"}
# How many statements exactly the operations take for which the budget is not enough, and why.
EXCEPTIONS: dict[str, tuple[int, str]] = {
    "erase_client": (153, "erases the person from every table, and their name from every text"),
    "export_client": (185, "reads what every table has of the client"),
    "merge_clients": (63, "moves the rows of every table from one client to the other"),
    "answer_bulk_upsert": (55, "checks the rows like a worker, and starts a bulk upsert of them"),
    "update_contact": (19, ADDRESS),
    "accept_suggestion": (17, ADDRESS),
    "change_portal_address": (11, "compares the new address with the current one, former ones and those of others"),
    "close_support_ticket": (14, "notifies the team in the console and by mail, and answers with whom it is about"),
    "remove_member": (16, TEAM),
    "create_client": (14, "looks for the same person, and creates addresses and tags with the client"),
    "create_contact": (14, ADDRESS),
    "delete_contact": (15, ADDRESS),
    "open_support_ticket": (13, "looks for the client and an earlier ticket, and describes the attempts to support"),
    "create_webhook": (10, "counts the endpoints and the mails of an hour, and queues the mails to all owners at once"),
    "answer_upload_rows": (13, "compares the rows in question with the others again, and counts them"),
    "invite_member": (10, "counts the mails of a day, and finds or creates the person"),
    "assign_enquiry": (10, "resolves the suggestion, and suggests what the card lacks"),
    "archive_clients": (10, NOTIFIES),
    "export_clients": (9, "reads through a cursor, and records what was exported"),
    "export_activity": (7, "reads through a cursor, and records what was exported"),
    "get_sign_in_diagnostics": (8, "reads what happened to the client’s attempts from the timeline and the outbox"),
    "archive_client": (10, NOTIFIES),
    "block_client": (10, NOTIFIES),
    "set_client_tags": (9, "creates the tags that are missing, and reads them again in case somebody else did"),
    "send_chat_message": (9, "marks what the client wrote as read, and looks whether a mail about it waits already"),
    "create_service": (20, "checks and sets who gives the service, what it needs and what is asked"),
    "update_service": (25, "checks and replaces who gives the service, what it needs and what is asked"),
    "create_session_package": (9, "sets which services it covers, and reads them again"),
    "update_session_package": (14, "locks the package, reads what the program has seen, and sets what it covers"),
    "give_package": (11, "locks the client, and repeats the services that the package covers"),
    "update_client_package": (11, f"{LOCKS_PACKAGE}, and reads what the program has seen"),
    "withdraw_client_package": (9, LOCKS_PACKAGE),
    "return_session": (10, "locks the client, reads the session again, and changes it and the sums of its package"),
    "choose_session": (11, "locks the client and the appointment, looks for its session, and takes another"),
    "create_appointment": (31, TAKES_TIME),
    "reschedule_appointment": (35, f"reads the appointment again once it is locked, its session, and {TAKES_TIME}"),
    "create_waiting_list_entry": (9, "locks the client, and reads what else they wait for"),
    "withdraw_waiting_list_entry": (
        11,
        "locks the client, takes back what they are offered, and reads the entry again",
    ),
    "offer_time": (21, TAKES_TIME),
    "confirm_appointment": (15, TELLS_CLIENT),
    "decline_appointment": (24, f"reads whether the time that is proposed is free, and {TELLS_CLIENT}"),
    "cancel_appointment": (17, TELLS_CLIENT),
    "mark_attendance": (12, TELLS_CLIENT),
    "get_availability": (7, "reads the service, the hours and their exceptions, and all that is taken"),
    "send_code": (9, "locks the attempt, and counts codes by address"),
}


@pytest.fixture(scope="module")
def acme(module_db) -> Business:
    """The business of these tests."""
    return Business.objects.get(hostnames__slug="acme")


@pytest.fixture(scope="module")
def owner_key(acme) -> tuple[str, str]:
    """The text of an owner's key that may do everything, and the owner's id."""
    owner = create_member(acme, Role.OWNER)
    new = create_api_key(membership=owner, name="Sync", scopes=[*registry.get_api_scopes()], now=timezone.now())
    return new.text, str(owner.person_id)


@pytest.fixture(scope="module")
def ids(acme, owner_key) -> Ids:
    """The ids of an object of each kind by the parameter of the path, and the owner's."""
    with use_business(acme):
        return create_objects(timezone.now()) | {"owner_id": owner_key[1]}


def send(operation: Operation, write: Example, body: Any, ids: Ids, key: str) -> HttpResponse:
    """Send a request and return the answer."""
    browser = Client(headers={"host": configured.PLATFORM_HOST})
    path = (operation.path + QUERIES.get(operation.id, "")).format(**ids)
    headers = {"authorization": f"Bearer {key}"}
    if write.content_type == "multipart/form-data":
        return browser.post(path, body, headers=headers)
    sender = getattr(browser, operation.method.lower())
    return sender(path, body, content_type=write.content_type, headers=headers)


def count_statements(business: Business, name: str, ids: Ids, key: str, *, rows: int = 0) -> tuple[int, HttpResponse]:
    """Return how many statements a request takes that is undone afterwards, and its answer.

    Before it, rows are added to the list that it reads.
    """
    write, operation = EXAMPLES.get(name, READ), OPERATIONS[name]
    with rollback_afterwards():
        with use_business(business):
            write.prepare(ids)
            body = write.body(ids)
            for number in range(rows):
                ROWS[name](ids, number)
        # Once in a while a key's use is recorded, which takes one more.
        send(OPERATIONS["list_tags"], READ, None, ids, key)
        with capture_statements() as captured:
            answer = send(operation, write, body, ids, key)
        assert answer.status_code < 300, answer.content
    return len(captured.queries), answer


def count_least_statements(*request: Any, **options: Any) -> int:
    """Return how many statements a request takes when what is cached for some seconds is in the cache."""
    return min(count_statements(*request, **options)[0] for _time in range(3))


def get_budget(name: str) -> int:
    """Return how many statements an operation may take without an exception."""
    return READ_BUDGET if name in READS else WRITE_BUDGET


def test_every_write_is_listed():
    assert set(EXAMPLES) == OPERATIONS.keys() - set(READS)


def test_every_list_has_rows_to_be_counted_with():
    assert {name for name in READS if name.startswith(("list_", "export_"))} - {"export_client"} <= set(ROWS)


def test_every_exception_is_one():
    assert set(EXCEPTIONS) <= OPERATIONS.keys()
    assert [name for name, (number, _reason) in EXCEPTIONS.items() if number <= get_budget(name)] == []


@pytest.mark.parametrize("name", [*READS, *EXAMPLES])
def test_an_operation_takes_few_statements(acme, owner_key, ids, name):
    number = count_least_statements(acme, name, ids, owner_key[0], rows=int(name in ROWS))
    if name in EXCEPTIONS:
        assert number == EXCEPTIONS[name][0]
    else:
        assert number <= get_budget(name)


@pytest.mark.parametrize("name", ROWS)
def test_a_list_takes_as_many_statements_for_ten_rows_as_for_one(acme, owner_key, ids, name):
    request = (acme, name, ids, owner_key[0])
    if name.startswith("list_") and name not in SHORT_LISTS:
        few, many = (count_statements(*request, rows=rows)[1].json()["items"] for rows in (1, 10))
        assert len(many) - len(few) >= 9
    one, ten = (count_least_statements(*request, rows=rows) for rows in (1, 10))
    assert ten == one
