"""Tests of the tests' own starting point: the base database and its rollback."""

import threading

import pytest
from django.db import connection

from portal.clients.models import Client
from tenants.context import get_current_business, use_business
from tenants.models import Business
from tests.factories import ClientFactory


def test_keys_collide_between_businesses_on_purpose(acme, globex):
    with use_business(acme):
        ana = ClientFactory(name="Ana Pereira", email="ana@example.com", mobile="+447700900101")
    with use_business(globex):
        stranger = ClientFactory(name="Somebody Else")

        assert ana.pk == stranger.pk
        assert list(Client.objects.values_list("name", flat=True)) == ["Somebody Else"]


@pytest.mark.parametrize("time", ["first", "second"])
def test_commits_of_a_test_are_seen_by_other_connections_and_removed_after_it(committed_db, acme, time):
    with use_business(acme):
        assert not Client.objects.exists()
        ClientFactory()

    names = []

    def read_client_names():
        with use_business(acme):
            names.extend(Client.objects.values_list("name", flat=True))
        connection.close()

    thread = threading.Thread(target=read_client_names)
    thread.start()
    thread.join()
    assert len(names) == 1


@pytest.mark.parametrize("time", ["first", "second"])
def test_writes_of_a_test_are_rolled_back(acme, time):
    Business.objects.update(name="Renamed")
    with use_business(acme):
        assert not Client.objects.exists()
        ClientFactory()
    assert get_current_business() is None
    assert connection.schema_name == "public"


def test_a_session_at_one_business_is_not_valid_at_another(acme, globex, sign_in_client, portal_client):
    for business in (acme, globex):
        with use_business(business):
            ClientFactory(name="Ana Pereira", email="ana@example.com")

    browser = sign_in_client(acme, "ana@example.com")

    assert browser.get("/").status_code == 200
    assert browser.get("/", headers={"host": "globex.localhost"}).status_code == 302
