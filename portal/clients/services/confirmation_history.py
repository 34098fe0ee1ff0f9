"""Confirming clients from public forms by what their addresses and the timeline say of staff and lists.

For clients who had no `confirmed_at` then, and after an import was undone that had confirmed them. The migration calls
this with the models of its time.
"""

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from portal.clients.kinds import ClientEvent

# Both the ways onto the list by which staff vouch for a client, and the sources of an address that they vouch for.
VOUCHED = ("staff", "upload")


def confirm_clients_by_history(clients: QuerySet[Any], *, contacts: QuerySet[Any], entries: QuerySet[Any]) -> int:
    """Confirm the clients for whom staff or a list have vouched, from that moment on; return how many."""
    own = {"client": OuterRef("pk")}
    undone = entries.filter(event_type=ClientEvent.IMPORT_UNDONE, subject_id__isnull=False).values("subject_id")
    is_confirmed = Q(event_type=ClientEvent.CONFIRMED) | Q(event_type=ClientEvent.CHANGED, data__has_key="added")
    by_any = is_confirmed & ~Q(subject_id__in=undone)
    times = (
        _find_first(entries.filter(_build_staff_condition() | by_any, **own), "at"),
        _find_first(contacts.filter(source__in=VOUCHED, **own), "created_at"),
        _find_first(clients.model.objects.filter(source__in=VOUCHED, merged_into=OuterRef("pk")), "created_at"),
    )
    unconfirmed = clients.filter(confirmed_at=None, erased_at=None).exclude(source__in=VOUCHED)
    confirmed = unconfirmed.annotate(vouched_at=Least(*times)).filter(vouched_at__isnull=False)
    return confirmed.update(confirmed_at=F("vouched_at"))


def _build_staff_condition() -> Q:
    """Return what entries fulfil that say that staff confirmed an address or added one."""
    is_confirmed = Q(data__after__confirmed=True)
    return Q(event_type=ClientEvent.CONTACT_CHANGED, actor="staff") & (
        is_confirmed | Q(data__after__has_any_keys=["email", "phone"])
    )


def _find_first(rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    return rows.order_by(field).values(field)[:1]
