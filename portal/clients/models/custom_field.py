"""The CustomField model: a field that a business adds to its client cards."""

import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

MAX_CHOICES = 50


class CustomFieldKind(models.TextChoices):
    """What the values of a custom field are."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes-no", _("Yes/No")


# The kinds whose values are chosen from a list.
CHOICE_KINDS = (CustomFieldKind.CHOICE, CustomFieldKind.YES_NO)


class CustomField(models.Model):
    """A field of the business's own, defined by staff. Its values are in `Client.custom`, by this row's key.

    Text is stored as text, a number as a number, a date as 2026-05-31, yes or no as a boolean, a choice as its text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=CustomFieldKind, default=CustomFieldKind.TEXT)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", Lower("name")]
        constraints = [models.UniqueConstraint(Lower("name"), name="custom_field_name_unique")]

    def __str__(self):
        return self.name
