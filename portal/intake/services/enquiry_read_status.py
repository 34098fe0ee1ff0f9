"""Mark enquiries as read or unread."""

from datetime import datetime

from portal.intake.models import Enquiry
from portal.messaging.models import Notification
from portal.messaging.notifications import services as notifications
from tenants.staff.staff_actor import StaffActor


def mark_enquiry_read(*, enquiry: Enquiry, staff: StaffActor, now: datetime) -> None:
    """Mark an enquiry and its notifications as read; whoever read it first stays its reader."""
    Enquiry.objects.filter(pk=enquiry.pk, read_at=None).update(read_at=now, reader_name=staff.name)
    notifications.mark_read(Notification.objects.filter(subject_id=enquiry.pk), now=now)


def mark_enquiry_unread(*, enquiry: Enquiry) -> None:
    """Mark an enquiry as unread."""
    Enquiry.objects.filter(pk=enquiry.pk).update(read_at=None, reader_name="")
