"""JSON documents of everything on file about one client, for machines."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from portal.clients.models import Client
from tenants.nouns.personal_data_policies import PersonalDataPolicy


def iter_json_export(client: Client, card: dict[str, Any], policies: Sequence[PersonalDataPolicy]) -> Iterator[str]:
    """Yield one JSON object, the card and the rows of each table, in chunks that keep little in memory."""
    client_ids = client.ids_with_merged()
    yield '{"client": ' + to_json(card)
    for policy in policies:
        yield f", {to_json(policy.key)}: ["
        for number, row in enumerate(policy.export_client_rows(client_ids)):
            yield (", " if number else "") + to_json(row)
        yield "]"
    yield "}\n"


def to_json(value: Any) -> str:
    """Return a value as JSON, with times and ids as texts."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
