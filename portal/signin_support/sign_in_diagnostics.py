"""Why one client cannot sign in, and the one next step for staff."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.access.services import get_contact_identifier
from portal.branding.models import PortalSettings
from portal.clients.models import Client, ClientStatus, Contact
from portal.messaging import suppressions
from portal.messaging.failure_reasons import explain_failure_reason
from portal.messaging.models import Suppression
from portal.signin_support.client_lookup import ELIGIBILITY_LABELS, SignInEligibility, check_sign_in_eligibility
from portal.signin_support.sign_in_attempts import RECENT_WINDOW, NearMiss, SignInAttempt, load_sign_in_attempts
from portal.signin_support.timeline_steps import StrOrPromise, TimelineStep
from portal.ui.formatting import format_phone
from tenants import delivery_outages, support_tickets
from tenants.models import Business, Channel, Outage, SupportTicket

# How long the page waits for a worker to remove a suppression before it stops polling.
REMOVAL_TIMEOUT = timedelta(minutes=1)


@dataclass(frozen=True)
class AddressStatus:
    """One address on the card: whether it can be used to sign in, and the provider's suppression of it, if any."""

    contact: Contact
    eligibility: SignInEligibility
    suppression: Suppression | None

    @property
    def eligibility_label(self) -> str | Promise:
        """Return the eligibility as it is named on screen."""
        return ELIGIBILITY_LABELS[self.eligibility]

    @property
    def is_unreachable(self) -> bool:
        """Tell whether the provider refuses codes to the address."""
        return self.suppression is not None and suppressions.blocks_codes(self.suppression)

    @property
    def masked(self) -> str:
        """Return the address as the timeline shows it."""
        return get_contact_identifier(self.contact).masked


