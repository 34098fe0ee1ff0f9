"""What the timeline's entries about the portal's settings say to people."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter, FieldChange


class BrandingEventPresenter(EventPresenter):
    """Says which settings of the portal changed."""

    field_labels = EventPresenter.field_labels | {
        "logo": _("Logo"),
        "colour": _("Colour"),
        "welcome": _("Welcome text"),
        "contact_email": _("Email"),
        "contact_phone": _("Phone"),
        "website": _("Website"),
        "postal_address": _("Address"),
        "hidden_sections": _("Hidden sections"),
        "languages": _("Languages"),
        "resend_wait": _("Clients can request another code after"),
        "default_channel": _("Send codes by"),
        "sms_countries": _("Countries for text messages"),
        "code_in_subject": _("Show the code in the subject of the email"),
    }

    def present_change(self, field: str, before: Any, after: Any) -> FieldChange:
        """Return the texts for one changed field; the digest of a logo means nothing to readers."""
        if field != "logo":
            return super().present_change(field, before, after)
        image = gettext("a different image") if before else gettext("an image")
        return FieldChange(self.field_label(field), gettext("an image") if before else "", image if after else "")
