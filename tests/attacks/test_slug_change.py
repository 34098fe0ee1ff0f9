"""T11: a sign-in that is under way survives or ends cleanly when the portal's slug changes."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tenants.hostnames import change_slug
from tests.portal.access.sign_in import ANA


@pytest.fixture
def moved_visitor(acme, ana, open_visitor, django_capture_on_commit_callbacks):
    """A browser that asked for a code at an address that is a former one by now."""
    visitor = open_visitor(acme)
    visitor.request_code()
    with django_capture_on_commit_callbacks(execute=True):
        change_slug(business=acme, slug="acme-new", now=timezone.now())
    return visitor


def test_a_code_typed_at_the_former_address_gets_a_page_that_says_where_to_start_again(moved_visitor):
    answer = moved_visitor.submit_code(moved_visitor.code())

    assert answer.status_code == 410
    assert 'href="http://acme-new.localhost:8000/' in answer.content.decode()
    assert "session" not in moved_visitor.browser.cookies


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/resend/", "/sign-in/who/", "/sign-out/", "/anything/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_form_sent_to_the_former_address_gets_the_new_one(acme, moved_visitor, path, method):
    before = moved_visitor.challenge.sent_at

    assert getattr(moved_visitor.browser, method)(path, {"identifier": ANA}).status_code == 410
    assert moved_visitor.challenge.sent_at == before


@pytest.mark.parametrize(
    "path", ["/sign-in/code/", "/sign-in/?again=1&x=%2F", "/nothing/here?a=b", "//evil.example/", "/\\evil.example"]
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_whatever_reads_at_the_former_address_is_sent_to_the_same_page_of_the_new_one(moved_visitor, path, method):
    answer = getattr(moved_visitor.browser, method)(path)

    assert answer.status_code == 308
    location, asked = urlsplit(answer.headers["Location"]), path.partition("?")
    assert location.netloc == "acme-new.localhost:8000"
    assert location.query == asked[2]


def test_at_the_new_address_a_browser_starts_afresh_and_gets_in(acme, moved_visitor):
    browser = Client(headers={"host": "acme-new.localhost"})

    assert browser.get("/sign-in/code/").status_code == 200
    assert browser.post("/sign-in/code/", {"code": moved_visitor.code()}).status_code == 409
    moved_visitor.browser, moved_code = browser, None
    assert moved_visitor.request_code().status_code == 302
    moved_code = moved_visitor.code()
    assert moved_visitor.submit_code(moved_code).status_code == 302
    assert moved_visitor.home_status() == 200


def test_a_code_sent_before_the_move_is_typed_where_the_cookie_still_is(acme, moved_visitor):
    """Where both addresses share a cookie, as behind a domain of one's own, the attempt simply goes on."""
    moved_visitor.browser.defaults["HTTP_HOST"] = "acme-new.localhost"

    assert moved_visitor.submit_code(moved_visitor.code()).status_code == 302


def test_a_session_of_the_former_address_is_not_shown_there_any_more(
    acme, ana, open_visitor, django_capture_on_commit_callbacks
):
    visitor = open_visitor(acme)
    visitor.request_code()
    visitor.submit_code(visitor.code())
    with django_capture_on_commit_callbacks(execute=True):
        change_slug(business=acme, slug="acme-new", now=timezone.now())

    assert visitor.home_status() == 308
    assert visitor.browser.post("/account/preferences/", {"language": "de"}).status_code == 410


def test_a_mail_written_after_the_move_names_the_new_address(acme, ana, moved_visitor, outbox):
    outbox.deliver_due()

    [mail] = outbox.sent(ANA)
    assert "acme-new.localhost" in mail["text"]
    assert "http://acme.localhost" not in mail["text"] + mail["html"]
