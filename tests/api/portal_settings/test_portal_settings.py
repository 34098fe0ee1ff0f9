"""Tests of the portal's settings and its logo in the business API."""

from io import BytesIO

import pytest
from PIL import Image

from portal.activity.models import Entry
from portal.branding.kinds import BrandingEvent
from portal.branding.models import Logo, PortalSettings
from tenants.context import use_business
from tenants.limits import LOGO_BYTES

pytestmark = pytest.mark.django_db
PATH = "portal/settings/"


def list_event_types(business):
    """Return the types of all events, the oldest first."""
    with use_business(business):
        return list(Entry.objects.order_by("at").values_list("event_type", flat=True))


@pytest.fixture
def send_picture(api_program):
    """Return a function that sends a body to the logo's address."""

    def send(body, *, content_type="image/png", program=None, method="PUT"):
        program = program or api_program()
        return program.browser.generic(
            method,
            "/api/v1/business/portal/logo/",
            body,
            content_type=content_type,
            headers={"authorization": f"Bearer {program.key}"},
        )

    return send


def test_settings_are_read(api_program):
    shown = api_program().get(PATH).json()
    assert shown["name"] == "Acme Physiotherapy"
    assert shown["resend_wait_minutes"] in range(1, 6)
    assert "DE" in shown["sms_countries"]
    assert set(shown) >= {"colour", "welcome", "languages", "hidden_sections", "default_channel", "code_in_subject"}


def test_settings_are_changed_each_under_its_event_and_no_others(api_program, acme):
    program = api_program()
    before = program.get(PATH).json()
    change = {"welcome": "Hello.", "contact_phone": "+44 7700 900123", "resend_wait_minutes": 5, "name": "Acme Physio"}
    answer = program.patch(PATH, change)
    assert answer.status_code == 200, answer.content
    assert answer.json() == before | change | {"contact_phone": "+447700900123"}
    assert program.get(PATH).json() == answer.json()
    # Both happen in one instant.
    events = sorted(list_event_types(acme))
    assert events == sorted([BrandingEvent.BRANDING_CHANGED, BrandingEvent.SIGN_IN_SETTINGS_CHANGED])
    acme.refresh_from_db()
    assert acme.name == "Acme Physio"


def test_what_stays_the_same_is_no_event(api_program, acme):
    program = api_program()
    shown = program.get(PATH).json()
    assert program.patch(PATH, {name: shown[name] for name in shown if name != "logo_url"}).status_code == 200
    assert list_event_types(acme) == []


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"colour": "red"}, "colour", "invalid"),
        ({"colour": "#12345g"}, "colour", "invalid"),
        ({"contact_email": "nobody"}, "contact_email", "invalid"),
        ({"contact_phone": "12"}, "contact_phone", "invalid"),
        ({"website": "javascript:alert(1)"}, "website", "invalid"),
        ({"languages": []}, "languages", "min_length"),
        ({"languages": ["tlh"]}, "languages[0]", "invalid_choice"),
        ({"hidden_sections": ["secrets"]}, "hidden_sections", "invalid_choice"),
        ({"resend_wait_minutes": 6}, "resend_wait_minutes", "max_value"),
        ({"default_channel": "fax"}, "default_channel", "invalid_choice"),
        ({"name": ""}, "name", "blank"),
        ({"logo_url": "x"}, "logo_url", "read_only_field"),
        ({"logo_digest": "x"}, "logo_digest", "unknown_field"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_is_saved(api_program, acme, body, field, code):
    answer = api_program().patch(PATH, {"welcome": "Hello."} | body)
    assert answer.status_code == 422, answer.content
    errors = answer.json()["errors"]
    assert {error["field"].partition("[")[0] for error in errors} == {field.partition("[")[0]}
    assert code in {error["code"] for error in errors}, errors
    with use_business(acme):
        assert PortalSettings.objects.get().welcome != "Hello."


def test_sections_are_hidden(api_program, acme):
    assert api_program().patch(PATH, {"hidden_sections": ["contact"]}).json()["hidden_sections"] == ["contact"]
    with use_business(acme):
        assert PortalSettings.objects.get().hidden_sections == ["contact"]


def test_settings_that_changed_meanwhile_are_not_overwritten(api_program):
    program = api_program()
    seen = program.get(PATH)["ETag"]
    assert program.patch(PATH, {"welcome": "One."}, **{"If-Match": seen}).status_code == 200
    assert program.patch(PATH, {"welcome": "Two."}, **{"If-Match": seen}).json()["code"] == "precondition_failed"


def test_a_picture_becomes_the_logo_and_is_removed(api_program, send_picture, acme):
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "JPEG")
    answer = send_picture(file.getvalue(), content_type="image/jpeg")
    assert answer.status_code == 200, answer.content
    assert "/logo/?v=" in answer.json()["logo_url"]
    with use_business(acme):
        assert bytes(Logo.objects.get().image).startswith(b"\x89PNG")
    assert send_picture(b"", method="DELETE").status_code == 204
    assert api_program().get(PATH).json()["logo_url"] == ""


def test_the_same_logo_again_or_none_to_remove_is_no_event(send_picture, acme):
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    answers = [send_picture(file.getvalue(), method=method) for method in ("PUT", "PUT", "DELETE", "DELETE")]
    assert [answer.status_code for answer in answers] == [200, 200, 204, 204]
    assert list_event_types(acme) == [BrandingEvent.BRANDING_CHANGED] * 2


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "logo-1"}])
def test_a_picture_may_be_as_large_as_on_the_page(api_program, acme, headers):
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    # What stands behind the end of a PNG belongs to the file but not to the picture.
    picture, program = file.getvalue().ljust(LOGO_BYTES, b"\0"), api_program()

    def put(body):
        path, authorization = "/api/v1/business/portal/logo/", {"authorization": f"Bearer {program.key}"}
        return program.browser.put(path, body, content_type="image/png", headers=authorization | headers)

    refused = put(picture + b"\0")
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    answer = put(picture)
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"not a picture", "image/png", 422, "validation_failed"),
        (b"", "image/png", 422, "validation_failed"),
        (b"{}", "application/json", 415, "unsupported_media_type"),
        (b"x" * 3_000_000, "image/png", 413, "too_large"),
    ],
)
def test_what_is_no_picture_is_refused(send_picture, acme, body, content_type, status, code):
    answer = send_picture(body, content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    with use_business(acme):
        assert not Logo.objects.exists()


def test_another_business_s_settings_stay(api_program, globex):
    with use_business(globex):
        before = PortalSettings.objects.values().get()
    assert api_program().patch(PATH, {"welcome": "Hello.", "colour": "#123456"}).status_code == 200
    with use_business(globex):
        assert PortalSettings.objects.values().get() == before


def test_changing_settings_needs_the_scope_and_a_manager(api_program, send_picture):
    for program in (
        api_program(["portal:read"]),
        api_program(["portal:read", "portal:write"], role="staff"),
    ):
        assert program.get(PATH).status_code == 200
        assert program.patch(PATH, {"welcome": "Hello."}).json()["code"] == "forbidden"
        assert send_picture(b"x", program=program).json()["code"] == "forbidden"
    assert api_program(["clients:read"]).get(PATH).json()["code"] == "forbidden"
