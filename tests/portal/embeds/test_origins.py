"""Tests of the addresses of websites: what is one, and how browsers send it."""

import pytest

from portal.embeds.origins import InvalidOrigin, parse_origin


@pytest.fixture(autouse=True)
def _with_tls(settings):
    settings.HTTPS = True


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.example.com", "https://www.example.com"),
        ("https://www.example.com/", "https://www.example.com"),
        ("HTTPS://WWW.Example.COM", "https://www.example.com"),
        ("www.example.com", "https://www.example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://bäckerei.example", "https://xn--bckerei-5wa.example"),
    ],
)
def test_an_address_is_its_origin(typed, origin):
    assert parse_origin(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "*",
        "https://*",
        "https://*.example.com",
        "http://example.com",
        "javascript://example.com",
        "https://example.com/path",
        "https://example.com?x",
        "https://example.com#x",
        "https://me@example.com",
        "https://",
        "https://example.com:99999",
        "https://example.com;script-src",
        "https://example.com'self'",
        "https://exa mple.com",
        "https://[::1",
    ],
)
def test_what_is_not_one_website_is_refused(typed):
    with pytest.raises(InvalidOrigin):
        parse_origin(typed)


def test_an_installation_without_tls_takes_websites_without(settings):
    settings.HTTPS = False

    assert parse_origin("http://localhost:3000") == "http://localhost:3000"
