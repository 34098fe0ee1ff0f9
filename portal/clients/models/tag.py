"""The Tag model."""

import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

MAX_TAG_LENGTH = 40


class TagColour(models.TextChoices):
    """The colours of tags."""

    GREY = "grey", _("Grey")
    RED = "red", _("Red")
    AMBER = "amber", _("Amber")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    BLUE = "blue", _("Blue")
    VIOLET = "violet", _("Violet")
    PINK = "pink", _("Pink")


class Tag(models.Model):
    """A coloured label that staff or an upload put on any number of client cards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=MAX_TAG_LENGTH)
    colour = models.CharField(max_length=6, choices=TagColour, default=TagColour.GREY)

    class Meta:
        ordering = [Lower("name")]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_unique")]

    def __str__(self):
        return self.name
