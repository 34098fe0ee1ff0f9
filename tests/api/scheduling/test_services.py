"""Tests of services in the business API."""

from uuid import uuid4

import pytest

from portal.scheduling.models import Service, ServiceQuestion
from tenants.context import use_business
from tests.api.scheduling import objects

pytestmark = pytest.mark.django_db

WHOLE = {
    "name": "Pilates",
    "description": "With mats.",
    "duration": 45,
    "buffer_after": 15,
    "capacity": 6,
    "price": {"amount": 2500, "currency": "GBP"},
    "deposit": {"kind": "percent", "value": 20},
    "location_kind": "video",
    "colour": "teal",
    "visibility": "clients",
    "acceptance": "by-hand",
    "policy_text": "Cancel a day before.",
}


def list_errors(answer) -> set[tuple[str, str]]:
    """Return the fields that a problem names, each with what is wrong with it."""
    assert answer.status_code == 422, answer.content
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


@pytest.fixture
def acme(acme):
    """Acme, whose prices are in pounds."""
    acme.currency = "GBP"
    acme.save(update_fields=["currency"])
    return acme


def test_a_service_is_added_as_it_was_sent_and_given_by_everybody(api_program, calendar):
    answer = api_program().post("services/", WHOLE | {"questions": [{"label": "Knee?"}]})
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert {name: shown[name] for name in WHOLE} == WHOLE
    assert shown["staff"] == [str(calendar.pk)]
    assert [question["label"] for question in shown["questions"]] == ["Knee?"]
    assert api_program().get(f"services/{shown['id']}/").json() == shown
    assert answer["Location"].endswith(f"/services/{shown['id']}/")


def test_what_is_not_named_stays_and_a_question_keeps_its_id(api_program, service, acme):
    with use_business(acme):
        kept = service.questions.get(label="Since when?")
    changes = {"duration": 30, "questions": [{"id": str(kept.pk), "label": "For how long?"}]}
    answer = api_program().patch(f"services/{service.pk}/", changes)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["name"], answer.json()["duration"]) == ("Massage", 30)
    assert [(one["id"], one["label"]) for one in answer.json()["questions"]] == [(str(kept.pk), "For how long?")]
    with use_business(acme):
        assert ServiceQuestion.objects.count() == 1
        assert list(service.calendars.all())


def test_a_price_and_who_gives_it_can_be_taken_away(api_program, service):
    program, path = api_program(), f"services/{service.pk}/"
    assert program.patch(path, {"price": {"amount": 1000}}).json()["price"] == {"amount": 1000, "currency": "GBP"}
    cleared = program.patch(path, {"price": None, "staff": [], "resources": [], "acceptance": None}).json()
    assert (cleared["price"], cleared["staff"], cleared["resources"], cleared["acceptance"]) == (None, [], [], None)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"duration": 4}, {("name", "required"), ("duration", "min_value")}),
        ({"name": " ", "duration": 60}, {("name", "blank")}),
        ({"name": "Yoga", "duration": 60, "staff": [str(uuid4())]}, {("staff[0]", "not_found")}),
        ({"name": "Yoga", "duration": 60, "resources": [str(uuid4())]}, {("resources[0]", "not_found")}),
        (
            {"name": "Yoga", "duration": 60, "price": {"amount": 5, "currency": "USD"}},
            {("price.currency", "invalid_choice")},
        ),
        ({"name": "Yoga", "duration": 60, "price": {}}, {("price.amount", "required")}),
        ({"name": "Yoga", "duration": 60, "deposit": {"kind": "full"}}, {("deposit.kind", "price_missing")}),
        (
            {"name": "Yoga", "duration": 60, "price": {"amount": 5}, "deposit": {"kind": "percent", "value": 101}},
            {("deposit.value", "max_value")},
        ),
        (
            {"name": "Yoga", "duration": 60, "price": {"amount": 5}, "deposit": {"kind": "amount", "value": 6}},
            {("deposit.value", "max_value")},
        ),
        (
            {"name": "Yoga", "duration": 60, "questions": [{"label": "Size?", "kind": "choice"}]},
            {("questions[0].choices", "invalid")},
        ),
        (
            {"name": "Yoga", "duration": 60, "questions": [{"id": str(uuid4()), "label": "Size?"}]},
            {("questions[0].id", "not_found")},
        ),
    ],
)
def test_a_service_that_can_t_be_is_refused_by_field(api_program, acme, body, errors):
    assert list_errors(api_program().post("services/", body)) == errors
    with use_business(acme):
        assert not Service.objects.exists()


def test_an_object_inside_is_sent_whole_also_in_a_change(api_program, service):
    answer = api_program().patch(f"services/{service.pk}/", {"questions": [{"kind": "text"}], "price": {}})
    assert list_errors(answer) == {("questions[0].label", "required"), ("price.amount", "required")}


def test_a_deposit_of_a_price_that_goes_away_is_refused(api_program, service):
    program, path = api_program(), f"services/{service.pk}/"
    assert program.patch(path, {"price": {"amount": 100}, "deposit": {"kind": "full"}}).status_code == 200
    assert list_errors(program.patch(path, {"price": None})) == {("deposit.kind", "price_missing")}


def test_services_are_archived_restored_and_listed_by_that(api_program, service):
    program = api_program()

    def list_names(query):
        return [one["name"] for one in program.get(f"services/?{query}").json()["items"]]

    assert program.post(f"services/{service.pk}/archival/", None).json()["archived_at"]
    assert (list_names("is_archived=yes"), list_names("is_archived=no"), list_names("")) == (
        ["Massage"],
        [],
        ["Massage"],
    )
    assert program.post(f"services/{service.pk}/restoration/", None).json()["archived_at"] is None
    assert list_names("is_archived=no") == ["Massage"]


def test_a_service_that_changed_meanwhile_is_not_overwritten(api_program, service):
    program, path = api_program(), f"services/{service.pk}/"
    seen = {"If-Match": program.get(path)["ETag"]}
    assert program.patch(path, {"staff": []}, **seen).status_code == 200
    assert program.patch(path, {"duration": 30}, **seen).json()["code"] == "precondition_failed"


def test_a_key_for_appointments_changes_no_service(api_program, service):
    program = api_program(["appointments:write", "scheduling:read"])
    assert program.get("services/").status_code == 200
    assert program.patch(f"services/{service.pk}/", {"duration": 30}).json()["code"] == "forbidden"


def test_another_business_s_service_is_not_found(api_program, globex, now):
    with use_business(globex):
        foreign = objects.create_service("Advice", now)
    program = api_program()
    assert program.get(f"services/{foreign.pk}/").status_code == 404
    assert program.patch(f"services/{foreign.pk}/", {"duration": 30}).status_code == 404
