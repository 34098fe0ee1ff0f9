"""The Contact model: an email address or mobile number of a client."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clients.models.client import Client
from tenants.nouns.querysets import DemoAwareQuerySet

# The order in which the addresses of a card are preferred: the main one, then the oldest.
MAIN_FIRST = ("-is_main", "created_at", "pk")


class ContactKind(models.TextChoices):
    """An email address or a phone number."""

    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")


class ContactSource(models.TextChoices):
    """Where an address comes from."""

    STAFF = "staff"
    UPLOAD = "upload"
    FORM = "form"
    CLIENT = "client"


class Contact(models.Model):
    """One normalised email address or mobile number on a client card.

    Several cards may have the same value: families share a mailbox. A number from a public form
    has an empty `confirmed_at` and receives no codes. `is_main` marks the address that staff chose
    to write to; without one, the oldest is used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The unique constraints below begin with the client, so an index of its own would only cost writes.
    client = models.ForeignKey(Client, models.CASCADE, related_name="contacts", db_index=False)
    kind = models.CharField(max_length=5, choices=ContactKind)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=40, default="", db_default="", blank=True)
    may_sign_in = models.BooleanField(default=True)
    is_main = models.BooleanField(default=False, db_default=False)
    source = models.CharField(max_length=6, choices=ContactSource, default=ContactSource.STAFF)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "value"], name="contact_unique_per_client"),
            models.UniqueConstraint(fields=["client", "kind"], condition=Q(is_main=True), name="contact_one_main"),
            models.CheckConstraint(
                condition=Q(kind="phone", value__regex=r"^\+[1-9][0-9]{5,14}$") | Q(kind="email", value__contains="@"),
                name="contact_value_normalised",
            ),
        ]
        indexes = [models.Index(fields=["value"], name="contact_value")]

    def __str__(self):
        return self.value
