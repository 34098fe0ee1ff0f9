"""What the timeline's entries about signing in say to people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.activity.presenters import EventPresenter


class AccessEventPresenter(EventPresenter):
    """Says which address was entered, whether the browser was new, and how many sessions ended."""

    def iter_own_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the masked address that was entered, whether anybody has it, whether the browser was new, and how many sessions ended."""
        if typed_address := data.get("typed"):
            yield _("entered %(address)s") % {"address": typed_address}
        if not data.get("known", True):
            yield _("no client has this address")
        if data.get("new_browser"):
            yield _("in a new browser")
        if isinstance(count := data.get("count"), int):
            yield ngettext("%(number)s session", "%(number)s sessions", count) % {"number": count}
