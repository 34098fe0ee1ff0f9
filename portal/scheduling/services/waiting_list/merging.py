"""What happens to the waiting list when two cards of one person become one."""

from datetime import datetime
from uuid import UUID

from portal.scheduling.models import WaitingListEntry, WaitingState
from portal.scheduling.services.waiting_list.entries import withdraw_open_offer
from portal.scheduling.services.waiting_list.waiting_events import change_entry


def merge_waiting_list_entries(survivor_id: UUID, duplicate_id: UUID, now: datetime) -> None:
    """Move the entries; where both wait for one service, the survivor does, and the other's offer is taken back."""
    own = WaitingListEntry.objects.on_list().filter(client=survivor_id).values("service")
    twice = WaitingListEntry.objects.on_list().filter(client=duplicate_id, service__in=own)
    for entry in twice.select_related("service").order_by("pk"):
        withdraw_open_offer(entry, now=now)
        change_entry(entry, WaitingState.WITHDRAWN, now=now)
    WaitingListEntry.objects.filter(client=duplicate_id).update(client=survivor_id)
