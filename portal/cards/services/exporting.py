"""What does a business have on one person, in a form to hand over?"""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import get_template
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.cards.holdings import Holding, family_of, holdings
from portal.clients import services as clients
from portal.clients.models import Client, CustomField
from tenants.models import Business
from tenants.staff.actor import Staff


def write_copy(*, client: Client, business: Business, file: IO[bytes], staff: Staff, now: datetime) -> None:
    """Write everything on file about a client into a zip: data.json for machines, data.html for people. Logged."""
    activity.record(EventType.CLIENT_EXPORTED, at=now, client=client, **activity.actor_fields(staff))
    card = _card(client)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w", force_zip64=True) as part:
            for piece in _json(client, card):
                part.write(piece.encode())
        with archive.open("data.html", "w", force_zip64=True) as part:
            for piece in _html(client, card, business, now=now):
                part.write(piece.encode())


def _card(client: Client) -> dict[str, Any]:
    """Return what stands on the card itself."""
    names = dict(CustomField.objects.values_list("pk", "name"))
    own = {str(name): client.custom.get(str(key)) for key, name in names.items() if str(key) in client.custom}
    return {
        "name": client.name,
        "status": client.status,
        "source": client.source,
        "language": client.language,
        "time_zone": client.time_zone,
        "created_at": client.created_at,
        "archived_at": client.archived_at,
        "tags": [tag.name for tag in client.tags.all()],
        **own,
    }


def _json(client: Client, card: dict[str, Any]) -> Iterator[str]:
    """Yield one JSON object piece by piece, so that a long history never stands in memory whole."""
    keys = family_of(client)
    yield '{"client": ' + _dump(card)
    for holding in holdings():
        yield f", {_dump(holding.key)}: ["
        for place, row in enumerate(holding.rows(keys)):
            yield (", " if place else "") + _dump(row)
        yield "]"
    yield "}\n"


def _html(client: Client, card: dict[str, Any], business: Business, *, now: datetime) -> Iterator[str]:
    keys = family_of(client)
    facts = [(field, shown(value)) for field, value in card.items()]
    yield _fill("_copy_head", {"client": client, "business": business, "now": now, "facts": facts})
    for holding in holdings():
        yield from _table(holding, holding.rows(keys))
    yield "</main></body></html>\n"


def _table(holding: Holding, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    first = next(rows, None)
    yield _fill("_copy_table", {"holding": holding, "columns": list(first or {})})
    while first is not None:
        yield _fill("_copy_row", {"values": [shown(value) for value in first.values()]})
        first = next(rows, None)
    yield "</tbody></table>\n"


def shown(value: Any) -> str:
    """Return a value as a reader sees it, and as no spreadsheet takes it for a formula."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    text = value if isinstance(value, str) else _dump(value)
    return clients.escape_formula(text)


def _dump(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _fill(part: str, context: dict[str, Any]) -> str:
    return get_template(f"console/clients/copy/{part}.html").render(context)
