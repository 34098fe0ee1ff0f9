"""Every response has the security headers."""

import pytest
from django.test import Client

PAGES = [
    ("acme.localhost", "/sign-in/"),
    ("acme.localhost", "/"),
    ("acme.localhost", "/nowhere/"),
    ("acme.localhost", "/sign-in/resend/"),
    ("nobody.localhost", "/"),
    ("localhost", "/"),
    ("localhost", "/nowhere/"),
]


@pytest.mark.parametrize(("host", "path"), PAGES)
def test_every_response_has_the_security_headers(acme, host, path):
    answer = Client(headers={"host": host}).get(path)
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
