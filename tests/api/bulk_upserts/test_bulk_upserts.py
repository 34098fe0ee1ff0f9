"""Tests of bulk upserts in the business API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.clients import purges
from portal.clients.models import Client, Contact, CustomField, CustomFieldKind, Upload
from portal.clients.uploads import jobs, upload_processing
from tenants.body_limits import BODY_ADMISSION, BodyAdmission
from tenants.context import use_business
from tenants.limits import BULK_UPSERT_BYTES

pytestmark = pytest.mark.django_db


@pytest.fixture
def finish(acme):
    """Return a function that lets a worker do all that bulk upserts of Acme wait for."""

    def finish() -> None:
        with use_business(acme):
            for key in Upload.objects.order_by("created_at").values_list("pk", flat=True):
                while jobs.process_upload(key, clock=timezone.now):
                    pass

    return finish


@pytest.fixture
def upsert(api_program, finish):
    """Return a function that sends rows and returns the status and the results once they were processed."""

    def upsert(rows, **options):
        program = api_program()
        answer = program.post("clients/bulk/", {"rows": rows, **options})
        assert answer.status_code == 202, answer.content
        finish()
        path = answer["Location"].removeprefix("/api/v1/business/")
        return program.get(path).json(), program.get(f"{path}results/?limit=1000").json()["items"]

    return upsert


def test_rows_are_created_then_unchanged_then_updated(upsert, acme):
    rows = [{"name": "Ana Pereira", "emails": ["ANA.P@example.com"], "phones": ["+447700900123"], "tags": ["VIP"]}]
    status, [created] = upsert(rows)
    assert (status["state"], status["is_finished"], status["counts"]["created"]) == ("done", True, 1)
    assert (created["row"], created["status"], created["errors"]) == (0, "created", [])
    _status, [unchanged] = upsert(rows)
    assert (unchanged["status"], unchanged["client_id"]) == ("unchanged", created["client_id"])
    status, [updated] = upsert([{"name": "Ana Pereira", "emails": ["ana.p@example.com"], "language": "de"}])
    assert (updated["status"], updated["client_id"]) == ("updated", created["client_id"])
    assert status["counts"] == dict.fromkeys(status["counts"], 0) | {"updated": 1}
    with use_business(acme):
        ana = Client.objects.get(pk=created["client_id"])
        assert (ana.language, [tag.name for tag in ana.tags.all()]) == ("de", ["VIP"])


def test_a_wrong_value_refuses_its_row_alone_and_is_named(upsert):
    rows = [
        {"name": "Ana", "emails": ["nonsense"]},
        {"name": "Bo", "emails": ["bo@example.com"]},
        {"name": "Cy", "phones": ["12"]},
        {},
        {"emails": ["dee@example.com"]},
        {"name": "Eva", "emails": ["eva@example.com"], "language": "Klingon"},
    ]
    status, results = upsert(rows)
    assert [result["row"] for result in results] == list(range(6))
    errors = [[(error["field"], error["code"]) for error in result["errors"]] for result in results]
    assert errors == [
        [("emails", "bad_email")],
        [],
        [("phones", "bad_phone")],
        [("emails", "no_address")],
        [("name", "no_name")],
        [("language", "bad_language")],
    ]
    assert (status["counts"]["created"], status["counts"]["error"]) == (1, 5)


def test_another_name_for_a_client_s_address_is_a_question(upsert, ana):
    status, [result] = upsert([{"name": "Somebody Else", "emails": ["ana@example.com"]}])
    assert (result["status"], status["counts"]["question"]) == ("question", 1)
    [candidate] = result["candidates"]
    assert (candidate["client_id"], candidate["address"]) == (str(ana.pk), "a•••@example.com")
    assert [error["code"] for error in result["errors"]] == ["other_name"]


def test_a_row_that_repeats_another_one_names_it(upsert):
    rows = [{"name": "Bo", "emails": ["bo@example.com"]}, {"name": "Bo", "emails": ["bo@example.com"], "tags": ["VIP"]}]
    _status, [first, second] = upsert(rows)
    assert (first["status"], second["status"], second["other_row"]) == ("created", "duplicate", 0)


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({"nmae": "Bo"}, "rows[0].nmae", "unknown_field"),
        ({"name": ["Bo"]}, "rows[0].name", "invalid"),
        ({"emails": "bo@example.com"}, "rows[0].emails", "not_a_list"),
        ({"tags": ["x" * 41]}, "rows[0].tags[0]", "max_length"),
        ({"custom": {"x": "y"}}, "rows[0].custom.x", "unknown_field"),
        ({"custom": {"x": []}}, "rows[0].custom.x", "invalid"),
        ("Bo", "rows[0]", "invalid"),
    ],
)
def test_what_no_row_may_say_refuses_the_whole_call(api_program, acme, row, field, code):
    answer = api_program().post("clients/bulk/", {"rows": [row, {"name": "Cy", "emails": ["cy@example.com"]}]})
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    with use_business(acme):
        assert not Upload.objects.exists()


@pytest.mark.parametrize("rows", [[], [{}] * 10_001, None, {"name": "Bo"}])
def test_a_call_has_one_to_ten_thousand_rows(api_program, rows):
    answer = api_program().post("clients/bulk/", {"rows": rows})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


def test_a_call_that_is_sent_again_is_answered_alike_and_done_once(api_program, acme, finish):
    program, key = api_program(), {"Idempotency-Key": "sync-1"}
    body = {"rows": [{"name": "Bo", "emails": ["bo@example.com"]}]}
    first = program.post("clients/bulk/", body, **key)
    finish()
    second = program.post("clients/bulk/", body, **key)
    first, second = ((answer.status_code, answer.json(), answer["Location"]) for answer in (first, second))
    assert first == second
    finish()
    with use_business(acme):
        assert (Upload.objects.count(), Contact.objects.filter(value="bo@example.com").count()) == (1, 1)


def test_an_import_that_breaks_off_goes_on_where_it_was(api_program, acme, monkeypatch):
    monkeypatch.setattr("portal.clients.uploads.upload_processing.CHUNK_ROWS", 2)
    program = api_program()
    rows = [{"name": f"N{number}", "emails": [f"n{number}@example.com"]} for number in range(5)]
    path = program.post("clients/bulk/", {"rows": rows})["Location"].removeprefix("/api/v1/business/")
    with use_business(acme):
        upload = Upload.objects.get()
        list(upload_processing.run_upload_step(upload, clock=timezone.now))
        next(upload_processing.run_upload_step(upload, clock=timezone.now))
    statuses = [result["status"] for result in program.get(f"{path}results/").json()["items"]]
    assert statuses == ["pending"] * 5
    with use_business(acme):
        assert not jobs.process_upload(upload.pk, clock=timezone.now)
        assert Client.objects.filter(name__startswith="N").count() == 5
    assert {result["status"] for result in program.get(f"{path}results/").json()["items"]} == {"created"}


def test_numbers_and_answers_of_custom_fields_stay_what_they_are(upsert, acme):
    with use_business(acme):
        fields = {
            kind: CustomField.objects.create(name=kind.value, kind=kind)
            for kind in (CustomFieldKind.NUMBER, CustomFieldKind.YES_NO, CustomFieldKind.TEXT)
        }
    values = {str(fields["number"].pk): 1.125, str(fields["yes-no"].pk): False, str(fields["text"].pk): "'=1+1"}
    _status, [result] = upsert([{"name": "Bo", "emails": ["bo@example.com"], "custom": values}])
    with use_business(acme):
        assert Client.objects.get(pk=result["client_id"]).custom == values


def test_results_come_in_pages_and_by_status(api_program, finish):
    program = api_program()
    rows = [{"name": f"N{number}", "emails": [f"n{number}@example.com" if number % 2 else "no"]} for number in range(7)]
    path = program.post("clients/bulk/", {"rows": rows})["Location"].removeprefix("/api/v1/business/")
    finish()
    found, page = [], f"{path}results/?limit=3"
    while page:
        body = program.get(page).json()
        found += [result["row"] for result in body["items"]]
        page = body["next_cursor"] and f"{path}results/?limit=3&cursor={body['next_cursor']}"
    assert found == list(range(7))
    wrong = program.get(f"{path}results/?status=error").json()["items"]
    assert [result["row"] for result in wrong] == [0, 2, 4, 6]
    assert program.get(f"{path}results/?limit=1001").status_code == 422


def test_a_bulk_upsert_needs_the_permission_to_import_lists(api_program):
    body = {"rows": [{"name": "Bo", "emails": ["bo@example.com"]}]}
    assert api_program(["clients:write"]).post("clients/bulk/", body).json()["code"] == "forbidden"
    assert api_program(["uploads:run"], role="staff").post("clients/bulk/", body).json()["code"] == "forbidden"


def test_another_business_s_bulk_upsert_is_not_found(api_program, globex):
    other = api_program(business=globex)
    rows = [{"name": "Bo", "emails": ["bo@example.com"]}]
    path = other.post("clients/bulk/", {"rows": rows})["Location"].removeprefix("/api/v1/business/")
    for found in (api_program().get(path), api_program().get(f"{path}results/")):
        assert found.status_code == 404


def test_more_bytes_than_a_bulk_upsert_may_have_are_refused(api_program):
    body = b'{"rows": [{"name": "' + b"x" * BULK_UPSERT_BYTES + b'"}]}'
    answer = api_program().send("POST", "clients/bulk/", body, **{"Idempotency-Key": "a"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_of_several_megabytes_is_read(api_program, acme):
    note = "x" * 450
    rows = [{"name": f"N{n}", "emails": [f"n{n}@example.com"], "note": note} for n in range(10_000)]
    assert api_program().post("clients/bulk/", {"rows": rows}, **{"Idempotency-Key": "a"}).status_code == 202


def test_too_many_bulk_upserts_at_once_have_to_wait(api_program, acme):
    program, body = api_program(), {"rows": [{"name": "Bo", "emails": ["bo@example.com"]}]}
    answers = [program.post("clients/bulk/", body) for _attempt in range(11)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    assert answers[-1]["Retry-After"] == "10"


def test_a_write_takes_eight_statements_at_most(api_program, django_assert_max_num_queries):
    program, body = api_program(), {"rows": [{"name": "Bo", "emails": ["bo@example.com"]}]}
    program.post("clients/bulk/", body)
    with django_assert_max_num_queries(8):
        program.post("clients/bulk/", body)


def test_a_large_body_is_read_only_from_a_key_that_may_send_it(api_program, acme):
    for scopes, is_granted in ((["uploads:run"], True), (["clients:write"], False)):
        admission = BodyAdmission(announced_bytes=BULK_UPSERT_BYTES)
        program = api_program(scopes)
        headers = {"authorization": f"Bearer {program.key}"}
        answer = program.browser.post("/api/v1/business/clients/bulk/", headers=headers, **{BODY_ADMISSION: admission})
        assert (answer.status_code, admission.is_granted) == ((204, True) if is_granted else (403, False))
        assert admission.owner == (str(acme.pk) if is_granted else "")


def test_rows_of_bulk_upserts_are_deleted_after_a_week(upsert, acme, now):
    upsert([{"name": "Bo", "emails": ["bo@example.com"]}])
    with use_business(acme):
        Upload.objects.update(created_at=now)
        assert not purges.purge_upload_rows(now + timedelta(days=7), 10)
        assert purges.purge_upload_rows(now + timedelta(days=8), 10) == 1
        assert purges.purge_upload_files(now + timedelta(days=8), 10) == 1
