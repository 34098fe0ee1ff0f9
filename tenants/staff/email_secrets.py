"""Which code, or which link, is in a letter to staff? It is derived when needed and stored nowhere."""

import base64
import hmac

from django.conf import settings

from tenants.models import StaffEmail


class EmailKeyRetired(LookupError):
    """The key a letter's secret was derived with is no longer in LOGIN_CODE_KEYS; the letter is void."""


def current_key_id() -> str:
    """Return the id of the key that new letters derive their secret from."""
    return next(iter(settings.LOGIN_CODE_KEYS))


def derive_code(letter: StaffEmail) -> str:
    """Return the code in a letter: the same for every attempt to send it. Raises KeyRetired."""
    digits = settings.ACCOUNT_LOGIN_BY_CODE_FORMAT["length"]
    number = int.from_bytes(_derive(letter, b"portico.staff-code")) % 10**digits
    return f"{number:0{digits}d}"


def derive_token(letter: StaffEmail) -> str:
    """Return the token in a letter's link: 256 bits, in the letters an address may have. Raises KeyRetired."""
    return base64.urlsafe_b64encode(_derive(letter, b"portico.staff-link")).rstrip(b"=").decode()


def _derive(letter: StaffEmail, label: bytes) -> bytes:
    try:
        key = settings.LOGIN_CODE_KEYS[letter.key_id]
    except KeyError as error:
        raise EmailKeyRetired(letter.key_id) from error
    return hmac.digest(key, label + letter.pk.bytes + bytes(letter.nonce), "sha256")
