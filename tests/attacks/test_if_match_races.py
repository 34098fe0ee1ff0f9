"""Of two programs that have seen the same and change it at once, the second is refused, whatever it changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from portal.clients.models import CustomField
from tenants.context import use_business
from tests.api.request_examples import EXAMPLES, Ids
from tests.attacks.api_operations import OPERATIONS
from tests.attacks.api_programs import ObjectProgram, start_object_program
from tests.lock_contention import run_blocked

pytestmark = pytest.mark.usefixtures("committed_db")


@dataclass(frozen=True)
class Race:
    """Two changes of the same: what reads it, the body of both if not that of EXAMPLES, and the first if another."""

    read: str
    body: Callable[[Ids], Any] | None = None
    first: str = ""


def reverse_fields(ids: Ids) -> dict[str, Any]:
    """Return a body that names the custom fields in the opposite order."""
    return {"ids": [str(field.pk) for field in CustomField.objects.reverse()]}


# Every operation that compares what the caller has seen.
RACES: dict[str, Race] = {
    "update_client": Race("get_client"),
    "update_contact": Race("get_contact", lambda ids: {"label": "Work"}),
    "update_note": Race("get_note"),
    "set_client_tags": Race("list_client_tags"),
    "update_custom_field": Race("get_custom_field"),
    "order_custom_fields": Race("list_custom_fields", reverse_fields),
    # Once its columns are set an upload takes no others.
    "set_upload_columns": Race("get_upload_columns", first="update_upload_format"),
    "update_upload_format": Race("get_upload_columns"),
    "update_enquiry": Race("get_enquiry"),
    "update_member": Race("get_member"),
    "update_portal_settings": Race("get_portal_settings", lambda ids: {"name": "Acme Sport"}),
    "set_logo": Race("get_portal_settings"),
    "change_portal_address": Race("get_portal_address"),
    "update_contact_form_settings": Race("get_contact_form_settings"),
    "update_allowed_websites": Race("get_allowed_websites"),
    "set_message_template": Race("get_message_template"),
    "reset_message_template": Race("get_message_template", first="set_message_template"),
    "update_notification_preferences": Race("get_notification_preferences"),
    "update_tag": Race("get_tag"),
    "update_webhook": Race("get_webhook"),
    "update_service": Race("get_service"),
    "update_staff_calendar": Race("get_staff_calendar"),
    "set_opening_hours": Race("list_opening_hours"),
    "update_resource": Race("get_resource"),
    "update_scheduling_settings": Race("get_scheduling_settings"),
    "update_outside_calendar": Race("get_outside_calendar"),
    "update_session_package": Race("get_session_package"),
    "update_client_package": Race("get_client_package"),
    "reschedule_appointment": Race("get_appointment"),
}


@pytest.fixture
def program(acme) -> ObjectProgram:
    """A program, with an object of each kind to change, and two custom fields."""
    program = start_object_program(acme)
    with use_business(acme):
        CustomField.objects.create(name="Colour", position=1)
    return program


def test_every_operation_that_compares_is_here():
    changes = {name for name, operation in OPERATIONS.items() if operation.method in ("PUT", "PATCH")}
    assert set(RACES) == changes | {"reset_message_template"}


@pytest.mark.parametrize("name", RACES)
def test_the_second_of_two_changes_at_once_is_refused(acme, program, name):
    race, example = RACES[name], EXAMPLES[name]
    with use_business(acme):
        example.prepare(program.ids)
        body = (race.body or example.body)(program.ids)
        first = (race.first, EXAMPLES[race.first].body(program.ids)) if race.first else (name, body)
    seen = {"If-Match": program.send(race.read)["ETag"]}

    with run_blocked(lambda: program.send(name, body, **seen)) as answers:
        assert program.send(*first, **seen).status_code == 200

    assert (answers[0].status_code, answers[0].json()["code"]) == (412, "precondition_failed")
