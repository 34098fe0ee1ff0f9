"""Tests of the export of one client: complete, without other clients' data, and safe to open."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, CustomField, Note, Tag
from portal.messaging.models import ChatMessage
from tenants.context import use_business
from tenants.nouns import registry
from tests.factories import ClientFactory, ClientSessionFactory


@pytest.fixture
def ana(acme, ana, now):
    """Ana, whose name and notes a spreadsheet would run, with something of everything."""
    with use_business(acme):
        pet = CustomField.objects.create(name="Pet")
        ana.name, ana.custom = "=Ana()", {str(pet.pk): "zebra"}
        ana.save()
        ana.tags.add(Tag.objects.create(name="Regular"))
        Note.objects.create(client=ana, body="=cmd|'/c calc'!A1", author_name="Timo", created_at=now)
        Note.objects.create(client=ana, body="<script>alert(1)</script>", created_at=now + timedelta(seconds=1))
        ClientSessionFactory(client=ana, device="Safari on iPhone")
        ChatMessage.objects.create(client=ana, sender="client", body="Hello there", written_at=now)
        Note.objects.create(client=ClientFactory(name="Bo Lind", email="bo@example.com"), body="Bo's", created_at=now)
        return ana


def download_client_export(browser, ana):
    answer = browser.post(f"/console/acme/clients/{ana.pk}/export/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        return json.loads(archive.read("data.json")), archive.read("data.html").decode()


def test_the_export_holds_everything_in_both_formats(ana, staff_client):
    data, page = download_client_export(staff_client("manager"), ana)

    assert data["client"]["name"] == "=Ana()"
    assert (data["client"]["custom_fields"], data["client"]["tags"]) == ({"Pet": "zebra"}, ["Regular"])
    assert {contact["value"] for contact in data["contacts"]} == {"ana@example.com", "+447700900101"}
    assert (data["sessions"][0]["device"], data["conversation"][0]["body"]) == ("Safari on iPhone", "Hello there")
    exported = [policy.key for policy in registry.list_personal_data_policies() if policy.is_exported]
    assert set(data) == {"client", *exported}
    assert list(data)[:2] == ["client", "contacts"], "the client's own details come first"
    assert list(data)[-1] == "timeline", "the longest table comes last"
    for text in ("zebra", "Regular", "ana@example.com", "Safari on iPhone", "Hello there"):
        assert text in page, text


def test_every_column_of_a_client_is_exported_and_no_custom_field_replaces_one(acme, ana, staff_client, now):
    with use_business(acme):
        field = CustomField.objects.create(name="name")
        Client.objects.filter(pk=ana.pk).update(custom={str(field.pk): "Rex"}, signed_in_at=now, blocked_at=now)

    data, page = download_client_export(staff_client("manager"), ana)

    columns = {field.attname for field in Client._meta.concrete_fields}
    assert columns - set(data["client"]) == {"id", "is_demo", "search", "custom", "merged_into_id", "erased_at"}
    assert (data["client"]["name"], data["client"]["custom_fields"]) == ("=Ana()", {"name": "Rex"})
    assert data["client"]["signed_in_at"]
    assert "Rex" in page
    assert "=Ana()" in page


def test_export_keys_are_unique():
    keys = [policy.key for policy in registry.list_personal_data_policies()]
    assert len(set(keys)) == len(keys)


def test_the_html_export_escapes_scripts_and_formulas(ana, staff_client):
    data, page = download_client_export(staff_client("owner"), ana)

    assert data["notes"][0]["body"] == "=cmd|'/c calc'!A1", "machines get it as it is"
    assert "<td>&#x27;=cmd" in page
    assert "<td>&#x27;=Ana()" in page
    assert "<td>&#x27;+447700900101" in page
    assert "<script" not in page


def test_the_export_has_no_secrets_or_data_of_other_clients(ana, staff_client):
    data, page = download_client_export(staff_client("owner"), ana)

    assert "Bo" not in page
    exported_text = json.dumps(data)
    assert not [word for word in ("digest", "nonce", "key_id", "actor_id", "author_id") if word in exported_text]


def test_an_export_is_logged(acme, ana, staff_client):
    download_client_export(staff_client("owner"), ana)
    with use_business(acme):
        entry = Entry.objects.get(event_type=ClientEvent.EXPORTED)
    assert (entry.client_id, entry.actor, entry.ip) == (ana.pk, "staff", "127.0.0.1")


@pytest.mark.parametrize("role", ["staff", "read-only"])
def test_the_export_requires_the_permission(acme, ana, staff_client, role):
    assert staff_client(role).post(f"/console/acme/clients/{ana.pk}/export/").status_code == 403
    with use_business(acme):
        assert not Entry.objects.filter(event_type=ClientEvent.EXPORTED).exists()
