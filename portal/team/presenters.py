"""What the timeline's entries about the team say to people."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter
from tenants.models import Role
from tenants.nouns import registry


def list_area_labels(areas: Collection[str]) -> list[str]:
    """Return what restricted areas are called, without those that no noun declares any more."""
    return [str(area.label) for key, area in registry.get_restricted_areas().items() if key in areas]


class TeamEventPresenter(EventPresenter):
    """Says which colleague it was, and which role and areas they were given."""

    field_labels = EventPresenter.field_labels | {"role": _("Role"), "areas": _("Additional access")}
    value_labels = EventPresenter.value_labels | {"role": dict(Role.choices)}

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the colleague's email address."""
        yield data.get("subject_name", "")

    def format_value(self, field: str, value: Any) -> str:
        """Return a field's value as text; areas are named by their labels."""
        return super().format_value(field, list_area_labels(value or ()) if field == "areas" else value)
