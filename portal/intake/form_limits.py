"""Limits on the contact forms that one business receives from all networks together.

Three quarters of CONTACT_FORMS_PER_BUSINESS are for whoever comes. What is left is kept for networks that have not
drawn on it yet: each block of addresses may send one form of it, and one more after a wait. So twenty networks use
up no more than 150 + 40 of 200 forms, and whoever else writes is served. Clients who are signed in, and browsers that
are recognised, have as many forms again for themselves: each a twentieth of them, so that a few strangers who have
signed in leave the others theirs. Whoever finds none left is served like anybody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from limits import RateLimitItem, parse

from portal.access.network_limits import count_request
from portal.intake.form_tokens import WAIT
from portal.intake.kinds import IntakeNotification
from portal.messaging.notifications.services import notify_staff
from tenants.models import Business


class TooManyForms(Exception):
    """The business receives no form from this sender before `retry_at`; `is_wait` says that a short wait is enough."""

    def __init__(self, retry_at: datetime, *, is_wait: bool):
        super().__init__("too many forms")
        self.retry_at, self.is_wait = retry_at, is_wait


@dataclass(frozen=True)
class FormSender:
    """Who sends a contact form: the block of their network, whether they waited, and how to tell who they are.

    `identify` returns a key of a client or a recognised browser, or an empty text. It may query the database, so it is
    called when forms are short only.
    """

    block: str
    has_waited: bool
    is_client: bool
    identify: Callable[[], str]


def check_form_limit(business: Business, sender: FormSender, *, now: datetime) -> None:
    """Count a form, or raise TooManyForms. Staff are told when strangers have sent so many that few are left."""
    limit, key = parse(settings.CONTACT_FORMS_PER_BUSINESS), str(business.pk)
    if not sender.is_client and _count_common(limit, key):
        return
    known = sender.identify()
    if known and _count_known(limit, key, known, now=now):
        return
    if sender.is_client and _count_common(limit, key):
        return
    _notify_staff_once(business, limit, now=now)
    may_wait = _check_remaining(limit, key, sender)
    if may_wait is not None:
        retry_at = now + (WAIT if may_wait else timedelta(seconds=limit.get_expiry()))
        raise TooManyForms(retry_at, is_wait=may_wait)


def _count_common(limit: RateLimitItem, key: str) -> bool:
    return count_request(_with_amount(limit, max(1, limit.amount * 3 // 4)), "contact-common", key)


def _count_known(limit: RateLimitItem, key: str, known: str, *, now: datetime) -> bool:
    """Count a form of a client or a recognised browser towards their share of what is kept for all of them.

    Raises TooManyForms where this sender has sent more than a network may.
    """
    own = parse(settings.CONTACT_FORMS_PER_IP)
    if not count_request(own, "contact-known", key, known):
        raise TooManyForms(now + timedelta(seconds=own.get_expiry()), is_wait=False)
    share = _with_amount(limit, max(1, limit.amount // 20))
    return count_request(share, "contact-known-share", key, known) and count_request(limit, "contact-all-known", key)


def _check_remaining(limit: RateLimitItem, key: str, sender: FormSender) -> bool | None:
    """Count a form towards what is left; None if there was room for it, else whether a wait would help."""
    remaining = limit.amount - max(1, limit.amount * 3 // 4)
    has_share = count_request(_with_amount(limit, 1), "contact-block", key, sender.block) or (
        sender.has_waited and count_request(_with_amount(limit, 1), "contact-waited", key, sender.block)
    )
    if not has_share:
        return not sender.has_waited
    return None if remaining and count_request(_with_amount(limit, remaining), "contact-remaining", key) else False


def _notify_staff_once(business: Business, limit: RateLimitItem, *, now: datetime) -> None:
    """Tell staff that strangers have sent a flood of forms, once in the window of the limit."""
    if not count_request(_with_amount(limit, 1), "contact-flood-notice", str(business.pk)):
        return
    with translation.override(business.language):
        subject = gettext("The contact form receives very many messages")
    notify_staff(IntakeNotification.FLOOD, subject=subject, url_name="enquiries", now=now)


def _with_amount(limit: RateLimitItem, amount: int) -> RateLimitItem:
    """Return a limit of the same window with another amount."""
    return type(limit)(amount, limit.multiples, limit.namespace)
