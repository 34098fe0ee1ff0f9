"""Has anybody read this enquiry?"""

from datetime import datetime

from portal.intake.models import Submission
from tenants.staff.actor import Staff


def mark_read(*, submission: Submission, staff: Staff, now: datetime) -> None:
    """Say that staff have read an enquiry; whoever was first stays its reader."""
    Submission.objects.filter(pk=submission.pk, read_at=None).update(read_at=now, reader_name=staff.name)


def mark_unread(*, submission: Submission) -> None:
    """Put an enquiry back among those nobody has read."""
    Submission.objects.filter(pk=submission.pk).update(read_at=None, reader_name="")
