"""The types of the requests of signed-in staff, as the decorators of their views prepare them."""

from collections.abc import Sequence
from typing import TypeGuard

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tenants.models import Business, Person
from tenants.request_types import HostRequest
from tenants.staff.memberships import MembershipWithSlug
from tenants.staff.staff_actor import StaffActor


class PersonRequest(HostRequest):
    """A request of a signed-in person, as `staff_login_required` prepares it."""

    htmx: HtmxDetails
    person: Person


class StaffRequest(PersonRequest):
    """A request of a member of the business in the path, as `membership_required` prepares it."""

    business: Business
    membership: MembershipWithSlug
    memberships: Sequence[MembershipWithSlug]
    perms: dict[str, dict[str, bool]]
    slug: str
    staff: StaffActor


def is_staff_request(request: HttpRequest) -> TypeGuard[StaffRequest]:
    """Return whether `membership_required` has prepared a request."""
    return hasattr(request, "membership")