@dataclass(frozen=True)
class SignInDiagnostics:
    """What the sign-in support page shows for one client, as of `now`; built by `build_sign_in_diagnostics`."""

    client: Client
    addresses: Sequence[AddressStatus]
    attempts: Sequence[SignInAttempt]
    near_misses: Sequence[NearMiss]
    ticket: SupportTicket | None
    outages: Sequence[Outage]
    now: datetime

    @cached_property
    def active_suppressions(self) -> list[Suppression]:
        """Return the active suppressions of the client's addresses by which codes are lost."""
        return [address.suppression for address in self.addresses if address.suppression and address.is_unreachable]

    @cached_property
    def recent_attempts(self) -> list[SignInAttempt]:
        """Return the attempts of the last day."""
        oldest = self.now - RECENT_WINDOW
        return [attempt for attempt in self.attempts if attempt.challenge.created_at > oldest]

    @cached_property
    def failed_attempts(self) -> list[SignInAttempt]:
        """Return the attempts of the last day in which no right code was entered."""
        return [attempt for attempt in self.recent_attempts if not attempt.challenge.verified_at]

    @cached_property
    def resendable_attempt(self) -> SignInAttempt | None:
        """Return the newest attempt that a code may still be sent for."""
        return next((one for one in self.attempts if one.accepts_code and one.has_known_address), None)

    @cached_property
    def latest_sign_in_attempt(self) -> SignInAttempt | None:
        """Return the newest attempt of the last day."""
        return next(iter(self.recent_attempts), None)

    @property
    def may_sign_in(self) -> bool:
        """Tell whether any address on the card can be used to sign in."""
        return bool(self.eligible_addresses)

    @cached_property
    def eligible_addresses(self) -> list[AddressStatus]:
        """Return the addresses on the card that can be used to sign in."""
        return [address for address in self.addresses if address.eligibility == SignInEligibility.ELIGIBLE]

    @cached_property
    def channels(self) -> list[str]:
        """Return the channels by which a code could reach an address on the card."""
        kinds = {address.contact.kind for address in self.eligible_addresses}
        return [channel for kind, channel in (("email", Channel.EMAIL), ("phone", Channel.SMS)) if kind in kinds]

    @property
    def needs_polling(self) -> bool:
        """Tell whether something may change without staff doing anything, so that the page polls."""
        is_any_pending = any(self.is_removal_pending(suppression) for suppression in self.active_suppressions)
        return is_any_pending or bool(self.outages) or any(attempt.accepts_code for attempt in self.attempts)

    def is_removal_pending(self, suppression: Suppression) -> bool:
        """Tell whether a worker was asked to remove a suppression so recently that it may not have come to it yet."""
        return bool(suppression.removal_requested_at and suppression.removal_requested_at > self.now - REMOVAL_TIMEOUT)

    @cached_property
    def diagnosis(self) -> TimelineStep:
        """Return what is wrong or how far the latest attempt came, and the one thing to do."""
        return _diagnose_client_card(self) or _diagnose_suppressions(self) or _diagnose_attempts(self)

    @property
    def page_etag(self) -> str:
        """Return a text that changes when what the page shows does."""
        shown = [
            *[(one.challenge.pk, len(one.steps), one.accepts_code, one.can_issue_code) for one in self.attempts],
            *[
                (
                    one.contact.pk,
                    one.eligibility,
                    one.suppression and (one.suppression.pk, self.is_removal_pending(one.suppression)),
                )
                for one in self.addresses
            ],
            *self.near_misses,
            self.ticket and (self.ticket.pk, self.ticket.state, self.ticket.answered_at),
            *[outage.pk for outage in self.outages],
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def build_sign_in_diagnostics(
    client: Client, *, business: Business, portal_settings: PortalSettings, now: datetime
) -> SignInDiagnostics:
    """Return the diagnostics of one client, in five statements however much happened."""
    contacts = list(suppressions.annotate_suppressions(client.contacts.order_by("kind", "created_at", "pk")))
    for contact in contacts:
        contact.client = client
    attempts, near_misses = load_sign_in_attempts(client, contacts, portal_settings=portal_settings, now=now)
    return SignInDiagnostics(
        client=client,
        addresses=[
            AddressStatus(
                contact, check_sign_in_eligibility(contact, portal_settings), suppressions.get_suppression(contact)
            )
            for contact in contacts
        ],
        attempts=attempts,
        near_misses=near_misses,
        ticket=support_tickets.get_latest_ticket(business=business, client_id=client.pk),
        outages=delivery_outages.list_ongoing_outages(business),
        now=now,
    )


def _diagnose_client_card(diagnostics: SignInDiagnostics) -> TimelineStep | None:
    """Return what on the card prevents every sign-in, if anything."""
    if diagnostics.client.status != ClientStatus.ACTIVE:
        is_archived = diagnostics.client.status == ClientStatus.ARCHIVED
        title = _("This client is archived") if is_archived else _("This client is blocked")
        why = _("Archived and blocked clients don’t receive codes. The sign-in page does not tell them why.")
        then = _("Restore the card first if they should have access again.")
        return TimelineStep(diagnostics.now, title, why, then, "bad", "no-symbol")
    if not diagnostics.may_sign_in:
        title = _("No contact details on this card can be used to sign in")
        then = _("Add an email address, or confirm the client and their mobile number.")
        return TimelineStep(diagnostics.now, title, _("Codes go only to addresses on file."), then, "bad", "no-symbol")
    return None


def _diagnose_suppressions(diagnostics: SignInDiagnostics) -> TimelineStep | None:
    """Return the suppression by which every further code would be lost, if there is one."""
    if not diagnostics.active_suppressions:
        return None
    suppression = diagnostics.active_suppressions[0]
    reason = explain_failure_reason(suppression.reason)
    if diagnostics.is_removal_pending(suppression):
        wait = _("We are asking the provider. This page is updated when it is done.")
        return TimelineStep(suppression.since, _("Removing the suppression…"), reason.text, wait, "wait", "clock")
    title = _("The provider no longer sends to %(address)s") % {"address": suppressions.mask_address(suppression)}
    then: StrOrPromise
    if suppression.channel == Channel.SMS:
        then = _describe_start_reply(suppression)
    else:
        then = _(
            "Check the address with the client. If it is correct, choose “Remove and retry”. If not, correct the card."
        )
    return TimelineStep(suppression.since, title, reason.text, then, "bad", "no-symbol")


def _describe_start_reply(suppression: Suppression) -> StrOrPromise:
    """Return how the client lets texts through again; a messaging service has several numbers, so it names none."""
    if not suppression.sender.startswith("+"):
        return _("Ask the client to text START to our number. Then choose “They texted START”.")
    then = gettext("Ask the client to text START to %(number)s. Then choose “They texted START”.")
    return then % {"number": format_phone(suppression.sender)}


def _diagnose_attempts(diagnostics: SignInDiagnostics) -> TimelineStep:
    """Return how far the latest attempt came, or the near miss that came after it."""
    latest = diagnostics.latest_sign_in_attempt
    missed_at = diagnostics.near_misses[0][1] if diagnostics.near_misses else None
    if latest and (missed_at is None or latest.challenge.created_at > missed_at):
        return latest.latest_timeline_step
    if missed_at:
        typed = diagnostics.near_misses[0][0]
        title: StrOrPromise = _("Somebody entered %(address)s, which is not on file") % {"address": typed}
        then = _(
            "Compare it with the addresses below. If it belongs to the client, correct the card. If not, ask "
            "them to enter it again."
        )
        return TimelineStep(missed_at, title, _("Nothing was sent to it."), then, "bad", "magnifying-glass")
    title = _("No sign-in attempts in the last 24 hours")
    then = _("Ask the client to open the sign-in page and enter an address that is on file.")
    return TimelineStep(diagnostics.now, title, "", then, "calm", "information-circle")
