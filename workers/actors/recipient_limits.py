"""Counts the notices that an address is sent, for each business apart; codes were counted when they were requested."""

import logging
from datetime import datetime

from portal.messaging.models import Message
from tenants import metrics, recipient_budgets
from tenants.models import Business, StaffEmail
from tenants.nouns import registry
from tenants.outbox import Claim
from tenants.recipient_budgets import BudgetPool, Spender
from tenants.recipient_digests import digest_recipient, find_mailbox

log = logging.getLogger(__name__)


def may_send_to_recipient(claim: Claim, message: Message | StaffEmail, to: str, *, now: datetime) -> bool:
    """Count a message before its first call to a provider; return False if its business sent the address too many.

    What others sent holds nothing back: a business could tell by it whose client somebody is, and delay what they send.
    """
    business = _get_counted_business(claim, message)
    if business is None or claim.was_called:
        return True
    mailbox = digest_recipient(find_mailbox(to))
    pool = BudgetPool.ACCESS_NOTICES if _is_about_access(message) else BudgetPool.NOTICES
    if not recipient_budgets.spend([mailbox], Spender(pool, business_id=business.pk), now=now):
        return False
    if not recipient_budgets.spend([mailbox], Spender(BudgetPool.ALL_NOTICES), now=now):
        metrics.BUSY_RECIPIENTS.inc()
        log.warning("business %s and others send one address many messages", business.pk)
    return True


def _get_counted_business(claim: Claim, message: Message | StaffEmail) -> Business | None:
    """Return the business that a message counts for; None for codes, and for mail to the staff of a business."""
    if isinstance(message, StaffEmail):
        return message.invitation.business if message.invitation else None
    kind = registry.get_message_kinds()[message.kind]
    return None if kind.has_code or kind.is_to_staff or message.data.get("is_sample") else claim.business


def _is_about_access(message: Message | StaffEmail) -> bool:
    return isinstance(message, Message) and registry.get_message_kinds()[message.kind].is_about_access
