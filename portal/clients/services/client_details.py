"""Changing a client's name, language, time zone and custom values."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client
from portal.clients.services.search_text import build_search_text
from tenants.staff.staff_actor import StaffActor

EDITABLE_FIELDS = ("name", "language", "time_zone", "custom")


@transaction.atomic
def change_client_details(*, client: Client, staff: StaffActor | None = None, now: datetime, **new: Any) -> Client:
    """Change some of EDITABLE_FIELDS; only what differs is written and recorded. Without `staff` the client acts."""
    assert set(new) <= set(EDITABLE_FIELDS), f"A card has no {', '.join(set(new) - set(EDITABLE_FIELDS))}."
    client = Client.objects.select_for_update(of=["self"], no_key=True).get(pk=client.pk)
    changed = {field: value for field, value in new.items() if getattr(client, field) != value}
    if not changed:
        return client
    before = {field: getattr(client, field) for field in changed}
    for field, value in changed.items():
        setattr(client, field, value)
    client.updated_at = now
    if "name" in changed:
        client.search = build_search_text(client.name, client.contacts.values_list("value", flat=True))
    client.save(update_fields=[*changed, "updated_at", "search"])
    activity.record_event(
        ClientEvent.CHANGED, client=client, at=now, before=before, after=changed, **activity.get_actor_fields(staff)
    )
    return client
