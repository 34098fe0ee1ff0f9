"""Template contexts for the sign-in support pages."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.activity.models import Entry
from portal.branding import services as branding
from portal.clients.models import Client, ClientStatus
from portal.messaging.kinds import MessagingEvent
from portal.messaging.outage_notices import build_outage_notices
from portal.signin_support.sign_in_attempts import SignInAttempt
from portal.signin_support.sign_in_diagnostics import SignInDiagnostics, build_sign_in_diagnostics
from portal.signin_support.ticket_status import describe_ticket
from portal.ui.formatting import friendly_datetime
from tenants import database_clock, hostnames
from tenants.models import Business, Channel

STATUS_TEXTS = {
    ClientStatus.ACTIVE: _("Yes, and they can sign in."),
    ClientStatus.ARCHIVED: _("Archived: no codes are sent."),
    ClientStatus.BLOCKED: _("Blocked: no codes are sent."),
}


def build_current_diagnostics(business: Business, client: Client) -> SignInDiagnostics:
    """Return the diagnostics of a client at this moment."""
    return build_sign_in_diagnostics(
        client, business=business, portal_settings=branding.get_portal_settings(), now=database_clock.now()
    )


def build_diagnostics_context(diagnostics: SignInDiagnostics, *, slug: str) -> dict[str, Any]:
    """Return the context of one client's sign-in support page; `slug` is the business's portal address."""
    host, latest = hostnames.build_portal_host(slug), diagnostics.latest_sign_in_attempt
    entry = latest.latest_delivery_entry() if latest else None
    return {
        "client": diagnostics.client,
        "diagnostics": diagnostics,
        "outage_notices": build_outage_notices(diagnostics.outages),
        "ticket_status": describe_ticket(diagnostics.ticket) if diagnostics.ticket else None,
        "status_text": STATUS_TEXTS[ClientStatus(diagnostics.client.status)],
        "delivery_text": _describe_delivery(entry),
        "waiting_text": _describe_waiting(entry, diagnostics.resendable_attempt),
        "sign_in_url": hostnames.build_absolute_url(host, "/sign-in/"),
        "allow_list_url": hostnames.build_absolute_url(host, "/sign-in/allow-list/"),
    }


def _describe_delivery(entry: Entry | None) -> str:
    """Return where the newest code is, by the newest entry about its delivery."""
    if entry is None:
        return gettext("No code was sent recently.")
    if entry.event_type != MessagingEvent.DELIVERED:
        return gettext("Not delivered yet.")
    text = gettext("The text message reached their phone %(when)s.")
    mail = gettext("Their mail server accepted the code %(when)s. It is in the mailbox, possibly in the spam folder.")
    return (text if entry.data.get("channel") == Channel.SMS else mail) % {"when": friendly_datetime(entry.at)}


def _describe_waiting(entry: Entry | None, resendable_attempt: SignInAttempt | None) -> str:
    """Return whether the client has to wait; empty while a countdown says for how long."""
    if entry and entry.event_type == MessagingEvent.DEFERRED:
        text = gettext("Their mail server delayed the code %(when)s. The provider keeps trying.")
        return text % {"when": friendly_datetime(entry.at)}
    if resendable_attempt is None:
        return gettext("Nobody is waiting for a code.")
    return "" if resendable_attempt.seconds_to_resend else gettext("Yes. The client can use “Resend code” now.")
