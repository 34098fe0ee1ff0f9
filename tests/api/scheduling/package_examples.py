"""A request to each write about packages that does all that the operation can do."""

from typing import Any

from django.utils import timezone

from portal.scheduling.models import Appointment, ClientPackage, SessionPackage
from tests.api.example import Example, Ids


def describe_package(ids: Ids) -> dict[str, Any]:
    """Return a body with everything that a package has."""
    return {
        "name": "Ten massages",
        "sessions": 10,
        "services": [ids["service_id"]],
        "price": {"amount": 45000},
        "validity_days": 365,
    }


def archive_package(ids: Ids) -> None:
    """Archive the package."""
    SessionPackage.objects.filter(pk=ids["package_id"]).update(archived_at=timezone.now())


def cover_appointment(ids: Ids) -> None:
    """Let the client's package cover the service of the appointment."""
    appointment = Appointment.objects.get(pk=ids["appointment_id"])
    ClientPackage.objects.get(pk=ids["client_package_id"]).services.add(appointment.service)


PACKAGE_EXAMPLES: dict[str, Example] = {
    "create_session_package": Example(describe_package),
    "update_session_package": Example(describe_package),
    "archive_session_package": Example(),
    "restore_session_package": Example(prepare=archive_package),
    "give_package": Example(
        lambda ids: {"client": ids["client_id"], "package": ids["package_id"], "expires_on": "2099-12-31"}
    ),
    "update_client_package": Example(lambda ids: {"expires_on": "2099-12-31", "note": "A gift."}),
    "withdraw_client_package": Example(),
    "take_session": Example(lambda ids: {"reason": "Walked in."}),
    "return_session": Example(lambda ids: {"reason": "Counted twice."}),
    "choose_session": Example(lambda ids: {"client_package": ids["client_package_id"]}, cover_appointment),
}
