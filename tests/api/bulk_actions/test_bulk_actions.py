"""Tests of the business API's actions on many clients."""

from uuid import uuid4

import pytest

from portal.access.models import ClientSession
from portal.access.services.archiving import archive_clients, restore_clients
from portal.access.services.client_invitations import invite_clients
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Tag, Upload
from portal.clients.uploads.models import RowOutcome, UploadState
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, ClientSessionFactory

pytestmark = pytest.mark.django_db

SELECTIONS = ("archivals/", "restorations/", "invitations/", "tags/{tag}/additions/", "tags/{tag}/removals/")


@pytest.fixture
def three_clients(acme) -> list[str]:
    """Return the ids of Ana, of Bo, and of Chi who is archived."""
    with use_business(acme):
        return [
            str(ClientFactory(name=name, email=f"{name.lower()}@example.com", archived=name == "Chi").pk)
            for name in ("Ana", "Bo", "Chi")
        ]


@pytest.fixture
def tag(acme) -> Tag:
    """Return a tag that nobody has."""
    with use_business(acme):
        return Tag.objects.create(name="VIP")


@pytest.fixture
def finished_upload(acme, now) -> Upload:
    """Return an imported list that has added Ana and changed Bo."""
    with use_business(acme):
        upload = Upload.objects.create(name="list.csv", kind="csv", size=1, state=UploadState.DONE, created_at=now)
        for number, (name, outcome) in enumerate((("Ana", RowOutcome.NEW), ("Bo", RowOutcome.KNOWN))):
            client = ClientFactory(name=name, email=f"{name.lower()}@example.com")
            upload.rows.create(number=number, name=name, outcome=outcome, client_id=client.pk)
        return upload


def list_statuses(business) -> dict[str, str]:
    with use_business(business):
        return dict(Client.objects.values_list("name", "status"))


def test_clients_are_archived_and_restored(api_program, acme, three_clients):
    with use_business(acme):
        ClientSessionFactory(client=Client.objects.get(name="Ana"))
    program = api_program()
    archived = program.post("clients/archivals/", {"clients": three_clients})
    assert (archived.status_code, archived.json()) == (200, {"changed": 2, "unchanged": 1})
    assert set(list_statuses(acme).values()) == {"archived"}
    with use_business(acme):
        assert not ClientSession.objects.filter(ended_at=None).exists()
        assert sorted(Message.objects.values_list("to", flat=True)) == ["ana@example.com", "bo@example.com"]
        Client.objects.filter(name="Bo").update(status="blocked")
    restored = program.post("clients/restorations/", {"clients": three_clients[:2]})
    assert (restored.status_code, restored.json()) == (200, {"changed": 2, "unchanged": 0})
    assert program.post("clients/restorations/", {"clients": three_clients[:2]}).json()["changed"] == 0
    assert list_statuses(acme) == {"Ana": "active", "Bo": "active", "Chi": "archived"}
    with use_business(acme):
        entries = Entry.objects.filter(event_type=ClientEvent.RESTORED).order_by("client__name")
        assert [entry.data["before"] for entry in entries] == [{"status": "archived"}, {"status": "blocked"}]
        assert all("(Sync)" in entry.actor_name for entry in entries)
        assert not Client.objects.active().exclude(archived_at=None, blocked_at=None).exists()


def test_a_session_that_was_opened_meanwhile_ends_with_the_restoration(api_program, acme, three_clients):
    with use_business(acme):
        session = ClientSessionFactory(client=Client.objects.get(name="Chi"))
    api_program().post("clients/restorations/", {"clients": three_clients[2:]})
    with use_business(acme):
        session.refresh_from_db()
    assert session.ended_at


def test_clients_are_tagged_and_untagged(api_program, acme, three_clients, tag):
    program = api_program()
    first = program.post(f"clients/tags/{tag.pk}/additions/", {"clients": three_clients[:1] * 2})
    assert (first.status_code, first.json()) == (200, {"changed": 1, "unchanged": 0})
    added = program.post(f"clients/tags/{tag.pk}/additions/", {"clients": three_clients})
    assert added.json() == {"changed": 2, "unchanged": 1}
    removed = program.post(f"clients/tags/{tag.pk}/removals/", {"clients": three_clients[1:]})
    assert (removed.status_code, removed.json()) == (200, {"changed": 2, "unchanged": 0})
    with use_business(acme):
        assert [client.name for client in tag.clients.all()] == ["Ana"]


def test_clients_are_invited_once_a_day(api_program, acme, three_clients):
    program = api_program()
    answer = program.post("clients/invitations/", {"clients": three_clients})
    assert (answer.status_code, answer.json()) == (200, {"sent": 2, "skipped": 1})
    assert program.post("clients/invitations/", {"clients": three_clients}).json() == {"sent": 0, "skipped": 3}
    with use_business(acme):
        assert sorted(Message.objects.values_list("to", flat=True)) == ["ana@example.com", "bo@example.com"]


@pytest.mark.parametrize("path", SELECTIONS)
@pytest.mark.parametrize(
    ("clients", "field", "code"),
    [
        ([], "clients", "empty"),
        (None, "clients", "null"),
        ("all", "clients", "not_a_list"),
        (["Ana"], "clients[0]", "invalid"),
        ([str(uuid4()) for _number in range(1001)], "clients", "max_length"),
        ([str(uuid4())], "clients[0]", "not_found"),
    ],
)
def test_what_is_wrong_with_a_selection_is_named(api_program, tag, path, clients, field, code):
    answer = api_program().post(f"clients/{path.format(tag=tag.pk)}", {"clients": clients})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize("change", ["additions", "removals"])
