"""Encryption of secrets that have to be read again, such as those by which webhooks are signed.

The keys are derived from SECRET_KEY and its fallbacks. A secret that a fallback encrypted is encrypted anew by a job
every twelve hours, before the fallback may be removed.
"""

import base64
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PURPOSE = b"tenants.encryption"


class UndecryptableSecret(ValueError):
    """None of the present keys encrypted this."""


def encrypt_text(text: str) -> str:
    """Return a text encrypted under the newest key."""
    return _get_cipher().encrypt(text.encode()).decode()


def decrypt_text(encrypted: str) -> str:
    """Return the text that was encrypted. Raises UndecryptableSecret."""
    try:
        return _get_cipher().decrypt(encrypted.encode()).decode()
    except InvalidToken as error:
        raise UndecryptableSecret from error


def _get_cipher() -> MultiFernet:
    return _build_cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _build_cipher(*secrets: str) -> MultiFernet:
    keys = [hmac.digest(secret.encode(), PURPOSE, "sha256") for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
