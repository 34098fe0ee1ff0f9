"""What the timeline's entries about signing in say to people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.activity.presenters import EventPresenter
from portal.messaging.presenters import get_channel_label
from tenants.user_agents import translate_user_agent_label


class AccessEventPresenter(EventPresenter):
    """Says which address was entered, whether the browser was new, and how many sessions ended."""

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the channel, the address, whether anybody has it, how and where they signed in, and the sessions."""
        yield get_channel_label(data.get("channel", ""))
        if typed_address := data.get("typed"):
            yield _("entered %(address)s") % {"address": typed_address}
        if not data.get("known", True):
            yield _("no client has this address")
        if data.get("new_browser"):
            yield _("in a new browser")
        if data.get("method") == "passkey":
            yield _("with a passkey")
        yield translate_user_agent_label(data.get("device", ""))
        if isinstance(count := data.get("count"), int):
            yield ngettext("%(number)s session", "%(number)s sessions", count) % {"number": count}
