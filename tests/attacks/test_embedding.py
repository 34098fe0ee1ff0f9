"""Only the websites that a business lists show its forms, no site sends them, and all else stays out of frames."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from portal.embeds.models import AllowedWebsites
from portal.intake.models import ContactFormSettings, Enquiry
from tenants import hostnames
from tenants.context import use_business
from tests.portal.intake.contact_form_steps import NEW

SITE = "https://www.acme-physio.example"
PATH = "/embed/contact-form/"


@pytest.fixture
def advance_clock(time_machine):
    """Return a function that advances a clock that is otherwise frozen."""
    time_machine.move_to(datetime.now(UTC), tick=False)
    return time_machine.shift


@pytest.fixture
def browser(acme) -> Client:
    """Return a browser without cookies that sees Acme's form on a listed website, and checks forms in earnest."""
    with use_business(acme):
        AllowedWebsites.objects.create(embedding_origins=[SITE])
    cache.clear()
    return Client(headers={"host": hostnames.get_portal_host(acme)}, enforce_csrf_checks=True)


def list_framers(answer) -> list[str]:
    """Return the websites that may show an answer in a frame."""
    return re.search(r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"])[1].split()


def fill_in(browser: Client, advance_clock) -> dict[str, str]:
    """Open the form, wait as long as a person types, and return it filled in."""
    token = browser.get(PATH).context["form_token"]
    advance_clock(10)
    return {"form_token": token} | NEW


def count_enquiries(business) -> int:
    with use_business(business):
        return Enquiry.objects.count()


def test_the_form_is_shown_by_listed_websites_and_the_console_alone(browser):
    for path in (PATH, f"{PATH}thanks/"):
        answer = browser.get(path)
        assert list_framers(answer) == [settings.PUBLIC_URL, SITE]
        assert "X-Frame-Options" not in answer.headers


def test_a_business_that_lists_none_is_shown_nowhere(browser, globex):
    answer = Client(headers={"host": hostnames.get_portal_host(globex)}).get(PATH)

    assert list_framers(answer) == [settings.PUBLIC_URL]


@pytest.mark.parametrize("path", ["/contact/", "/contact/thanks/", "/sign-in/", "/", "/embed/v1.js", "/nowhere/"])
def test_every_other_page_stays_out_of_frames(browser, path):
    answer = browser.get(path)

    assert list_framers(answer) == ["'none'"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_form_is_sent_without_any_cookie(browser, acme, advance_clock):
    answer = browser.post(PATH, fill_in(browser, advance_clock))

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PATH}thanks/")
    assert not browser.cookies
    assert count_enquiries(acme) == 1


@pytest.mark.parametrize("origin", ["https://evil.example", SITE, "null"])
def test_a_page_of_another_site_cannot_send_the_form(browser, acme, advance_clock, origin):
    form = fill_in(browser, advance_clock)

    assert browser.post(PATH, form, headers={"origin": origin}).status_code == 403
    assert count_enquiries(acme) == 0


def test_the_frame_itself_may_send_the_form(browser, acme, advance_clock):
    own = f"http://{hostnames.get_portal_host(acme)}"

    assert browser.post(PATH, fill_in(browser, advance_clock), headers={"origin": own}).status_code == 302


@pytest.mark.parametrize("token", ["", "x", "W10:abc"])
def test_a_form_without_its_signed_token_is_refused(browser, acme, advance_clock, token):
    form = fill_in(browser, advance_clock) | {"form_token": token}

    assert browser.post(PATH, form).status_code == 422
    assert count_enquiries(acme) == 0


def test_the_token_of_another_business_is_refused(browser, acme, globex, advance_clock):
    other = Client(headers={"host": hostnames.get_portal_host(globex)})
    form = fill_in(other, advance_clock)

    assert browser.post(PATH, form).status_code == 422
    assert count_enquiries(acme) == 0


def test_the_frame_does_not_know_who_is_signed_in_beside_it(acme, ana, browser, sign_in_client, advance_clock):
    signed_in = sign_in_client(acme, "ana@example.com")
    assert "ana@example.com" in signed_in.get("/contact/").content.decode()

    page = signed_in.get(PATH).content.decode()
    assert "ana@example.com" not in page
    assert "Ana Pereira" not in page
    signed_in.post(PATH, fill_in(signed_in, advance_clock))
    with use_business(acme):
        assert Enquiry.objects.get().client is None


def test_a_form_that_is_switched_off_says_so_in_the_frame(browser, acme):
    with use_business(acme):
        ContactFormSettings.objects.update_or_create(id=1, defaults={"is_on": False})
    cache.clear()

    answer = browser.get(PATH)

    assert answer.status_code == 404
    assert list_framers(answer) == [settings.PUBLIC_URL, SITE]
    assert "This form is closed" in answer.content.decode()
