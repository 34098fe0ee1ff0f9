"""Give packages to clients, change until when they are valid, and withdraw them.

Whoever changes a client's packages or sessions has locked the client first, and takes the rows of packages last of all,
after calendars, resources, appointments and entries: nobody who waits for a package has anything that others wait for.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from portal.activity import services as activity
from portal.clients.models import Client
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import ClientPackage, SessionPackage
from portal.scheduling.services.appointment_locks import lock_client
from portal.scheduling.services.setup_changes import apply_values
from tenants.context import get_current_business
from tenants.staff.staff_actor import StaffActor


class PackageArchived(Exception):
    """The package is not given to clients any more."""


class PackageWithdrawn(Exception):
    """The client's package was withdrawn: nothing of it can be changed any more."""


@dataclass(frozen=True)
class PackageTerms:
    """What staff say when they give a package: a last day of their own if the package's isn't meant, and a note.

    `key` is the form's, so that a form that is sent twice gives one package.
    """

    expires_on: date | None = None
    note: str = ""
    key: UUID | None = None


@transaction.atomic
def give_package(
    *, package: SessionPackage, client: Client, terms: PackageTerms, staff: StaffActor, now: datetime
) -> ClientPackage:
    """Give a client a package as it is now; the same form gives it once. Raises PackageArchived."""
    lock_client(client.pk)
    # Of the client too, so that a form that is sent for another one as well gives another package.
    key = uuid5(terms.key, str(client.pk)) if terms.key else uuid4()
    if terms.key and (given := ClientPackage.objects.filter(pk=key).first()):
        return given
    if package.archived_at:
        raise PackageArchived
    given = ClientPackage.objects.create(
        pk=key,
        client=client,
        package=package,
        name=package.name,
        sessions_total=package.sessions,
        price_amount=package.price_amount,
        price_currency=package.price_currency,
        expires_on=terms.expires_on or get_last_day(package, now=now),
        note=terms.note,
        given_at=now,
    )
    given.services.set(package.services.all())
    record_package_event(SchedulingEvent.PACKAGE_GIVEN, given, staff=staff, now=now, sessions=given.sessions_total)
    return given


@transaction.atomic
def change_client_package(
    *, client_package: ClientPackage, staff: StaffActor, now: datetime, **values: Any
) -> ClientPackage:
    """Change the last day or the note of a package; sessions that are reserved stay. Raises PackageWithdrawn."""
    found = lock_client_package(client_package)
    if found.withdrawn_at:
        raise PackageWithdrawn
    if changes := apply_values(found, values):
        found.save(update_fields=[*changes["after"]])
        record_package_event(SchedulingEvent.CLIENT_PACKAGE_CHANGED, found, staff=staff, now=now, **changes)
    return found


@transaction.atomic
def withdraw_client_package(*, client_package: ClientPackage, staff: StaffActor, now: datetime) -> bool:
    """Let no session of a package be taken any more; those reserved stay. False if it was withdrawn already."""
    found = lock_client_package(client_package)
    if found.withdrawn_at:
        return False
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    record_package_event(SchedulingEvent.CLIENT_PACKAGE_WITHDRAWN, found, staff=staff, now=now)
    return True


def get_last_day(package: SessionPackage, *, now: datetime) -> date | None:
    """Return the last day of a package that is given now; None where it doesn't end."""
    if package.validity_days is None:
        return None
    return get_business_day(now) + timedelta(days=package.validity_days)


def get_business_day(instant: datetime) -> date:
    """Return the day of an instant by the business's calendar."""
    business = get_current_business()
    assert business, "packages belong to a business"
    return instant.astimezone(ZoneInfo(business.time_zone)).date()


def lock_client_package(client_package: ClientPackage) -> ClientPackage:
    """Return a client's package as it is now; nobody else changes it until the transaction ends."""
    lock_client(client_package.client_id)
    rows = ClientPackage.objects.select_for_update(of=["self"], no_key=True)
    return rows.get(pk=client_package.pk)


def record_package_event(
    event_type: SchedulingEvent, client_package: ClientPackage, *, staff: StaffActor | None, now: datetime, **data: Any
) -> None:
    """Add an entry to the client's timeline about a package of theirs, by staff or else by the system."""
    actor = activity.get_actor_fields(staff) if staff else {}
    activity.record_event(
        event_type,
        client_id=client_package.client_id,
        subject_id=client_package.pk,
        at=now,
        name=client_package.name,
        **data,
        **actor,
    )
