"""How is a client reached?"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clients.models.client import Client
from portal.clients.querysets import DemoAwareQuerySet

# Which of several addresses on a card is used before the others: the main one, then the oldest.
MAIN_FIRST = ("-is_main", "created_at", "pk")


class Contact(models.Model):
    """One email address or mobile number on a client's card, in its normal form.

    The same value may stand on several cards: families share a mailbox. A number
    that came from a public form has `confirmed_at` empty and receives no codes.
    `is_main` is set where somebody said which mailbox is written to; else it is the oldest.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("Email")
        PHONE = "phone", _("Phone")

    class Source(models.TextChoices):
        STAFF = "staff"
        UPLOAD = "upload"
        FORM = "form"
        CLIENT = "client"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Every constraint below begins with the client, so an index of its own would only be written.
    client = models.ForeignKey(Client, models.CASCADE, related_name="contacts", db_index=False)
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=40, default="", db_default="", blank=True)
    may_sign_in = models.BooleanField(default=True)
    is_main = models.BooleanField(default=False, db_default=False)
    source = models.CharField(max_length=6, choices=Source, default=Source.STAFF)
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
