"""Unsafe production settings stop every program with an explanation."""

import base64
import itertools
import os
import secrets
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.checks import run_checks

from tenants import checks
from tenants.setting_checks import secret_values

pytestmark = pytest.mark.slow


def _encode_public_key(key) -> str:
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(public).decode()


PRODUCTION = {
    "DEMO": False,
    "DEBUG": False,
    "HTTPS": True,
    "SECRET_KEY": base64.b64encode(os.urandom(48)).decode(),
    "LOGIN_CODE_KEYS": {"k1": os.urandom(32)},
    "DIGEST_KEYS": {"k1": os.urandom(32)},
    "PLATFORM_HOST": "app.portico.io",
    "PORTAL_DOMAIN": "portico.io",
    "PUBLIC_URL": "https://app.portico.io",
    "MAIL_FROM": "portal@portico.io",
    "MAIL_FROM_CODES": "codes@portico.io",
    "EMAIL_PROVIDERS": ["sendgrid", "smtp"],
    "SMS_PROVIDERS": ["twilio"],
    "SENDGRID_API_KEY": "SG.x",
    "SENDGRID_WEBHOOK_PUBLIC_KEY": _encode_public_key(ec.generate_private_key(ec.SECP256R1())),
    "SENDGRID_BASE_URL": "https://api.sendgrid.com",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_FROM": "+15005550006",
    "TWILIO_FROM_CODES": "+15005550009",
    "TWILIO_BASE_URL": "https://api.twilio.com",
    "SMTP_URL": "smtps://u:p@mail.portico.io:465",
    "STAFF_MFA_REQUIRED": True,
    "TRUSTED_PROXY_COUNT": 1,
}
UNSAFE = {
    "staff without a second factor": ("STAFF_MFA_REQUIRED", {"STAFF_MFA_REQUIRED": False}),
    "debug pages": ("DEBUG", {"DEBUG": True}),
    "an example secret key": ("SECRET_KEY", {"SECRET_KEY": "example-" + PRODUCTION["SECRET_KEY"]}),
    "a developer's secret key": ("SECRET_KEY", {"SECRET_KEY": "dev-" + PRODUCTION["SECRET_KEY"]}),
    "Django's own example": ("SECRET_KEY", {"SECRET_KEY": "django-insecure-" + PRODUCTION["SECRET_KEY"]}),
    "a short secret key": ("SECRET_KEY", {"SECRET_KEY": "3f9a1c"}),
    "a monotonous secret key": ("SECRET_KEY", {"SECRET_KEY": "abcdefgh" * 10}),
    "example code keys": ("LOGIN_CODE_KEYS", {"LOGIN_CODE_KEYS": {"k1": b"example key: replace me with your own."}}),
    "more digest keys than are looked for": (
        "DIGEST_KEYS",
        {"DIGEST_KEYS": {key_id: os.urandom(32) for key_id in ("k3", "k2", "k1")}},
    ),
    "a former secret key that is easy to guess": ("SECRET_KEY_FALLBACKS", {"SECRET_KEY_FALLBACKS": ["3f9a1c"]}),
    "a former secret key that is the present one": (
        "SECRET_KEY_FALLBACKS",
        {"SECRET_KEY_FALLBACKS": [PRODUCTION["SECRET_KEY"]]},
    ),
    "a former token that is the present one": (
        "TWILIO_AUTH_TOKEN_FALLBACKS",
        {"TWILIO_AUTH_TOKEN_FALLBACKS": [PRODUCTION["TWILIO_AUTH_TOKEN"]]},
    ),
    "half a former key to verify SendGrid": (
        "SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS",
        {"SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS": [PRODUCTION["SENDGRID_WEBHOOK_PUBLIC_KEY"][:60]]},
    ),
    "code keys of zeros": ("LOGIN_CODE_KEYS", {"LOGIN_CODE_KEYS": {"k1": bytes(32)}}),
    "one old example among code keys": (
        "LOGIN_CODE_KEYS",
        {"LOGIN_CODE_KEYS": PRODUCTION["LOGIN_CODE_KEYS"] | {"k0": bytes(32)}},
    ),
    "every host": ("PLATFORM_HOST", {"PLATFORM_HOST": "*"}),
    "every portal": ("PORTAL_DOMAIN", {"PORTAL_DOMAIN": "*.portico.io"}),
    "a host with a port": ("PORTAL_DOMAIN", {"PORTAL_DOMAIN": "portico.io:443"}),
    "a domain that begins with a dot": ("PORTAL_DOMAIN", {"PORTAL_DOMAIN": ".portico.io"}),
    "a queue nobody knows": ("BROKER_URL", {"BROKER_URL": "kafka://queue.portico.io"}),
    "a Redis behind HTTP": ("REDIS_URL", {"REDIS_URL": "http://redis.portico.io"}),
    "a mail server behind HTTP": ("SMTP_URL", {"SMTP_URL": "https://u:p@mail.portico.io"}),
    "this machine": ("PLATFORM_HOST", {"PLATFORM_HOST": "localhost", "PUBLIC_URL": "https://localhost"}),
    "portals on this machine": ("PORTAL_DOMAIN", {"PORTAL_DOMAIN": "localhost"}),
    "an address of a private network": (
        "PLATFORM_HOST",
        {"PLATFORM_HOST": "10.0.0.1", "PUBLIC_URL": "https://10.0.0.1"},
    ),
    "the platform where a portal could be": (
        "PLATFORM_HOST",
        {"PLATFORM_HOST": "joe.portico.io", "PUBLIC_URL": "https://joe.portico.io"},
    ),
    "an example password to the queue": (
        "BROKER_URL",
        {"BROKER_URL": "amqp://portico:change-me@rabbit.portico.io:5672/portico"},
    ),
    "an example password to Redis": ("REDIS_URL", {"REDIS_URL": "redis://:example@redis.portico.io:6379/0"}),
    "an example password to the mail server": ("SMTP_URL", {"SMTP_URL": "smtps://u:replace-me@mail.portico.io:465"}),
    "no TLS": ("PUBLIC_URL", {"PUBLIC_URL": "http://app.portico.io", "HTTPS": False}),
    "a public URL of another host": ("PUBLIC_URL", {"PUBLIC_URL": "https://portico.io"}),
    "the demo's mail provider": ("EMAIL_PROVIDERS", {"EMAIL_PROVIDERS": ["sendgrid", "demo"]}),
    "the demo's text provider": ("SMS_PROVIDERS", {"SMS_PROVIDERS": ["demo"]}),
    "an unknown provider": ("EMAIL_PROVIDERS", {"EMAIL_PROVIDERS": ["pigeon"]}),
    "no provider": ("SMS_PROVIDERS", {"SMS_PROVIDERS": []}),
    "SendGrid without a key": ("SENDGRID_API_KEY", {"SENDGRID_API_KEY": ""}),
    "an example SendGrid key": ("SENDGRID_API_KEY", {"SENDGRID_API_KEY": "example"}),
    "SendGrid without a way to verify": ("SENDGRID_WEBHOOK_PUBLIC_KEY", {"SENDGRID_WEBHOOK_PUBLIC_KEY": ""}),
    "half a key to verify SendGrid": (
        "SENDGRID_WEBHOOK_PUBLIC_KEY",
        {"SENDGRID_WEBHOOK_PUBLIC_KEY": PRODUCTION["SENDGRID_WEBHOOK_PUBLIC_KEY"][:60]},
    ),
    "a key SendGrid doesn't sign with": (
        "SENDGRID_WEBHOOK_PUBLIC_KEY",
        {"SENDGRID_WEBHOOK_PUBLIC_KEY": _encode_public_key(ed25519.Ed25519PrivateKey.generate())},
    ),
    "SendGrid in the clear": ("SENDGRID_BASE_URL", {"SENDGRID_BASE_URL": "http://api.sendgrid.com"}),
    "SMTP without a server": ("SMTP_URL", {"SMTP_URL": ""}),
    "Twilio without an account": ("TWILIO_ACCOUNT_SID", {"TWILIO_ACCOUNT_SID": ""}),
    "Twilio without a token": ("TWILIO_AUTH_TOKEN", {"TWILIO_AUTH_TOKEN": ""}),
    "Twilio without a sender": ("TWILIO_FROM", {"TWILIO_FROM": "", "TWILIO_FROM_CODES": ""}),
    "texts with a sender for notices only": ("TWILIO_FROM_CODES", {"TWILIO_FROM_CODES": ""}),
    "texts with a sender for codes only": ("TWILIO_FROM_CODES", {"TWILIO_FROM": ""}),
    "one number for codes and notices": ("TWILIO_FROM_CODES", {"TWILIO_FROM_CODES": "+15005550006"}),
    "one number for codes and notices, beside a service": (
        "TWILIO_FROM_CODES",
        {"TWILIO_FROM_CODES": "+15005550006", "TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32},
    ),
    "one messaging service for codes and notices": (
        "TWILIO_FROM_CODES",
        {"TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32, "TWILIO_MESSAGING_SERVICE_SID_CODES": "MG" + "0" * 32},
    ),
    "a sender on this machine": ("MAIL_FROM", {"MAIL_FROM": "portal@localhost"}),
    "one address for codes and notices": ("MAIL_FROM_CODES", {"MAIL_FROM_CODES": "Portal@portico.io"}),
    "a sender of codes on this machine": ("MAIL_FROM_CODES", {"MAIL_FROM_CODES": "codes@localhost"}),
    "a sender of codes that is no address": ("MAIL_FROM_CODES", {"MAIL_FROM_CODES": "codes"}),
    "more guesses than the database allows": ("LOGIN_MAX_GUESSES", {"LOGIN_MAX_GUESSES": 6}),
    "more codes than the database allows": ("LOGIN_MAX_SENDS", {"LOGIN_MAX_SENDS": 4}),
    "short codes": ("LOGIN_CODE_DIGITS", {"LOGIN_CODE_DIGITS": 4}),
    "weaker codes under attack": ("LOGIN_CODE_DIGITS", {"LOGIN_CODE_DIGITS": 8, "LOGIN_CODE_DIGITS_UNDER_ATTACK": 6}),
    "hosts remembered for too long": ("HOST_CACHE_SECONDS", {"HOST_CACHE_SECONDS": 60}),
    "no chat messages at all": ("CHAT_MESSAGES_PER_HOUR", {"CHAT_MESSAGES_PER_HOUR": 0}),
    "a negative delay": ("CHAT_EMAIL_DELAY", {"CHAT_EMAIL_DELAY": timedelta(seconds=-1)}),
    "no second guess in an hour": ("LOGIN_FAILURES_PER_HOUR", {"LOGIN_FAILURES_PER_HOUR": 5}),
    "four guesses of five in a day": ("LOGIN_FAILURES_PER_DAY", {"LOGIN_FAILURES_PER_DAY": 13}),
    "an hour above its day": ("LOGIN_SENDS_PER_HOUR", {"LOGIN_SENDS_PER_HOUR": 20}),
    "a code that outlives its attempt": ("LOGIN_CODE_LIFETIME", {"LOGIN_CODE_LIFETIME": timedelta(hours=1)}),
    "a resend after the end": ("LOGIN_RESEND_WAIT", {"LOGIN_RESEND_WAIT": timedelta(minutes=10)}),
    "no lifetime at all": ("CLIENT_SESSION_IDLE_TIMEOUT", {"CLIENT_SESSION_IDLE_TIMEOUT": timedelta(0)}),
    "kept sessions that end early": (
        "CLIENT_SESSION_IDLE_TIMEOUT",
        {"CLIENT_SESSION_IDLE_TIMEOUT": timedelta(days=60)},
    ),
    "TLS without a proxy": ("TRUSTED_PROXY_COUNT", {"TRUSTED_PROXY_COUNT": 0}),
    "codes that work for a day": ("LOGIN_CODE_LIFETIME", {"LOGIN_CODE_LIFETIME": timedelta(days=1)}),
    "a resend after a second": ("LOGIN_RESEND_WAIT", {"LOGIN_RESEND_WAIT": timedelta(seconds=1)}),
    "a provider named twice": ("EMAIL_PROVIDERS", {"EMAIL_PROVIDERS": ["smtp", "smtp"]}),
    "a sender that is no address": ("MAIL_FROM", {"MAIL_FROM": "portal at portico.io"}),
    "a sender with a line break": ("MAIL_FROM", {"MAIL_FROM": "portal@portico.io\n"}),
    "a DKIM selector with a space": ("MAIL_DKIM_SELECTOR", {"MAIL_DKIM_SELECTOR": "s 1"}),
    "an account that is none of Twilio's": ("TWILIO_ACCOUNT_SID", {"TWILIO_ACCOUNT_SID": "AC1"}),
    "a messaging service that is none": ("TWILIO_MESSAGING_SERVICE_SID", {"TWILIO_MESSAGING_SERVICE_SID": "MG"}),
    "a sending number with a date": ("TWILIO_FROM", {"TWILIO_FROM": "+2027-03-14"}),
    "a token with a line break": ("TWILIO_AUTH_TOKEN", {"TWILIO_AUTH_TOKEN": "t\n"}),
    "a resolver without a port": ("DNS_RESOLVER", {"DNS_RESOLVER": "10.0.0.2"}),
    "a Sentry project without a key": ("SENTRY_DSN", {"SENTRY_DSN": "https://sentry.portico.io/1"}),
    "metrics at no address": ("METRICS_HOST", {"METRICS_HOST": "everywhere"}),
    "a lease shorter than a call": ("DELIVERY_LEASE", {"DELIVERY_LEASE": timedelta(seconds=8)}),
}


# A public key is no secret, but one that is also used as a secret gives it away.
INDEPENDENT_SECRETS = [
    *(name for name in secret_values.SECRETS if name != "SENDGRID_WEBHOOK_PUBLIC_KEY"),
    *secret_values.KEYRINGS,
]


@pytest.fixture
def production_settings(settings):
    """A platform with safe settings."""
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    return settings


def list_settings_with_errors() -> set[str]:
    """Return the names of the settings for which the system checks report errors."""
    return {error.id.removeprefix("portico.") for error in run_checks() if error.id.startswith("portico.")}


def test_a_real_platform_starts(production_settings):
    assert list_settings_with_errors() == set()
    checks.exit_on_unsafe_settings()


def test_the_demo_starts_with_its_default_settings():
    assert list_settings_with_errors() == set()


@pytest.mark.parametrize("what", UNSAFE)
def test_unsafe_settings_keep_a_platform_from_starting(what, production_settings):
    name, unsafe = UNSAFE[what]
    for setting, value in unsafe.items():
        setattr(production_settings, setting, value)

    assert name in list_settings_with_errors()
    with pytest.raises(SystemExit, match=f"(?m)^{name}: .+[.2]$"):
        checks.exit_on_unsafe_settings()


@pytest.mark.parametrize(("first", "second"), list(itertools.pairwise(INDEPENDENT_SECRETS)))
def test_a_secret_used_twice_is_refused(first, second, production_settings):
    shared = secrets.token_hex(32)
    for name in (first, second):
        _set_secret(production_settings, name, shared)

    assert {first, second} <= list_settings_with_errors()


def test_the_queue_may_be_in_the_redis_of_the_limits(production_settings):
    production_settings.REDIS_URL = "redis://:a-password-of-its-own@redis.portico.io/0"
    production_settings.BROKER_URL = "redis://:a-password-of-its-own@redis.portico.io/1"

    assert list_settings_with_errors() == set()


def _set_secret(settings, name: str, secret: str) -> None:
    """Give a setting a secret: as its value, as the password in its URL, or as its key."""
    if name in secret_values.KEYRINGS:
        setattr(settings, name, {"k1": base64.b64decode(secret)})
    elif name.endswith("_URL"):
        url = urlsplit(getattr(settings, name))
        setattr(settings, name, url._replace(netloc=f"u:{secret}@{name}.portico.io").geturl())
    else:
        setattr(settings, name, secret)


def test_a_secret_copied_from_the_example_file_is_refused(production_settings, tmp_path):
    production_settings.BASE_DIR = tmp_path
    (tmp_path / ".env.example").write_text(f"# SECRET_KEY={production_settings.SECRET_KEY}\n")

    assert list_settings_with_errors() == {"SECRET_KEY"}


def test_a_demo_at_a_public_host_is_refused(settings):
    settings.PLATFORM_HOST, settings.PUBLIC_URL = "portico.io", "https://portico.io"

    assert list_settings_with_errors() == {"DEMO"}


def test_error_messages_never_repeat_a_secret(production_settings, monkeypatch):
    production_settings.SECRET_KEY = "example-of-a-secret"
    monkeypatch.setitem(production_settings.DATABASES["default"], "PASSWORD", "example-password")

    with pytest.raises(SystemExit) as refusal:
        checks.exit_on_unsafe_settings()
    assert "SECRET_KEY: " in str(refusal.value)
    assert "DATABASE_URL: " in str(refusal.value)
    assert "of-a-secret" not in str(refusal.value)
    assert "example-password" not in str(refusal.value)


@pytest.mark.parametrize(
    "program",
    [["manage.py", "check"], ["-c", "import config.wsgi"], ["-c", "import workers.main"]],
    ids=["command", "web", "worker"],
)
@pytest.mark.parametrize(
    ("unsafe", "sentence"),
    [({"PLATFORM_HOST": "*"}, "PLATFORM_HOST: is a wildcard"), ({"SECRET_KEY": ""}, "Set SECRET_KEY.")],
    ids=["wildcard", "missing"],
)
def test_every_program_exits_with_a_sentence_on_unsafe_settings(program, unsafe, sentence, db):
    env = os.environ | unsafe

    done = subprocess.run([sys.executable, *program], env=env, capture_output=True, text=True, timeout=100)

    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
