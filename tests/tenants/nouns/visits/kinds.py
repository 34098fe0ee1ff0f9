"""The types of timeline events about visits."""

from django.db.models import TextChoices


class VisitEvent(TextChoices):
    """Something that happened to a visit."""

    VISIT_BEGUN = "visits.begun", "Visit begun"
