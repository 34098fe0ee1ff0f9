"""The messages to those on the waiting list, and the placeholders of a business's own wording of them."""

from django.utils.translation import gettext_lazy as _

from portal.scheduling.kinds import WaitingListMessageKind
from portal.scheduling.message_kinds import PLACEHOLDERS
from tenants.nouns.message_declarations import MessageKind, Placeholder

# What is offered has no page of an appointment yet.
SHARED = tuple(placeholder for placeholder in PLACEHOLDERS if placeholder.name != "appointment")

WAITING_LIST_MESSAGE_KINDS = (
    MessageKind(
        WaitingListMessageKind.OFFER,
        label=_("A free time is offered to somebody on the waiting list"),
        placeholders=(
            *SHARED,
            Placeholder(
                "until",
                _("until when the client can answer"),
                sample=_("2 May 2027, 14:00 (Europe/Lisbon)"),
            ),
            Placeholder(
                "offer",
                _("the address at which the client accepts or declines"),
                value="portal.scheduling.placeholder_values.offer_url",
                sample="0197a3c4-5f1e-7d20-9b61-3c8de1f04a57",
                is_link=True,
            ),
        ),
        is_sent_as_text=True,
        build_context="portal.scheduling.waiting_list_mail.build_offer_context",
        position=151,
    ),
)
