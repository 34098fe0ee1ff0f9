"""Tests of enquiries in the business API."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.intake import services
from portal.intake.models import Enquiry
from portal.messaging.models import Notification
from tenants.context import use_business
from tests import factories
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def send_enquiry(acme, now):
    """Return a function that stores an enquiry at Acme, matched like a worker does."""

    def send(name="Nora Neu", email="nora@example.com", *, business=acme, age=timedelta(0), **fields):
        with use_business(business):
            enquiry = Enquiry.objects.create(
                idempotency_key=uuid4(), name=name, email=email, network_digest=b"", received_at=now - age, **fields
            )
            services.match_enquiry(enquiry_id=enquiry.pk, now=now)
            return Enquiry.objects.get(pk=enquiry.pk)

    return send


@pytest.fixture
def ambiguous_enquiry(acme, send_enquiry):
    """An enquiry from an address that two clients share, and these two."""
    with use_business(acme):
        clients = [factories.ClientFactory(name=name, email="desk@example.com") for name in ("Ida", "Jo")]
    return send_enquiry("Somebody", "desk@example.com"), clients


def test_an_enquiry_is_listed_and_shown_with_what_was_typed(api_program, send_enquiry):
    enquiry = send_enquiry(mobile="+4915112345678", message="My knee hurts.", language="de")
    [shown] = api_program().get("enquiries/").json()["items"]
    assert shown == {
        "id": str(enquiry.pk),
        "name": "Nora Neu",
        "email": "nora@example.com",
        "mobile": "+4915112345678",
        "message": "My knee hurts.",
        "custom": {},
        "language": "de",
        "match_result": "new",
        "client": {"id": str(enquiry.client_id), "name": "Nora Neu"},
        "is_read": False,
        "read_at": None,
        "reader_name": "",
        "received_at": shown["received_at"],
    }
    assert api_program().get(f"enquiries/{enquiry.pk}/").json() == shown | {"candidates": []}


def test_enquiries_are_filtered_by_read_status_and_client(api_program, send_enquiry, acme, now):
    read, unread = send_enquiry("Read", "read@example.com"), send_enquiry("Unread", "unread@example.com")
    with use_business(acme):
        Enquiry.objects.filter(pk=read.pk).update(read_at=now)
    program = api_program()

    def list_names(query):
        return [enquiry["name"] for enquiry in program.get(f"enquiries/?{query}").json()["items"]]

    assert list_names("is_read=no") == ["Unread"]
    assert list_names("is_read=yes") == ["Read"]
    assert list_names(f"client={unread.client_id}") == ["Unread"]
    assert program.get("enquiries/?is_read=maybe").status_code == 422


def test_every_enquiry_is_on_one_page_of_the_list(api_program, send_enquiry):
    ids = {str(send_enquiry(f"Client {number}", f"c{number}@example.com").pk) for number in range(5)}
    program, found, path = api_program(), [], "enquiries/?limit=2"
    while path:
        page = program.get(path).json()
        found += [enquiry["id"] for enquiry in page["items"]]
        path = page["next_cursor"] and f"enquiries/?limit=2&cursor={page['next_cursor']}"
    assert len(found) == 5
    assert set(found) == ids


def test_an_enquiry_is_marked_read_and_unread(api_program, send_enquiry, acme):
    program, enquiry = api_program(), send_enquiry()
    answer = program.patch(f"enquiries/{enquiry.pk}/", {"is_read": True}).json()
    assert answer["is_read"]
    assert answer["reader_name"].endswith("(Sync)")
    assert answer["read_at"]
    with use_business(acme):
        assert not Notification.objects.filter(subject_id=enquiry.pk, read_at=None).exists()
    assert program.patch(f"enquiries/{enquiry.pk}/", {"is_read": False}).json()["read_at"] is None


def test_an_enquiry_that_changed_meanwhile_is_not_marked(api_program, send_enquiry):
    program, enquiry = api_program(), send_enquiry()
    path = f"enquiries/{enquiry.pk}/"
    seen = program.get(path)["ETag"]
    assert program.patch(path, {"is_read": True}, **{"If-Match": seen}).status_code == 200
    assert program.patch(path, {"is_read": False}, **{"If-Match": seen}).json()["code"] == "precondition_failed"


def test_what_was_typed_can_t_be_changed(api_program, send_enquiry):
    answer = api_program().patch(f"enquiries/{send_enquiry().pk}/", {"name": "Other", "read": True})
    assert {(error["field"], error["code"]) for error in answer.json()["errors"]} == {
        ("name", "read_only_field"),
        ("read", "unknown_field"),
    }


def test_an_ambiguous_enquiry_is_assigned_once_to_one_of_its_candidates(api_program, ambiguous_enquiry, ana):
    enquiry, [ida, jo] = ambiguous_enquiry
    program, path = api_program(), f"enquiries/{enquiry.pk}/"
    assert [one["name"] for one in program.get(path).json()["candidates"]] == ["Ida", "Jo"]
    [error] = program.post(f"{path}assignment/", {"client": str(ana.pk)}).json()["errors"]
    assert (error["field"], error["code"]) == ("client", "not_a_candidate")
    answer = program.post(f"{path}assignment/", {"client": str(jo.pk)})
    assert (answer.status_code, answer.json()["client"]["name"]) == (201, "Jo")
    assert program.post(f"{path}assignment/", {"client": str(ida.pk)}).json()["code"] == "conflict"


def test_another_business_s_enquiry_is_not_found(api_program, send_enquiry, globex):
    enquiry, program = send_enquiry(business=globex), api_program()
    path = f"enquiries/{enquiry.pk}/"
    for answer in (
        program.get(path),
        program.patch(path, {"is_read": True}),
        program.post(f"{path}assignment/", {"client": str(uuid4())}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    with use_business(globex):
        assert Enquiry.objects.get().read_at is None


def test_a_key_for_enquiries_reads_no_clients(api_program, send_enquiry):
    program, enquiry = api_program(["enquiries:read"]), send_enquiry()
    assert program.get("enquiries/").status_code == 200
    assert program.get("clients/").json()["code"] == "forbidden"
    assert program.get("suggestions/").json()["code"] == "forbidden"
    assert program.patch(f"enquiries/{enquiry.pk}/", {"is_read": True}).json()["code"] == "forbidden"


def test_enquiries_take_few_statements(api_program, send_enquiry):
    for number in range(4):
        send_enquiry(f"Client {number}", f"c{number}@example.com")
    program, enquiry = api_program(), send_enquiry()
    program.get("enquiries/")
    with capture_statements() as reading:
        assert program.get("enquiries/").status_code == 200
    assert len(reading.queries) <= 6, reading.queries
    with capture_statements() as writing:
        assert program.patch(f"enquiries/{enquiry.pk}/", {"is_read": True}).status_code == 200
    assert len(writing.queries) <= 8, writing.queries
