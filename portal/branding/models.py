"""A business's settings for its portal, and its logo."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tenants.models import Channel


class PortalSettings(models.Model):
    """The one row of a business's settings for its portal, changed on the console's Client Portal pages."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    welcome = models.TextField(blank=True)
    colour = models.CharField(max_length=7, default="#2f5d50")
    logo_digest = models.CharField(max_length=16, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    website = models.URLField(blank=True)
    postal_address = models.CharField(max_length=200, blank=True)
    hidden_sections = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list)
    resend_wait = models.DurationField(null=True, blank=True)
    default_channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    sms_countries = ArrayField(models.CharField(max_length=2), default=list)
    code_in_subject = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="portal_settings_one_row"),
            models.CheckConstraint(condition=Q(colour__regex=r"^#[0-9a-f]{6}$"), name="portal_settings_colour_hex"),
            models.CheckConstraint(
                condition=Q(resend_wait__gte=timedelta(minutes=1), resend_wait__lte=timedelta(minutes=5)),
                name="portal_settings_resend_wait_range",
            ),
        ]

    def __str__(self):
        return "portal settings"


class Logo(models.Model):
    """The business's logo, re-encoded; in a table of its own so that pages need not load the image."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    image = models.BinaryField()
    media_type = models.CharField(max_length=20, default="image/png")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="logo_one_row")]

    def __str__(self):
        return "logo"
