"""Tests that a compiled query returns what its queryset would."""

import pytest
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from portal.access.kinds import AccessMessageKind
from portal.clients.models import Client, Contact
from portal.messaging.models import Message
from tenants.compiled_queries import compiled_query, compiled_update
from tenants.context import use_business
from tests.factories import ClientFactory


@compiled_query
def _find_contacts(value: str):
    elsewhere = Contact.objects.filter(client=OuterRef("client")).exclude(pk=OuterRef("pk"))
    return Contact.objects.filter(value=value).select_related("client").annotate(has_more=Exists(elsewhere))


@compiled_query
def _find_messages(to: str):
    return Message.objects.filter(to=to)


@compiled_update
def _rename_client(before: str, after: str):
    return Client.objects.filter(name=before), {"name": after, "archived_at": F("created_at")}


def test_each_business_and_each_value_gets_its_own_rows(acme, globex, django_assert_num_queries):
    for business, name in ((acme, "Ana"), (globex, "Somebody Else")):
        with use_business(business):
            ClientFactory(name=name, email="ana@example.com", mobile="+447700900101")
            ClientFactory(name="Bo", email="bo@example.com")
    for business, name in ((acme, "Ana"), (globex, "Somebody Else"), (acme, "Ana")):
        with use_business(business):
            [ana], [bo] = _find_contacts(value="ana@example.com"), _find_contacts(value="bo@example.com")
            with django_assert_num_queries(0):
                assert (ana.client.name, ana.has_more) == (name, True)
                assert (bo.client.name, bo.has_more) == ("Bo", False)
            assert ana == Contact.objects.get(value="ana@example.com")
            assert _find_contacts(value="nobody@example.com") == []


def test_columns_with_converters_return_what_was_stored(acme):
    with use_business(acme):
        message = Message.objects.create(
            kind=AccessMessageKind.NEW_BROWSER,
            channel="email",
            to="%s",
            data={"device": "100 %"},
            created_at=timezone.now(),
        )

        [found] = _find_messages(to="%s")

    assert (found, found.data, found.created_at) == (message, message.data, message.created_at)


def test_an_update_returns_the_number_of_changed_rows(acme):
    with use_business(acme):
        ana = ClientFactory(name="Ana")

        assert [_rename_client(before="Ana", after="Anna"), _rename_client(before="Ana", after="Anne")] == [1, 0]

        ana.refresh_from_db()
    assert (ana.name, ana.archived_at) == ("Anna", ana.created_at)


def test_a_missing_parameter_raises(acme):
    with use_business(acme), pytest.raises(KeyError):
        _find_messages()
