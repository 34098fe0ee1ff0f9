"""What the timeline's entries about the team say to people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter
from tenants.models import Role


class TeamEventPresenter(EventPresenter):
    """Says which colleague it was, and which role and areas they were given."""

    field_labels = EventPresenter.field_labels | {
        "role": _("Role"),
        "billing": _("Billing"),
        "documents": _("Documents"),
    }
    value_labels = EventPresenter.value_labels | {"role": dict(Role.choices)}

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the colleague's email address."""
        yield data.get("subject_name", "")
