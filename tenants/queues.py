"""The queues of jobs."""

from django.db.models import TextChoices


class Queue(TextChoices):
    """A queue of jobs: each has worker processes of its own."""

    CODES = "codes"
    NOTICES = "notices"
    BULK = "bulk"
