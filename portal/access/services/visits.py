"""How does a member of staff look at the portal, and how does that end?"""

from datetime import datetime, timedelta

from django.db import transaction

from portal.access import tokens
from portal.access.models import Visit
from portal.clients.models import Client
from tenants import impersonation_tokens
from tenants.models import Business, Membership
from tenants.staff.permissions import has_permission

LIFETIME = timedelta(minutes=60)
PERMISSIONS = {Visit.Mode.DEMO: "portal.demo", Visit.Mode.LOOK: "portal.impersonate"}


class NoEntry(Exception):
    """The pass opens nothing: used already, too old, for another business, or its client is gone."""


@transaction.atomic
def open_visit(*, business: Business, token: str, now: datetime) -> tuple[Visit, str]:
    """Turn a pass from the console into a visit of 60 minutes; return it with its token. Raises NoEntry."""
    handover = impersonation_tokens.redeem(token=token, business=business, now=now)
    if handover is None:
        raise NoEntry
    is_demo = handover.mode == Visit.Mode.DEMO
    client = Client.objects.active().filter(pk=handover.client_id, is_demo=is_demo).first()
    if client is None:
        raise NoEntry
    fresh = tokens.new_token()
    visit = Visit.objects.create(
        client=client,
        mode=Visit.Mode(handover.mode),
        token_digest=tokens.digest(fresh),
        person_id=handover.person_id,
        reason=handover.reason,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return visit, fresh


def find_visit(*, business: Business, token: str, now: datetime) -> Visit | None:
    """Return the visit of a token while it lasts, with its client. It ends when its owner leaves the business, or may no longer visit."""
    visits = Visit.objects.select_related("client").filter(client__status=Client.Status.ACTIVE)
    visit = visits.filter(token_digest=tokens.digest(token), ended_at=None, expires_at__gt=now).first()
    return visit if visit and _may_visit(visit, business) else None


def _may_visit(visit: Visit, business: Business) -> bool:
    membership = Membership.objects.filter(person=visit.person_id, person__is_active=True, business=business).first()
    return membership is not None and has_permission(membership, PERMISSIONS[Visit.Mode(visit.mode)])


def end_visit(*, visit: Visit, now: datetime) -> None:
    """End a visit; whoever paid it is a stranger again."""
    Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=now)
