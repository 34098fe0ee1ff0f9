"""The tokens of programs that are signed in as a client: issuing, refreshing and recognising them."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from portal.access.kinds import AccessEvent
from portal.access.models import ClientSession, TokenGrant
from portal.access.services.sessions import build_live_sessions, end_session, record_session_use
from tenants import tokens
from tenants.compiled_queries import compiled_query

# How long a used refresh token gets the same answer again: as long as a program takes to send a lost request anew.
REPEAT_WINDOW = timedelta(seconds=10)


class TokenInvalid(Exception):
    """The token is none of ours, or its session has ended."""


class TokenExpired(TokenInvalid):
    """The access token was valid, and a refresh gets another."""


@dataclass(frozen=True)
class IssuedTokens:
    """Tokens as their holder gets them, once."""

    session: ClientSession
    access_token: str
    access_expires_at: datetime
    refresh_token: str


def issue_tokens(*, session: ClientSession, now: datetime) -> IssuedTokens:
    """Give the program that opened a session its first tokens."""
    return _save_grant(session, tokens.generate_token(), tokens.generate_token(), now=now)


def find_session_by_access_token(*, token: str, now: datetime) -> ClientSession:
    """Return the live session of an access token, with its client, in one statement. Raises TokenInvalid."""
    grant = next(iter(_query_live_grant(access_digest=tokens.digest_token(token), now=now)), None)
    if grant is None:
        raise TokenInvalid
    if grant.access_expires_at <= now:
        raise TokenExpired
    record_session_use(grant.session, now=now)
    return grant.session


def find_session_by_refresh_token(*, refresh_token: str, now: datetime) -> ClientSession:
    """Return the live session of a refresh token, used or not. Raises TokenInvalid."""
    digest = tokens.digest_token(refresh_token)
    session = next(iter(_query_session_of_refresh_token(refresh_digest=digest, now=now)), None)
    if session is None:
        raise TokenInvalid
    return session


def refresh_tokens(*, session: ClientSession, refresh_token: str, now: datetime) -> IssuedTokens:
    """Exchange a refresh token of a session for new tokens, once. Raises TokenInvalid.

    The next tokens are derived from the one that was sent and a key of ours. So whoever sends it again within
    REPEAT_WINDOW, in parallel or because the answer was lost, gets the same tokens as before, and the chain never
    forks. Later on, a used token is a copy in the wrong hands: its session ends, and with it every token of its.
    """
    digest = tokens.digest_token(refresh_token)
    record_session_use(session, now=now)
    access, refresh = (_derive_token(kind, refresh_token) for kind in ("access", "refresh"))
    with transaction.atomic():
        if TokenGrant.objects.filter(refresh_digest=digest, used_at=None).update(used_at=now):
            return _save_grant(session, access, refresh, now=now)
    grant = TokenGrant.objects.filter(refresh_digest=tokens.digest_token(refresh), session=session).first()
    if grant and now - grant.created_at <= REPEAT_WINDOW:
        return IssuedTokens(session, access, grant.access_expires_at, refresh)
    end_session(session=session, event_type=AccessEvent.SESSION_ENDED, now=now)
    raise TokenInvalid


@compiled_query
def _query_live_grant(access_digest: bytes, now: datetime) -> QuerySet[TokenGrant]:
    live = build_live_sessions(now).values("pk")
    return TokenGrant.objects.select_related("session__client").filter(access_digest=access_digest, session__in=live)


@compiled_query
def _query_session_of_refresh_token(refresh_digest: bytes, now: datetime) -> QuerySet[ClientSession]:
    return build_live_sessions(now).filter(token_grants__refresh_digest=refresh_digest)


def _derive_token(kind: str, refresh_token: str) -> str:
    digest = salted_hmac(f"portal.access.{kind}-token", refresh_token, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _save_grant(session: ClientSession, access_token: str, refresh_token: str, *, now: datetime) -> IssuedTokens:
    expires_at = now + settings.CLIENT_ACCESS_TOKEN_LIFETIME
    TokenGrant.objects.create(
        session=session,
        access_digest=tokens.digest_token(access_token),
        access_expires_at=expires_at,
        refresh_digest=tokens.digest_token(refresh_token),
        created_at=now,
    )
    return IssuedTokens(session, access_token, expires_at, refresh_token)
