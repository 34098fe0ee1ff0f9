"""What the timeline's entries about connected programs say to people."""

from collections.abc import Iterator
from typing import Any

from portal.activity.presenters import EventPresenter


class IntegrationEventPresenter(EventPresenter):
    """Says which program it was."""

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield its address."""
        yield data.get("subject_name", "")
