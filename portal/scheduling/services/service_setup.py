"""Add and change the services that clients book."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import QuestionKind, Resource, Service, ServiceQuestion, StaffCalendar
from portal.scheduling.services.setup_changes import apply_values, record_setup_event
from tenants.staff.staff_actor import StaffActor


@dataclass(frozen=True)
class QuestionData:
    """One question as staff typed it; with the key of one that exists, that one is changed."""

    label: str
    kind: QuestionKind = QuestionKind.SHORT_TEXT
    choices: list[str] = field(default_factory=list)
    is_required: bool = False
    id: UUID | None = None


@dataclass(frozen=True)
class ServiceNeeds:
    """Who gives a service, what it needs, and what is asked; None leaves a part as it is."""

    calendar_ids: Collection[UUID] | None = None
    resource_ids: Collection[UUID] | None = None
    questions: Sequence[QuestionData] | None = None


@transaction.atomic
def add_service(*, needs: ServiceNeeds, staff: StaffActor, now: datetime, **values: Any) -> Service:
    """Add a service; without a word on who gives it, everybody does."""
    service = Service.objects.create(created_at=now, **values)
    if needs.calendar_ids is None:
        service.calendars.set(StaffCalendar.objects.filter(is_active=True))
    _set_needs(service, needs)
    record_setup_event(SchedulingEvent.SERVICE_ADDED, service, staff=staff, now=now)
    return service


@transaction.atomic
def change_service(
    *, service: Service, needs: ServiceNeeds | None = None, staff: StaffActor, now: datetime, **values: Any
) -> Service:
    """Change what is given as keywords; only what differs is put on the timeline. Appointments keep their times."""
    service = Service.objects.select_for_update(of=["self"], no_key=True).get(pk=service.pk)
    changes = apply_values(service, values)
    if changes:
        service.save(update_fields=[*changes["after"]])
    needs_changes = _set_needs(service, needs) if needs else {}
    merged = {side: changes.get(side, {}) | needs_changes.get(side, {}) for side in ("before", "after")}
    if merged["after"]:
        record_setup_event(SchedulingEvent.SERVICE_CHANGED, service, staff=staff, now=now, **merged)
    return service


@transaction.atomic
def archive_service(*, service: Service, staff: StaffActor, now: datetime) -> bool:
    """Withdraw a service, whose appointments stay; False if it was withdrawn already."""
    if not Service.objects.filter(pk=service.pk, archived_at=None).update(archived_at=now):
        return False
    record_setup_event(SchedulingEvent.SERVICE_ARCHIVED, service, staff=staff, now=now)
    return True


@transaction.atomic
def restore_service(*, service: Service, staff: StaffActor, now: datetime) -> bool:
    """Offer a withdrawn service again; False if it was not withdrawn."""
    if not Service.objects.filter(pk=service.pk).exclude(archived_at=None).update(archived_at=None):
        return False
    record_setup_event(SchedulingEvent.SERVICE_RESTORED, service, staff=staff, now=now)
    return True


def _set_needs(service: Service, needs: ServiceNeeds) -> dict[str, dict[str, Any]]:
    """Set who gives a service and what it needs; return the names before and after of what changed."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    wanted: dict[str, tuple[type[Model], Collection[UUID] | None]] = {
        "calendars": (StaffCalendar, needs.calendar_ids),
        "resources": (Resource, needs.resource_ids),
    }
    for name, (model, ids) in wanted.items():
        if ids is None:
            continue
        relation, old = getattr(service, name), sorted(str(row) for row in getattr(service, name).all())
        relation.set(model._default_manager.filter(pk__in=ids))
        if (new := sorted(str(row) for row in relation.all())) != old:
            before[name], after[name] = old, new
    if needs.questions is not None and (changed := _set_questions(service, needs.questions)):
        before["questions"], after["questions"] = changed
    return {"before": before, "after": after} if after else {}


def _set_questions(service: Service, questions: Sequence[QuestionData]) -> tuple[list[str], list[str]] | None:
    """Replace the questions in this order; return their labels before and after if anything changed."""
    old = {question.pk: question for question in service.questions.all()}
    rows = [_build_question(service, data, old, position) for position, data in enumerate(questions)]
    kept = {row.pk for row in rows}
    new = [(row.label, row.kind, row.choices, row.is_required) for row in rows]
    if new == [(row.label, row.kind, row.choices, row.is_required) for row in old.values()]:
        return None
    service.questions.exclude(pk__in=kept).delete()
    for row in rows:
        row.save(force_update=row.pk in old)
    return [row.label for row in old.values()], [row.label for row in rows]


def _build_question(
    service: Service, data: QuestionData, old: dict[UUID, ServiceQuestion], position: int
) -> ServiceQuestion:
    values = {"label": data.label, "kind": data.kind, "choices": data.choices, "is_required": data.is_required}
    if data.id in old:
        return ServiceQuestion(pk=data.id, service=service, position=position, **values)
    return ServiceQuestion(service=service, position=position, **values)
