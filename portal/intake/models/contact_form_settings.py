"""The settings of a business's contact form."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FieldRequirement(models.TextChoices):
    """Whether the contact form has a field, and whether it has to be filled in."""

    HIDDEN = "no", _("Hidden")
    OPTIONAL = "optional", _("Optional")
    REQUIRED = "required", _("Required")


class ContactFormSettings(models.Model):
    """The settings of the business's contact form, in one row that staff write. Without the row, the defaults apply.

    `custom` holds the requirement of each custom field that is asked, "optional" or "required", by the field's id.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=True)
    intro = models.TextField(max_length=600, blank=True)
    thanks = models.TextField(max_length=600, blank=True)
    email = models.CharField(max_length=8, choices=FieldRequirement, default=FieldRequirement.REQUIRED)
    mobile = models.CharField(max_length=8, choices=FieldRequirement, default=FieldRequirement.OPTIONAL)
    message = models.CharField(max_length=8, choices=FieldRequirement, default=FieldRequirement.REQUIRED)
    custom = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="contact_form_one_row"),
            models.CheckConstraint(condition=~Q(email="no", mobile="no"), name="contact_form_requests_address"),
        ]

    def __str__(self):
        return "contact form"
