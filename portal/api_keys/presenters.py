"""What the timeline's entries about API keys say to people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter


class ApiKeyEventPresenter(EventPresenter):
    """Says which key it was and what it may do."""

    field_labels = EventPresenter.field_labels | {"scopes": _("Permissions"), "expires_at": _("Expires")}

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the key's name and its readable beginning."""
        yield data.get("key_name", "")
        beginning = data.get("beginning")
        yield f"{beginning}…" if beginning else ""
