"""Mark enquiries as read or unread."""

from datetime import datetime

from portal.intake.models import Enquiry
from portal.messaging.models import Notice
from portal.messaging.notices import services as notices
from tenants.staff.actor import Staff


def mark_read(*, enquiry: Enquiry, staff: Staff, now: datetime) -> None:
    """Mark an enquiry and its notifications as read; whoever read it first stays its reader."""
    Enquiry.objects.filter(pk=enquiry.pk, read_at=None).update(read_at=now, reader_name=staff.name)
    notices.mark_read(Notice.objects.filter(about_id=enquiry.pk), now=now)


def mark_unread(*, enquiry: Enquiry) -> None:
    """Mark an enquiry as unread."""
    Enquiry.objects.filter(pk=enquiry.pk).update(read_at=None, reader_name="")
