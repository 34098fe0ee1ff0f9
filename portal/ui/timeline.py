"""The texts that describe one entry of the timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client, Tag
from portal.messaging.message_templates.labels import KIND_LABELS
from portal.messaging.reasons import explain_reason
from portal.ui.templatetags.ui import device_label
from tenants.models import Role

EVENT_LABELS: dict[str, str | Promise] = dict(EventType.choices)
FIELD_LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Mobile"),
    "label": gettext_lazy("Label"),
    "status": gettext_lazy("Status"),
    "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"),
    "tags": gettext_lazy("Tags"),
    "may_sign_in": gettext_lazy("Can sign in"),
    "confirmed": gettext_lazy("Confirmed"),
    "contacts": gettext_lazy("Contact details"),
    "main_email": gettext_lazy("Primary email address"),
    "source": gettext_lazy("Source"),
    "created_at": gettext_lazy("Client since"),
    "custom": gettext_lazy("Custom field"),
    "role": gettext_lazy("Role"),
    "billing": gettext_lazy("Billing"),
    "documents": gettext_lazy("Documents"),
    "slug": gettext_lazy("Client Portal URL"),
    "domain": gettext_lazy("Domain"),
    "logo": gettext_lazy("Logo"),
    "colour": gettext_lazy("Colour"),
    "welcome": gettext_lazy("Welcome text"),
    "contact_email": gettext_lazy("Email"),
    "contact_phone": gettext_lazy("Phone"),
    "website": gettext_lazy("Website"),
    "postal_address": gettext_lazy("Address"),
    "hidden_sections": gettext_lazy("Hidden sections"),
    "languages": gettext_lazy("Languages"),
    "resend_wait": gettext_lazy("Clients can request another code after"),
    "default_channel": gettext_lazy("Send codes by"),
    "sms_countries": gettext_lazy("Countries for text messages"),
    "order": gettext_lazy("Order"),
    "choices": gettext_lazy("Options, one per line"),
    "subject": gettext_lazy("Subject"),
    "body": gettext_lazy("Text"),
    "is_on": gettext_lazy("Show the contact form"),
    "intro": gettext_lazy("Above the form"),
    "thanks": gettext_lazy("After sending"),
    "mobile": gettext_lazy("Mobile number"),
    "message": gettext_lazy("Message"),
}
ACTOR_LABELS: dict[str, str | Promise] = {
    Entry.Actor.CLIENT: gettext_lazy("The client"),
    Entry.Actor.STAFF: gettext_lazy("Staff"),
    Entry.Actor.SYSTEM: gettext_lazy("Portico"),
    Entry.Actor.PROVIDER: gettext_lazy("Email or text message provider"),
}
CHANNEL_LABELS: dict[str, str | Promise] = {"email": gettext_lazy("by email"), "sms": gettext_lazy("by text message")}


# Labels of the contact form's FieldRequirement values.
FIELD_REQUIREMENT_LABELS: dict[str, str | Promise] = {
    "no": gettext_lazy("Hidden"),
    "optional": gettext_lazy("Optional"),
    "required": gettext_lazy("Required"),
}
CHOICE_CLASSES = {"status": Client.Status, "source": Client.Source, "role": Role, "colour": Tag.Colour}
# The values of custom fields are stored under the field's UUID, which is this long.
UUID_LENGTH = 36


@dataclass(frozen=True)
class FieldChange:
    """One changed field: its label and its values before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class EventPresenter:
    """The texts for one entry: title, details, actor and changed fields, in the reader's language."""

    entry: Entry
    title: str
    details: list[str]
    actor: str
    changes: list[FieldChange]


def present_entry(entry: Entry) -> EventPresenter:
    """Return the texts that describe an entry, in the reader's language."""
    actor = entry.actor_name or str(ACTOR_LABELS.get(entry.actor, entry.actor))
    changes = _field_changes(
        entry.data, FIELD_REQUIREMENT_LABELS if entry.event_type == EventType.CONTACT_FORM_CHANGED else {}
    )
    return EventPresenter(
        entry, str(EVENT_LABELS.get(entry.event_type, entry.event_type)), _details(entry.data), actor, changes
    )


