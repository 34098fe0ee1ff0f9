"""Export everything on file about one client."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import get_template
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, CustomField
from portal.ui.formula_escaping import escape_formula
from tenants.models import Business
from tenants.nouns import registry
from tenants.nouns.personal_data import PersonalDataPolicy
from tenants.staff.actor import Staff


def write_export(*, client: Client, business: Business, file: IO[bytes], staff: Staff, now: datetime) -> None:
    """Write everything on file about a client to a zip: data.json for machines, data.html for people. It is logged."""
    activity.record(ClientEvent.EXPORTED, at=now, client=client, **activity.actor_fields(staff))
    card = _card_data(client)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w", force_zip64=True) as entry:
            for chunk in _iter_json(client, card):
                entry.write(chunk.encode())
        with archive.open("data.html", "w", force_zip64=True) as entry:
            for chunk in _iter_html(client, card, business, now=now):
                entry.write(chunk.encode())


def _exported_policies() -> list[PersonalDataPolicy]:
    """Return the policies of the tables to export: by their positions, and those of lower nouns first."""
    exported = [policy for policy in reversed(registry.personal_data_policies()) if policy.is_exported]
    return sorted(exported, key=lambda policy: policy.export_position)


def _card_data(client: Client) -> dict[str, Any]:
    """Return the columns and custom fields of the client."""
    names = dict(CustomField.objects.values_list("pk", "name"))
    custom = {str(name): client.custom.get(str(key)) for key, name in names.items() if str(key) in client.custom}
    return {
        "name": client.name,
        "status": client.status,
        "source": client.source,
        "language": client.language,
        "time_zone": client.time_zone,
        "created_at": client.created_at,
        "archived_at": client.archived_at,
        "tags": [tag.name for tag in client.tags.all()],
        **custom,
    }


def _iter_json(client: Client, card: dict[str, Any]) -> Iterator[str]:
    """Yield one JSON object in chunks, so that a long history is never in memory as a whole."""
    client_ids = client.ids_with_merged()
    yield '{"client": ' + _to_json(card)
    for policy in _exported_policies():
        yield f", {_to_json(policy.key)}: ["
        for number, row in enumerate(policy.export_rows(client_ids)):
            yield (", " if number else "") + _to_json(row)
        yield "]"
    yield "}\n"


def _iter_html(client: Client, card: dict[str, Any], business: Business, *, now: datetime) -> Iterator[str]:
    client_ids = client.ids_with_merged()
    details = [(field, format_value(value)) for field, value in card.items()]
    yield _render_template("_head", {"client": client, "business": business, "now": now, "details": details})
    for policy in _exported_policies():
        yield from _iter_table(policy, policy.export_rows(client_ids))
    yield "</main></body></html>\n"


def _iter_table(policy: PersonalDataPolicy, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    row = next(rows, None)
    yield _render_template("_table", {"policy": policy, "columns": list(row or {})})
    while row is not None:
        yield _render_template("_row", {"values": [format_value(value) for value in row.values()]})
        row = next(rows, None)
    yield "</tbody></table>\n"


def format_value(value: Any) -> str:
    """Return a value as a text for people, escaped so that no spreadsheet takes it for a formula."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    text = value if isinstance(value, str) else _to_json(value)
    return escape_formula(text)


def _to_json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _render_template(name: str, context: dict[str, Any]) -> str:
    return get_template(f"console/clients/export/{name}.html").render(context)
