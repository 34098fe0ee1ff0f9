"""Tests that an INSERT from a query gives every column of its model a value."""

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from portal.clients.models import Client, Tag
from tenants.context import use_business
from tenants.raw_sql import ModelColumnsMismatch, build_insert_select, check_model_columns
from tests.factories import ClientFactory

VALUES = {"id": "gen_random_uuid()", "name": "item.name", "colour": "'grey'"}


def test_rows_are_taken_from_the_query(acme):
    with use_business(acme), connection.cursor() as cursor:
        cursor.execute(build_insert_select(Tag, VALUES, "FROM unnest(%s::text[]) AS item (name)"), [["VIP", "Regular"]])

        assert {*Tag.objects.values_list("name", flat=True)} == {"VIP", "Regular"}


def test_a_key_that_the_database_numbers_needs_no_value(acme):
    with use_business(acme), connection.cursor() as cursor:
        client, tag = ClientFactory(), Tag.objects.create(name="VIP")
        statement = build_insert_select(Client.tags.through, {"client_id": "%s", "tag_id": "%s"}, "")
        cursor.execute(statement, [client.pk, tag.pk])

        assert client.tags.get() == tag


@isolate_apps("portal.clients")
def test_a_column_without_a_value_is_rejected():
    class TagWithIconColumn(models.Model):
        """The tags with one more column."""

        id = models.UUIDField(primary_key=True)
        name = models.CharField(max_length=40)
        colour = models.CharField(max_length=7)
        icon = models.CharField(max_length=20, default="", db_default="")

        class Meta:
            app_label = "clients"

        def __str__(self):
            return self.name

    with pytest.raises(ModelColumnsMismatch, match="TagWithIconColumn: icon"):
        build_insert_select(TagWithIconColumn, VALUES, "FROM item")


def test_a_value_for_an_unknown_column_is_rejected():
    with pytest.raises(ModelColumnsMismatch, match="Tag: icon"):
        check_model_columns(Tag, [*VALUES, "icon"])
