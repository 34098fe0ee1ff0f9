"""Tests of exports and erasures through the business API."""

import io
import json
import zipfile

import pytest

from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client
from tenants.context import use_business
from tenants.models import BusinessStatus

pytestmark = pytest.mark.django_db


def read_body(answer):
    """Return the whole body of a file."""
    return b"".join(answer.streaming_content)


def test_everything_on_file_about_a_client_is_exported_and_logged(api_program, acme, ana):
    answer = api_program().get(f"clients/{ana.pk}/export/", accept="application/zip")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/zip", "no-store")
    with zipfile.ZipFile(io.BytesIO(read_body(answer))) as archive:
        assert json.loads(archive.read("data.json"))["client"]["name"] == ana.name
    with use_business(acme):
        assert Entry.objects.filter(event_type=ClientEvent.EXPORTED, client=ana).count() == 1


def test_the_list_is_exported_as_it_is_filtered(api_program, acme, ana):
    program = api_program()
    program.post("clients/", {"name": "Bo", "contacts": [{"value": "bo@example.com"}]})
    answer = program.get("clients/export/?search=bo&status=active", accept="text/csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = read_body(answer).decode("utf-8-sig")
    assert ("bo@example.com" in text, "ana@example.com" in text) == (True, False)
    with use_business(acme):
        entry = Entry.objects.get(event_type=ClientEvent.LIST_EXPORTED)
        assert entry.data["filters"] == [["Search", "bo"], ["Status", "Active"]]


def test_the_list_is_exported_as_a_workbook(api_program, ana):
    assert read_body(api_program().get("clients/export/?file_type=xlsx")).startswith(b"PK")


@pytest.mark.parametrize("query", ["file_type=pdf", "sort=name", "status=gone"])
def test_a_wrong_parameter_of_an_export_is_named(api_program, query):
    answer = api_program().get(f"clients/export/?{query}")
    assert [error["field"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


def test_a_suspended_business_may_still_export(api_program, acme, ana):
    program = api_program()
    acme.status = BusinessStatus.SUSPENDED
    acme.save()
    answer = program.get(f"clients/{ana.pk}/export/")
    assert read_body(answer)
    assert program.post(f"clients/{ana.pk}/erasure/", None).json()["code"] == "business_suspended"


def test_asking_for_the_headers_of_an_export_logs_none(api_program, acme, ana):
    assert api_program().send("HEAD", f"clients/{ana.pk}/export/").status_code == 405
    with use_business(acme):
        assert not Entry.objects.filter(event_type=ClientEvent.EXPORTED).exists()


def test_a_client_is_erased_and_the_report_says_what(api_program, acme, ana):
    program = api_program()
    answer = program.post(f"clients/{ana.pk}/erasure/", {"name": " ana  PEREIRA"})
    assert answer.status_code == 200, answer.content
    assert {"label", "count"} == set(answer.json()["tables"][0])
    assert answer.json()["kept"]
    assert program.get(f"clients/{ana.pk}/").status_code == 404
    with use_business(acme):
        assert Client.objects.get(pk=ana.pk).erased_at
        assert not ana.contacts.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [(None, "required"), ({"name": ""}, "blank"), ({"name": "Ana"}, "other_name"), ({"name": None}, "null")],
)
def test_an_erasure_needs_the_client_s_name(api_program, acme, ana, body, code):
    answer = api_program().post(f"clients/{ana.pk}/erasure/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("name", code)]
    with use_business(acme):
        assert not Client.objects.get(pk=ana.pk).erased_at


@pytest.mark.parametrize(
    ("method", "path", "scope"), [("GET", "export/", "clients:export"), ("POST", "erasure/", "clients:erase")]
)
def test_personal_data_needs_a_scope_and_a_role_of_its_own(api_program, acme, ana, method, path, scope):
    for program in (api_program(["clients:read", "clients:write"]), api_program([scope], role="staff")):
        assert program.send(method, f"clients/{ana.pk}/{path}").json()["code"] == "forbidden"
    with use_business(acme):
        assert not Client.objects.get(pk=ana.pk).erased_at
