"""Actions on many clients lock them in one order, so that no two requests wait for one another."""

from uuid import UUID

import pytest

from portal.access.services.archiving import archive_clients, restore_clients
from portal.access.services.client_invitations import invite_clients
from portal.clients.models import Client, Tag
from portal.clients.services import tag_clients, untag_clients
from portal.clients.uploads.client_updates import Tagged
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory
from tests.lock_contention import run_blocked

SAM = StaffActor(None, "Sam", None)

pytestmark = pytest.mark.usefixtures("committed_db")


# So many that a plan without an order hardly finds the client with the lowest key first.
CLIENTS = 9


@pytest.fixture
def many_clients(acme) -> list[Client]:
    """Clients by their keys, of whom the one with the highest key comes first in the table."""
    with use_business(acme):
        keys = [UUID(int=number) for number in range(CLIENTS, 0, -1)]
        return [ClientFactory(id=key, email=f"client-{key.int}@example.com") for key in keys][::-1]


@pytest.fixture
def pair(acme) -> list[Client]:
    """The client with the lower key and the one with the higher, which is the older and comes first in the table."""
    with use_business(acme):
        higher = ClientFactory(id=UUID(int=2), name="Bo", email="bo@example.com")
        return [ClientFactory(id=UUID(int=1), name="Ana", email="ana@example.com"), higher]


@pytest.fixture
def tag(acme) -> Tag:
    """A tag that nobody has."""
    with use_business(acme):
        return Tag.objects.create(name="VIP")


def lock(*clients: Client) -> None:
    for client in clients:
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)


@pytest.mark.parametrize(
    ("change", "status"),
    [(archive_clients, "active"), (restore_clients, "archived"), (invite_clients, "active")],
)
def test_whoever_locks_the_clients_one_after_the_other_is_not_waited_for_in_a_circle(
    acme, many_clients, now, change, status
):
    lowest, *others = many_clients
    with use_business(acme):
        Client.objects.update(status=status)
        selected = {"clients": Client.objects.order_by("-pk"), "staff": SAM, "now": now}
        with run_blocked(lambda: change(**selected), business=acme, once_blocked=lambda: lock(*others)) as results:
            lock(lowest)
    [done] = results
    assert getattr(done, "sent", done) == CLIENTS


def test_two_requests_that_add_a_tag_to_the_same_clients_wait_for_one_another_in_no_circle(acme, pair, tag, now):
    selected = {"tag": tag, "staff": SAM, "now": now}
    with use_business(acme):

        def add_to(client: Client) -> None:
            tag_clients(clients=Client.objects.filter(pk=client.pk), **selected)

        both = {"clients": Client.objects.order_by("-pk"), **selected}
        add_to_higher = {"business": acme, "once_blocked": lambda: add_to(pair[1])}
        with run_blocked(lambda: tag_clients(**both), **add_to_higher) as results:
            add_to(pair[0])
        assert [type(result) for result in results] == [int]
        assert set(tag.clients.all()) == set(pair)


def test_two_requests_that_remove_a_tag_from_the_same_clients_remove_it_once(acme, pair, tag, now):
    selected = {"tag": tag, "staff": SAM, "now": now}
    with use_business(acme):
        for client in reversed(pair):
            Tagged.objects.create(client=client, tag=tag)

        def remove_from(client: Client) -> int:
            return untag_clients(clients=Client.objects.filter(pk=client.pk), **selected)

        both = {"clients": Client.objects.order_by("-pk"), **selected}
        remove_from_higher = {"business": acme, "once_blocked": lambda: remove_from(pair[1])}
        with run_blocked(lambda: untag_clients(**both), **remove_from_higher) as results:
            assert remove_from(pair[0]) == 1
        assert results == [0]
        assert not tag.clients.exists()
