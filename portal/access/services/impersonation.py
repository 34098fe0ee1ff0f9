"""Starting, finding and ending impersonation sessions."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from portal.access.models import ImpersonationMode, ImpersonationSession
from portal.clients.models import Client, ClientStatus
from tenants import impersonation_tokens, tokens
from tenants.models import Business
from tenants.staff.permissions import has_person_permission

IMPERSONATION_LIFETIME = timedelta(minutes=60)
PERMISSIONS = {ImpersonationMode.DEMO: "portal.demo", ImpersonationMode.READ_ONLY: "portal.impersonate"}


class ImpersonationDenied(Exception):
    """The token was used, expired or belongs to another business, or its client is gone."""


@transaction.atomic
def start_impersonation(*, business: Business, token: str, now: datetime) -> tuple[ImpersonationSession, str]:
    """Redeem a token from the console for a session of 60 minutes; return it and its own token.

    Raises ImpersonationDenied.
    """
    impersonation_token = impersonation_tokens.redeem_token(token=token, business=business, now=now)
    if impersonation_token is None:
        raise ImpersonationDenied
    is_demo = impersonation_token.mode == ImpersonationMode.DEMO
    client = Client.objects.active().filter(pk=impersonation_token.client_id, is_demo=is_demo).first()
    if client is None:
        raise ImpersonationDenied
    session_token = tokens.generate_token()
    session = ImpersonationSession.objects.create(
        pk=impersonation_token.pk,
        client=client,
        mode=ImpersonationMode(impersonation_token.mode),
        token_digest=tokens.digest_token(session_token),
        person_id=impersonation_token.person_id,
        reason=impersonation_token.reason,
        created_at=now,
        expires_at=now + IMPERSONATION_LIFETIME,
    )
    return session, session_token


def find_impersonation(*, business: Business, token: str, now: datetime) -> ImpersonationSession | None:
    """Return the live session of a token, with its client.

    It ends when its owner loses the membership or the permission, or is signed out where they came from.
    """
    sessions = ImpersonationSession.objects.select_related("client").filter(client__status=ClientStatus.ACTIVE)
    session = sessions.filter(token_digest=tokens.digest_token(token), ended_at=None, expires_at__gt=now).first()
    return session if session and _may_impersonate(session, business, now) else None


def _may_impersonate(session: ImpersonationSession, business: Business, now: datetime) -> bool:
    permission = PERMISSIONS[ImpersonationMode(session.mode)]
    if not has_person_permission(person_id=session.person_id, business=business, permission=permission):
        return False
    return impersonation_tokens.is_issuer_signed_in(session.pk, now=now)


def end_impersonations_of_member(*, person_id: UUID, now: datetime) -> None:
    """End the impersonation sessions of a former member."""
    ImpersonationSession.objects.filter(person_id=person_id, ended_at=None).update(ended_at=now)


def end_impersonation(*, session: ImpersonationSession, now: datetime) -> None:
    """End an impersonation session."""
    ImpersonationSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=now)
