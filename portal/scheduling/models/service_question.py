"""The questions that clients answer when they book a service."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    SHORT_TEXT = "text", _("One line")
    LONG_TEXT = "long-text", _("Several lines")
    CHOICE = "choice", _("One of several answers")
    TICK = "tick", _("Tick box")


class ServiceQuestion(models.Model):
    """One question of a service; written by staff. An appointment keeps the question's text with the answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("scheduling.Service", models.CASCADE, related_name="questions")
    label = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=QuestionKind, default=QuestionKind.SHORT_TEXT)
    choices = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self):
        return self.label
