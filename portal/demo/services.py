"""Creation and removal of the demo's two businesses."""

from datetime import datetime, timedelta

from django.db import transaction

from tenants.context import use_business
from tenants.models import Business, Person, Role
from tenants.nouns import registry
from tenants.nouns.demo_business import DemoBusiness
from tenants.provisioning import add_member, create_business, drop_business
from tenants.staff.staff_actor import StaffActor

BUSINESSES = {
    "acme": {
        "name": "Acme Physiotherapy",
        "owner_email": "owner@acme.test",
        "country": "DE",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
    },
    "globex": {
        "name": "Globex Legal",
        "owner_email": "owner@globex.test",
        "country": "US",
        "currency": "USD",
        "time_zone": "America/New_York",
    },
}
# Members besides its owner. The owner of one business may also own another.
STAFF_ROLES = {"acme": {"staff@acme.test": Role.STAFF, "owner@globex.test": Role.OWNER}, "globex": {}}
PERSON_NAMES = {"owner@acme.test": "Sabine Acker", "staff@acme.test": "Timo Berger", "owner@globex.test": "Gordon Pike"}


@transaction.atomic
def seed_business(slug: str, *, now: datetime) -> Business | None:
    """Create one of the demo's businesses with its team and sample data; None if it exists already."""
    if Business.objects.filter(hostnames__slug=slug).exists():
        return None
    business = create_business(slug=slug, **BUSINESSES[slug], now=now - timedelta(days=420))
    _add_team(slug, business, now=now)
    staff = _build_staff_actor(slug)
    with use_business(business):
        for path in registry.list_demo_business_seeder_paths():
            registry.import_dotted_path(path)(DemoBusiness(slug=slug, business=business, staff=staff, now=now))
    return business


@transaction.atomic
def remove_business(slug: str) -> None:
    """Remove one of the demo's businesses with all its data."""
    business = Business.objects.filter(hostnames__slug=slug).first()
    if business:
        drop_business(business=business)


def _add_team(slug: str, business: Business, *, now: datetime) -> None:
    for email, role in STAFF_ROLES[slug].items():
        add_member(business=business, email=email, role=role, now=now)
    for email, name in PERSON_NAMES.items():
        Person.objects.filter(email=email).update(name=name)


def _build_staff_actor(slug: str) -> StaffActor:
    """Return the owner, who appears as the author of the sample data."""
    owner = Person.objects.get(email=BUSINESSES[slug]["owner_email"])
    return StaffActor(person_id=owner.pk, name=owner.name)
