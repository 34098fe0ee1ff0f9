"""Advice and template contexts for the sign-in support pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.activity.models import Entry
from portal.branding import services as branding
from portal.clients.models import Client, ClientStatus
from portal.messaging.kinds import MessagingEvent
from portal.messaging.outage_notices import build_outage_notices
from portal.signin_support.client_lookup import ClientLookupResult, SignInEligibility
from portal.signin_support.sign_in_attempts import SignInAttempt
from portal.signin_support.sign_in_diagnostics import SignInDiagnostics, build_sign_in_diagnostics
from portal.signin_support.ticket_status import describe_ticket
from portal.ui.formatting import friendly_datetime
from tenants import database_clock, hostnames
from tenants.models import Business, Channel


@dataclass(frozen=True)
class ClientLookupAdvice:
    """What the result of a client lookup means, and what staff do about it."""

    title: str | Promise
    next_step: str | Promise
    tone: str
    icon: str


# By ClientLookupResult.lookup_outcome.
ADVICE: dict[str, ClientLookupAdvice] = {
    SignInEligibility.ELIGIBLE: ClientLookupAdvice(
        _("Found: this address can sign in"),
        _("Open the client’s sign-in help to see what happened to the code."),
        "success",
        "check-circle",
    ),
    "shared": ClientLookupAdvice(
        _("Found on several cards"),
        _(
            "All of them can sign in with it. One code is sent, and the client then selects their name. Choose "
            "the client you are talking to."
        ),
        "success",
        "users",
    ),
    SignInEligibility.ARCHIVED: ClientLookupAdvice(
        _("Found, but archived"),
        _("Archived clients don’t receive codes. Restore the card if they should have access again."),
        "warning",
        "archive-box",
    ),
    SignInEligibility.BLOCKED: ClientLookupAdvice(
        _("Found, but blocked"),
        _("A colleague blocked this client. Ask a manager before you restore the card."),
        "error",
        "no-symbol",
    ),
    SignInEligibility.NOT_ALLOWED: ClientLookupAdvice(
        _("On file, but not allowed for signing in"),
        _("Allow sign-in for this address on the card, or ask the client to use another one."),
        "warning",
        "lock-closed",
    ),
    SignInEligibility.UNCONFIRMED: ClientLookupAdvice(
        _("Unconfirmed number"),
        _("It came from a form. Confirm it on the card, or ask the client to use their email address."),
        "warning",
        "lock-closed",
    ),
    SignInEligibility.CLIENT_UNCONFIRMED: ClientLookupAdvice(
        _("Found, but not confirmed by you"),
        _(
            "A form made this card, so no texts are sent. Confirm the client on the card, or ask them to use their "
            "email."
        ),
        "warning",
        "lock-closed",
    ),
    SignInEligibility.COUNTRY_DISABLED: ClientLookupAdvice(
        _("Text messages to this number are not enabled"),
        _("Its country is not enabled. Ask the client to use their email address."),
        "warning",
        "lock-closed",
    ),
    "similar": ClientLookupAdvice(
        _("No exact match, but a similar address"),
        _("Probably a typo. Compare letter by letter: correct the card, or ask the client to enter it again."),
        "warning",
        "magnifying-glass",
    ),
    "unknown": ClientLookupAdvice(
        _("Not found"),
        _("Only people on your client list can sign in. Ask for another address, or add them as a client."),
        "error",
        "user-minus",
    ),
    "unreadable": ClientLookupAdvice(
        _("This is not an address or the name of a client"),
        _("Clients sign in with an email address or a mobile number. Ask the client to spell it."),
        "warning",
        "exclamation-triangle",
    ),
}


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


def choose_lookup_advice(result: ClientLookupResult) -> ClientLookupAdvice:
    """Return the advice for the result of a client lookup."""
    return ADVICE[result.lookup_outcome]
