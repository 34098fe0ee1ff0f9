"""L9, L10, L12: a code works once, within its lifetime, and never again."""

import pytest
from django.utils import timezone

from portal.access import services
from portal.access.models import Challenge, ChallengePurpose
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, build_browser_tokens


def test_a_code_works_just_before_it_is_ten_minutes_old(acme, ana, open_visitor, advance_time):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    advance_time(9 * 60 + 59 - 1)

    assert ana_here.submit_code(ana_here.code()).status_code == 302


def test_a_code_is_refused_once_it_is_ten_minutes_old(acme, ana, open_visitor, advance_time):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    advance_time(10 * 60 + 1)

    assert ana_here.submit_code(ana_here.code()).status_code == 422
    assert ana_here.request_home_status() == 302


def test_the_earlier_code_is_valid_after_a_resend_and_using_it_invalidates_both(
    acme, ana, open_visitor, advance_time, count_sessions
):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    advance_time(181)
    ana_here.resend()
    first, second = ana_here.code(0), ana_here.code(1)
    attempt = ana_here.browser.cookies["challenge"].value

    assert ana_here.submit_code(first).status_code == 302

    for code in (first, second, "000000"):
        ana_here.browser.cookies["challenge"] = attempt
        assert ana_here.submit_code(code).status_code == 409
    assert count_sessions(acme) == 1
    with use_business(acme):
        assert Challenge.objects.get().failures == 0


def test_each_code_expires_at_its_own_age(acme, ana, open_visitor, advance_time):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    advance_time(181)
    ana_here.resend()
    advance_time(10 * 60 - 181 + 1)

    assert ana_here.submit_code(ana_here.code(0)).status_code == 422
    assert ana_here.submit_code(ana_here.code(1)).status_code == 302


def test_only_the_newest_two_codes_are_valid(acme, ana, open_visitor, advance_time):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    for _resend in range(2):
        advance_time(181)
        assert ana_here.resend().status_code == 302

    assert ana_here.submit_code(ana_here.code(0)).status_code == 422
    assert ana_here.submit_code(ana_here.code(1)).status_code == 302


def test_a_challenge_gets_at_most_three_codes(acme, ana, open_visitor, advance_time):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    for _resend in range(2):
        advance_time(181)
        ana_here.resend()
    advance_time(181)

    assert ana_here.resend().status_code == 409
    assert ana_here.resend(channel="sms").status_code == 409
    assert len(ana_here.challenge.sent_at) == 3


def test_a_challenge_expires_after_twenty_minutes_despite_a_fresh_code(acme, ana, open_visitor, advance_time):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    advance_time(19 * 60)
    assert ana_here.resend().status_code == 302
    advance_time(61)

    assert ana_here.submit_code(ana_here.code(1)).status_code == 409
    assert ana_here.resend().status_code == 409


def test_a_used_code_is_invalid_everywhere(acme, ana, open_visitor, count_sessions):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    code, attempt = ana_here.code(), ana_here.browser.cookies["challenge"].value
    ana_here.submit_code(code)

    thief = open_visitor(acme)
    thief.browser.cookies["challenge"] = attempt
    assert thief.submit_code(code).status_code == 409

    ana_here.browser.post("/sign-out/")
    ana_here.browser.cookies["challenge"] = attempt
    assert ana_here.submit_code(code).status_code == 409
    assert thief.submit_code(code).status_code == 409
    thief.request_code()
    assert thief.submit_code(code).status_code in (409, 422)
    assert count_sessions(acme) == 0


def test_a_session_cookie_is_invalid_after_signing_out(acme, ana, open_visitor):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    ana_here.submit_code(ana_here.code())
    stolen = ana_here.browser.cookies["session"].value
    ana_here.browser.post("/sign-out/")

    thief = open_visitor(acme)
    thief.browser.cookies["session"] = stolen
    assert thief.request_home_status() == 302


def test_an_account_can_be_chosen_once(acme, open_visitor, count_sessions):
    with use_business(acme):
        people = [str(ClientFactory(email="family@example.com").pk) for _one in range(2)]
    visitor = open_visitor(acme)
    visitor.request_code("family@example.com")
    attempt = visitor.browser.cookies["challenge"].value
    visitor.submit_code(visitor.code())
    assert visitor.browser.post("/sign-in/who/", {"client": people[0]}).status_code == 302

    visitor.browser.cookies["challenge"] = attempt
    assert visitor.browser.post("/sign-in/who/", {"client": people[1]}).status_code == 409
    assert count_sessions(acme) == 1


