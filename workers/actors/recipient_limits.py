"""Counts the notices that an address is sent, for each business apart; codes were counted when they were requested."""

import logging
from datetime import datetime

from portal.messaging.models import Message
from tenants import metrics, outbox, recipient_budgets
from tenants.models import Business, StaffEmail
from tenants.nouns import registry
from tenants.outbox import Claim
from tenants.recipient_budgets import BudgetPool, Spender
from tenants.recipient_digests import digest_recipient, find_mailbox

log = logging.getLogger(__name__)


class RecipientBusy(Exception):
    """The business of a message has sent its recipient as many as it may for now."""


def begin_provider_call(claim: Claim, message: Message | StaffEmail, to: str, *, now: datetime) -> bool:
    """Count a call before it is made, and the message before its first call; False when no call may be made.

    What other businesses sent holds nothing back: a business could tell by it whose client somebody is, and delay what
    they send. Only what strangers cause by typing an address counts over all businesses. Raises RecipientBusy.
    """
    update = outbox.build_call_update(claim, now, recipient_digest=digest_recipient(to).current)
    if update is None:
        return False
    business = None if claim.was_called else _get_counted_business(claim, message)
    if business is None:
        return outbox.execute_update(update)
    may_send, is_usual, has_begun = recipient_budgets.spend_in_turn(
        digest_recipient(find_mailbox(to)),
        Spender(_choose_pool(message), business_id=business.pk),
        Spender(BudgetPool.ALL_NOTICES),
        then=update,
        now=now,
    )
    if not may_send:
        raise RecipientBusy
    if not is_usual:
        metrics.BUSY_RECIPIENTS.inc()
        log.warning("business %s and others send one address many messages", business.pk)
    return has_begun


def _get_counted_business(claim: Claim, message: Message | StaffEmail) -> Business | None:
    """Return the business that a message counts for; None for codes, and for mail to the staff of a business."""
    if isinstance(message, StaffEmail):
        return message.invitation.business if message.invitation else None
    kind = registry.get_message_kinds()[message.kind]
    return None if kind.has_code or kind.is_to_staff or message.data.get("is_sample") else claim.business


def _choose_pool(message: Message | StaffEmail) -> BudgetPool:
    if isinstance(message, StaffEmail):
        return BudgetPool.NOTICES
    if registry.get_message_kinds()[message.kind].is_about_access:
        return BudgetPool.ACCESS_NOTICES
    return BudgetPool.TYPED_ADDRESS_NOTICES if message.data.get("is_to_typed_address") else BudgetPool.NOTICES
