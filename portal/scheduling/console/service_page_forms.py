"""The two halves of the page of a service: its fields, and its questions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.scheduling.forms.question_forms import build_question_forms, collect_questions, read_question
from portal.scheduling.forms.service_form import ServiceForm
from portal.scheduling.models import DepositKind, ResourceKind, Service, ServiceQuestion
from portal.scheduling.services import ServiceNeeds
from portal.ui.money import format_amount_for_input
from tenants.staff.request_types import StaffRequest

PLAIN_FIELDS = (
    "name",
    "description",
    "duration",
    "deposit_kind",
    "location_kind",
    "location",
    "capacity",
    "colour",
    "visibility",
    "acceptance",
    "start_interval",
    "policy_text",
)


@dataclass(frozen=True)
class ServicePage:
    """The forms of a service, or of a new one."""

    form: ServiceForm
    question_forms: Any
    own_question_ids: frozenset[UUID]

    @property
    def is_valid(self) -> bool:
        """Check both forms, so that the page shows the errors of both."""
        is_valid = [self.form.is_valid(), self.question_forms.is_valid()]
        return all(is_valid)

    @property
    def status(self) -> int:
        """Return the status of the page that shows these forms."""
        return self.form.error_status if self.form.errors or not self.form.is_bound else 422

    @property
    def needs(self) -> ServiceNeeds:
        """Return who gives the service, what it needs and what is asked; the forms must be valid."""
        return ServiceNeeds(
            calendar_ids=[UUID(pk) for pk in self.form.cleaned_data["calendars"]],
            resource_ids=[UUID(pk) for pk in self.form.resource_ids],
            questions=collect_questions(self.question_forms, set(self.own_question_ids)),
        )


def build_new_service_page(request: StaffRequest, calendar_ids: list[str]) -> ServicePage:
    """Return empty forms with the usual values, or with what was posted."""
    initial = read_service(Service(duration=60)) | {"calendars": calendar_ids}
    data = request.POST if request.method == "POST" else None
    form = ServiceForm(data, initial=initial, currency=request.business.currency, linked=set())
    return ServicePage(form, build_question_forms(data, []), frozenset())


def build_service_page(request: StaffRequest, service: Service) -> ServicePage:
    """Return the forms of a service with its values, or with what was posted."""
    questions = list(service.questions.all())
    current = read_service(service) | read_needs(service, questions)
    data = request.POST if request.method == "POST" else None
    linked = {*current["calendars"], *current["rooms"], *current["equipment"]}
    form = ServiceForm(data, current=current, currency=service.price_currency, linked=linked)
    return ServicePage(form, build_question_forms(data, questions), frozenset(row.pk for row in questions))


def read_service(service: Service) -> dict[str, Any]:
    """Return the values of a service's own fields as its form shows them."""
    currency, price = service.price_currency, service.price_amount
    values = {name: getattr(service, name) for name in PLAIN_FIELDS}
    return values | {
        "buffer_before": service.buffer_before or "",
        "buffer_after": service.buffer_after or "",
        "price": "" if price is None else format_amount_for_input(price, currency),
        "deposit": _format_deposit(service),
    }


def read_needs(service: Service, questions: list[ServiceQuestion]) -> dict[str, Any]:
    """Return who gives a service, what it needs and asks, as its forms show them."""
    resources = list(service.resources.all())
    return {
        "calendars": [str(pk) for pk in service.calendars.values_list("pk", flat=True)],
        "rooms": [str(row.pk) for row in resources if row.kind == ResourceKind.ROOM],
        "equipment": [str(row.pk) for row in resources if row.kind == ResourceKind.EQUIPMENT],
        "questions": [read_question(question) for question in questions],
    }


def _format_deposit(service: Service) -> str:
    """Return a deposit's amount or percentage as it is typed."""
    if service.deposit_kind == DepositKind.PERCENT:
        return str(service.deposit_value)
    if service.deposit_kind == DepositKind.AMOUNT:
        return format_amount_for_input(service.deposit_value, service.price_currency)
    return ""
