"""Tests of list uploads in the business API."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.clients.models import Client, FileChunk, Upload
from portal.clients.uploads import jobs
from tenants.body_limits import BODY_ADMISSION, BodyAdmission
from tenants.context import use_business
from tenants.limits import LARGEST_BODY_BYTES
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db

ANA = "ana@example.com"
LIST = "Name,Email,Fax\nNora Quist,NORA@example.com,1\nBo Sand,nonsense,\nSomebody Else,ana@example.com,\n"
NAMELESS = f"Name,Email\n,{ANA}\n"


@pytest.fixture
def send_list(api_program) -> Callable:
    """Return a function that uploads a file and returns the answer."""

    def send_list(content: str | bytes = LIST, name: str = "list.csv", program=None, **headers):
        program = program or api_program()
        data = content if isinstance(content, bytes) else content.encode()
        headers = {"authorization": f"Bearer {program.key}"} | headers
        return program.browser.post(
            "/api/v1/business/uploads/", {"file": SimpleUploadedFile(name, data)}, headers=headers
        )

    return send_list


@pytest.fixture
def work(acme) -> Callable:
    """Return a function that lets a worker do what an upload waits for."""

    def work() -> None:
        with use_business(acme):
            jobs.process_upload(Upload.objects.latest("created_at").pk, clock=timezone.now)

    return work


@pytest.fixture
def checked(send_list, api_program, work) -> tuple:
    """A program, and the path of a list that it uploaded and had checked."""
    program, path = api_program(), f"uploads/{send_list().json()['id']}/"
    targets = {"targets": ["name", "email", ""]}
    assert program.send("PUT", f"{path}columns/", targets).json()["state"] == "checking"
    work()
    return program, path


def test_a_list_is_uploaded_mapped_checked_imported_and_undone(send_list, api_program, work, acme, ana):
    created = send_list()
    assert created.status_code == 201, created.content
    program, path = api_program(), f"uploads/{created.json()['id']}/"
    columns = program.get(f"{path}columns/").json()
    shown = [(column["heading"], column["target"]) for column in columns["columns"]]
    assert shown == [("Name", "name"), ("Email", "email"), ("Fax", "")]
    assert columns["columns"][0]["samples"] == ["Nora Quist", "Bo Sand", "Somebody Else"]

    started = program.send("PUT", f"{path}columns/", {"targets": ["name", "email", ""]})
    assert (started.status_code, started.json()["state"]) == (202, "checking")
    work()
    upload = program.get(path).json()
    assert upload["state"] == "checked"
    assert {name: number for name, number in upload["counts"].items() if number} == {"new": 1, "review": 1, "error": 1}

    assert program.post(f"{path}import/", {"on_match": "fill"}).json()["state"] == "running"
    work()
    assert program.get(path).json()["counts"]["created"] == 1
    [row] = program.get(f"{path}rows/?status=created").json()["items"]
    with use_business(acme):
        assert str(Client.objects.get(name="Nora Quist").pk) == row["client_id"]
    assert program.post(f"{path}import-reversal/", {}).json()["state"] == "undoing"
    work()
    undone = program.get(path).json()
    assert (undone["state"], undone["counts"]["removed"]) == ("undone", 1)
    with use_business(acme):
        assert not Client.objects.filter(name="Nora Quist").exists()


def test_a_list_is_discarded_without_loading_its_file(send_list, api_program):
    program, path = api_program(), f"uploads/{send_list().json()['id']}/"
    with capture_statements() as discarding:
        assert program.delete(path).status_code == 204
    assert not [statement for statement in discarding.queries if '"clients_filechunk"."data"' in statement]


def test_rows_say_what_is_wrong_and_what_is_in_question(ana, checked):
    program, path = checked
    [wrong] = program.get(f"{path}rows/?outcome=error").json()["items"]
    assert (wrong["row"], wrong["status"], [error["field"] for error in wrong["errors"]]) == (3, "error", ["emails"])
    questions = program.get(f"{path}rows/?status=question").json()["items"]
    [question] = questions
    [candidate] = question["candidates"]
    assert (question["name"], question["candidate_count"]) == ("Somebody Else", 1)
    shown = {"client_id": str(ana.pk), "name": ana.name, "address": "a•••@example.com"}
    assert candidate == shown | {"created_at": ana.created_at.isoformat().replace("+00:00", "Z")}


def test_a_question_is_answered_for_one_row_or_for_all_and_taken_back(ana, checked):
    program, path = checked

    def answer(**body):
        return program.post(f"{path}answers/", body).json()["counts"]

    assert (answer(row=4, decision="same")["known"], answer(row=4, decision="")["review"]) == (1, 1)
    assert answer(decision="separate")["new"] == 2
    refused = program.post(f"{path}answers/", {"row": 3, "decision": "same"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_an_answer_that_does_not_fit_several_clients_is_named(send_list, api_program, work, acme, ana):
    with use_business(acme):
        other = ClientFactory(name=ana.name, email=ANA)
        stranger = ClientFactory(name=ana.name, email="cy@example.com")
    program, path = api_program(), f"uploads/{send_list(NAMELESS).json()['id']}/"
    program.send("PUT", f"{path}columns/", {"targets": ["name", "email"]})
    work()

    for body, error in (
        ({"decision": "separate"}, ("decision", "no_name")),
        ({"decision": "same"}, ("client_id", "not_a_candidate")),
        ({"decision": "same", "client_id": str(stranger.pk)}, ("client_id", "not_a_candidate")),
    ):
        refused = program.post(f"{path}answers/", {"row": 2} | body)
        assert refused.status_code == 422, refused.content
        assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [error]
    chosen = program.post(f"{path}answers/", {"row": 2, "decision": "same", "client_id": str(other.pk)})
    assert chosen.json()["counts"]["known"] == 1


def test_failed_rows_come_as_a_file_that_can_be_corrected(checked):
    program, path = checked
    answer = program.get(f"{path}errors.csv")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert "Bo Sand,nonsense" in answer.content.decode("utf-8-sig")


def test_failed_rows_of_a_file_of_which_a_part_is_gone_are_a_conflict(acme, checked):
    program, path = checked
    with use_business(acme):
        # What a purge leaves between two batches.
        FileChunk.objects.create(upload=Upload.objects.get(), number=2, data=b"Cy,cy@example.com")
    answer = program.get(f"{path}errors.csv")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "was changed or deleted" in answer.json()["detail"]


def test_the_format_is_corrected_and_the_columns_guessed_again(send_list, api_program):
    program, path = api_program(), f"uploads/{send_list('Ana;ana@example.com').json()['id']}/"
    seen = program.get(f"{path}columns/")
    assert seen.json()["has_headings"] is False
    changed = program.patch(f"{path}format/", {"separator": ",", "has_headings": True})
    assert [column["heading"] for column in changed.json()["columns"]] == ["Ana;ana@example.com"]
    again = program.patch(f"{path}format/", {"has_headings": False}, **{"If-Match": seen["ETag"]})
    assert again.json()["code"] == "precondition_failed"


@pytest.mark.parametrize(
    ("targets", "field", "code"),
    [
        (["name", "email"], "targets", "wrong_length"),
        (["name", "email", "fax"], "targets[2]", "invalid_choice"),
        (["name", "", ""], "targets", "no_address_column"),
        (["name", "email", "name"], "targets", "column_twice"),
        ([], "targets", "empty"),
    ],
)
def test_a_wrong_target_is_named(send_list, api_program, targets, field, code):
    program, path = api_program(), f"uploads/{send_list().json()['id']}/"
    answer = program.send("PUT", f"{path}columns/", {"targets": targets})
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize(("content", "code"), [("", "empty"), (b"%PDF-1.7 nothing", "unsupported_file")])
def test_a_file_that_is_no_list_is_refused_with_its_reason(send_list, content, code):
    answer = send_list(content)
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("file", code)]


def test_what_is_no_form_with_a_file_is_refused(api_program):
    program = api_program()
    assert program.post("uploads/", {"file": "x"}).json()["code"] == "unsupported_media_type"
    headers = {"authorization": f"Bearer {program.key}"}
    answer = program.browser.post("/api/v1/business/uploads/", {"files": "x"}, headers=headers)
    assert [error["code"] for error in answer.json()["errors"]] == ["unknown_field", "required"]


def test_steps_out_of_turn_are_a_conflict(send_list, api_program):
    program, path = api_program(), f"uploads/{send_list().json()['id']}/"
    for answer in (
        program.post(f"{path}import/", {"on_match": "skip"}),
        program.post(f"{path}import-reversal/", {}),
        program.post(f"{path}answers/", {"decision": "same"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_an_upload_is_discarded(send_list, api_program, acme):
    program, path = api_program(), f"uploads/{send_list().json()['id']}/"
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404


def test_an_import_is_stopped(checked):
    program, path = checked
    program.post(f"{path}import/", {"on_match": "skip"})
    stopped = program.delete(path)
    assert (stopped.status_code, stopped.json()["state"], stopped.json()["failure"]) == (200, "done", "import-stopped")


def test_a_file_that_is_sent_again_with_its_key_is_one_upload(send_list, api_program, acme):
    program = api_program()
    answers = [send_list(program=program, **{"Idempotency-Key": "a"}) for _attempt in range(2)]
    assert answers[0].json() == answers[1].json()
    assert send_list("Name,Email\nBo,b@example.com", program=program, **{"Idempotency-Key": "a"}).status_code == 422
    with use_business(acme):
        assert Upload.objects.count() == 1


def test_uploads_are_listed_newest_first(send_list, api_program):
    ids = [send_list(name=f"{number}.csv").json()["id"] for number in range(3)]
    first = api_program().get("uploads/?limit=2").json()
    second = api_program().get(f"uploads/?limit=2&cursor={first['next_cursor']}").json()
    assert [upload["id"] for upload in first["items"] + second["items"]] == ids[::-1]


def test_uploads_of_another_business_are_not_found(send_list, api_program, globex):
    path = f"uploads/{send_list(program=api_program(business=globex)).json()['id']}/"
    program = api_program()
    answers = [program.get(f"{path}{part}") for part in ("", "columns/", "rows/", "errors.csv")]
    answers += [program.post(f"{path}import/", {"on_match": "skip"}), program.post(f"{path}import-reversal/", {})]
    answers += [program.post(f"{path}answers/", {"decision": "same"}), program.delete(path)]
    answers += [program.send("PUT", f"{path}columns/", {"targets": []}), program.patch(f"{path}format/", {})]
    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(("scopes", "role"), [(["clients:write"], "owner"), (["uploads:run"], "staff")])
def test_uploads_need_their_permission(send_list, api_program, scopes, role):
    program = api_program(scopes, role=role)
    assert send_list(program=program).json()["code"] == "forbidden"
    assert program.get("uploads/").json()["code"] == "forbidden"


def test_a_large_file_is_read_only_from_a_key_that_may_upload_it(api_program, acme):
    for scopes, expected in ((["uploads:run"], (204, True, str(acme.pk))), (["clients:write"], (403, False, ""))):
        admission = BodyAdmission(announced_bytes=LARGEST_BODY_BYTES)
        program = api_program(scopes)
        headers = {"authorization": f"Bearer {program.key}"}
        answer = program.browser.post("/api/v1/business/uploads/", headers=headers, **{BODY_ADMISSION: admission})
        assert (answer.status_code, admission.is_granted, admission.owner) == expected


def test_lists_take_six_statements_at_most(checked, django_assert_max_num_queries):
    program, path = checked
    for shown in ("uploads/", f"{path}rows/"):
        program.get(shown)
        with django_assert_max_num_queries(6):
            program.get(shown)


def test_steps_take_eight_statements_at_most(checked, django_assert_max_num_queries):
    program, path = checked
    with django_assert_max_num_queries(8):
        program.post(f"{path}import/", {"on_match": "skip"})
