"""Why did a message not get through, in plain words, and what can staff do about it?

The one table from reason codes to words. Codes are stored on deliveries, messages and
timeline entries; words are looked up when somebody reads them. Providers' codes carry the
provider's name: `twilio-21610`, `sendgrid-bounced-address`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What staff can do next. Most reasons share one of a few answers.
CHECK_ADDRESS = _("Check the address on the client card with the client, letter by letter.")
CHECK_NUMBER = _("Check the number on the client card with the client, or send the code by email.")
ANOTHER_WAY = _("Ask the client for another address or number.")
BY_EMAIL = _("Send the code by email instead.")
IT_DESK = _("Give the client the allow-list card for their IT desk, or try another address.")
CLEAR_AND_RETRY = _("Make sure the client wants our mail, then clear the entry and send again.")
WAIT = _("Nothing to do: it is tried again by itself.")
ASK_AGAIN = _("Ask the client to request a new code.")
OPERATOR = _("Tell the operator of the platform; clients can do nothing about it.")
LOOK = _("Ask the client to look for it, in the spam folder too, before sending another.")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words: what happened, what to do next, and whether trying again is pointless."""

    words: str | Promise
    next_step: str | Promise
    is_permanent: bool = True


def explain(code: str) -> Reason:
    """Return the words for a reason code; a code nobody foresaw gets honest general ones."""
    if code in REASONS:
        return REASONS[code]
    provider, _dash, _number = code.partition("-")
    return UNKNOWN.get(provider, REASONS["refused"])


def from_twilio(number: str) -> str:
    """Return the reason code for a Twilio error code; empty for none."""
    return f"twilio-{number}" if number.isascii() and number.isdigit() and len(number) <= 6 else ""


def from_sendgrid(*, event: str, kind: str, words: str, status: str) -> str:
    """Return the reason code for a SendGrid event, by its type, its `type`, `reason` and SMTP `status`."""
    if event == "dropped":
        return _first_match(words, DROPS, otherwise="sendgrid-dropped")
    found = _first_match(f"{status} {words}", BOUNCES, otherwise="")
    if event == "deferred":
        return found if found in ("mailbox-full", "greylisted") else "deferred"
    return found or ("blocked" if kind == "blocked" else "bounced")


def _first_match(text: str, patterns: Iterable[tuple[str, str]], *, otherwise: str) -> str:
    return next((code for pattern, code in patterns if re.search(pattern, text, re.IGNORECASE)), otherwise)


DROPS = (
    ("bounced address", "sendgrid-bounced-address"),
    ("unsubscribed", "sendgrid-unsubscribed"),
    ("spam report", "sendgrid-spam-reporting"),
    ("spam content", "sendgrid-spam-content"),
    ("invalid", "sendgrid-invalid"),
    ("over quota|package quota", "sendgrid-over-quota"),
)
BOUNCES = (
    (r"\b[45]\.2\.2\b|mailbox.*full|over ?quota|quota exceeded", "mailbox-full"),
    (r"\b5\.2\.1\b|(account|mailbox).*(disabled|inactive)", "mailbox-disabled"),
    (r"\b5\.1\.[01236]\b|no such user|user unknown|does not exist|unknown recipient", "mailbox-unknown"),
    (r"\b5\.1\.2\b|\b5\.4\.4\b|host (unknown|not found)|domain.*not (found|exist)|no mx", "domain-unknown"),
    (r"gr[ae]y-?list", "greylisted"),
    (r"\b5\.7\.(20|21|23|26|27)\b|spf|dkim|dmarc", "sender-not-trusted"),
    (r"\b[45]\.7\.\d+\b|spam|block(ed|list)|reputation|policy|denied", "blocked"),
    (r"\b5\.3\.4\b|message.*too (big|large)", "too-big"),
)

