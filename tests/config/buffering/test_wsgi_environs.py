"""A request's WSGI environment is that of its headers and path, and nobody can forge a proxy's header."""

import pytest

from config.buffering.wsgi_environs import build_environ
from tests.config.buffering.conftest import HttpExchange


@pytest.mark.parametrize(
    ("raw", "path"),
    [(b"/a%2Fb", "/a/b"), ("/ä".encode(), "/ä"), (b"/%C3%A4", "/ä"), (b"/%ff", "/\xff"), (b"/%", "/%"), (b"*", "*")],
)
def test_paths_are_unescaped_and_otherwise_unchanged(raw, path):
    assert build_environ(HttpExchange(path=raw).scope)["PATH_INFO"].encode("latin-1") in (
        path.encode(),
        path.encode("latin-1"),
    )


def test_a_header_with_an_underscore_does_not_pass_for_a_proxys():
    headers = [(b"x_forwarded_for", b"192.0.2.1"), (b"x-forwarded-for", b"198.51.100.1")]

    assert build_environ(HttpExchange(headers=headers).scope)["HTTP_X_FORWARDED_FOR"] == "198.51.100.1"


def test_repeated_headers_are_joined_and_cookies_as_cookies():
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"host", b"a"), (b"host", b"b")]
    environ = build_environ(HttpExchange(headers=headers).scope)

    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_HOST"] == "a,b"


def test_headers_of_the_connection_are_not_passed_on():
    headers = [(b"content-length", b"5"), (b"transfer-encoding", b"chunked"), (b"expect", b"100-continue")]
    environ = build_environ(HttpExchange(headers=headers).scope)

    assert not {"CONTENT_LENGTH", "HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT"} & set(environ)


def test_header_values_keep_their_bytes():
    environ = build_environ(HttpExchange(headers=[(b"user-agent", "Müller".encode()), (b"content-type", b"a/b")]).scope)

    assert environ["HTTP_USER_AGENT"].encode("latin-1").decode() == "Müller"
    assert environ["CONTENT_TYPE"] == "a/b"
