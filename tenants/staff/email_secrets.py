"""Derives the code or link token of a staff email from a key; neither is stored."""

import base64
import hmac

from django.conf import settings

from tenants.models import StaffEmail


class StaffEmailKeyRetired(LookupError):
    """The key of a staff email is no longer in LOGIN_CODE_KEYS, so its code or link is void."""


def current_key_id() -> str:
    """Return the id of the key from which new staff emails derive their secret."""
    return next(iter(settings.LOGIN_CODE_KEYS))


def derive_code(staff_email: StaffEmail) -> str:
    """Return the code of a staff email, the same for every attempt to send it. Raises StaffEmailKeyRetired."""
    digits = settings.ACCOUNT_LOGIN_BY_CODE_FORMAT["length"]
    number = int.from_bytes(_derive_secret(staff_email, b"portico.staff-code")) % 10**digits
    return f"{number:0{digits}d}"


def derive_token(staff_email: StaffEmail) -> str:
    """Return the token of a staff email's link: 256 bits as URL-safe base64. Raises StaffEmailKeyRetired."""
    return base64.urlsafe_b64encode(_derive_secret(staff_email, b"portico.staff-link")).rstrip(b"=").decode()


def _derive_secret(staff_email: StaffEmail, label: bytes) -> bytes:
    try:
        key = settings.LOGIN_CODE_KEYS[staff_email.key_id]
    except KeyError as error:
        raise StaffEmailKeyRetired(staff_email.key_id) from error
    return hmac.digest(key, label + staff_email.pk.bytes + bytes(staff_email.nonce), "sha256")
