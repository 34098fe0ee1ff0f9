"""What the timeline's entries about scheduling say to people."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter
from portal.scheduling.models import Acceptance, DepositKind, LocationKind, Visibility
from portal.ui.formatting import datetime_with_zone


class SchedulingEventPresenter(EventPresenter):
    """Says which service was booked for when, and which fields of the set-up changed."""

    field_labels = EventPresenter.field_labels | {
        "duration": _("Duration in minutes"),
        "buffer_before": _("Buffer before, in minutes"),
        "buffer_after": _("Buffer after, in minutes"),
        "capacity": _("Seats"),
        "start_interval": _("Minutes between starts"),
        "price_amount": _("Price"),
        "deposit_kind": _("Deposit"),
        "deposit_value": _("Amount or part of the deposit"),
        "location_kind": _("Where"),
        "location": _("Place or link"),
        "visibility": _("Who can book"),
        "acceptance": _("Confirmation"),
        "calendars": _("Given by"),
        "resources": _("Rooms and equipment"),
        "questions": _("Questions"),
        "policy_text": _("Policy"),
        "time_zone": _("Time zone"),
        "daily_limit": _("Most appointments a day"),
        "notice": _("Notice in minutes"),
        "horizon": _("Bookable days ahead"),
        "sessions": _("Number of sessions"),
        "services": _("Services"),
        "validity_days": _("Valid for days"),
        "expires_on": _("Last day"),
        "note": _("Note"),
    }
    value_labels = EventPresenter.value_labels | {
        "acceptance": dict(Acceptance.choices),
        "deposit_kind": dict(DepositKind.choices),
        "location_kind": dict(LocationKind.choices),
        "visibility": dict(Visibility.choices),
    }

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the service, when it takes place and took place before, and the name of a package or of the set-up."""
        yield data.get("service", "")
        for key in ("starts_at", "before_starts_at"):
            yield _format_instant(data.get(key, ""))
        yield data.get("name", "")


def _format_instant(value: str) -> str:
    """Return an instant as text, in the reader's time zone."""
    return datetime_with_zone(datetime.fromisoformat(value), timezone.get_current_timezone_name()) if value else ""
