"""What the timeline's entries about webhooks say to people."""

from collections.abc import Iterator
from typing import Any

from portal.activity.presenters import EventPresenter


class IntegrationEventPresenter(EventPresenter):
    """Adds the URL of the endpoint to an entry about it."""

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the URL of the endpoint."""
        yield data.get("subject_name", "")
