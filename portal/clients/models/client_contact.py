"""The Contact model: an email address or mobile number of a client."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clients.models.client import VOUCHED_SOURCES, Client
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


class ContactQuerySet(DemoAwareQuerySet):
    """Chainable filters for contacts."""

    def confirmed(self):
        """Return addresses that staff, a list or a code entered by their owner confirmed; only these decide a match."""
        return self.filter(confirmed_at__isnull=False)

    def usable_for_sign_in(self):
        """Return addresses that codes may go to: any mailbox, as a code confirms it, but only some numbers.

        A number has to be confirmed, and so has its client, for a text costs money: see `Client.is_confirmed`.
        """
        is_client_confirmed = Q(client__source__in=VOUCHED_SOURCES) | Q(client__confirmed_at__isnull=False)
        return self.filter(
            Q(kind=ContactKind.EMAIL) | Q(is_client_confirmed, confirmed_at__isnull=False), may_sign_in=True
        )


class Contact(models.Model):
    """One normalised email address or mobile number on a client card.

    Several cards may have the same value: families share a mailbox. What a public form brought has an empty
    `confirmed_at`: it decides no match, and a number receives no codes. `code_used_at` says when the client last signed
    in with a code that was sent there. `is_main` marks the address that staff chose to write to; without one, the
    oldest is used.
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
    code_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ContactQuerySet.as_manager()

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
