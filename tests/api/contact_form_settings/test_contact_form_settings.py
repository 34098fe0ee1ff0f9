"""Tests of the contact form's settings in the business API."""

from uuid import uuid4

import pytest

from portal.activity.models import Entry
from portal.clients.models import CustomField
from portal.intake.kinds import IntakeEvent
from portal.intake.models import ContactFormSettings
from tenants.context import use_business

pytestmark = pytest.mark.django_db
PATH = "portal/contact-form/"


@pytest.fixture
def custom_field(acme):
    """A custom field of Acme."""
    with use_business(acme):
        return CustomField.objects.create(name="Insurance", kind="text")


def test_settings_are_read_and_changed(api_program, acme):
    program = api_program()
    before = program.get(PATH).json()
    assert before == {
        "is_on": True,
        "intro": "",
        "thanks": "",
        "email": "required",
        "mobile": "optional",
        "message": "required",
        "custom": {},
        "url": before["url"],
    }
    answer = program.patch(PATH, {"intro": "Write to us.", "mobile": "no"})
    assert answer.status_code == 200, answer.content
    assert answer.json() == before | {"intro": "Write to us.", "mobile": "no"} == program.get(PATH).json()
    with use_business(acme):
        entry = Entry.objects.get(event_type=IntakeEvent.CONTACT_FORM_CHANGED)
    assert set(entry.data["after"]) == {"intro", "mobile"}


def test_custom_fields_are_asked_and_hidden(api_program, custom_field):
    program, key = api_program(), str(custom_field.pk)
    assert program.patch(PATH, {"custom": {key: "required"}}).json()["custom"] == {key: "required"}
    assert program.patch(PATH, {"is_on": False}).json()["custom"] == {key: "required"}
    assert program.patch(PATH, {"custom": {}}).json()["custom"] == {}


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"email": "no", "mobile": "no"}, "", "invalid"),
        ({"email": "perhaps"}, "email", "invalid_choice"),
        ({"intro": "x" * 601}, "intro", "max_length"),
        ({"custom": {"x": "required"}}, "custom.x", "not_found"),
        ({"url": "/"}, "url", "read_only_field"),
        ({"is_of": True}, "is_of", "unknown_field"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_is_saved(api_program, acme, body, field, code):
    answer = api_program().patch(PATH, body)
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    with use_business(acme):
        assert not ContactFormSettings.objects.exists()


def test_another_business_s_custom_field_is_unknown(api_program, globex):
    with use_business(globex):
        other = CustomField.objects.create(pk=uuid4(), name="Insurance", kind="text")
    [error] = api_program().patch(PATH, {"custom": {str(other.pk): "optional"}}).json()["errors"]
    assert (error["field"], error["code"]) == (f"custom.{other.pk}", "not_found")


def test_settings_that_changed_meanwhile_are_not_overwritten(api_program):
    program = api_program()
    seen = program.get(PATH)["ETag"]
    assert program.patch(PATH, {"intro": "One."}, **{"If-Match": seen}).status_code == 200
    assert program.patch(PATH, {"intro": "Two."}, **{"If-Match": seen}).json()["code"] == "precondition_failed"


def test_changing_the_form_needs_the_scope_and_a_manager(api_program):
    for program in (
        api_program(["portal:read"]),
        api_program(["portal:read", "portal:write"], role="staff"),
    ):
        assert program.get(PATH).status_code == 200
        assert program.patch(PATH, {"is_on": False}).json()["code"] == "forbidden"
