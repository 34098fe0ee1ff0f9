"""What staff are told while codes don't go out: since when, and how clients can get in meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.ui.formatting import friendly_datetime
from tenants.models import Channel, Outage


@dataclass(frozen=True)
class OutageNotice:
    """A notice about one outage of a business."""

    title: str
    advice: str


def build_outage_notices(outages: Sequence[Outage]) -> list[OutageNotice]:
    """Return a notice for each of a business's ongoing outages."""
    return [OutageNotice(_build_title(outage), _choose_advice(outage, outages)) for outage in outages]


def _build_title(outage: Outage) -> str:
    text = _("Codes by text message are delayed: none has been sent since %(when)s.")
    mail = _("Codes by email are delayed: none has been sent since %(when)s.")
    return (text if outage.channel == Channel.SMS else mail) % {"when": friendly_datetime(outage.started_at)}


def _choose_advice(outage: Outage, outages: Sequence[Outage]) -> str:
    if len(outages) > 1:
        return _("An owner can issue a code in person: on the client card, under Sign-in help.")
    if outage.channel == Channel.SMS:
        return _("Clients with an email address on file can request their code by email in the meantime.")
    return _("Clients with a mobile number on file can request their code by text message in the meantime.")
