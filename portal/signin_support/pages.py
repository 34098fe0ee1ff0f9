"""What do the pages of sign-in help put before staff?"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client
from portal.profile import services as profiles
from portal.signin_support.finding import Finding, Standing
from portal.signin_support.sheets import Sheet, sheet_of
from tenants import hostnames
from tenants.models import Business


@dataclass(frozen=True)
class Advice:
    """What a finding means and what to do about it."""

    title: str | Promise
    next_step: str | Promise
    tone: str
    icon: str


ADVICE: dict[str, Advice] = {
    "able": Advice(_("Found: this opens the portal"), _("Open the sign-in help of the card to see where the code is."), "success", "check-circle"),
    "shared": Advice(_("Found on several cards"), _("All of them can sign in with it: one code goes out, and the client then chooses who they are. Pick the one you are talking to."), "success", "users"),
    Standing.ARCHIVED: Advice(_("Found, but archived"), _("Archived clients are sent no codes. Restore the card if they may come in again."), "warning", "archive-box"),
    Standing.BLOCKED: Advice(_("Found, but blocked"), _("Somebody here decided to keep them out. Ask a manager before you restore the card."), "error", "no-symbol"),
    Standing.NOT_ALLOWED: Advice(_("On a card, but not for signing in"), _("Let the address open the portal on the card, or have the client use another one."), "warning", "lock-closed"),
    Standing.UNCONFIRMED: Advice(_("A number that nobody confirmed"), _("It came from a form. Confirm it on the card, or have the client use their email address."), "warning", "lock-closed"),
    Standing.NO_TEXTS: Advice(_("A number we don’t text to"), _("Its country is not switched on. Have the client use their email address."), "warning", "lock-closed"),
    "similar": Advice(_("Nobody has exactly this, but somebody is close"), _("Probably a typo. Compare letter by letter: correct the card, or have the client type it again."), "warning", "magnifying-glass"),
    "unknown": Advice(_("Not found"), _("Only people on your list can sign in. Ask for another address they may have given you, or add them."), "error", "user-minus"),
    "unreadable": Advice(_("This is no address, and no name on your list"), _("The sign-in page takes an email address or a mobile number. Ask the client to spell it out."), "warning", "exclamation-triangle"),
}  # fmt: skip


def sheet_for(business: Business, client: Client) -> Sheet:
    """Return how things stand for a client at this moment."""
    return sheet_of(client, business=business, profile=profiles.current(), now=timezone.now())


def context_of(sheet: Sheet, *, slug: str) -> dict[str, Any]:
    """Return what the page of one client's sign-in help needs; `slug` is where the business's portal is."""
    host = hostnames.host_of(slug)
    return {
        "client": sheet.client,
        "sheet": sheet,
        "sign_in_url": hostnames.url_at(host, "/sign-in/"),
        "allow_list_url": hostnames.url_at(host, "/sign-in/allow-list/"),
    }


def advice_for(finding: Finding) -> Advice:
    """Return the words for a finding."""
    return ADVICE[finding.verdict]
