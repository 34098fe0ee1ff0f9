"""Tests of the headers by which programs learn that an operation will be removed."""

from datetime import UTC, datetime

import pytest

from api.protocol.deprecations import Deprecation
from api.tags.views import TagListView

pytestmark = pytest.mark.django_db


def test_a_deprecated_operation_says_since_when_and_until_when(api_program, monkeypatch):
    deprecation = Deprecation(since=datetime(2026, 1, 1, tzinfo=UTC), sunset_at=datetime(2027, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(TagListView, "deprecations", {"GET": deprecation})
    answer = api_program().get("tags/")
    assert (answer.status_code, answer["Deprecation"]) == (200, "@1767225600")
    assert answer["Sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
    assert "/api/v1/docs/" in answer["Link"]


def test_no_other_operation_does(api_program):
    assert "Deprecation" not in api_program().get("tags/")
