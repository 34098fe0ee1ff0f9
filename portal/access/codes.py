"""What is the code? It is derived when needed and stored nowhere."""

import hmac
import unicodedata
from datetime import datetime

from django.conf import settings

from portal.access.models import Challenge

LIVE_CODES = 2


class KeyRetired(LookupError):
    """The key that derived a challenge's codes is no longer in LOGIN_CODE_KEYS; the challenge is void."""


def current_key_id() -> str:
    """Return the id of the key that new challenges derive their codes from."""
    return next(iter(settings.LOGIN_CODE_KEYS))


def derive(challenge: Challenge, generation: int) -> str:
    """Return one code of a challenge: HMAC-SHA256 over challenge, generation and nonce, cut to digits.

    A retry, another provider and another worker all come to the same code. Raises KeyRetired.
    """
    try:
        key = settings.LOGIN_CODE_KEYS[challenge.key_id]
    except KeyError as error:
        raise KeyRetired(challenge.key_id) from error
    material = b"portico.code" + challenge.pk.bytes + generation.to_bytes(2) + bytes(challenge.nonce)
    number = int.from_bytes(hmac.digest(key, material, "sha256")) % 10**challenge.digits
    return f"{number:0{challenge.digits}d}"


def live_generations(challenge: Challenge, *, now: datetime) -> list[int]:
    """Return the generations whose code still works: the newest two, each until its own expiry."""
    newest = list(enumerate(challenge.sent_at))[-LIVE_CODES:]
    return [generation for generation, sent in newest if now - sent <= settings.LOGIN_CODE_LIFETIME]


def match(challenge: Challenge, typed: str, *, now: datetime) -> int | None:
    """Return the live generation whose code was typed, or None; takes the same time either way."""
    digits = normalise(typed).encode()
    found = None
    for generation in live_generations(challenge, now=now):
        if hmac.compare_digest(derive(challenge, generation).encode(), digits):
            found = generation
    return found


def normalise(typed: str) -> str:
    """Return the digits of what was typed: spaces, dashes and full-width forms are how people paste."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isascii() and sign.isalnum())
