"""What did a client and the business say to each other?"""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from portal.clients.querysets import DemoAwareQuerySet

LONGEST = 4_000
# The client's last word, which nobody at the business has read.
WAITS = ExpressionWrapper(Q(side="client", read_at=None), output_field=BooleanField())


class LineQuerySet(DemoAwareQuerySet):
    """Chainable questions about what was said."""

    def unread_by(self, side):
        """Return what the other side wrote and this one hasn't seen."""
        return self.filter(read_at=None).exclude(side=side)


class Line(models.Model):
    """One thing said in the one conversation a client has with the business. Text and nothing else.

    `is_last` marks the latest of its conversation, so that the inbox needn't look for it.
    """

    class Side(models.TextChoices):
        CLIENT = "client", _("Client")
        STAFF = "staff", _("Staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="lines")
    side = models.CharField(max_length=6, choices=Side)
    person_id = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=160, blank=True)
    body = models.TextField(max_length=LONGEST)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    is_last = models.BooleanField(default=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="line_says_something"),
            models.CheckConstraint(
                condition=Q(side="client", person_id=None) | Q(side="staff", person_id__isnull=False),
                name="line_side_knows_its_person",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-written_at"], name="line_of_client"),
            models.Index(fields=["client"], condition=Q(read_at=None), name="line_unread"),
            models.Index(fields=["person_id", "client"], condition=Q(side="staff"), name="line_of_person"),
            models.Index(WAITS.desc(), F("written_at").desc(), condition=Q(is_last=True), name="line_inbox"),
            GinIndex(fields=["body"], opclasses=["public.gin_trgm_ops"], name="line_search"),
        ]

    def __str__(self):
        return f"{self.side} {self.written_at:%Y-%m-%d %H:%M}"

    @property
    def writer(self):
        """Return the name clients may see of whoever wrote for the business; an address stays between colleagues."""
        return "" if "@" in self.person_name else self.person_name