def test_a_tag_that_the_business_does_not_have_is_not_found(api_program, acme, globex, three_clients, change):
    with use_business(globex):
        theirs = Tag.objects.create(name="VIP")
    for key in (theirs.pk, uuid4()):
        answer = api_program().post(f"clients/tags/{key}/{change}/", {"clients": three_clients})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    with use_business(acme):
        assert not Client.objects.exclude(tags=None).exists()


@pytest.mark.parametrize("path", SELECTIONS)
def test_nothing_is_done_if_one_of_the_clients_is_not_the_business_s(
    api_program, acme, globex, three_clients, tag, path
):
    with use_business(globex):
        stranger = ClientFactory(id=uuid4(), name="Gus", email="gus@example.com")
    with use_business(acme):
        tag.clients.add(three_clients[0])
        lost = ClientFactory(name="Dee", email="dee@example.com")
        Client.objects.filter(pk=lost.pk).update(merged_into=three_clients[0])
    before = list_statuses(acme)
    body = {"clients": [three_clients[0], str(stranger.pk), three_clients[2], str(lost.pk)]}
    errors = api_program().post(f"clients/{path.format(tag=tag.pk)}", body).json()["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [
        ("clients[1]", "not_found"),
        ("clients[3]", "not_found"),
    ]
    assert list_statuses(acme) == before
    with use_business(acme):
        assert [client.name for client in tag.clients.all()] == ["Ana"]
        assert not Message.objects.exists()


def test_an_action_that_is_sent_again_is_done_once(api_program, acme, three_clients):
    program, body, key = api_program(), {"clients": three_clients}, {"Idempotency-Key": "archive-1"}
    first, second = (program.post("clients/archivals/", body, **key) for _time in range(2))
    assert first.json() == second.json() == {"changed": 2, "unchanged": 1}
    assert second["Idempotency-Replayed"] == "true"


def test_the_clients_that_a_list_has_added_are_invited(api_program, acme, finished_upload):
    program, path = api_program(), f"uploads/{finished_upload.pk}/invitations/"
    answer = program.post(path, None)
    assert (answer.status_code, answer.json()) == (200, {"sent": 1, "remaining": 0})
    assert program.post(path, None).json() == {"sent": 0, "remaining": 0}
    with use_business(acme):
        assert [message.to for message in Message.objects.all()] == ["ana@example.com"]
        Upload.objects.update(state=UploadState.CHECKED)
    assert program.post(path, None).status_code == 404


def test_of_many_new_clients_those_who_remain_are_counted(api_program, acme, finished_upload, monkeypatch):
    monkeypatch.setattr("api.bulk_actions.views.MAX_BULK_RECIPIENTS", 1)
    with use_business(acme):
        finished_upload.rows.update(outcome=RowOutcome.NEW)
    program, path = api_program(), f"uploads/{finished_upload.pk}/invitations/"
    assert program.post(path, None).json() == {"sent": 1, "remaining": 1}
    assert program.post(path, None).json() == {"sent": 1, "remaining": 0}


def test_actions_on_many_clients_need_the_permission_to_edit_them(api_program, three_clients, tag):
    for program in (api_program(["clients:read"]), api_program(role="read-only")):
        for path in SELECTIONS:
            answer = program.post(f"clients/{path.format(tag=tag.pk)}", {"clients": three_clients})
            assert answer.json()["code"] == "forbidden"


def test_who_may_import_no_list_invites_nobody_of_one(api_program, acme, finished_upload):
    program, path = api_program(["clients:read", "messages:send"]), f"uploads/{finished_upload.pk}/invitations/"
    assert program.post(path, None).json()["code"] == "forbidden"
    with use_business(acme):
        assert not Message.objects.exists()


def test_who_may_mail_no_client_invites_none_of_many(api_program, acme, three_clients, finished_upload):
    program = api_program(["clients:write", "uploads:run"])
    for path, body in (
        ("clients/invitations/", {"clients": three_clients}),
        (f"uploads/{finished_upload.pk}/invitations/", {}),
    ):
        assert program.post(path, body).status_code == 403
    with use_business(acme):
        assert not Message.objects.exists()


@pytest.mark.parametrize("change", [archive_clients, restore_clients])
def test_a_card_that_was_just_merged_keeps_its_status(acme, three_clients, now, change):
    ana, bo, chi = three_clients
    with use_business(acme):
        Client.objects.filter(pk__in=[ana, chi]).update(merged_into=bo)
        # As a selection finds them that was made before.
        changed = change(clients=Client.objects.filter(pk__in=[ana, chi]), staff=StaffActor(None, "Sam", None), now=now)
        assert changed == 0
    assert list_statuses(acme) == {"Ana": "active", "Bo": "active", "Chi": "archived"}


def test_a_card_that_was_just_merged_gets_no_invitation(acme, three_clients, now):
    ana, bo, _chi = three_clients
    with use_business(acme):
        Client.objects.filter(pk=ana).update(merged_into=bo)
        invited = invite_clients(clients=Client.objects.filter(pk=ana), staff=StaffActor(None, "Sam", None), now=now)
        assert (invited.sent, Message.objects.count()) == (0, 0)
