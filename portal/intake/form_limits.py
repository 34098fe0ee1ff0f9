"""Limits on the forms of one kind that a business receives from all networks together.

Three quarters of the limit, such as CONTACT_FORMS_PER_BUSINESS, are for whoever comes. What is left is kept for
networks that have not drawn on it yet: each block of addresses may send one form of it, and one more after a wait. So
twenty networks use up no more than 150 + 40 of 200 forms, and whoever else writes is served. Clients who are signed in,
and browsers that are recognised, have as many forms again for themselves: each a twentieth of them, so that a few
strangers who have signed in leave the others theirs. Whoever finds none left is served like anybody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from limits import RateLimitItem, parse

from portal.access.network_limits import count_request
from portal.intake.form_tokens import WAIT
from portal.intake.kinds import IntakeNotification
from portal.messaging.notifications.services import notify_staff
from tenants.models import Business


@dataclass(frozen=True)
class FormLimits:
    """The limits of one kind of form, by the names of their settings, and how staff are told of a flood.

    `url_name` is the page of the console to which the notification leads.
    """

    name: str
    per_network: str
    per_business: str
    notification: IntakeNotification
    subject: str | Promise
    url_name: str

    @property
    def network_limit(self) -> RateLimitItem:
        """Return how many forms one network, client or recognised browser may send."""
        return parse(getattr(settings, self.per_network))

    @property
    def business_limit(self) -> RateLimitItem:
        """Return how many forms the business receives."""
        return parse(getattr(settings, self.per_business))


CONTACT_LIMITS = FormLimits(
    "contact",
    per_network="CONTACT_FORMS_PER_IP",
    per_business="CONTACT_FORMS_PER_BUSINESS",
    notification=IntakeNotification.FLOOD,
    subject=_("The contact form receives very many messages"),
    url_name="enquiries",
)
BOOKING_LIMITS = FormLimits(
    "booking",
    per_network="BOOKINGS_PER_IP",
    per_business="BOOKINGS_PER_BUSINESS",
    notification=IntakeNotification.BOOKING_FLOOD,
    subject=_("The booking page receives very many bookings"),
    url_name="home",
)


class TooManyForms(Exception):
    """The business receives no form from this sender before `retry_at`; `is_wait` says that a short wait is enough."""

    def __init__(self, retry_at: datetime, *, is_wait: bool):
        super().__init__("too many forms")
        self.retry_at, self.is_wait = retry_at, is_wait


@dataclass(frozen=True)
class FormSender:
    """Who sends a form: the block of their network, whether they waited, and how to tell who they are.

    `identify` returns a key of a client or a recognised browser, or an empty text. It may query the database, so it is
    called when forms are short only.
    """

    block: str
    has_waited: bool
    is_client: bool
    identify: Callable[[], str]


def check_form_limit(
    business: Business, sender: FormSender, *, limits: FormLimits = CONTACT_LIMITS, now: datetime
) -> None:
    """Count a form towards the first part of the limit that has room for it. Raises TooManyForms where none has."""
    counter = _FormCounter(limits, str(business.pk), now)
    if counter.count_ordinary(sender):
        return
    _notify_staff_once(business, limits, now=now)
    counter.count_remaining(sender)


@dataclass(frozen=True)
class _FormCounter:
    """Counts the forms of one kind that one business receives."""

    limits: FormLimits
    key: str
    now: datetime

    def count_ordinary(self, sender: FormSender) -> bool:
        """Count a form towards what is for whoever comes, or for clients: first the part the sender is meant for."""
        if not sender.is_client and self._count_common():
            return True
        known = sender.identify()
        if known and self._count_known(known):
            return True
        return sender.is_client and self._count_common()

    def count_remaining(self, sender: FormSender) -> None:
        """Count a form towards what is left. Raises TooManyForms, which says whether a wait would help."""
        has_share = self._count_share_of_block(sender)
        if not has_share and not sender.has_waited:
            raise TooManyForms(self.now + WAIT, is_wait=True)
        limit = self.limits.business_limit
        remaining = limit.amount - max(1, limit.amount * 3 // 4)
        if not (has_share and remaining and self._count("remaining", amount=remaining)):
            raise TooManyForms(self.now + timedelta(seconds=limit.get_expiry()), is_wait=False)

    def _count_common(self) -> bool:
        return self._count("common", amount=max(1, self.limits.business_limit.amount * 3 // 4))

    def _count_known(self, known: str) -> bool:
        """Count a form of a client or a recognised browser towards their share of what is kept for all of them.

        Raises TooManyForms where this sender has sent more than a network may.
        """
        own, limit = self.limits.network_limit, self.limits.business_limit
        if not count_request(own, f"{self.limits.name}-known", self.key, known):
            raise TooManyForms(self.now + timedelta(seconds=own.get_expiry()), is_wait=False)
        return self._count("known-share", known, amount=max(1, limit.amount // 20)) and self._count("all-known")

    def _count_share_of_block(self, sender: FormSender) -> bool:
        """Count a form towards the one that a block of networks may send of what is left, or the one after a wait."""
        return self._count("block", sender.block, amount=1) or (
            sender.has_waited and self._count("waited", sender.block, amount=1)
        )

    def _count(self, part: str, *sender: str, amount: int | None = None) -> bool:
        limit = self.limits.business_limit
        part_limit = _with_amount(limit, limit.amount if amount is None else amount)
        return count_request(part_limit, f"{self.limits.name}-{part}", self.key, *sender)


def _notify_staff_once(business: Business, limits: FormLimits, *, now: datetime) -> None:
    """Tell staff that strangers have sent a flood of forms, once in the window of the limit."""
    if not count_request(_with_amount(limits.business_limit, 1), f"{limits.name}-flood-notice", str(business.pk)):
        return
    with translation.override(business.language):
        subject = str(limits.subject)
    notify_staff(limits.notification, subject=subject, url_name=limits.url_name, now=now)


def _with_amount(limit: RateLimitItem, amount: int) -> RateLimitItem:
    """Return a limit of the same window with another amount."""
    return type(limit)(amount, limit.multiples, limit.namespace)
