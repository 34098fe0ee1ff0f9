"""Counts the notices that an address is sent, over all businesses; codes were counted when they were requested."""

from datetime import datetime

from portal.messaging.models import Message
from tenants import recipient_budgets
from tenants.keyed_digests import compute_keyed_digest
from tenants.models import Business, StaffEmail
from tenants.nouns import registry
from tenants.outbox import Claim
from tenants.recipient_budgets import BudgetPool, Spender
from tenants.recipient_digests import digest_recipient, find_mailbox
from tenants.visitor_networks import DIGEST_BYTES


def may_send_to_recipient(claim: Claim, message: Message | StaffEmail, to: str, *, now: datetime) -> bool:
    """Count a message before its first call to a provider; return False if its address has had too many for now.

    What warns of a change to who may sign in is counted for each business apart, so that no other one can delay it.
    """
    business = _get_counted_business(claim, message)
    if business is None or claim.was_called:
        return True
    mailbox = digest_recipient(find_mailbox(to))
    if _is_about_access(message):
        warning = Spender(BudgetPool.ACCESS_NOTICES, business_id=business.pk)
        return recipient_budgets.spend([mailbox], warning, now=now)
    share = compute_keyed_digest("tenants.recipient-budget", str(business.pk)).truncate(DIGEST_BYTES)
    return recipient_budgets.spend([mailbox], Spender(BudgetPool.NOTICES, share, share, True), now=now)


def _get_counted_business(claim: Claim, message: Message | StaffEmail) -> Business | None:
    """Return the business that a message counts for; None for codes, and for mail to the staff of a business."""
    if isinstance(message, StaffEmail):
        return message.invitation.business if message.invitation else None
    kind = registry.get_message_kinds()[message.kind]
    return None if kind.has_code or kind.is_to_staff or message.data.get("is_sample") else claim.business


def _is_about_access(message: Message | StaffEmail) -> bool:
    return isinstance(message, Message) and registry.get_message_kinds()[message.kind].is_about_access
