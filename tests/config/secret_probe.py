"""A process that fails in every way, with personal data everywhere.

Run as `python -m tests.config.secret_probe`. It is the worst Portico we can think of; its error
reports and log lines are then searched.
"""

import logging
import threading

import django
from django.conf import settings

NAME = "Ana Pereira"
EMAIL = "ana.pereira@example.com"
PHONE = "+447700900101"
PHONE_SPACED = "+44 7700 900101"
CODE = "482913"
CODE_SPACED = "482 913"
TOKEN = "Zq7RfT0xkL9sVb2NwYpE4mHcUaJdG8oI6vXtQ1eS3rA"
SHORT_TOKEN = "only-by-its-place"
NETWORK = "203.0.113.77"
BROWSER = "Telltale/9.9"
COOKIE = "cookie-of-ana"
SECRETS = [
    NAME,
    "Pereira",
    EMAIL,
    PHONE,
    PHONE[1:],
    PHONE_SPACED,
    CODE,
    CODE_SPACED,
    TOKEN,
    SHORT_TOKEN,
    NETWORK,
    BROWSER,
    COOKIE,
]
BUSINESS = "01890000-0000-7000-8000-000000000001"
HOST = "acme.localhost"
QUERY = "identifier=somebody"


def fail_with_secrets(code: str, email: str = EMAIL, **more: object) -> None:
    """Raise an error whose message, cause and locals are full of what must not be told."""
    name, phone, remembered = NAME, PHONE, {"code": code, "to": [email, PHONE]}
    try:
        raise KeyError(f"{NAME} <{email}>")
    except KeyError as error:
        raise RuntimeError(
            f"no code {code} ({CODE_SPACED}) for {email}, {phone}, {PHONE_SPACED} of '{name}' "
            f"at {NETWORK} with {TOKEN}\n"
            f"DETAIL:  Key (name)=({name}) already exists: {remembered}."
        ) from error


def failing_view(request, token):
    """A view that fails."""
    fail_with_secrets(request.POST["code"])


def raise_permission_denied(request, token):
    """A view that refuses, as many do."""
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied(EMAIL)


def raise_suspicious_operation(request):
    """A view that finds a request odd."""
    from django.core.exceptions import SuspiciousOperation

    raise SuspiciousOperation(EMAIL)


def build_probe_urlpatterns():
    """Return the pages of this Portico."""
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    return [
        path("failing-view/<token>/", csrf_exempt(failing_view), name="failing-view"),
        path("refuse/<token>/", csrf_exempt(raise_permission_denied), name="refuse"),
        path("suspect/", csrf_exempt(raise_suspicious_operation), name="suspect"),
        path("unasked/<token>/", raise_permission_denied, name="unasked"),
    ]


def post_secrets(path: str) -> str:
    """Send a form full of secrets from a browser that has plenty itself, through a real web server's entrance."""
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    browser = RequestFactory(headers={"user-agent": BROWSER, "referer": f"http://x/?{QUERY}", "host": HOST})
    browser.cookies["session"] = COOKIE
    form = {"identifier": EMAIL, "code": CODE, "name": NAME, "phone": PHONE}
    answers = []
    request = browser.post(f"{path}?{QUERY}", form, REMOTE_ADDR=NETWORK)
    get_wsgi_application()(request.environ, lambda status, headers: answers.append(status)).close()
    return answers[0]


def fail_in_web() -> None:
    """Fail while serving a portal."""
    assert post_secrets(f"/failing-view/{TOKEN}/").startswith("500")


def send_refused_requests() -> None:
    """Refuse in every anticipated way."""
    paths = f"/refuse/{SHORT_TOKEN}/", "/suspect/", f"/nowhere/{SHORT_TOKEN}/", f"/unasked/{SHORT_TOKEN}/"
    assert [post_secrets(path)[:3] for path in paths] == ["403", "400", "404", "403"]


def fail_in_worker() -> None:
    """Fail in a job, inside a business."""
    import dramatiq
    from dramatiq.brokers.stub import StubBroker

    from tenants.context import use_business
    from tenants.models import Business

    broker = StubBroker(middleware=[])
    dramatiq.set_broker(broker)

    @dramatiq.actor(queue_name="codes")
    def failing_job(code: str, email: str) -> None:
        with use_business(Business(id=BUSINESS)):
            fail_with_secrets(code, email)

    failing_job.send(CODE, email=EMAIL)
    running = dramatiq.Worker(broker, worker_timeout=50, worker_threads=1)
    running.start()
    broker.join("codes")
    running.join()
    running.stop()


def fail_in_command() -> None:
    """Fail in a thread, then in the main program."""
    thread = threading.Thread(target=fail_with_secrets, args=(CODE,), name=NAME)
    thread.start()
    thread.join()
    fail_with_secrets(CODE)


def log_secrets() -> None:
    """Log what must not be logged, in every way there is."""
    import structlog

    ours, libraries = structlog.get_logger(), logging.getLogger("some.library")
    structlog.contextvars.bind_contextvars(email=EMAIL)
    ours.info(f"to {EMAIL} {PHONE}", code=CODE, name=NAME, about={"to": [PHONE], "n": int(CODE)}, token=TOKEN)
    libraries.warning("sent %s to %s at %s", CODE, EMAIL, NETWORK)
    libraries.error("asked for https://x.example/?%s&name=%s", QUERY, NAME.replace(" ", "+"), extra={"to": EMAIL})
    try:
        fail_with_secrets(CODE)
    except RuntimeError:
        ours.exception("ours failed")
        libraries.exception("theirs failed for %s", EMAIL)


if __name__ == "__main__":
    # As in the other tests, pages do without the built assets.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    from config import urls_portal

    urls_portal.urlpatterns += build_probe_urlpatterns()
    for way in (fail_in_web, send_refused_requests, fail_in_worker, log_secrets, fail_in_command):
        way()
