"""Tests of the devices where a client is signed in, in the business API."""

import pytest

from portal.access.models import ClientSession
from portal.activity.models import Entry
from tenants.context import use_business
from tests.factories import ClientFactory, ClientSessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sessions(acme, ana) -> list[ClientSession]:
    """Ana's two sessions, the one used last first, after one that has ended."""
    with use_business(acme):
        older, newer, ended = (ClientSessionFactory(client=ana) for _number in range(3))
        ClientSession.objects.filter(pk=ended.pk).update(ended_at=ended.created_at)
    return sorted((older, newer), key=lambda session: (session.used_at, session.pk), reverse=True)


def test_open_sessions_are_listed_in_pages_the_one_used_last_first(api_program, ana, sessions):
    program, path = api_program(), f"clients/{ana.pk}/sessions/"
    first = program.get(f"{path}?limit=1").json()
    second = program.get(f"{path}?limit=1&fields=id&cursor={first['next_cursor']}").json()

    assert set(first["items"][0]) == {"id", "device", "remember_me", "created_at", "used_at", "expires_at"}
    assert first["items"][0]["id"] == str(sessions[0].pk)
    assert second == {"items": [{"id": str(sessions[1].pk)}], "next_cursor": None}


def test_one_session_is_ended_and_the_timeline_says_by_whom(api_program, acme, ana, sessions):
    program, path = api_program(), f"clients/{ana.pk}/sessions/"

    assert program.delete(f"{path}{sessions[0].pk}/").status_code == 204
    assert [each["id"] for each in program.get(path).json()["items"]] == [str(sessions[1].pk)]
    assert program.delete(f"{path}{sessions[0].pk}/").status_code == 404
    with use_business(acme):
        entry = Entry.objects.get(event_type="access.session-ended")
    assert (entry.subject_id, entry.actor) == (sessions[0].pk, "staff")
    assert entry.actor_name.endswith("(Sync)")


def test_all_sessions_of_one_client_are_ended(api_program, acme, ana, sessions):
    with use_business(acme):
        other = ClientSessionFactory(client=ClientFactory(name="Bo Lind", email="bo@example.com"))
    program = api_program()

    assert program.delete(f"clients/{ana.pk}/sessions/").status_code == 204
    assert program.get(f"clients/{ana.pk}/sessions/").json()["items"] == []
    assert len(program.get(f"clients/{other.client_id}/sessions/").json()["items"]) == 1


def test_a_session_of_another_client_is_not_found(api_program, acme, ana, sessions):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")

    assert api_program().delete(f"clients/{bo.pk}/sessions/{sessions[0].pk}/").status_code == 404
    with use_business(acme):
        assert ClientSession.objects.filter(ended_at=None).count() == 2
