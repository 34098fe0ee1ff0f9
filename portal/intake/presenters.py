"""What the timeline's entries about the contact form say to people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import Labels
from portal.clients.presenters import ClientEventPresenter, is_custom_field
from portal.intake.models import FieldRequirement

REQUIREMENT_LABELS: Labels = dict(FieldRequirement.choices)


class IntakeEventPresenter(ClientEventPresenter):
    """Says which settings of the contact form changed; it asks for fields of a client's card, custom ones included."""

    field_labels = ClientEventPresenter.field_labels | {
        "is_on": _("Show the contact form"),
        "intro": _("Above the form"),
        "thanks": _("After sending"),
        "mobile": _("Mobile number"),
        "message": _("Message"),
    }
    value_labels = ClientEventPresenter.value_labels | dict.fromkeys(("email", "mobile", "message"), REQUIREMENT_LABELS)

    def format_value(self, field: str, value: Any) -> str:
        """Return a setting's value as text; that of a custom field says whether the form asks for it."""
        return super().format_value("message" if is_custom_field(field) else field, value)
