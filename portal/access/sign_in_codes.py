"""Deriving and comparing sign-in codes, which are stored nowhere."""

import hmac
from datetime import datetime

from django.conf import settings

from portal.access.models import Challenge

MAX_LIVE_CODES = 2
# What `match_code` returns for a staff-issued code; codes that were sent have generations from 0.
STAFF_ISSUED = -1


class CodeKeyRetired(LookupError):
    """The key that derived a challenge's codes is no longer in LOGIN_CODE_KEYS; the challenge is void."""


def current_key_id() -> str:
    """Return the id of the key that new challenges derive their codes from."""
    return next(iter(settings.LOGIN_CODE_KEYS))


def derive_code(challenge: Challenge, generation: int) -> str:
    """Return the code of one generation: HMAC-SHA256 over challenge, generation and nonce, reduced to digits.

    A retry, another provider or another worker derives the same code. Raises CodeKeyRetired.
    """
    return _derive_digits(challenge, b"portico.code" + challenge.pk.bytes + generation.to_bytes(2))


def derive_issued_code(challenge: Challenge) -> str:
    """Return the staff-issued code of a challenge, which differs from all codes that were sent.

    Raises CodeKeyRetired.
    """
    code_issued_at = challenge.code_issued_at.isoformat() if challenge.code_issued_at else ""
    return _derive_digits(challenge, b"portico.issued" + challenge.pk.bytes + code_issued_at.encode())


def list_live_code_generations(challenge: Challenge, *, now: datetime) -> list[int]:
    """Return the generations whose code still works: the newest two, each until it expires."""
    newest = list(enumerate(challenge.sent_at))[-MAX_LIVE_CODES:]
    return [generation for generation, sent in newest if now - sent <= settings.LOGIN_CODE_LIFETIME]


def match_code(challenge: Challenge, code: str, *, now: datetime) -> int | None:
    """Return the generation of the code that was typed, STAFF_ISSUED, or None. Comparisons take constant time."""
    digits = code.encode()
    matched = None
    if challenge.code_issued_at and now - challenge.code_issued_at <= settings.LOGIN_CODE_LIFETIME:
        matched = STAFF_ISSUED if hmac.compare_digest(derive_issued_code(challenge).encode(), digits) else None
    for generation in list_live_code_generations(challenge, now=now):
        if hmac.compare_digest(derive_code(challenge, generation).encode(), digits):
            matched = generation
    return matched


def matches_old_code(challenge: Challenge, code: str, *, now: datetime) -> bool:
    """Tell whether a code was typed that worked once and works no more: it was replaced, or it expired.

    No live code is looked at. Nothing is old that went to nobody. Comparisons take constant time.
    """
    digits, live = code.encode(), list_live_code_generations(challenge, now=now)
    old_codes = [
        derive_code(challenge, generation)
        for generation, destination in enumerate(challenge.destinations)
        if destination and generation not in live
    ]
    if challenge.code_issued_at and now - challenge.code_issued_at > settings.LOGIN_CODE_LIFETIME:
        old_codes.append(derive_issued_code(challenge))
    matches = [hmac.compare_digest(old_code.encode(), digits) for old_code in old_codes]
    return any(matches)


def _derive_digits(challenge: Challenge, label: bytes) -> str:
    try:
        key = settings.LOGIN_CODE_KEYS[challenge.key_id]
    except KeyError as error:
        raise CodeKeyRetired(challenge.key_id) from error
    number = int.from_bytes(hmac.digest(key, label + bytes(challenge.nonce), "sha256")) % 10**challenge.code_length
    return f"{number:0{challenge.code_length}d}"
