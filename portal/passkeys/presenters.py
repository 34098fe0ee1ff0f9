"""What the timeline's entries about passkeys say to people."""

from collections.abc import Iterator
from typing import Any

from portal.activity.presenters import EventPresenter
from portal.passkeys.kinds import RefusalReason, RemovalReason
from tenants.user_agents import translate_user_agent_label


class PasskeyEventPresenter(EventPresenter):
    """Says with which browser a passkey was made, and why it was removed or refused."""

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the browser and the reason."""
        yield translate_user_agent_label(data.get("device", ""))
        labels = dict((*RemovalReason.choices, *RefusalReason.choices))
        yield str(labels.get(data.get("reason", ""), ""))
