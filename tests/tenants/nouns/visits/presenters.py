"""What the timeline's entries about visits say to people."""

from collections.abc import Iterator
from typing import Any

from portal.activity.presenters import EventPresenter


class VisitEventPresenter(EventPresenter):
    """Says in which room the client was."""

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the room."""
        if room := data.get("room"):
            yield f"in room {room}"
