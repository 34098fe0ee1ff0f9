"""Selecting an account after a right code, where several clients share the address."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.access.models import Challenge
from portal.access.services.code_verification import ChallengeClosed, find_verified_clients, sign_in_client
from portal.access.services.sessions import BrowserTokens, NewSession
from tenants import tokens

ACCOUNT_SELECTION_LIFETIME = timedelta(minutes=10)


class InvalidAccountSelection(Exception):
    """The selected client is not among those who share the verified address."""


def get_pending_account_selection(*, token: str, now: datetime) -> tuple[Challenge, int]:
    """Return a verified challenge that waits for an account selection, and the generation. Raises ChallengeClosed."""
    challenge = Challenge.objects.filter(
        browser_digest=tokens.digest_token(token), closed_at=None, verified_at__gt=now - ACCOUNT_SELECTION_LIFETIME
    ).first()
    if challenge is None or challenge.verified_generation is None:
        raise ChallengeClosed
    return challenge, challenge.verified_generation


@transaction.atomic
def select_account(
    *, token: str, client_id: str, browser: BrowserTokens, remember_me: bool, now: datetime
) -> NewSession:
    """Sign in one of the clients who share a verified address. Raises ChallengeClosed, InvalidAccountSelection."""
    challenge, generation = get_pending_account_selection(token=token, now=now)
    clients = find_verified_clients(challenge, generation, browser_digest=browser.browser_digest)
    client = next((one for one in clients if str(one.pk) == client_id), None)
    if client is None:
        raise InvalidAccountSelection
    if not Challenge.objects.filter(pk=challenge.pk, closed_at=None).update(closed_at=now):
        raise ChallengeClosed
    return sign_in_client(client, challenge, generation, browser=browser, remember_me=remember_me, now=now)
