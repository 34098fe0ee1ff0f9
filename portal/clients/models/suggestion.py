"""The Suggestion model: a change to a client card that staff have to decide on."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clients.models.client import Client
from tenants.nouns.querysets import DemoAwareQuerySet


class SuggestionKind(models.TextChoices):
    """Which value of a card the submitted data differs from."""

    NAME = "name", _("Different name")
    EMAIL = "email", _("Different email address")
    PHONE = "phone", _("Different phone number")
    DUPLICATE = "duplicate", _("Possible duplicate")
    AMBIGUOUS = "ambiguous", _("Several clients share this address")


class SuggestionResolution(models.TextChoices):
    """What staff decided on a suggestion."""

    ACCEPTED = "accepted", _("Accepted")
    DISMISSED = "dismissed", _("Dismissed")


class Suggestion(models.Model):
    """A difference between submitted data and a client card, open until staff accept or dismiss it.

    `submitted_data` holds everything that was submitted, and `subject_id` is the key of the row that it came from.
    A DUPLICATE asks whether the client is the same person as those in `submitted_data["clients"]`, who also have the
    address `value`: nobody has confirmed it on this card or on theirs. Where several clients match, `kind` is
    AMBIGUOUS, `client` is empty and `submitted_data["clients"]` has the keys of the candidates.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="suggestions")
    kind = models.CharField(max_length=9, choices=SuggestionKind)
    value = models.CharField(max_length=254, blank=True)
    submitted_data = models.JSONField(default=dict, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    source = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=9, choices=SuggestionResolution, blank=True)

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "-created_at"], name="suggestion_by_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind", "value"], condition=Q(resolved_at=None), name="suggestion_open_unique"
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.value}"
