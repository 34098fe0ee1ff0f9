"""Has anybody read this enquiry?"""

from datetime import datetime

from portal.intake.models import Submission
from portal.messaging.models import Notice
from portal.messaging.notices import services as notices
from tenants.staff.actor import Staff


def mark_read(*, submission: Submission, staff: Staff, now: datetime) -> None:
    """Say that staff have read an enquiry, so that no bell rings for it any more; whoever was first stays its reader."""
    Submission.objects.filter(pk=submission.pk, read_at=None).update(read_at=now, reader_name=staff.name)
    notices.mark_read(Notice.objects.filter(about_id=submission.pk), now=now)


def mark_unread(*, submission: Submission) -> None:
    """Put an enquiry back among those nobody has read."""
    Submission.objects.filter(pk=submission.pk).update(read_at=None, reader_name="")
