"""A code is read as people type, paste and copy it; what can't be a code costs no guess."""

import pytest

from portal.access.models import Challenge
from tenants.context import use_business
from tests.portal.access.sign_in_steps import current_code

ANA = "ana@example.com"


@pytest.fixture
def browser(acme, ana, portal_client):
    """The browser of Ana, who asked for a code."""
    browser = portal_client(acme)
    browser.post("/sign-in/", {"identifier": ANA})
    return browser


@pytest.fixture
def code(acme, browser):
    with use_business(acme):
        return current_code(Challenge.objects.get())


@pytest.mark.parametrize(
    "spelling",
    [
        "{c}",
        " {c}",
        "{c} \n",
        "{a} {b}",
        "{a}-{b}",
        "{a}\u00a0{b}",
        "{a}\u2009{b}",
        "{a}–{b}",
        "{a}−{b}",
        "{a}‑{b}",
        "\u202a{c}\u202c",
        "\ufeff{c}",
        "Code: {c}",
        "Your code is {c}",
        "Your code is {c}. It works for 10 minutes.",
        "{c}.",
        "G-{c}",
        "<b>{c}</b>",
        "{c} ist Ihr Code",
    ],
    ids=ascii,
)
def test_a_code_may_be_pasted_as_it_was_copied(browser, code, spelling):
    pasted = spelling.format(c=code, a=code[:3], b=code[3:])

    assert browser.post("/sign-in/code/", {"code": pasted}).status_code == 302


@pytest.mark.parametrize("zero", ["０", "٠", "۰", "०", "০", "๐", "𝟎"])
def test_a_code_may_be_typed_in_the_digits_of_any_script(browser, code, zero):
    typed = code.translate({ord(str(digit)): chr(ord(zero) + digit) for digit in range(10)})

    assert browser.post("/sign-in/code/", {"code": f"{typed[:3]} {typed[3:]}"}).status_code == 302


@pytest.mark.parametrize("spelling", ["{c}{c}", "{c} {c}", "{c}0", "{c}O", "{c}x", "O{c}", "{d}"])
def test_a_code_of_a_wrong_length_costs_no_guess(acme, browser, code, spelling):
    answer = browser.post("/sign-in/code/", {"code": spelling.format(c=code, d=code[:5])})

    with use_business(acme):
        assert (answer.status_code, Challenge.objects.get().failures) == (422, 0)


@pytest.mark.parametrize(
    "typed", ["", "1" * 250, "12", "12345678", "abcdef", "😀", "12O456", "l23456", "123456 654321"]
)
def test_what_is_no_code_costs_no_guess(acme, browser, typed):
    answer = browser.post("/sign-in/code/", {"code": typed})

    with use_business(acme):
        assert (answer.status_code, Challenge.objects.get().failures) == (422, 0)


def test_how_many_digits_a_code_has_is_said_where_it_is_typed(browser):
    page = browser.post("/sign-in/code/", {"code": "1234 5678"}).content.decode()

    assert "Your code has 6 digits." in page
    assert 'value="1234 5678"' in page


def test_the_number_of_another_length_beside_a_code_is_not_the_code(browser, code):
    pasted = f"{code} is your code for order 12345678"

    assert browser.post("/sign-in/code/", {"code": pasted}).status_code == 302


@pytest.mark.parametrize(("typed", "failures"), [("123456", 0), ("12345678", 1)])
def test_during_an_attack_a_code_has_eight_digits(acme, ana, portal_client, settings, typed, failures):
    settings.LOGIN_CODE_DIGITS = settings.LOGIN_CODE_DIGITS_UNDER_ATTACK
    browser = portal_client(acme)
    browser.post("/sign-in/", {"identifier": ANA})

    browser.post("/sign-in/code/", {"code": typed})

    with use_business(acme):
        assert Challenge.objects.get().failures == failures
