"""What the timeline's entries about messages say to people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter
from portal.messaging.message_kinds import editable_mails
from portal.messaging.reasons import explain_reason


class MessagingEventPresenter(EventPresenter):
    """Says which message it was, and why it was not delivered."""

    field_labels = EventPresenter.field_labels | {"subject": _("Subject"), "body": _("Text")}

    def iter_own_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield why a message was not delivered, what kind of message it is, and a template's language."""
        if reason := data.get("reason"):
            yield str(explain_reason(reason).text)
        kind = editable_mails().get(data.get("kind", ""))
        yield str(kind.label) if kind else ""
        yield self.format_value("language", data.get("language"))
