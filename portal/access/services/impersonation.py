"""How does a member of staff look at the portal, and how does that end?"""

from datetime import datetime, timedelta

from django.db import transaction

from portal.access import tokens
from portal.access.models import ImpersonationSession
from portal.clients.models import Client
from tenants import impersonation_tokens
from tenants.models import Business, Membership
from tenants.staff.permissions import has_permission

IMPERSONATION_LIFETIME = timedelta(minutes=60)
PERMISSIONS = {ImpersonationSession.Mode.DEMO: "portal.demo", ImpersonationSession.Mode.READ_ONLY: "portal.impersonate"}


class ImpersonationDenied(Exception):
    """The pass opens nothing: used already, too old, for another business, or its client is gone."""


@transaction.atomic
def start_impersonation(*, business: Business, token: str, now: datetime) -> tuple[ImpersonationSession, str]:
    """Turn a pass from the console into a visit of 60 minutes; return it with its token. Raises NoEntry."""
    handover = impersonation_tokens.redeem(token=token, business=business, now=now)
    if handover is None:
        raise ImpersonationDenied
    is_demo = handover.mode == ImpersonationSession.Mode.DEMO
    client = Client.objects.active().filter(pk=handover.client_id, is_demo=is_demo).first()
    if client is None:
        raise ImpersonationDenied
    fresh = tokens.new_token()
    visit = ImpersonationSession.objects.create(
        client=client,
        mode=ImpersonationSession.Mode(handover.mode),
        token_digest=tokens.digest(fresh),
        person_id=handover.person_id,
        reason=handover.reason,
        created_at=now,
        expires_at=now + IMPERSONATION_LIFETIME,
    )
    return visit, fresh


def find_impersonation(*, business: Business, token: str, now: datetime) -> ImpersonationSession | None:
    """Return the visit of a token while it lasts, with its client. It ends when its owner leaves the business, or may no longer visit."""
    visits = ImpersonationSession.objects.select_related("client").filter(client__status=Client.Status.ACTIVE)
    visit = visits.filter(token_digest=tokens.digest(token), ended_at=None, expires_at__gt=now).first()
    return visit if visit and _may_impersonate(visit, business) else None


def _may_impersonate(visit: ImpersonationSession, business: Business) -> bool:
    membership = Membership.objects.filter(person=visit.person_id, person__is_active=True, business=business).first()
    return membership is not None and has_permission(membership, PERMISSIONS[ImpersonationSession.Mode(visit.mode)])


def end_impersonation(*, visit: ImpersonationSession, now: datetime) -> None:
    """End a visit; whoever paid it is a stranger again."""
    ImpersonationSession.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=now)
