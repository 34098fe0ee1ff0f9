"""The timeline of one client."""

from django.db.models import Q, QuerySet

from portal.activity.models import Entry
from portal.clients.models import Client


def list_timeline_entries(client: Client) -> QuerySet[Entry]:
    """Return all entries of a client and of the cards merged into theirs, newest first."""
    cards = Client.objects.filter(Q(pk=client.pk) | Q(merged_into=client)).values("pk")
    return Entry.objects.filter(client__in=cards).order_by("-at", "-pk")
