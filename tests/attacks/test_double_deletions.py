"""Whoever deletes what somebody else is just deleting is told that it is gone; it is recorded and notified once."""

import pytest

from portal.activity.models import Entry
from portal.clients.models import Note
from portal.messaging.models import Message
from portal.passkeys.kinds import PasskeyEvent
from portal.team.kinds import TeamEvent
from tenants.context import use_business
from tenants.models import Invitation
from tests.api.request_examples import EXAMPLES
from tests.attacks.api_operations import OPERATIONS
from tests.attacks.api_programs import ObjectProgram, start_object_program
from tests.lock_contention import run_blocked

pytestmark = pytest.mark.usefixtures("committed_db")
CARD = "/console/acme/clients/{client_id}/"

# What the second is answered; the rest of the operations with DELETE end or remove what may be ended already.
DELETIONS = {
    "delete_tag": 404,
    "delete_custom_field": 404,
    "delete_note": 404,
    "delete_saved_view": 404,
    "delete_webhook": 404,
    "delete_contact": 404,
    "delete_hours_exception": 404,
    "delete_blocked_time": 404,
    "delete_outside_calendar": 404,
    "delete_client_passkey": 404,
    "release_custom_domain": 404,
    "remove_member": 404,
    "discard_upload": 404,
    "withdraw_invitation": 409,
}
REPEATABLE = {
    "remove_logo",
    "reset_message_template",
    "end_client_sessions",
    "end_client_session",
    "remove_client_tag",
}
PAGES = [
    "/console/acme/clients/tags/{tag_id}/removal/",
    "/console/acme/clients/views/{view_id}/removal/",
    "/console/acme/settings/client-fields/{field_id}/removal/",
    "/console/acme/settings/webhooks/{webhook_id}/removal/",
    f"{CARD}notes/{{note_id}}/deletion/",
    f"{CARD}contacts/{{contact_id}}/removal/",
    f"{CARD}passkeys/{{passkey_id}}/removal/",
    "/console/acme/portal/domain/{domain_id}/release/",
]


@pytest.fixture
def program(acme) -> ObjectProgram:
    """A program, with an object of each kind to delete."""
    program = start_object_program(acme)
    # The first use of its key is recorded, for which the second of two requests at once would wait.
    program.send("list_tags")
    return program


def count_records(business) -> tuple[int, int]:
    """Return how many entries the timeline has, and how many messages there are."""
    with use_business(business):
        return Entry.objects.count(), Message.objects.count()


def delete_twice(business, delete):
    """Delete the same in two connections at once; return the two statuses, and what was recorded after each."""
    before = count_records(business)
    with run_blocked(delete) as answers:
        first = delete()
        after = count_records(business)
    [second] = answers
    assert not isinstance(second, Exception), second
    return first.status_code, second.status_code, after != before, count_records(business) != after


def test_every_deletion_is_here():
    deletions = {name for name, operation in OPERATIONS.items() if operation.method == "DELETE"}
    assert {*DELETIONS} | REPEATABLE == deletions


@pytest.mark.parametrize("name", DELETIONS)
def test_the_api_deletes_once(acme, program, name):
    with use_business(acme):
        EXAMPLES[name].prepare(program.ids)

    first, second, *recorded = delete_twice(acme, lambda: program.send(name))

    assert first in (200, 204)
    assert (second, recorded) == (DELETIONS[name], [name != "discard_upload", False])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_deletes_once(acme, program, staff_client, path):
    staff = staff_client()
    person_id = staff.session["_auth_user_id"]
    # So that the session is not first used by both requests at once, which would wait for that.
    staff.get("/console/acme/clients/tags/")
    with use_business(acme):
        Note.objects.update(author_id=person_id)

    outcome = delete_twice(acme, lambda: staff.post(path.format(**program.ids)))

    assert outcome == (302, 404, True, False)


@pytest.mark.parametrize(
    ("first", "second", "event_type"),
    [
        ("delete_client_passkey", "delete_contact", PasskeyEvent.REMOVED),
        ("withdraw_invitation", "remove_member", TeamEvent.INVITATION_WITHDRAWN),
    ],
)
def test_what_goes_with_something_else_at_the_same_moment_is_recorded_once(acme, program, first, second, event_type):
    Invitation.objects.filter(pk=program.ids["invitation_id"]).update(invited_by=program.ids["person_id"])

    with run_blocked(lambda: program.send(second)) as answers:
        assert program.send(first).status_code == 204

    assert answers[0].status_code == 204
    with use_business(acme):
        assert Entry.objects.filter(event_type=event_type).count() == 1
