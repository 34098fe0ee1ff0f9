"""Advice and template contexts for the sign-in support pages."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.branding import services as branding
from portal.clients.models import Client
from portal.signin_support.client_lookup import ClientLookupResult, SignInEligibility
from portal.signin_support.sign_in_diagnostics import SignInDiagnostics, build_diagnostics
from tenants import hostnames
from tenants.models import Business


@dataclass(frozen=True)
class Advice:
    """What the result of a client lookup means, and what staff do about it."""

    title: str | Promise
    next_step: str | Promise
    tone: str
    icon: str


# By ClientLookupResult.outcome.
ADVICE: dict[str, Advice] = {
    SignInEligibility.ELIGIBLE: Advice(_("Found: this address can sign in"), _("Open the client’s sign-in help to see what happened to the code."), "success", "check-circle"),
    "shared": Advice(_("Found on several cards"), _("All of them can sign in with it. One code is sent, and the client then selects their name. Choose the client you are talking to."), "success", "users"),
    SignInEligibility.ARCHIVED: Advice(_("Found, but archived"), _("Archived clients don’t receive codes. Restore the card if they should have access again."), "warning", "archive-box"),
    SignInEligibility.BLOCKED: Advice(_("Found, but blocked"), _("A colleague blocked this client. Ask a manager before you restore the card."), "error", "no-symbol"),
    SignInEligibility.NOT_ALLOWED: Advice(_("On file, but not allowed for signing in"), _("Allow sign-in for this address on the card, or ask the client to use another one."), "warning", "lock-closed"),
    SignInEligibility.UNCONFIRMED: Advice(_("Unconfirmed number"), _("It came from a form. Confirm it on the card, or ask the client to use their email address."), "warning", "lock-closed"),
    SignInEligibility.COUNTRY_DISABLED: Advice(_("Text messages to this number are not enabled"), _("Its country is not enabled. Ask the client to use their email address."), "warning", "lock-closed"),
    "similar": Advice(_("No exact match, but a similar address"), _("Probably a typo. Compare letter by letter: correct the card, or ask the client to enter it again."), "warning", "magnifying-glass"),
    "unknown": Advice(_("Not found"), _("Only people on your client list can sign in. Ask for another address, or add them as a client."), "error", "user-minus"),
    "unreadable": Advice(_("This is not an address or the name of a client"), _("Clients sign in with an email address or a mobile number. Ask the client to spell it."), "warning", "exclamation-triangle"),
}  # fmt: skip


def get_current_diagnostics(business: Business, client: Client) -> SignInDiagnostics:
    """Return the diagnostics of a client at this moment."""
    return build_diagnostics(
        client, business=business, portal_settings=branding.get_portal_settings(), now=timezone.now()
    )


def build_context(diagnostics: SignInDiagnostics, *, slug: str) -> dict[str, Any]:
    """Return the context of one client's sign-in support page; `slug` is the business's portal address."""
    host = hostnames.build_portal_host(slug)
    return {
        "client": diagnostics.client,
        "diagnostics": diagnostics,
        "sign_in_url": hostnames.build_absolute_url(host, "/sign-in/"),
        "allow_list_url": hostnames.build_absolute_url(host, "/sign-in/allow-list/"),
    }


def choose_advice(result: ClientLookupResult) -> Advice:
    """Return the advice for the result of a client lookup."""
    return ADVICE[result.outcome]
