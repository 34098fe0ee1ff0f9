"""Tests of the schema that describes the API."""

from django.conf import settings
from django.test import Client


def test_the_schema_is_openapi_3_1(db):
    answer = Client(headers={"host": settings.PLATFORM_HOST}).get("/api/v1/schema/?format=json")
    schema = answer.json()
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/business/tags/" in schema["paths"]
