"""What becomes of the ways to sign in besides codes when an address is taken off a card."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.clients.models import Client
from tenants.nouns import page_registry, registry


def revoke_sign_in_methods(
    *,
    client: Client,
    address: str,
    actor_fields: Mapping[str, Any],
    now: datetime,
    replacement: str = "",
    current_session: Any = None,
) -> list[str]:
    """Have every other way to sign in remove what depends on an address, and return the labels of what was removed.

    `current_session` is that of a client who replaces the address themselves by `replacement`, which they proved.
    """
    paths = [method.revoke for method in page_registry.list_sign_in_methods() if method.revoke]
    arguments = {
        "client": client,
        "address": address,
        "replacement": replacement,
        "current_session": current_session,
        "actor_fields": actor_fields,
        "now": now,
    }
    return [label for path in paths for label in registry.import_dotted_path(path)(**arguments)]
