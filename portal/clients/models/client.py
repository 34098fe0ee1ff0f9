"""Who are a business's clients?"""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from portal.clients.querysets import DemoAwareQuerySet

# So much of the search text decides the order of names; an index refuses to hold much more.
SORT_KEY_LENGTH = 100
LISTED = Q(is_demo=False, merged_into=None, erased_at=None)
# Every number on a card stands in its search text; a name with a plus may only look as if. So whoever has no mobile is
# among these, and they are few enough to be asked one by one.
NO_MOBILE_CANDIDATES = ~Q(search__regex=r"(^| )\+[0-9]{6,15}( |$)") | Q(name__contains="+")


class ClientQuerySet(DemoAwareQuerySet):
    """Chainable questions about clients."""

    client_path = ""

    def active(self):
        """Return clients who may use the portal."""
        return self.filter(status=Client.Status.ACTIVE)

    def listed(self):
        """Return clients who stand on the list: real ones, neither merged into another card nor erased."""
        return self.filter(LISTED)


class Client(models.Model):
    """A person in a business's client list.

    `search` is the name and every address on the card as `services.search_text` spells them. `custom`
    holds the values of the business's own fields by the field's key. `signed_in_at` is the last time.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")
        BLOCKED = "blocked", _("Blocked")

    class Source(models.TextChoices):
        STAFF = "staff", _("Added by staff")
        UPLOAD = "upload", _("List upload")
        CONTACT_FORM = "contact-form", _("Contact form")
        SCHEDULING_FORM = "scheduling-form", _("Scheduling form")
        PAYMENT_FORM = "payment-form", _("Payment form")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    is_demo = models.BooleanField(default=False)
    source = models.CharField(max_length=16, choices=Source, default=Source.STAFF, db_default=Source.STAFF.value)
    language = models.CharField(max_length=8, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    search = models.TextField(default="", db_default="", blank=True)
    custom = models.JSONField(default=dict, db_default={}, blank=True)
    tags = models.ManyToManyField("clients.Tag", related_name="clients", blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], opclasses=["public.gin_trgm_ops"], name="client_search"),
            models.Index(Left("search", SORT_KEY_LENGTH), "id", condition=LISTED, name="client_by_name"),
            models.Index("created_at", "id", condition=LISTED, name="client_by_created_at"),
            models.Index(
                Left("search", SORT_KEY_LENGTH),
                "id",
                condition=LISTED & NO_MOBILE_CANDIDATES,
                name="client_no_mobile_candidates",
            ),
        ]

    def __str__(self):
        return self.name
