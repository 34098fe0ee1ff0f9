"""Tests of the pages that show the API to people, and of the schema as it is served."""

import json

import pytest
import yaml
from django.conf import settings
from django.test import Client

from api.protocol.error_codes import ErrorCode

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["platform", "portal"])
def visitor(request, acme):
    host = settings.PLATFORM_HOST if request.param == "platform" else f"acme.{settings.PORTAL_DOMAIN}"
    return Client(headers={"host": host})


def test_each_host_serves_the_schema_of_its_own_api(visitor):
    document = yaml.safe_load(visitor.get("/api/v1/schema/").content)
    is_portal = visitor.defaults["HTTP_HOST"] != settings.PLATFORM_HOST
    assert document["info"]["title"] == ("Portico client API" if is_portal else "Portico business API")
    assert not is_portal or not any(path.startswith("/api/v1/business/") for path in document["paths"])


@pytest.mark.parametrize(
    ("query", "accept", "is_json"),
    [
        ("", "*/*", False),
        ("", "application/vnd.oai.openapi", False),
        ("", "application/json", True),
        ("", "text/html", False),
        ("?format=json", "*/*", True),
        ("?format=yaml", "application/json", False),
    ],
)
def test_the_schema_comes_in_the_format_that_is_asked_for(visitor, query, accept, is_json):
    answer = visitor.get(f"/api/v1/schema/{query}", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("json") is is_json
    assert (json.loads if is_json else yaml.safe_load)(answer.content)["openapi"].startswith("3.1")


def test_a_schema_that_the_caller_has_is_not_sent_again(visitor):
    tag = visitor.get("/api/v1/schema/")["ETag"]
    assert visitor.get("/api/v1/schema/", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("page", ["docs/", "docs/redoc/", "docs/errors/"])
def test_the_pages_run_only_scripts_of_our_own(visitor, page):
    answer = visitor.get(f"/api/v1/{page}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "<script>" not in answer.text


def test_the_type_of_a_problem_leads_to_its_row(visitor):
    page = visitor.get("/api/v1/docs/errors/").text
    assert [code for code in ErrorCode if f'id="{code.key}"' not in page] == []


def test_the_page_of_errors_shows_names_of_fields_as_code(visitor):
    page = visitor.get("/api/v1/docs/errors/").text

    assert "Mend the fields that <code>errors</code> names." in page
    assert "`" not in page
