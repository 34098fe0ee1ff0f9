"""What the timeline's entries about passkeys say to people."""

from collections.abc import Iterator
from typing import Any

from portal.activity.presenters import EventPresenter
from portal.passkeys.kinds import RefusalReason
from tenants.user_agents import translate_user_agent_label


class PasskeyEventPresenter(EventPresenter):
    """Says with which browser a passkey was made, and why it was refused."""

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the browser and the reason."""
        yield translate_user_agent_label(data.get("device", ""))
        if (reason := data.get("reason")) in RefusalReason.values:
            yield str(RefusalReason(reason).label)
