"""Looks up what a client says they typed: whose it is, what was tried with it, and what to do."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.branding import services as branding
from portal.signin_support.client_lookup import ClientLookupResult, SignInEligibility, find_clients
from portal.signin_support.sign_in_attempts import SignInAttempt, load_sign_in_attempts_by_identifier
from tenants.models import Business


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


@dataclass(frozen=True)
class Lookup:
    """The clients who fit what was typed and, where nobody has that address, the last day's attempts with it."""

    result: ClientLookupResult
    attempts: list[SignInAttempt]

    @property
    def advice(self) -> ClientLookupAdvice:
        """Return what this means, and what staff do about it."""
        return ADVICE[self.result.lookup_outcome]


def look_up(*, typed: str, business: Business, now: datetime) -> Lookup:
    """Look up an address or a name. What was typed is kept nowhere."""
    portal_settings = branding.get_portal_settings()
    result = find_clients(typed=typed, country=business.country, portal_settings=portal_settings)
    attempts = (
        load_sign_in_attempts_by_identifier(result.identifier, portal_settings=portal_settings, now=now)
        if result.identifier and not result.exact
        else []
    )
    return Lookup(result, attempts)
