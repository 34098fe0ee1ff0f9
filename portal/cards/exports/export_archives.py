"""Archives of everything on file about one client."""

import zipfile
from contextlib import ExitStack
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from portal.activity import services as activity
from portal.cards.exports.html_exports import iter_html_export
from portal.cards.exports.json_exports import iter_json_export
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, CustomField
from tenants.models import Business
from tenants.nouns import registry
from tenants.nouns.personal_data_policies import PersonalDataPolicy
from tenants.staff.staff_actor import StaffActor

# An export larger than this, in bytes, is put together on disk.
MAX_IN_MEMORY = 1_000_000
# Keys, marks, and what is exported in another form.
INTERNAL_COLUMNS = frozenset({"id", "is_demo", "search", "custom", "merged_into_id", "erased_at"})


def open_export(*, client: Client, business: Business, staff: StaffActor, now: datetime) -> IO[bytes]:
    """Return a zip of everything on file about a client, complete and at its start. It is logged.

    It is complete before it is sent, because sending is outside the business's schema.
    """
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(max_size=MAX_IN_MEMORY))
        write_export(client=client, business=business, file=file, staff=staff, now=now)
        file.seek(0)
        stack.pop_all()  # Whoever asked for it closes it.
    return file


def write_export(*, client: Client, business: Business, file: IO[bytes], staff: StaffActor, now: datetime) -> None:
    """Write everything on file about a client to a zip: data.json for machines, data.html for people. It is logged."""
    activity.record_event(ClientEvent.EXPORTED, at=now, client=client, **activity.get_actor_fields(staff))
    card, policies = _build_client_data(client), _list_exported_policies()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w", force_zip64=True) as entry:
            for chunk in iter_json_export(client, card, policies):
                entry.write(chunk.encode())
        with archive.open("data.html", "w", force_zip64=True) as entry:
            for chunk in iter_html_export(client, card, policies, business, now=now):
                entry.write(chunk.encode())


def _build_client_data(client: Client) -> dict[str, Any]:
    """Return the columns, tags and custom fields of the client."""
    names = dict(CustomField.objects.values_list("pk", "name"))
    custom = {str(name): client.custom.get(str(key)) for key, name in names.items() if str(key) in client.custom}
    columns = [field.attname for field in Client._meta.concrete_fields if field.attname not in INTERNAL_COLUMNS]
    return {
        **{column: getattr(client, column) for column in columns},
        "tags": [tag.name for tag in client.tags.all()],
        "custom_fields": custom,
    }


def _list_exported_policies() -> list[PersonalDataPolicy]:
    """Return the policies of the tables to export: by their positions, and those of lower nouns first."""
    exported = [policy for policy in reversed(registry.list_personal_data_policies()) if policy.is_exported]
    return sorted(exported, key=lambda policy: policy.export_position)
