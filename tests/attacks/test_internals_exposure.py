"""I2: nothing internal is visible from outside: no demo, no debugging, no versions, no metrics."""

import http.client
import re
import subprocess
import sys
from itertools import product

import pytest
from django.urls import URLPattern, get_resolver

from tests.attacks.production_server import PLATFORM, PORTAL

pytestmark = pytest.mark.slow

HOSTS = {"portal": PORTAL, "platform": PLATFORM, "unknown": "nobody.portico.io"}
INTERNAL_PATHS = """
/dev/ /dev/outbox /dev/outbox/ /dev/outbox.json /dev/outbox.json?business=acme /dev/outbox/1/mail/
/metrics /metrics/ /prometheus /-/metrics /stats /status /server-status /health /healthz /debug /debug/ /__debug__/
/admin /admin/ /django-admin/ /console-dashboards /grafana /flower /dramatiq /dashboard/ /silk/ /rq/ /sentry/
/.env /.env.example /.git/config /.git/HEAD /config/settings/host_settings.py /manage.py /pyproject.toml /uv.lock
/Makefile /static/ /static/../config/settings/host_settings.py /static/..%2fmanage.py /static/%2e%2e/manage.py
/static/staticfiles.json /api/schema/ /swagger /docs /openapi.json /graphql /phpinfo.php /wp-login.php
""".split()
# How a software tells its version, or a framework its name.
REVEALING_TEXT = re.compile(
    r"Django|granian|Python|psycopg|PostgreSQL|redis|dramatiq|Twilio|SendGrid|Traceback|DEBUG|site-packages|"
    r"\.py\b|urlpatterns|csrfmiddlewaretoken=|exception",
    re.IGNORECASE,
)
# Of the pages that allauth brings along, those that staff have; each is in tests/attacks/console_routes.py.
STAFF_PATHS = """
account.views.RequestLoginCodeView account.views.ConfirmLoginCodeView account.views.AccountInactiveView
account.views.LogoutView mfa.webauthn.views.LoginWebAuthnView mfa.webauthn.views.ReauthenticateWebAuthnView
mfa.webauthn.views.ListWebAuthnView mfa.webauthn.views.RemoveWebAuthnView mfa.webauthn.views.EditWebAuthnView
mfa.base.views.AuthenticateView mfa.base.views.ReauthenticateView mfa.base.views.IndexView
mfa.totp.views.DeactivateTOTPView mfa.recovery_codes.views.ViewRecoveryCodesView
mfa.recovery_codes.views.GenerateRecoveryCodesView mfa.recovery_codes.views.DownloadRecoveryCodesView
""".split()
VERSION = re.compile(r"\d+\.\d+")
REVEALING_HEADERS = {"x-powered-by", "via", "x-runtime", "x-generator", "x-aspnet-version"}
METHODS = ("GET", "POST", "OPTIONS", "TRACE", "PUT")
PATHS = ("/", "/fail/", "/nowhere/", "/forbid/", "/away/", "/hooks/sendgrid/", "/livez", "/readyz")


@pytest.mark.parametrize("where", HOSTS)
def test_internal_paths_are_not_found(production_server, where):
    answers = {path: production_server.request(path, host=HOSTS[where]) for path in INTERNAL_PATHS}

    assert {path: answer.status for path, answer in answers.items() if answer.status != 404} == {}
    assert {path: found for path, answer in answers.items() if (found := REVEALING_TEXT.findall(answer.body))} == {}


@pytest.mark.parametrize("where", HOSTS)
def test_no_response_names_software_or_version(production_server, where):
    findings = {}
    for path, method in product(PATHS, METHODS):
        answer = production_server.request(path, host=HOSTS[where], method=method)
        revealing_texts = REVEALING_TEXT.findall(answer.body) + VERSION.findall(answer.headers.get("Server", ""))
        revealing_texts += [name for name in answer.headers if name.lower() in REVEALING_HEADERS]
        revealing_texts += ["hush"] if "hush" in answer.body else []
        findings |= {(path, method): revealing_texts} if revealing_texts else {}

    assert findings == {}


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_requests_are_not_echoed(production_server, method):
    echoed = production_server.request("/sign-in/", method=method, **{"X-Canary": "canary-7"})

    assert echoed.status >= 400
    assert "canary-7" not in echoed.body


def test_a_bad_request_gets_our_own_error_page(production_server):
    for host in ("a b", "[::1", "acme.portico.io:x", "", "\u00e9.portico.io".encode().decode("latin-1")):
        try:
            answer = production_server.request("/", host=host)
        except http.client.HTTPException:
            continue
        assert answer.status in (400, 404)
        assert not REVEALING_TEXT.search(answer.body), host


def test_in_production_there_is_no_route_to_the_demo(production_server):
    look = (
        "import django; django.setup(); from django.urls import get_resolver; "
        "print([str(part.pattern) for urls in ('config.urls_platform', 'config.urls_portal') "
        "for part in get_resolver(urls).url_patterns])"
    )
    routes = subprocess.run(
        [sys.executable, "-c", look], env=production_server.env, capture_output=True, text=True, check=True
    ).stdout

    assert "hooks/" in routes
    assert "dev" not in routes


def test_static_files_contain_browser_assets_only(production_server):
    assert production_server.request("/static/portal.css").status == 200
    assert production_server.request("/static/").status == 404


def test_nothing_but_our_own_routes_is_served():
    """Third-party apps bring URLs along; none of them is included, and of their views only those named above."""
    for urls in ("config.urls_platform", "config.urls_portal"):
        for view in _iter_views(get_resolver(urls)):
            assert view.split(".")[0] in ("portal", "tenants", "api") or view.removeprefix("allauth.") in STAFF_PATHS, (
                view
            )


def _iter_views(resolver) -> list[str]:
    found = []
    for part in resolver.url_patterns:
        found += [part.lookup_str] if isinstance(part, URLPattern) else _iter_views(part)
    return found
