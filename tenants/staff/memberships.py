"""At which business is a person at work, and under which address is its console?"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from tenants.models import Business, Hostname, Membership

_CURRENT_SLUGS = Hostname.objects.filter(business=OuterRef("business"), is_current=True, slug__isnull=False)


def memberships_of(person_id: UUID) -> QuerySet[Membership]:
    """Return a person's places at businesses that still exist, by name, each with the `slug` of its console."""
    return (
        Membership.objects.filter(person=person_id)
        .exclude(business__status=Business.Status.CLOSED)
        .select_related("business")
        .annotate(slug=Subquery(_CURRENT_SLUGS.values("slug")[:1]))
        .order_by("business__name", "pk")
    )


def find_membership(*, person_id: UUID, slug: str) -> tuple[Membership | None, Sequence[Membership]]:
    """Return a person's place at the business that has this slug or had it, or None, and all places to go to.

    No such business and no such member are one answer. The `slug` on it is the one in force.
    Every page offers the other places, so both are asked for at once.
    """
    named = Hostname.objects.filter(business=OuterRef("business"), slug=slug)
    memberships = list(memberships_of(person_id).annotate(is_named=Exists(named)))
    return next((membership for membership in memberships if membership.is_named), None), memberships
