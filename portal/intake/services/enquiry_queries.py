"""Find enquiries, and the clients to whom an ambiguous one can be assigned."""

from uuid import UUID

from django.db.models import QuerySet

from portal.clients.models import Client
from portal.clients.services.submission_matching import list_submission_candidates
from portal.intake.models import Enquiry
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key

NEWEST_FIRST = Keyset({"received_at": parse_cursor_instant, "pk": parse_cursor_key})


def query_enquiries(*, is_read: bool | None = None, client_id: UUID | None = None) -> QuerySet[Enquiry]:
    """Return the enquiries with their clients, the newest first: all, the read or unread ones, or one client's."""
    found = Enquiry.objects.exclude_demo()
    if is_read is not None:
        found = found.filter(read_at__isnull=not is_read)
    if client_id is not None:
        found = found.filter(client=client_id)
    return found.select_related("client").order_by(*NEWEST_FIRST.ordering())


def list_candidates(enquiry: Enquiry) -> list[Client]:
    """Return the clients that an ambiguous enquiry matches, as long as nobody has assigned it."""
    return [] if enquiry.client_id else list_submission_candidates(enquiry.pk)
