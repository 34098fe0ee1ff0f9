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
    """Count a form towards the first part of the limit that has room for it. Raises TooManyForms where none has."""
    limit, key = parse(settings.CONTACT_FORMS_PER_BUSINESS), str(business.pk)
    if _count_ordinary(limit, key, sender, now=now):
        return
    _notify_staff_once(business, limit, now=now)
    _count_remaining(limit, key, sender, now=now)


def _count_ordinary(limit: RateLimitItem, key: str, sender: FormSender, *, now: datetime) -> bool:
    """Count a form towards what is for whoever comes, or for clients: first the part that the sender is meant for."""
    if not sender.is_client and _count_common(limit, key):
        return True
    known = sender.identify()
    if known and _count_known(limit, key, known, now=now):
        return True
    return sender.is_client and _count_common(limit, key)


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


def _count_remaining(limit: RateLimitItem, key: str, sender: FormSender, *, now: datetime) -> None:
    """Count a form towards what is left. Raises TooManyForms, which says whether a wait would help."""
    has_share = _count_share_of_block(limit, key, sender)
    if not has_share and not sender.has_waited:
        raise TooManyForms(now + WAIT, is_wait=True)
    remaining = limit.amount - max(1, limit.amount * 3 // 4)
    if not (has_share and remaining and count_request(_with_amount(limit, remaining), "contact-remaining", key)):
        raise TooManyForms(now + timedelta(seconds=limit.get_expiry()), is_wait=False)


def _count_share_of_block(limit: RateLimitItem, key: str, sender: FormSender) -> bool:
    """Count a form towards the one that a block of networks may send of what is left, or the one after a wait."""
    share = _with_amount(limit, 1)
    return count_request(share, "contact-block", key, sender.block) or (
        sender.has_waited and count_request(share, "contact-waited", key, sender.block)
    )


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
