"""T11: a sign-in that is under way survives or ends cleanly when the portal's slug changes."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tenants.hostnames import change_slug
from tests.portal.access.sign_in_steps import ANA


@pytest.fixture
def visitor_at_former_slug(acme, ana, open_visitor, django_capture_on_commit_callbacks):
    """A browser that asked for a code at an address that is a former one by now."""
    visitor = open_visitor(acme)
    visitor.request_code()
    with django_capture_on_commit_callbacks(execute=True):
        change_slug(business=acme, slug="acme-new", now=timezone.now())
    return visitor


def test_a_code_entered_at_the_former_address_gets_a_page_with_the_new_address(visitor_at_former_slug):
    answer = visitor_at_former_slug.submit_code(visitor_at_former_slug.code())

    assert answer.status_code == 410
    assert 'href="http://acme-new.localhost:8000/' in answer.content.decode()
    assert "session" not in visitor_at_former_slug.browser.cookies


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/resend/", "/sign-in/who/", "/sign-out/", "/anything/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_form_posted_to_the_former_address_is_refused(acme, visitor_at_former_slug, path, method):
    before = visitor_at_former_slug.challenge.sent_at

    assert getattr(visitor_at_former_slug.browser, method)(path, {"identifier": ANA}).status_code == 410
    assert visitor_at_former_slug.challenge.sent_at == before


@pytest.mark.parametrize(
    "path", ["/sign-in/code/", "/sign-in/?again=1&x=%2F", "/nothing/here?a=b", "//evil.example/", "/\\evil.example"]
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_pages_of_the_former_address_redirect_to_the_new_one(visitor_at_former_slug, path, method):
    answer = getattr(visitor_at_former_slug.browser, method)(path)

    assert answer.status_code == 308
    location, asked = urlsplit(answer.headers["Location"]), path.partition("?")
    assert location.netloc == "acme-new.localhost:8000"
    assert location.query == asked[2]


def test_a_browser_can_sign_in_afresh_at_the_new_address(acme, visitor_at_former_slug):
    browser = Client(headers={"host": "acme-new.localhost"})

    assert browser.get("/sign-in/code/").status_code == 200
    assert browser.post("/sign-in/code/", {"code": visitor_at_former_slug.code()}).status_code == 409
    visitor_at_former_slug.browser, moved_code = browser, None
    assert visitor_at_former_slug.request_code().status_code == 302
    moved_code = visitor_at_former_slug.code()
    assert visitor_at_former_slug.submit_code(moved_code).status_code == 302
    assert visitor_at_former_slug.request_home_status() == 200


def test_a_code_sent_before_the_change_works_where_the_cookie_is(acme, visitor_at_former_slug):
    """Where both addresses share a cookie, as behind a domain of one's own, the attempt simply goes on."""
    visitor_at_former_slug.browser.defaults["HTTP_HOST"] = "acme-new.localhost"

    assert visitor_at_former_slug.submit_code(visitor_at_former_slug.code()).status_code == 302


def test_a_session_of_the_former_address_redirects_to_the_new_one(
    acme, ana, open_visitor, django_capture_on_commit_callbacks
):
    visitor = open_visitor(acme)
    visitor.request_code()
    visitor.submit_code(visitor.code())
    with django_capture_on_commit_callbacks(execute=True):
        change_slug(business=acme, slug="acme-new", now=timezone.now())

    assert visitor.request_home_status() == 308
    assert visitor.browser.post("/account/preferences/", {"language": "de"}).status_code == 410


def test_a_mail_sent_after_the_change_names_the_new_address(acme, ana, visitor_at_former_slug, outbox):
    outbox.deliver_due()

    [mail] = outbox.sent(ANA)
    assert "acme-new.localhost" in mail["text"]
    assert "http://acme.localhost" not in mail["text"] + mail["html"]
