"""Add and change the packages of sessions that staff can give to clients."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Service, SessionPackage
from portal.scheduling.services.setup_changes import apply_values, record_setup_event
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def add_session_package(
    *, service_ids: Collection[UUID], staff: StaffActor, now: datetime, **values: Any
) -> SessionPackage:
    """Add a package of sessions of these services."""
    package = SessionPackage.objects.create(created_at=now, **values)
    package.services.set(Service.objects.filter(pk__in=service_ids))
    record_setup_event(SchedulingEvent.PACKAGE_ADDED, package, staff=staff, now=now)
    return package


@transaction.atomic
def change_session_package(
    *,
    package: SessionPackage,
    service_ids: Collection[UUID] | None = None,
    staff: StaffActor,
    now: datetime,
    **values: Any,
) -> SessionPackage:
    """Change what is given as keywords. What clients were given before stays as it was."""
    package = SessionPackage.objects.select_for_update(of=["self"], no_key=True).get(pk=package.pk)
    changes = apply_values(package, values)
    if changes:
        package.save(update_fields=[*changes["after"]])
    services_changes = {} if service_ids is None else _set_services(package, service_ids)
    merged = {side: changes.get(side, {}) | services_changes.get(side, {}) for side in ("before", "after")}
    if merged["after"]:
        record_setup_event(SchedulingEvent.PACKAGE_CHANGED, package, staff=staff, now=now, **merged)
    return package


@transaction.atomic
def archive_session_package(*, package: SessionPackage, staff: StaffActor, now: datetime) -> bool:
    """Give a package to nobody any more; those who have it keep it. False if it was archived already."""
    if not SessionPackage.objects.filter(pk=package.pk, archived_at=None).update(archived_at=now):
        return False
    record_setup_event(SchedulingEvent.PACKAGE_ARCHIVED, package, staff=staff, now=now)
    return True


@transaction.atomic
def restore_session_package(*, package: SessionPackage, staff: StaffActor, now: datetime) -> bool:
    """Let staff give an archived package again; False if it was not archived."""
    if not SessionPackage.objects.filter(pk=package.pk).exclude(archived_at=None).update(archived_at=None):
        return False
    record_setup_event(SchedulingEvent.PACKAGE_RESTORED, package, staff=staff, now=now)
    return True


def _set_services(package: SessionPackage, service_ids: Collection[UUID]) -> dict[str, dict[str, Any]]:
    """Set the services that a package covers; return their names before and after if they differ."""
    before = sorted(service.name for service in package.services.all())
    package.services.set(Service.objects.filter(pk__in=service_ids))
    after = sorted(service.name for service in package.services.all())
    return {} if before == after else {"before": {"services": before}, "after": {"services": after}}