REASONS = {
    # Our own
    "unreachable": Reason(_("The provider could not be reached."), WAIT, is_permanent=False),
    "busy": Reason(_("The provider was too busy to take it."), WAIT, is_permanent=False),
    "broken": Reason(_("The provider had a fault of its own."), WAIT, is_permanent=False),
    "resting": Reason(_("Every provider is in trouble; we wait before asking again."), WAIT, is_permanent=False),
    "no-tls": Reason(_("The mail server offered no encryption, so it was told nothing."), OPERATOR, is_permanent=False),
    "credentials": Reason(_("The provider did not accept our account."), OPERATOR, is_permanent=False),
    "timeout": Reason(_("The provider did not answer in time; it may have sent the message all the same."), LOOK),
    "interrupted": Reason(_("The connection broke off; the provider may have sent the message all the same."), LOOK),
    "refused": Reason(_("The provider refused the message."), OPERATOR),
    "expired": Reason(_("It could not be sent while it was still of use."), ASK_AGAIN),
    "withdrawn": Reason(_("It was no longer wanted: the attempt had ended before it was sent."), ASK_AGAIN),
    "business-closed": Reason(_("The business was closed before it was sent."), OPERATOR),
    "unrenderable": Reason(_("The message could not be put into words."), OPERATOR),
    # The receiving side, as mail servers report it
    "mailbox-unknown": Reason(_("The receiving server knows no such mailbox."), CHECK_ADDRESS),
    "mailbox-disabled": Reason(_("The mailbox has been switched off."), ANOTHER_WAY),
    "mailbox-full": Reason(_("The mailbox is full."), ANOTHER_WAY, is_permanent=False),
    "domain-unknown": Reason(_("The part after the @ is no mail domain."), CHECK_ADDRESS),
    "blocked": Reason(_("The receiving server blocks our mail."), IT_DESK, is_permanent=False),
    "sender-not-trusted": Reason(_("The receiving server does not trust our sender address."), OPERATOR),
    "greylisted": Reason(_("The receiving server asks us to come back later."), WAIT, is_permanent=False),
    "deferred": Reason(_("The receiving server put it off; the provider keeps trying."), WAIT, is_permanent=False),
    "too-big": Reason(_("The message is too big for the receiving server."), OPERATOR),
    "bounced": Reason(_("The receiving server sent it back."), CHECK_ADDRESS),
    # SendGrid
    "sendgrid-bounced-address": Reason(_("Earlier mail to this address bounced, so the provider no longer sends there."), CLEAR_AND_RETRY),
    "sendgrid-unsubscribed": Reason(_("This address unsubscribed from our mail."), CLEAR_AND_RETRY),
    "sendgrid-spam-reporting": Reason(_("Somebody at this address reported our mail as spam."), CLEAR_AND_RETRY),
    "sendgrid-spam-content": Reason(_("The provider took the message for spam."), OPERATOR),
    "sendgrid-invalid": Reason(_("The provider says this is no valid email address."), CHECK_ADDRESS),
    "sendgrid-over-quota": Reason(_("Our account at the provider has sent all it may."), OPERATOR, is_permanent=False),
    "sendgrid-dropped": Reason(_("The provider dropped the message."), OPERATOR),
    # Twilio, when we ask
    "twilio-21211": Reason(_("This is no valid phone number."), CHECK_NUMBER),
    "twilio-21217": Reason(_("This is no valid phone number."), CHECK_NUMBER),
    "twilio-21408": Reason(_("Texts to this country are not switched on."), BY_EMAIL),
    "twilio-21601": Reason(_("Our sender number can't send texts."), OPERATOR),
    "twilio-21606": Reason(_("Our sender number can't send to this number."), OPERATOR),
    "twilio-21608": Reason(_("Our account at the provider is on trial and may text proven numbers only."), OPERATOR),
    "twilio-21610": Reason(_("The person replied STOP, so the provider sends them no texts."), _("Ask the client to text START to our number, or send the code by email.")),
    "twilio-21611": Reason(_("Too many texts wait at the provider."), WAIT, is_permanent=False),
    "twilio-21612": Reason(_("Our sender number can't reach this number."), BY_EMAIL),
    "twilio-21614": Reason(_("This number is no mobile phone."), CHECK_NUMBER),
    "twilio-21617": Reason(_("The text is too long."), OPERATOR),
    # Twilio, when it reports later
    "twilio-30001": Reason(_("Too many texts waited at the provider."), WAIT, is_permanent=False),
    "twilio-30002": Reason(_("Our account at the provider is suspended."), OPERATOR),
    "twilio-30003": Reason(_("The phone could not be reached: switched off, no signal, or not in service."), _("Ask the client to switch the phone on, or send the code by email."), is_permanent=False),
    "twilio-30004": Reason(_("The phone or its network blocks our texts."), BY_EMAIL),
    "twilio-30005": Reason(_("The network knows no such number, or it is out of service."), CHECK_NUMBER),
    "twilio-30006": Reason(_("This is a landline, or its network takes no texts."), CHECK_NUMBER),
    "twilio-30007": Reason(_("The network took the text for spam and filtered it."), BY_EMAIL),
    "twilio-30008": Reason(_("The network could not deliver it and did not say why."), BY_EMAIL, is_permanent=False),
    "twilio-30010": Reason(_("The text costs more than our account allows."), OPERATOR),
    "twilio-30022": Reason(_("Our sender number sent too many texts for its registration."), OPERATOR, is_permanent=False),
    "twilio-30032": Reason(_("Our toll-free number is not verified."), OPERATOR),
    "twilio-30034": Reason(_("Our sender number is not registered with the networks."), OPERATOR),
    "twilio-30036": Reason(_("It could not be sent while it was still of use."), ASK_AGAIN),
    "twilio-63038": Reason(_("Our account at the provider has sent all it may today."), OPERATOR, is_permanent=False),
}  # fmt: skip
UNKNOWN = {
    "twilio": Reason(_("The text was not delivered."), BY_EMAIL),
    "sendgrid": Reason(_("The mail was not delivered."), CHECK_ADDRESS),
}
