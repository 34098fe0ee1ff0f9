"""Checks of secrets: none is an example, easy to guess, or used for two purposes."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from tenants.setting_checks.problems import Problem, extract_password

SECRETS = (
    "SECRET_KEY",
    "SENDGRID_API_KEY",
    "SENDGRID_WEBHOOK_PUBLIC_KEY",
    "TWILIO_AUTH_TOKEN",
    "SMTP_URL",
    "REDIS_URL",
    "BROKER_URL",
)
KEYRINGS = ("LOGIN_CODE_KEYS", "DIGEST_KEYS")
FALLBACKS = ("SECRET_KEY_FALLBACKS", "SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS", "TWILIO_AUTH_TOKEN_FALLBACKS")
# Each limit is looked for under two digests.
MAX_DIGEST_KEYS = 2
PLACEHOLDER_PREFIXES = ("example", "change-me", "changeme", "change_me", "dev-", "django-insecure-", "replace")


def check_secrets() -> Iterator[Problem]:
    """Yield a problem for each secret that others know or could guess."""
    examples = _read_example_values()
    for name in SECRETS:
        value = getattr(settings, name)
        if value and (value in examples or extract_password(value).lower().startswith(PLACEHOLDER_PREFIXES)):
            yield name, "is an example. Set one of your own."
    if _is_easy_to_guess(settings.SECRET_KEY):
        yield "SECRET_KEY", "is too easy to guess. Use 50 random characters or more."
    if any(_is_easy_to_guess(secret) for secret in settings.SECRET_KEY_FALLBACKS):
        yield "SECRET_KEY_FALLBACKS", "holds a key that is easy to guess. Remove it."
    if settings.DATABASES["default"].get("PASSWORD", "").lower().startswith(PLACEHOLDER_PREFIXES):
        yield "DATABASE_URL", "holds an example password. Set one of your own."
    yield from _check_keyrings()


def check_secrets_used_twice() -> Iterator[Problem]:
    """Yield a problem for each secret that has two purposes: whoever learns it by one has the other."""
    named = list(_list_secret_values())
    counts = Counter(value for _name, value in named)
    for name in dict.fromkeys(name for name, value in named if counts[value] > 1):
        yield name, "holds a secret that another setting holds too. Give each a secret of its own."


def check_digest_keys() -> Iterator[Problem]:
    """Yield a problem if there are more digest keys than are looked for."""
    if len(settings.DIGEST_KEYS) > MAX_DIGEST_KEYS:
        yield "DIGEST_KEYS", f"must hold {MAX_DIGEST_KEYS} keys at most: the new one and the one before."


def _check_keyrings() -> Iterator[Problem]:
    prefixes = tuple(prefix.encode() for prefix in PLACEHOLDER_PREFIXES)
    for name in KEYRINGS:
        for key_id, key in getattr(settings, name).items():
            if len(set(key)) < 12 or key.lower().startswith(prefixes):
                yield name, f"holds an example as {key_id!r}. Make one with: openssl rand -base64 32"


def _is_easy_to_guess(secret: str) -> bool:
    return len(secret) < 50 or len(set(secret)) < 12


def _list_secret_values() -> Iterator[tuple[str, str]]:
    # The queue may be in the Redis of the limits; then they have one password.
    is_one_server = urlsplit(settings.BROKER_URL).netloc == urlsplit(settings.REDIS_URL).netloc
    for name in SECRETS:
        if name == "BROKER_URL" and is_one_server:
            continue
        if value := extract_password(getattr(settings, name)):
            yield name, value
    for name in FALLBACKS:
        yield from ((name, value) for value in getattr(settings, name))
    if password := settings.DATABASES["default"].get("PASSWORD", ""):
        yield "DATABASE_URL", password
    for name in KEYRINGS:
        for key in getattr(settings, name).values():
            yield name, b64encode(key).decode()


def _read_example_values() -> set[str]:
    """Return the values in .env.example, if the file exists; they are public."""
    path = settings.BASE_DIR / ".env.example"
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.lstrip("# ").partition("=") for line in lines)
    return {value.strip() for name, _, value in pairs if name in SECRETS and value.strip()}
