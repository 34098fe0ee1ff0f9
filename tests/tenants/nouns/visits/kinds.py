"""The kinds of timeline events, mails, notifications and jobs about visits."""

from django.db.models import TextChoices


class VisitEvent(TextChoices):
    """Something that happened to a visit."""

    VISIT_BEGUN = "visits.begun", "Visit begun"
    CONFIRMATION_SENT = "visits.confirmation-sent", "Visit confirmed"


class VisitClientSource(TextChoices):
    """A way onto the client list through a visit."""

    VISITOR_BOOK = "visitor-book", "Visitor book"


class VisitMail(TextChoices):
    """A mail to a client about a visit."""

    CONFIRMED = "visit-confirmed"


class VisitStaffEmail(TextChoices):
    """An email to a member of staff about visits."""

    REPORT = "visit-report"


class VisitNotification(TextChoices):
    """A notification for staff about a visit."""

    BEGUN = "visit-begun"


class VisitJob(TextChoices):
    """A job about one visit."""

    CLOSE = "close-visit"
