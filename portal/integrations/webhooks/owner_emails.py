"""Emails to the owners about where webhooks go, so that nobody has them sent elsewhere unnoticed."""

from datetime import datetime, timedelta

from portal.activity.models import Entry
from portal.integrations.kinds import IntegrationEmail
from portal.team.staff_emails import notify_owners
from tenants.models import Business, StaffEmail

# After so many the owners know, and whoever changes URLs on and on can't flood their mailboxes.
MAX_PER_PERIOD = 20
PERIOD = timedelta(hours=1)


def mail_owners(business: Business, entry: Entry, *, now: datetime) -> None:
    """Queue an email to each owner about a webhook that was added or goes elsewhere, as the timeline's entry has it."""
    recent = StaffEmail.objects.filter(
        kind=IntegrationEmail.WEBHOOK, data__business_id=str(business.pk), created_at__gt=now - PERIOD
    )
    if recent.values("data__entry_id").distinct().count() < MAX_PER_PERIOD:
        notify_owners(business, IntegrationEmail.WEBHOOK, now=now, business_id=str(business.pk), entry_id=str(entry.pk))
