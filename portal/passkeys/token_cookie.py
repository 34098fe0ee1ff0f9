"""The cookie that tells which browser was given a challenge."""

from django.conf import settings

PASSKEY_BROWSER = f"{settings.COOKIE_PREFIX}passkey"
