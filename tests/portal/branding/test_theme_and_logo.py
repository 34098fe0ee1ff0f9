"""A portal shows its own colours and logo, which browsers can cache."""

import pytest

from portal.branding.models import Logo, PortalSettings
from tenants.context import use_business

PNG = b"\x89PNG\r\n\x1a\n not really"


@pytest.fixture
def yellow_business(acme):
    with use_business(acme):
        PortalSettings.objects.update(colour="#ffe600", logo_digest="")
    return acme


def test_pages_link_the_style_sheet_of_their_business(yellow_business, portal_client):
    page = portal_client(yellow_business).get("/sign-in/").content.decode()

    assert 'href="/theme.css?v=ffe600-' in page


def test_current_colours_are_cached(yellow_business, portal_client):
    answer = portal_client(yellow_business).get("/theme.css?v=ffe600-1")

    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"--brand:#ffe600" in answer.content
    assert b"--on-brand:#14181d" in answer.content


def test_outdated_colours_are_not_cached(yellow_business, portal_client):
    assert portal_client(yellow_business).get("/theme.css?v=000000-1").headers["Cache-Control"] == "no-cache"


def test_each_business_has_its_own_colours(yellow_business, globex, portal_client):
    assert b"#ffe600" not in portal_client(globex).get("/theme.css").content


def test_a_logo_is_served_as_a_png(yellow_business, portal_client):
    with use_business(yellow_business):
        Logo.objects.create(image=PNG)
        PortalSettings.objects.update(logo_digest="abc")

    answer = portal_client(yellow_business).get("/logo/?v=abc")

    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_business_without_a_logo_answers_404(yellow_business, portal_client):
    assert portal_client(yellow_business).get("/logo/").status_code == 404
    assert b"monogram" in portal_client(yellow_business).get("/sign-in/").content
