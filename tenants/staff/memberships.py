"""A person's memberships, each with the current slug of its business."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, TypedDict
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from tenants.models import BusinessStatus, Membership, PortalHostname

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _SlugAnnotation(TypedDict):
    slug: str


MembershipWithSlug: TypeAlias = "WithAnnotations[Membership, _SlugAnnotation]"

_CURRENT_SLUGS = PortalHostname.objects.filter(business=OuterRef("business"), is_current=True, slug__isnull=False)


def list_memberships(person_id: UUID) -> QuerySet[MembershipWithSlug]:
    """Return a person's memberships of open businesses, by business name, each with the console's `slug`."""
    return (
        Membership.objects.filter(person=person_id)
        .exclude(business__status=BusinessStatus.CLOSED)
        .select_related("business")
        .annotate(slug=Subquery(_CURRENT_SLUGS.values("slug")[:1]))
        .order_by("business__name", "pk")
    )


def find_membership(*, person_id: UUID, slug: str) -> tuple["MembershipWithSlug | None", Sequence[MembershipWithSlug]]:
    """Return a person's membership of the business with this current or former slug, or None, and all memberships.

    An unknown business and a business of others give the same answer. The membership's `slug` is the current one.
    Every page also lists the other memberships, so one query reads both.
    """
    named = PortalHostname.objects.filter(business=OuterRef("business"), slug=slug)
    memberships = list(list_memberships(person_id).annotate(is_named=Exists(named)))
    return next((membership for membership in memberships if membership.is_named), None), memberships