def _details(data: dict[str, Any]) -> list[str]:
    """Return what an entry's data says besides its event type."""
    details = [str(CHANNEL_LABELS.get(data.get("channel", ""), ""))]
    if typed_address := data.get("typed"):
        details.append(_("entered %(address)s") % {"address": typed_address})
    if "known" in data and not data["known"]:
        details.append(_("no client has this address"))
    if reason := data.get("reason"):
        details.append(str(explain_reason(reason).text))
    if data.get("new_browser"):
        details.append(_("in a new browser"))
    details += [device_label(data.get("device", "")), data.get("contact", ""), data.get("other", "")]
    details += [data.get("who", ""), data.get("why", ""), *_template_details(data), *_export_details(data)]
    return [detail for detail in details if isinstance(detail, str) and detail]


def _template_details(data: dict[str, Any]) -> list[str]:
    """Return which message template was changed, and its language."""
    if data.get("kind") not in KIND_LABELS:
        return []
    return [str(KIND_LABELS[data["kind"]]), format_value("language", data.get("language"))]


def _export_details(data: dict[str, Any]) -> list[str]:
    """Return how many rows were exported, and the filters, which are stored in English."""
    count = data.get("count")
    rows = [ngettext("%(number)s row", "%(number)s rows", count) % {"number": count}] if isinstance(count, int) else []
    return rows + [f"{_(label)}: {_(value)}" for label, value in data.get("filters", []) if label and value]


def _field_changes(data: dict[str, Any], value_labels: Mapping[str, str | Promise]) -> list[FieldChange]:
    """Return the fields whose value changed; each field once, in the order in which they were recorded.

    A new row has nothing before, a deleted one nothing after. `value_labels` override `format_value` for some values.
    """
    before, after = (data.get(side) or {} for side in ("before", "after"))
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    before, after = _merge_custom_fields(before), _merge_custom_fields(after)
    fields = [field for field in {**before, **after} if before.get(field) != after.get(field)]
    return [_field_change(f, before.get(f), after.get(f), value_labels) for f in fields]


def _field_change(field: str, before: Any, after: Any, value_labels: Mapping[str, str | Promise]) -> FieldChange:
    old, new = (_format_with_labels(field, side, value_labels) for side in (before, after))
    # A digest means nothing to readers.
    if field == "logo":
        old, new = before and _("an image"), after and (_("a different image") if before else _("an image"))
    return FieldChange(field_label(field), old or "", new or "")


def _format_with_labels(field: str, value: Any, value_labels: Mapping[str, str | Promise]) -> str:
    return str(value_labels[value]) if isinstance(value, str) and value in value_labels else format_value(field, value)


def field_label(field: str) -> str:
    """Return a field's label; custom fields are stored under their UUID and share one label."""
    return str(FIELD_LABELS["custom"] if is_custom_field(field) else FIELD_LABELS.get(field, field))


def format_value(field: str, value: Any) -> str:
    """Return a field's value as text in the reader's language; empty for None."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if field in CHOICE_CLASSES and value in CHOICE_CLASSES[field].values:
        return str(CHOICE_CLASSES[field](value).label)
    if field == "language" and value:
        return dict(settings.LANGUAGES).get(value, value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), pgettext("date format", "j F Y"))
    return "" if value is None else str(value)


def _merge_custom_fields(side: dict[str, Any]) -> dict[str, Any]:
    """Return one side of a change with the custom fields merged into the others."""
    custom = side.get("custom")
    rest = {field: value for field, value in side.items() if field != "custom"}
    return rest | custom if isinstance(custom, dict) else rest


def is_custom_field(field: str) -> bool:
    """Tell whether a field is a custom field."""
    return len(field) == UUID_LENGTH and field.count("-") == 4
