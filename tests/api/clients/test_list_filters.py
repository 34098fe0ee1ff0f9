"""Tests that the filters of a client list survive being saved: as a search, and as the query of the list's page."""

from itertools import chain

import pytest
from django.http import QueryDict
from rest_framework import serializers

from api.clients.list_filters import build_search, present_filters
from api.clients.serializers import ClientFilterQuery
from api.protocol.serializers import validate
from portal.clients.list_query import build_query_string, parse_list_query
from portal.clients.models import CustomField, CustomFieldKind
from tenants.context import use_business
from tenants.nouns import registry

pytestmark = pytest.mark.django_db

NEWSLETTER, LEVEL = "5ab7cf2b-3c55-4cf8-8e0a-6f4cbd8a8a01", "5ab7cf2b-3c55-4cf8-8e0a-6f4cbd8a8a02"
TAGS = ["5ab7cf2b-3c55-4cf8-8e0a-6f4cbd8a8a03", "5ab7cf2b-3c55-4cf8-8e0a-6f4cbd8a8a04"]
# Values of the filters whose fields don't list them.
VALUES = {
    "search": ["ana", "a&b=c d+e"],
    "source": [*registry.get_client_source_labels()],
    "tag": [TAGS[:1], TAGS],
    "custom": [[f"{NEWSLETTER}:yes"], [f"{NEWSLETTER}:no", f"{LEVEL}:Si: lver & more"]],
}


def list_values(name, field):
    """Return values of a filter; a new one that doesn't list its choices needs some in VALUES."""
    return list(field.choices) if isinstance(field, serializers.ChoiceField) else VALUES[name]


CASES = [{name: value} for name, field in ClientFilterQuery().fields.items() for value in list_values(name, field)]
ALL_FILTERS = dict(chain.from_iterable(case.items() for case in CASES))


@pytest.fixture
def fields(acme):
    """Acme's custom fields, with its schema selected."""
    with use_business(acme):
        CustomField.objects.create(pk=NEWSLETTER, name="Newsletter", kind=CustomFieldKind.YES_NO, position=1)
        choice = {"kind": CustomFieldKind.CHOICE, "choices": ["Gold", "Si: lver & more"]}
        CustomField.objects.create(pk=LEVEL, name="Level", position=2, **choice)
        yield list(CustomField.objects.all())


@pytest.mark.parametrize("filters", [{}, *CASES, ALL_FILTERS], ids=", ".join)
def test_filters_are_the_same_after_a_round_trip(fields, filters):
    search, _fields = build_search(validate(ClientFilterQuery, filters))
    assert present_filters(search) == filters
    saved = parse_list_query(QueryDict(build_query_string(search, sort="name")), fields)
    assert present_filters(saved.search) == filters
