"""The reason codes of failed and delayed messages, with a text and a next step for staff for each.

Codes are stored on deliveries, messages and timeline entries; texts are looked up when somebody reads them. A
provider's own codes begin with its name: `twilio-21610`, `sendgrid-bounced-address`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The next steps for staff; most reasons share one of these.
CHECK_ADDRESS = _("Check the address on the client card with the client, letter by letter.")
CHECK_NUMBER = _("Check the number on the client card with the client, or send the code by email.")
TRY_OTHER_CONTACT = _("Ask the client for a different email address or number.")
SEND_BY_EMAIL = _("Send the code by email instead.")
CONTACT_IT = _("Give the client the allow-list instructions for their IT department, or try another address.")
REMOVE_SUPPRESSION = _("Check that the client wants our emails, then remove the suppression and send again.")
NOTICES_ONLY = _("Nothing to do for signing in. Tell the platform operator if the client wants notices again.")
WAIT = _("Nothing to do. We retry automatically.")
REQUEST_NEW_CODE = _("Ask the client to request a new code.")
CONTACT_OPERATOR = _("Tell the platform operator. Clients can’t fix this themselves.")
SEND_AGAIN_LATER = _("If it is still needed, send it again once your business is open.")
USE_ATTEMPT_LINK = _("In sign-in help, under “The sign-in page sends them no code?”, create a link for the client.")
CHECK_SPAM_FOLDER = _("Ask the client to check their inbox and spam folder before you send another.")


@dataclass(frozen=True, slots=True)
class FailureReason:
    """One reason: what happened, what staff can do next, and whether sending again to the address is pointless."""

    text: str | Promise
    next_step: str | Promise
    is_permanent: bool = True


def explain_failure_reason(code: str) -> FailureReason:
    """Return the texts for a reason code; an unknown code gets general ones."""
    if code in REASONS:
        return REASONS[code]
    provider, _dash, _number = code.partition("-")
    return FALLBACK_REASONS.get(provider, REASONS["refused"])


def map_twilio_error(number: str) -> str:
    """Return the reason code for a Twilio error code; an empty string if there is none."""
    return f"twilio-{number}" if number.isascii() and number.isdigit() and len(number) <= 6 else ""


def map_sendgrid_event(*, event: str, kind: str, text: str, status: str) -> str:
    """Return the reason code for a SendGrid event.

    `event`, `kind`, `text` and `status` are its fields `event`, `type`, `reason` and `status`.
    """
    if event == "dropped":
        return _match_reason_pattern(text, DROP_PATTERNS, default="sendgrid-dropped")
    found = _match_reason_pattern(f"{status} {text}"[:MAX_DESCRIPTION], BOUNCE_PATTERNS, default="bounced")
    if event == "deferred":
        return found if found in ("mailbox-full", "greylisted") else "deferred"
    if kind == "blocked":
        # Of a mail that was blocked SendGrid remembers nothing; only a bounce keeps the next mail from being sent.
        return "blocked" if REASONS[found].is_permanent and found not in SENDER_REASONS else found
    return "blocked-suppressed" if kind == "bounce" and found == "blocked" else found


def _match_reason_pattern(text: str, patterns: Iterable[tuple[str, str]], *, default: str) -> str:
    return next((code for pattern, code in patterns if re.search(pattern, text, re.IGNORECASE)), default)


# The longest description that patterns are searched in: a mail server may write as much as it likes.
MAX_DESCRIPTION = 1000
# Reasons that lie with the sender or the message, not with the mailbox.
SENDER_REASONS = ("sender-not-trusted", "too-big")
# Patterns in the `reason` of SendGrid's dropped events, and the code for each.
DROP_PATTERNS = (
    ("bounced address", "sendgrid-bounced-address"),
    ("unsubscribed", "sendgrid-unsubscribed"),
    ("spam report", "sendgrid-spam-reporting"),
    ("spam content", "sendgrid-spam-content"),
    ("smtpapi", "sendgrid-dropped"),
    ("invalid", "sendgrid-invalid"),
    ("over quota|package quota", "sendgrid-over-quota"),
)
# Patterns in the SMTP status and answer of bounces and deferrals.
BOUNCE_PATTERNS = (
    (r"\b[45]\.2\.2\b|mailbox.*full|over ?quota|quota exceeded", "mailbox-full"),
    (r"\b5\.2\.1\b|(account|mailbox).*(disabled|inactive)", "mailbox-disabled"),
    (
        r"\b5\.1\.(10|[01236])\b|recipient ?not ?found|no such user|user unknown|does not exist|unknown recipient",
        "mailbox-unknown",
    ),
    (r"\b5\.1\.2\b|\b5\.4\.4\b|host (unknown|not found)|domain.*not (found|exist)|no mx", "domain-unknown"),
    (r"gr[ae]y-?list", "greylisted"),
    (r"\b5\.7\.(20|21|23|26|27)\b|spf|dkim|dmarc", "sender-not-trusted"),
    (r"\b[45]\.7\.\d+\b|spam|block(ed|list)|reputation|policy|denied", "blocked"),
    (r"\b5\.3\.4\b|message.*too (big|large)", "too-big"),
)

REASONS = {
    # Our own
    "unreachable": FailureReason(_("The provider could not be reached."), WAIT, is_permanent=False),
    "busy": FailureReason(_("The provider was too busy to accept the message."), WAIT, is_permanent=False),
    "broken": FailureReason(_("The provider had an internal error."), WAIT, is_permanent=False),
    "providers-unavailable": FailureReason(
        _("All providers have problems. We wait before trying again."), WAIT, is_permanent=False
    ),
    "no-tls": FailureReason(
        _("The mail server offered no encryption, so nothing was sent."), CONTACT_OPERATOR, is_permanent=False
    ),
    "credentials": FailureReason(_("The provider rejected our credentials."), CONTACT_OPERATOR, is_permanent=False),
    "timeout": FailureReason(
        _("The provider did not respond in time. The message may have been sent."), CHECK_SPAM_FOLDER
    ),
    "interrupted": FailureReason(_("The connection was lost. The message may have been sent."), CHECK_SPAM_FOLDER),
    "refused": FailureReason(_("The provider rejected the message."), CONTACT_OPERATOR),
    "expired": FailureReason(_("It could not be sent before it expired."), REQUEST_NEW_CODE),
    "withdrawn": FailureReason(_("It was no longer needed: the attempt had ended."), REQUEST_NEW_CODE),
    "business-closed": FailureReason(_("The business was closed before it was sent."), CONTACT_OPERATOR),
    "business-suspended": FailureReason(
        _("Your business was suspended, so it was not sent, and won’t be."), SEND_AGAIN_LATER
    ),
    "recipient-limit": FailureReason(
        _("Many codes were requested for this address, so it is sent no more for a while."),
        USE_ATTEMPT_LINK,
        is_permanent=False,
    ),
    "recipient-busy": FailureReason(
        _("You sent this address many messages lately, so this one is sent later."), WAIT, is_permanent=False
    ),
    "unrenderable": FailureReason(_("The message could not be created."), CONTACT_OPERATOR),
    # Our own caps on texts, see tenants.sms_limits
    "sms-client-unconfirmed": FailureReason(
        _("A public form made this card, and nobody has confirmed the client. So no texts are sent to them."),
        _("Confirm the client on the card, or send the code by email."),
    ),
    "sms-few-codes-used": FailureReason(
        _("Texts to numbers that clients add themselves are stopped: hardly any of the last codes was typed in."),
        _("Send the code by email. Settings → Text messages says more."),
    ),
    "sms-range": FailureReason(
        _("Too many texts went to numbers that differ in their last digits only."), SEND_BY_EMAIL, is_permanent=False
    ),
    "sms-country": FailureReason(
        _("Only a few texts a day go to a country in which none of your codes was ever typed in."),
        _("Send the code by email. Settings → Text messages says more."),
        is_permanent=False,
    ),
    "sms-platform-budget": FailureReason(
        _("The platform’s budget for text messages is used up for now."), SEND_BY_EMAIL, is_permanent=False
    ),
    # The receiving mail servers
    "mailbox-unknown": FailureReason(_("This mailbox does not exist."), CHECK_ADDRESS),
    "mailbox-disabled": FailureReason(_("The mailbox is disabled."), TRY_OTHER_CONTACT),
    "mailbox-full": FailureReason(_("The mailbox is full."), TRY_OTHER_CONTACT, is_permanent=False),
    "domain-unknown": FailureReason(_("The domain of this address can’t receive email."), CHECK_ADDRESS),
    "blocked": FailureReason(_("The receiving server blocks our mail."), CONTACT_IT, is_permanent=False),
    "blocked-suppressed": FailureReason(
        _("The receiving server blocks our mail, so the provider no longer sends to this address."),
        _(
            "Give the client the allow-list instructions for their IT department. Then remove the suppression and "
            "send again."
        ),
    ),
    "sender-not-trusted": FailureReason(_("The receiving server does not trust our sender address."), CONTACT_OPERATOR),
    "greylisted": FailureReason(_("The receiving server asks us to try again later."), WAIT, is_permanent=False),
    "deferred": FailureReason(
        _("The receiving server delayed the message. The provider keeps trying."), WAIT, is_permanent=False
    ),
    "too-big": FailureReason(_("The message is too big for the receiving server."), CONTACT_OPERATOR),
    "bounced": FailureReason(_("The receiving server returned the message."), CHECK_ADDRESS),
    # SendGrid
    "sendgrid-bounced-address": FailureReason(
        _("Earlier emails to this address bounced, so the provider no longer sends to it."), REMOVE_SUPPRESSION
    ),
    "sendgrid-unsubscribed": FailureReason(_("This address unsubscribed from our emails."), REMOVE_SUPPRESSION),
    "sendgrid-spam-reporting": FailureReason(
        _("Somebody at this address reported our email as spam."), REMOVE_SUPPRESSION
    ),
    "sendgrid-spam-content": FailureReason(_("The provider classified the message as spam."), CONTACT_OPERATOR),
    "sendgrid-invalid": FailureReason(_("The provider says this is not a valid email address."), CHECK_ADDRESS),
    "sendgrid-over-quota": FailureReason(
        _("Our account at the provider has reached its limit."), CONTACT_OPERATOR, is_permanent=False
    ),
    "sendgrid-dropped": FailureReason(_("The provider dropped the message."), CONTACT_OPERATOR),
    # The same for notices, where codes have a sender of their own
    "sendgrid-unsubscribed-notices": FailureReason(
        _("This address unsubscribed from our notices. Sign-in codes still arrive."), NOTICES_ONLY
    ),
    "sendgrid-spam-reporting-notices": FailureReason(
        _("Somebody at this address reported a notice as spam. Sign-in codes still arrive."), NOTICES_ONLY
    ),
    "twilio-21610-notices": FailureReason(
        _("The client replied STOP to our notices. Sign-in codes come from another sender and still arrive."),
        _("If the client wants notices again, ask them to text START to the number of the notice."),
    ),
    # Twilio, when it refuses our request
    "twilio-21211": FailureReason(_("This is not a valid phone number."), CHECK_NUMBER),
    "twilio-21217": FailureReason(_("This is not a valid phone number."), CHECK_NUMBER),
    "twilio-21408": FailureReason(_("Text messages to this country are not enabled."), SEND_BY_EMAIL),
    "twilio-21601": FailureReason(_("Our sender number can’t send text messages."), CONTACT_OPERATOR),
    "twilio-21606": FailureReason(_("Our sender number can’t send to this number."), CONTACT_OPERATOR),
    "twilio-21608": FailureReason(
        _("Our account at the provider is a trial and can only text verified numbers."), CONTACT_OPERATOR
    ),
    "twilio-21610": FailureReason(
        _("The client replied STOP, so the provider sends no text messages to this number."),
        _("Ask the client to text START to our number, or send the code by email."),
    ),
    "twilio-21611": FailureReason(_("Too many text messages are queued at the provider."), WAIT, is_permanent=False),
    "twilio-21612": FailureReason(_("Our sender number can’t reach this number."), SEND_BY_EMAIL),
    "twilio-21614": FailureReason(_("This is not a mobile number."), CHECK_NUMBER),
    "twilio-21617": FailureReason(_("The text message is too long."), CONTACT_OPERATOR),
    # Twilio, when it reports the delivery
    "twilio-30001": FailureReason(_("Too many text messages were queued at the provider."), WAIT, is_permanent=False),
    "twilio-30002": FailureReason(_("Our account at the provider is suspended."), CONTACT_OPERATOR),
    "twilio-30003": FailureReason(
        _("The phone is switched off, has no signal, or is out of service."),
        _("Ask the client to switch the phone on, or send the code by email."),
        is_permanent=False,
    ),
    "twilio-30004": FailureReason(_("The phone or its network blocks our text messages."), SEND_BY_EMAIL),
    "twilio-30005": FailureReason(_("This number does not exist or is out of service."), CHECK_NUMBER),
    "twilio-30006": FailureReason(_("This is a landline or can’t receive text messages."), CHECK_NUMBER),
    "twilio-30007": FailureReason(_("The network filtered the text message as spam."), SEND_BY_EMAIL),
    "twilio-30008": FailureReason(
        _("The network could not deliver the text message and gave no reason."), SEND_BY_EMAIL, is_permanent=False
    ),
    "twilio-30010": FailureReason(_("The text message costs more than our account allows."), CONTACT_OPERATOR),
    "twilio-30022": FailureReason(
        _("Our sender number has exceeded its limit for text messages."), CONTACT_OPERATOR, is_permanent=False
    ),
    "twilio-30032": FailureReason(_("Our toll-free number is not verified."), CONTACT_OPERATOR),
    "twilio-30034": FailureReason(_("Our sender number is not registered with the networks."), CONTACT_OPERATOR),
    "twilio-30036": FailureReason(_("It could not be sent before it expired."), REQUEST_NEW_CODE),
    "twilio-63038": FailureReason(
        _("Our account at the provider has reached today’s limit."), CONTACT_OPERATOR, is_permanent=False
    ),
}
# For codes of a provider that are not listed above.
FALLBACK_REASONS = {
    "sms": FailureReason(_("Your limit for text messages is reached for now."), SEND_BY_EMAIL, is_permanent=False),
    "twilio": FailureReason(_("The text message was not delivered."), SEND_BY_EMAIL),
    "sendgrid": FailureReason(_("The email was not delivered."), CHECK_ADDRESS),
}
