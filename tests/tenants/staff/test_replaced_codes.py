"""Staff who type a code that a newer one has replaced are told so, and nobody learns more by that."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.models import StaffEmail
from tenants.staff.forms import REPLACED_CODE
from tests.tenants.staff.test_sign_in import CODE, SIGN_IN, _isolated_outbox, code_for, sam

__all__ = ["_isolated_outbox", "sam"]


def test_a_code_that_a_newer_one_has_replaced_is_told_so(sam, platform_client):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    replaced = code_for(sam)
    browser.post(CODE, {"action": "resend"})
    newest = code_for(sam)

    errors = [browser.post(CODE, {"code": typed}).context["form"].errors["code"] for typed in (replaced, "00000000")]

    assert errors == [[REPLACED_CODE], ["Incorrect code."]]
    assert browser.post(CODE, {"code": newest}).headers["Location"] == "/console/"


def test_nothing_is_told_of_replaced_codes_once_no_attempt_is_left(sam, platform_client, settings):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    replaced = code_for(sam)
    browser.post(CODE, {"action": "resend"})
    StaffEmail.objects.filter(closed_at=None).update(guesses=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)

    with CaptureQueriesContext(connection) as queries:
        answer = browser.post(CODE, {"code": replaced})

    assert answer.context["form"].errors["code"] == ["Incorrect code."]
    assert any("EXISTS" in query["sql"] and "closed_at" in query["sql"] for query in queries), "for equal time"


def test_a_code_that_was_used_is_not_called_replaced(sam, platform_client):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    used = code_for(sam)
    browser.post(CODE, {"code": used})
    browser.post("/staff/sign-out/")
    browser.post(SIGN_IN, {"email": sam.email})

    assert browser.post(CODE, {"code": used}).context["form"].errors["code"] == ["Incorrect code."]
