"""What the timeline's entries about the client list say to people, and what the fields of a card are called."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter, FieldChange, iter_export_details
from portal.clients.models import ClientStatus, TagColour
from tenants.nouns import registry

# The values of custom fields are stored under the field's UUID, which is this long.
UUID_LENGTH = 36


def is_custom_field(field: str) -> bool:
    """Tell whether a field is a custom field."""
    return len(field) == UUID_LENGTH and field.count("-") == 4


class ClientEventPresenter(EventPresenter):
    """Says which fields of a client's card, a contact, a tag or a custom field changed."""

    field_labels = EventPresenter.field_labels | {
        "email": _("Email"),
        "phone": _("Mobile"),
        "label": _("Label"),
        "status": _("Status"),
        "time_zone": _("Time zone"),
        "tags": _("Tags"),
        "may_sign_in": _("Can sign in"),
        "confirmed": _("Confirmed"),
        "is_main": _("Primary address"),
        "contacts": _("Contact details"),
        "main_email": _("Primary email address"),
        "source": _("Source"),
        "created_at": _("Client since"),
        "custom": _("Custom field"),
        "colour": _("Colour"),
        "order": _("Order"),
        "choices": _("Options, one per line"),
    }
    value_labels = EventPresenter.value_labels | {
        "status": dict(ClientStatus.choices),
        "colour": dict(TagColour.choices),
    }

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the rows and filters of an export, a masked address, the name of a merged card, and a given reason."""
        yield from iter_export_details(data)
        yield data.get("contact", "")
        yield data.get("subject_name", "")
        yield data.get("reason", "")

    def list_changes(self, data: dict[str, Any]) -> list[FieldChange]:
        """Return the fields whose value changed, each custom field as a field of its own."""
        return super().list_changes(
            data | {side: _flatten_custom_fields(data.get(side)) for side in ("before", "after")}
        )

    def format_value(self, field: str, value: Any) -> str:
        """Return a field's value as text; nouns say what their ways onto the client list are called."""
        return super().format_value(
            field, registry.get_client_source_labels().get(value, value) if field == "source" else value
        )

    def field_label(self, field: str) -> str:
        """Return what a field is called; custom fields are stored under their UUID and share one label."""
        return super().field_label("custom" if is_custom_field(field) else field)


def _flatten_custom_fields(side: Any) -> Any:
    """Return one side of a change with the custom fields among the others."""
    if not isinstance(side, dict) or not isinstance(side.get("custom"), dict):
        return side
    return {field: value for field, value in side.items() if field != "custom"} | side["custom"]
