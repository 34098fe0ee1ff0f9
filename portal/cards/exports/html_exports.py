"""HTML documents of everything on file about one client, for people."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.template.loader import get_template
from django.utils.translation import gettext as _

from portal.cards.exports.json_exports import to_json
from portal.clients.models import Client
from portal.ui.formula_escaping import escape_formula
from tenants.models import Business
from tenants.nouns.personal_data_policies import PersonalDataPolicy


def iter_html_export(
    client: Client, card: dict[str, Any], policies: Sequence[PersonalDataPolicy], business: Business, *, now: datetime
) -> Iterator[str]:
    """Yield one HTML page, the card and a table for the rows of each table, in chunks, as for JSON."""
    client_ids = client.ids_with_merged()
    columns = [(field, value) for field, value in card.items() if field != "custom_fields"]
    details = [(field, format_value(value)) for field, value in (*columns, *card["custom_fields"].items())]
    yield _render_template("_head", {"client": client, "business": business, "now": now, "details": details})
    for policy in policies:
        yield from _iter_table_html(policy, policy.export_client_rows(client_ids))
    yield "</main></body></html>\n"


def _iter_table_html(policy: PersonalDataPolicy, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    row = next(rows, None)
    yield _render_template("_table", {"policy": policy, "columns": list(row or {})})
    while row is not None:
        yield _render_template("_row", {"values": [format_value(value) for value in row.values()]})
        row = next(rows, None)
    yield "</tbody></table>\n"


def _render_template(name: str, context: dict[str, Any]) -> str:
    return get_template(f"console/clients/export/{name}.html").render(context)


def format_value(value: Any) -> str:
    """Return a value as a text for people, escaped so that no spreadsheet takes it for a formula."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    text = value if isinstance(value, str) else to_json(value)
    return escape_formula(text)
