"""The Client model."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from portal.clients.kinds import ClientSource
from tenants.nouns.querysets import DemoAwareQuerySet

# How many characters of the search text are sorted by; a B-tree index can't hold much more.
SORT_KEY_LENGTH = 100
LISTED = Q(is_demo=False, merged_into=None, erased_at=None)
# A superset of the clients without a phone number, for a partial index. Every number on a card is in its search text;
# a name with a plus only looks like one.
NO_MOBILE_CANDIDATES = ~Q(search__regex=r"(^| )\+[0-9]{6,15}( |$)") | Q(name__contains="+")


# The ways onto the list by which staff vouch for a client. All others are public forms.
VOUCHED_SOURCES = (ClientSource.STAFF.value, ClientSource.UPLOAD.value)


class ClientStatus(models.TextChoices):
    """Whether a client may sign in and stands on the active list."""

    ACTIVE = "active", _("Active")
    ARCHIVED = "archived", _("Archived")
    BLOCKED = "blocked", _("Blocked")


class ClientQuerySet(DemoAwareQuerySet):
    """Chainable filters for clients."""

    client_path = ""

    def active(self):
        """Return clients who may use the portal."""
        return self.filter(status=ClientStatus.ACTIVE)

    def exclude_unlisted(self):
        """Exclude who is not on the client list: demo clients, clients merged into another and erased ones."""
        return self.filter(LISTED)


class Client(models.Model):
    """A person a business knows; added by staff, an upload or a public form, as `source` says.

    `search` is the text that `services.search_text` builds from the name and the addresses. `custom`
    holds the values of custom fields by the field's key. `signed_in_at` is the last sign-in. `confirmed_at` says since
    when staff or a list vouch for somebody whose card a public form made; until then no text is sent to them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=ClientStatus, default=ClientStatus.ACTIVE)
    is_demo = models.BooleanField(default=False)
    source = models.CharField(max_length=16, default=ClientSource.STAFF, db_default=ClientSource.STAFF.value)
    language = models.CharField(max_length=8, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    search = models.TextField(default="", db_default="", blank=True)
    custom = models.JSONField(default=dict, db_default={}, blank=True)
    tags = models.ManyToManyField("clients.Tag", related_name="clients", blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
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

    @property
    def is_confirmed(self) -> bool:
        """Tell whether staff or a list vouch for the client."""
        return self.source in VOUCHED_SOURCES or self.confirmed_at is not None

    def ids_with_merged(self) -> list[uuid.UUID]:
        """Return the ids of this client and of those merged into it: together they are one person."""
        return [self.pk, *self.merged.values_list("pk", flat=True)]
