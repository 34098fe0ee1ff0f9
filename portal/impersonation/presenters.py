"""What the timeline's entries about impersonation say to people."""

from collections.abc import Iterator
from typing import Any

from portal.activity.presenters import EventPresenter


class ImpersonationEventPresenter(EventPresenter):
    """Says why staff viewed the portal as a client."""

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the reason that staff gave."""
        yield data.get("reason_text", "")