def test_only_clients_with_the_address_can_be_chosen(acme, ana, open_visitor, count_sessions):
    with use_business(acme):
        for _one in range(2):
            ClientFactory(email="family@example.com")
    visitor = open_visitor(acme)
    visitor.request_code("family@example.com")
    visitor.submit_code(visitor.code())

    assert visitor.browser.post("/sign-in/who/", {"client": str(ana.pk)}).status_code == 422
    assert visitor.browser.post("/sign-in/who/", {"client": "\x00"}).status_code == 422
    assert count_sessions(acme) == 0


def test_an_account_choice_expires_after_ten_minutes(acme, open_visitor, advance_time):
    with use_business(acme):
        people = [str(ClientFactory(email="family@example.com").pk) for _one in range(2)]
    visitor = open_visitor(acme)
    visitor.request_code("family@example.com")
    visitor.submit_code(visitor.code())
    advance_time(10 * 60 + 1)

    assert visitor.browser.post("/sign-in/who/", {"client": people[0]}).status_code == 409


def test_no_account_can_be_chosen_before_the_code(acme, open_visitor, count_sessions):
    with use_business(acme):
        people = [str(ClientFactory(email="family@example.com").pk) for _one in range(2)]
    visitor = open_visitor(acme)
    visitor.request_code("family@example.com")

    assert visitor.browser.post("/sign-in/who/", {"client": people[0]}).status_code == 409
    assert visitor.submit_code(visitor.wrong_codes()[0]).status_code == 422
    assert visitor.browser.post("/sign-in/who/", {"client": people[0]}).status_code == 409
    assert count_sessions(acme) == 0


def test_a_confirmation_code_signs_nobody_in(acme, ana, open_visitor, count_sessions):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    ana_here.submit_code(ana_here.code())
    ana_here.browser.post("/account/contact/", {"identifier": "new@example.com"})
    token = ana_here.browser.cookies["confirmation"].value

    thief = open_visitor(acme)
    thief.browser.cookies["challenge"] = token
    code = thief.code()
    assert thief.submit_code(code).status_code == 409
    assert thief.browser.get("/sign-in/who/").status_code in (200, 409)
    assert thief.browser.post("/sign-in/who/", {"client": str(ana.pk)}).status_code == 409
    assert count_sessions(acme) == 1


def test_the_service_checks_the_purpose_of_a_code(acme, ana, open_visitor):
    ana_here, other = open_visitor(acme), open_visitor(acme)
    for visitor in (ana_here, other):
        visitor.request_code()
    ana_here.submit_code(ana_here.code())
    ana_here.browser.post("/account/contact/", {"identifier": "new@example.com"})
    tokens = {
        "sign in": other.browser.cookies["challenge"].value,
        "confirm": ana_here.browser.cookies["confirmation"].value,
    }
    reader = open_visitor(acme)
    reader.browser.cookies["challenge"] = tokens["confirm"]
    given = {"business": acme, "now": timezone.now()}

    with use_business(acme):
        with pytest.raises(services.ChallengeClosed):
            services.verify_code(
                token=tokens["confirm"], typed=reader.code(), browser=build_browser_tokens(), remember_me=False, **given
            )
        for purpose in (ChallengePurpose.REAUTHENTICATION, ChallengePurpose.NEW_CONTACT):
            with pytest.raises(services.ChallengeClosed):
                services.confirm_challenge(token=tokens["sign in"], typed=other.code(), purpose=purpose, **given)


def test_a_sign_in_code_confirms_no_address(acme, ana, open_visitor):
    ana_here, other = open_visitor(acme), open_visitor(acme)
    for visitor in (ana_here, other):
        visitor.request_code()
    ana_here.submit_code(ana_here.code())
    ana_here.browser.cookies["confirmation"] = other.browser.cookies["challenge"].value

    assert ana_here.browser.post("/account/contact/code/", {"code": other.code()}).status_code == 409
    with use_business(acme):
        assert set(ana.contacts.values_list("value", flat=True)) == {ANA, MOBILE}


def test_another_client_s_confirmation_changes_no_card(acme, ana, open_visitor):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")
    ana_here, bo_here = open_visitor(acme), open_visitor(acme)
    for visitor, address in ((ana_here, ANA), (bo_here, "bo@example.com")):
        visitor.request_code(address)
        visitor.submit_code(visitor.code())
    bo_here.browser.post("/account/contact/", {"identifier": "evil@example.com"})
    ana_here.browser.cookies["confirmation"] = bo_here.browser.cookies["confirmation"].value
    reader = open_visitor(acme)
    reader.browser.cookies["challenge"] = bo_here.browser.cookies["confirmation"].value

    assert ana_here.browser.post("/account/contact/code/", {"code": reader.code()}).status_code in (404, 409)
    with use_business(acme):
        assert set(ana.contacts.values_list("value", flat=True)) == {ANA, MOBILE}
        assert set(bo.contacts.values_list("value", flat=True)) == {"bo@example.com"}
