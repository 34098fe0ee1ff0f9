"""Tests of the contact form in the client API."""

from datetime import timedelta

import pytest

from portal.clients.models import CustomField
from portal.intake.form_tokens import MIN_FILL_TIME
from portal.intake.models import ContactFormSettings, Enquiry
from tenants.context import use_business
from tests.api.portal.portal_programs import start_portal_program

pytestmark = pytest.mark.django_db

ANSWERS = {"name": "Ada", "email": "Ada@Example.com", "message": "Hello\nthere"}


@pytest.fixture
def clock(time_machine, now):
    """Let the clock stand still until a test moves it."""
    time_machine.move_to(now, tick=False)
    return time_machine


def fill_in(program, clock, **more):
    """Read the form, and return a body with answers, as of somebody who has taken their time."""
    form = program.get("contact-form/").json()
    clock.shift(MIN_FILL_TIME.total_seconds())
    return {"answers": ANSWERS, "form_token": form["form_token"]} | more


def list_errors(answer):
    """Return the fields and the codes of a problem."""
    return [(error["field"], error["code"]) for error in answer.json().get("errors", [])]


def test_a_form_is_read_and_sent_by_anybody(acme, clock):
    with use_business(acme):
        knee = CustomField.objects.create(name="Which knee?", kind="choice", choices=["left", "right"])
        insured = CustomField.objects.create(name="Insured?", kind="yes-no")
        ContactFormSettings.objects.create(
            intro="Write to us.",
            thanks="We answer soon.",
            custom={str(knee.pk): "required", str(insured.pk): "optional"},
        )
    program = start_portal_program(acme)
    form = program.get("contact-form/").json()
    answers = ANSWERS | {f"field-{knee.pk}": "left", f"field-{insured.pk}": True}
    sent = program.post("contact-form/", fill_in(program, clock, answers=answers))

    assert form["intro"] == "Write to us."
    assert [(one["name"], one["kind"], one["required"]) for one in form["questions"]] == [
        ("name", "text", True),
        ("email", "email", True),
        ("mobile", "phone", False),
        (f"field-{insured.pk}", "yes-no", False),
        (f"field-{knee.pk}", "choice", True),
        ("message", "long-text", True),
    ]
    assert (sent.status_code, sent.json()) == (201, {"thanks": "We answer soon."})
    with use_business(acme):
        enquiry = Enquiry.objects.get()
    assert (enquiry.name, enquiry.email, enquiry.message) == ("Ada", "ada@example.com", "Hello\nthere")
    assert enquiry.custom == {str(knee.pk): "left", str(insured.pk): True}
    assert enquiry.client is None


def test_a_client_who_is_signed_in_sends_it_as_themselves(acme, ana, clock):
    program = start_portal_program(acme).sign_in()
    assert program.post("contact-form/", fill_in(program, clock)).status_code == 201
    with use_business(acme):
        assert Enquiry.objects.get().client == ana


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"answers": ANSWERS | {"email": "nonsense"}}, "answers.email", "invalid"),
        ({"answers": ANSWERS | {"name": ""}}, "answers.name", "required"),
        ({"answers": ANSWERS | {"field-x": "1"}}, "answers.field-x", "unknown_field"),
        ({"answers": ANSWERS | {"message": ["x"]}}, "answers.message", "invalid"),
        ({"answers": ANSWERS | {"message": "x" * 4001}}, "answers.message", "max_length"),
        ({"answers": ANSWERS | {"message": "a\u0000"}}, "answers", "null_characters_not_allowed"),
        ({"answers": []}, "answers", "not_a_dict"),
        ({"leave_empty": "x"}, "leave_empty", "invalid"),
        ({"form_token": "forged"}, "", "invalid"),
        ({"website": "x"}, "website", "unknown_field"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_received(acme, clock, change, field, code):
    program = start_portal_program(acme)
    answer = program.post("contact-form/", fill_in(program, clock) | change)

    assert answer.status_code == 422
    assert (field, code) in list_errors(answer)
    with use_business(acme):
        assert not Enquiry.objects.exists()


def test_a_form_that_no_person_could_have_filled_in_is_refused(acme, clock):
    program = start_portal_program(acme)
    body = {"answers": ANSWERS, "form_token": program.get("contact-form/").json()["form_token"]}

    assert program.post("contact-form/", body).status_code == 422
    clock.shift(timedelta(days=2).total_seconds())
    assert program.post("contact-form/", body).status_code == 422


def test_a_form_sent_twice_is_received_once(acme, clock):
    program = start_portal_program(acme)
    body = fill_in(program, clock)
    assert [program.post("contact-form/", body).status_code for _time in range(2)] == [201, 201]
    with use_business(acme):
        assert Enquiry.objects.count() == 1


def test_the_page_and_the_api_share_the_limit_of_a_network(acme, clock, settings, portal_client):
    settings.CONTACT_FORMS_PER_IP = "2/10 minutes"
    program = start_portal_program(acme)
    body = fill_in(program, clock)
    statuses = [program.post("contact-form/", body).status_code for _time in range(2)]

    assert statuses == [201, 201]
    assert program.post("contact-form/", body).json()["code"] == "rate_limited"
    assert portal_client(acme).post("/contact/", ANSWERS).status_code == 429


def test_in_a_flood_a_stranger_waits_and_sends_it_again(acme, clock, settings):
    settings.CONTACT_FORMS_PER_BUSINESS = "4/hour"
    settings.CONTACT_FORMS_PER_IP = "100/10 minutes"
    program = start_portal_program(acme)
    for _form in range(4):
        assert program.post("contact-form/", fill_in(program, clock)).status_code == 201
    body = fill_in(program, clock)
    told = program.post("contact-form/", body)

    assert (told.status_code, told.json()["code"], told["Retry-After"]) == (429, "wait_required", "30")
    assert told.json()["wait_token"]


def test_a_business_without_a_form_answers_404(acme):
    with use_business(acme):
        ContactFormSettings.objects.create(is_on=False)
    program = start_portal_program(acme)

    assert program.get("contact-form/").json()["code"] == "not_found"
    assert program.post("contact-form/", {}).json()["code"] == "not_found"
