"""What does a business ask on its contact form?"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Asked(models.TextChoices):
    """Whether a field stands on the form, and whether it has to be filled in."""

    NO = "no", _("Not asked")
    OPTIONAL = "optional", _("May be left empty")
    REQUIRED = "required", _("Has to be filled in")


class ContactForm(models.Model):
    """The one row of choices a business made about its contact form. Without the row, the form is as it is here.

    `custom` says for the keys of the business's own fields whether they are asked: "optional" or "required".
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=True)
    intro = models.TextField(max_length=600, blank=True)
    thanks = models.TextField(max_length=600, blank=True)
    email = models.CharField(max_length=8, choices=Asked, default=Asked.REQUIRED)
    mobile = models.CharField(max_length=8, choices=Asked, default=Asked.OPTIONAL)
    message = models.CharField(max_length=8, choices=Asked, default=Asked.REQUIRED)
    custom = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="contact_form_one_row"),
            models.CheckConstraint(condition=~Q(email="no", mobile="no"), name="contact_form_asks_an_address"),
        ]

    def __str__(self):
        return "contact form"
