"""What the timeline's entries about messages say to people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter, Labels
from portal.messaging.failure_reasons import explain_failure_reason
from portal.messaging.message_kinds import list_editable_mail_kinds
from tenants.models import Channel, EventMatch

CHANNEL_LABELS: Labels = {Channel.EMAIL: _("by email"), Channel.SMS: _("by text message")}


def get_channel_label(channel: str) -> str:
    """Return how something was sent, or nothing for what is no channel."""
    return str(CHANNEL_LABELS.get(channel, ""))


def get_match_label(matched_by: str) -> str:
    """Return how uncertain it is that a report is about this very message; nothing where it is certain."""
    return str(_("Reported later, matched by address.")) if matched_by == EventMatch.ADDRESS else ""


class MessagingEventPresenter(EventPresenter):
    """Says which message it was, and why it was not delivered."""

    field_labels = EventPresenter.field_labels | {"subject": _("Subject"), "body": _("Text")}

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the channel, why a message was not delivered, its kind, a template's language, and a masked address."""
        yield get_channel_label(data.get("channel", ""))
        if reason := data.get("reason"):
            yield str(explain_failure_reason(reason).text)
        yield get_match_label(data.get("matched_by", ""))
        kind = list_editable_mail_kinds().get(data.get("kind", ""))
        yield str(kind.label) if kind else ""
        yield self.format_value("language", data.get("language"))
        yield data.get("contact", "")
