"""Every error shows a page with a next step, and error views never fail."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from portal.ui import error_views

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(path.name for path in (TEMPLATES / "errors").glob("*.html"))


@pytest.mark.parametrize("page", PAGES)
def test_an_error_page_needs_neither_context_nor_database(page):
    html = render_to_string(f"errors/{page}")

    assert "<h1>" in html
    assert re.search(r"<title>[^<]{8,}</title>", html)


def test_an_unknown_page_shows_the_404_page(acme, portal_client):
    answer = portal_client(acme).get("/nowhere/")

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_an_unknown_host_shows_that_there_is_no_portal(db_or_committed_db):
    answer = Client(headers={"host": "nobody.localhost"}).get("/")

    assert answer.status_code == 404
    assert "Portal not found" in answer.content.decode()


def test_a_csrf_failure_shows_an_explanation_and_a_next_step(acme):
    host = "acme.localhost"
    answer = Client(enforce_csrf_checks=True, headers={"host": host}).post("/sign-in/", {"identifier": "a@example.com"})

    assert answer.status_code == 403
    assert "Please send the form again" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_a_method_that_is_not_allowed_shows_a_page(acme, portal_client):
    answer = portal_client(acme).get("/sign-in/resend/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(("exception", "status"), [(RequestDataTooBig(), 413), (SuspiciousOperation(), 400)])
def test_a_too_large_request_answers_413_and_a_bad_one_400(exception, status):
    assert error_views.show_bad_request(RequestFactory().get("/"), exception).status_code == status


def test_a_failing_error_template_falls_back_to_plain_html(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the template is broken")

    monkeypatch.setattr(error_views, "render", fail)

    answer = error_views.show_server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert b"Please try again" in answer.content


def test_an_error_page_reveals_no_details(acme, portal_client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("portal.branding.views.build_palette", fail)
    browser = portal_client(acme)
    browser.raise_request_exception = False

    answer = browser.get("/theme.css")

    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert "Something went wrong" in answer.content.decode()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize(
    "target",
    [
        "portal.branding.middleware.select_language",
        "portal.access.middleware.ClientSessionMiddleware.__call__",
        "portal.access.views.sign_in.render",
    ],
)
def test_a_database_that_goes_away_at_any_point_answers_503(acme, portal_client, monkeypatch, target, error):
    def fail(*args, **kwargs):
        raise error("secret detail")

    monkeypatch.setattr(target, fail)
    browser = portal_client(acme)
    browser.raise_request_exception = False

    answer = browser.get("/sign-in/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "secret detail" not in answer.content.decode()
