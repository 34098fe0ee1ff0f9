"""Services to and from the API: what is shown of one, and what the values of a body change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from api.protocol.problems import build_field_problem
from api.scheduling.fields import present_price
from api.scheduling.references import NO_STAFF, check_ids
from api.scheduling.services.serializers import ServiceSerializer
from portal.scheduling.models import DepositKind, QuestionKind, Resource, Service, StaffCalendar
from portal.scheduling.services import QuestionData, ServiceNeeds

COLUMNS = (
    *("id", "name", "description", "duration", "buffer_before", "buffer_after", "capacity", "start_interval"),
    *("location_kind", "location", "colour", "visibility", "policy_text", "position", "created_at", "archived_at"),
)
# What is no column of the same name.
COMPOSED = {"price", "deposit", "acceptance", "staff", "resources", "questions"}
NO_RESOURCE = "There is no such room or equipment."


def query_shown_services() -> QuerySet[Service]:
    """Return services, each with the ids of who gives it and of what it needs, and its questions: two statements."""
    return Service.objects.annotate(
        staff_ids=ArrayAgg("calendars", filter=~Q(calendars=None), distinct=True, default=[]),
        needed_ids=ArrayAgg("resources", filter=~Q(resources=None), distinct=True, default=[]),
    ).prefetch_related("questions")


def show_service(service_id: UUID) -> dict[str, Any]:
    """Return what the API shows of a service. Raises Http404."""
    return present_service(get_object_or_404(query_shown_services(), pk=service_id))


def present_service(service: Any) -> dict[str, Any]:
    """Return what the API shows of a service that was read by `query_shown_services`."""
    shown = {name: getattr(service, name) for name in COLUMNS} | {
        "price": present_price(service.price_amount, service.price_currency),
        "deposit": {"kind": service.deposit_kind, "value": service.deposit_value},
        "acceptance": service.acceptance or None,
        "staff": service.staff_ids,
        "resources": service.needed_ids,
        "questions": service.questions.all(),
    }
    return dict(ServiceSerializer(shown).data)


def build_service_columns(values: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """Return the columns that validated values set. Raises ApiProblem for a price in another currency."""
    columns = {name: value for name, value in values.items() if name not in COMPOSED}
    if "acceptance" in values:
        columns["acceptance"] = values["acceptance"] or ""
    if "deposit" in values:
        deposit = values["deposit"]
        columns |= {"deposit_kind": deposit["kind"], "deposit_value": deposit.get("value", 0)}
    if "price" in values:
        price = values["price"]
        if price and price.get("currency", currency) != currency:
            raise build_field_problem("price.currency", "invalid_choice", f"Prices of the business are in {currency}.")
        columns |= {"price_amount": price and price["amount"], "price_currency": currency}
    return columns


def check_deposit(service: Service) -> None:
    """Check that a service's deposit is a part of its price. Raises ApiProblem."""
    kind, value, price = service.deposit_kind, service.deposit_value, service.price_amount
    if kind == DepositKind.NONE:
        return
    if price is None:
        raise build_field_problem("deposit.kind", "price_missing", "Give the service a price, or no deposit.")
    if value > {DepositKind.PERCENT: 100, DepositKind.AMOUNT: price}.get(DepositKind(kind), value):
        raise build_field_problem("deposit.value", "max_value", "A deposit is no more than the price.")


def build_needs(values: Mapping[str, Any], service: Service | None = None) -> ServiceNeeds:
    """Return who gives a service, what it needs and asks, as far as values say. Raises ApiProblem for unknown ids."""
    check_ids("staff", StaffCalendar, values.get("staff", []), NO_STAFF)
    check_ids("resources", Resource, values.get("resources", []), NO_RESOURCE)
    return ServiceNeeds(
        calendar_ids=values.get("staff"),
        resource_ids=values.get("resources"),
        questions=_build_questions(values["questions"], service) if "questions" in values else None,
    )


def _build_questions(questions: list[dict[str, Any]], service: Service | None) -> list[QuestionData]:
    known = set(service.questions.values_list("pk", flat=True)) if service else set()
    for index, question in enumerate(questions):
        if "id" in question and question["id"] not in known:
            raise build_field_problem(f"questions[{index}].id", "not_found", "The service has no such question.")
    return [
        QuestionData(
            label=question["label"],
            kind=QuestionKind(question.get("kind", QuestionKind.SHORT_TEXT)),
            choices=question.get("choices", []),
            is_required=question.get("is_required", False),
            id=question.get("id"),
        )
        for question in questions
    ]
