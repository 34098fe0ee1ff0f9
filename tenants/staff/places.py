"""At which business is a person at work, and under which address is its console?"""

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from tenants.models import Address, Business, Membership

_CURRENT = Address.objects.filter(business=OuterRef("business"), is_current=True, slug__isnull=False)


def memberships_of(person_id: UUID) -> QuerySet[Membership]:
    """Return a person's places at businesses that still exist, by name, each with the `slug` of its console."""
    return (
        Membership.objects.filter(person=person_id)
        .exclude(business__status=Business.Status.CLOSED)
        .select_related("business")
        .annotate(slug=Subquery(_CURRENT.values("slug")[:1]))
        .order_by("business__name", "pk")
    )


def membership_at(*, person_id: UUID, slug: str) -> Membership | None:
    """Return a person's place at the business that has this slug or had it, or None.

    No such business and no such member are one answer. The `slug` on it is the one in force.
    """
    return memberships_of(person_id).filter(business__addresses__slug=slug).first()
